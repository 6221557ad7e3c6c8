"""Which judge elsewhere a workspace asks beside its own model: none unless an operator says so.

It is a matter of commands on the machine, not of the screen: whoever names an address there may
call any, this machine's own too.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec

from earful.accounts.secrets import context_of
from earful.kit.refusal import Refused
from earful.store.pool import Database
from earful.stream.reader import read_from_now_on
from earful.stream.work import Vault, Work
from earful.triage.asking import Endpoint

READER = "second opinions"
LONGEST = 500
"""Characters of an address, of a model's name and of a key."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The judge elsewhere of a workspace; `trouble` in words, empty while it answers."""

    url: str
    model: str
    has_key: bool
    since: datetime
    trouble: str
    trouble_at: datetime | None


def checked(url: str, model: str, key: str) -> Endpoint:
    """An endpoint of what somebody typed. Raises Refused."""
    try:
        parts = httpx.URL(url.strip())
    except (httpx.InvalidURL, UnicodeError):
        raise Refused("invalid", "This is no web address.") from None
    plain = parts.host and not parts.userinfo and not parts.query
    if parts.scheme not in ("http", "https") or not plain or not 0 <= (parts.port or 0) < 65536:
        raise Refused("invalid", "The address looks like http://localhost:11434/v1.")
    if not model.strip() or max(len(url), len(model), len(key)) > LONGEST:
        raise Refused("invalid", f"It takes an address and a model's name of {LONGEST} signs each.")
    if not key.isascii() or not key.isprintable():
        raise Refused("invalid", "A key has plain letters and signs, on one line.")
    return Endpoint(str(parts), model.strip(), key)


def key_in(file: Path | None) -> str:
    """The key that stands alone in a file; empty without one. Raises Refused."""
    try:
        return "" if file is None else file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise Refused("invalid", f"{file} can't be read as a key.") from None


async def set_endpoint(work: Work, endpoint: Endpoint) -> None:
    """Ask this one from now on, about what is judged from now on."""
    sealed = None
    if endpoint.key:
        if work.vault is None:
            raise LookupError("no vault to keep the key in")
        sealed = work.vault.seal(endpoint.key.encode(), context=_context(work.workspace_id))
    await work.db.execute(_SET, work.workspace_id, endpoint.url, endpoint.model, sealed, work.now)
    await read_from_now_on(work, READER)


async def drop_endpoint(work: Work) -> bool:
    """Ask none from now on. Returns whether one was asked."""
    return bool(await work.db.fetchval(_DROP, work.workspace_id))


async def asking(database: Database) -> list[tuple[str, bool]]:
    """Workspaces that ask somebody elsewhere, and whether each is a rehearsal."""
    async with database.acquire() as db:
        rows = await db.fetch(_ASKING)
    return [(row["id"], row["rehearsal"]) for row in rows]


async def show_endpoint(db: Any, workspace_id: str) -> Asked | None:
    """The one that is asked, without its key."""
    row = await db.fetchrow(_SHOW, workspace_id)
    return None if row is None else Asked(**dict(row))


async def endpoint_of(db: Any, vault: Vault, workspace_id: str) -> Endpoint | None:
    """The one that is asked, with its key. Raises SecretError where that can't be opened."""
    row = await db.fetchrow(_OPEN, workspace_id)
    if row is None:
        return None
    key = vault.open(row["key"], context=_context(workspace_id)).decode() if row["key"] else ""
    return Endpoint(row["url"], row["model"], key)


async def note_trouble(db: Any, workspace_id: str, trouble: str, now: datetime) -> None:
    """Write down how it is doing; empty when it answers again."""
    await db.execute(_TROUBLE, workspace_id, trouble, now)


def _context(workspace_id: str) -> str:
    return context_of(workspace_id, "triage_endpoint.key", workspace_id)


_SET = """
INSERT INTO triage_endpoint (workspace_id, url, model, key, since) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id) DO UPDATE SET url = $2, model = $3, key = $4, since = $5,
  trouble = '', trouble_at = NULL
"""

_ASKING = """
SELECT w.id, w.rehearsal FROM triage_endpoint e JOIN workspace w ON w.id = e.workspace_id
ORDER BY w.id
"""

_DROP = "DELETE FROM triage_endpoint WHERE workspace_id = $1 RETURNING true"

_SHOW = """
SELECT url, model, key IS NOT NULL AS has_key, since, trouble, trouble_at
FROM triage_endpoint WHERE workspace_id = $1
"""

_OPEN = "SELECT url, model, key FROM triage_endpoint WHERE workspace_id = $1"

_TROUBLE = """
UPDATE triage_endpoint SET trouble = $2, trouble_at = CASE WHEN $2 <> '' THEN $3::timestamptz END
WHERE workspace_id = $1 AND (trouble <> $2 OR $2 <> '')
"""
