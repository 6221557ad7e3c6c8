"""Pagers: where a person or a team is reached. Addresses are sealed, and never shown again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.accounts.secrets import context_of
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.kit.text import one_line, storable
from earful.paging.call import MOST_URL
from earful.stream.work import Vault, Work

MOST = 10
"""Pagers of one person, or of one team."""
NOT_BEFORE = timedelta(seconds=3)
"""Between two trials: a desk is no tool to knock at doors with."""
_PLACE = "pager.sealed"


class Pager(msgspec.Struct, frozen=True, kw_only=True):
    """A way to reach somebody. `trouble` is what last went wrong, empty when nothing did."""

    id: str
    agent_id: str | None
    team_id: str | None
    name: str
    service: str
    host: str
    position: int
    reached_at: datetime | None
    trouble: str
    trouble_at: datetime | None
    created_at: datetime


COLUMNS = ", ".join(Pager.__struct_fields__)


class NewPager(msgspec.Struct, frozen=True, kw_only=True):
    """A pager whose address was looked at: `service` is what it is of."""

    agent_id: str | None
    team_id: str | None
    name: str
    address: str
    service: str
    host: str


def clean_address(text: str) -> str:
    """An address as it is kept: of a service, or an e-mail address as it is. Raises Refused."""
    address = storable(text).strip()
    if not address or len(address) > MOST_URL or not address.isprintable():
        raise Refused("invalid", f"An address is one line of at most {MOST_URL} characters.")
    if "://" not in address and not is_mail(address):
        words = "Write an e-mail address, or an address of a service such as ntfy://ntfy.sh/topic."
        raise Refused("invalid", words)
    return address


def is_mail(address: str) -> bool:
    """Whether it is a plain e-mail address, which goes by the desk's own mail server."""
    name, _, domain = address.rpartition("@")
    return bool(name) and "." in domain and not any(sign in address for sign in " /:,;<>\"'\\")


async def list_pagers(
    db: Any, workspace_id: str, *, agent_id: str | None = None, team_id: str | None = None
) -> list[Pager]:
    """The pagers of a workspace, or of a person or a team, those tried first before others."""
    rows = await db.fetch(
        f"""SELECT {COLUMNS} FROM pager WHERE workspace_id = $1
            AND ($2::uuid IS NULL OR agent_id = $2) AND ($3::uuid IS NULL OR team_id = $3)
            ORDER BY team_id NULLS FIRST, agent_id, position, id""",  # noqa: S608
        workspace_id,
        agent_id,
        team_id,
    )
    return [Pager(**dict(row)) for row in rows]


async def add_pager(work: Work, vault: Vault, new: NewPager) -> Pager:
    """Keep a pager, to be tried after those there are. Raises Refused."""
    await _need_one(work, new)
    pager_id = new_id()
    context = context_of(work.workspace_id, _PLACE, pager_id)
    row = await work.db.fetchrow(
        f"""INSERT INTO pager (workspace_id, id, agent_id, team_id, name, service, host, sealed,
              position, created_at)
            SELECT $1, $2, $3, $4, $5, $6, $7, $8, coalesce(max(position) + 1, 0), $9
            FROM pager WHERE workspace_id = $1 AND agent_id IS NOT DISTINCT FROM $3
              AND team_id IS NOT DISTINCT FROM $4
            HAVING count(*) < $10 RETURNING {COLUMNS}""",  # noqa: S608 - names of our own
        work.workspace_id,
        pager_id,
        new.agent_id,
        new.team_id,
        one_line(storable(new.name), 100) or new.service,
        new.service,
        new.host,
        vault.seal(new.address.encode(), context=context),
        work.now,
        MOST,
    )
    if row is None:
        raise Refused("too-many", f"At most {MOST} pagers for each. Remove one first.")
    pager = Pager(**dict(row))
    work.emit("pager.added", {"pager": pager})
    return pager


async def _need_one(work: Work, new: NewPager) -> None:
    """The person or the team, of whom there must be one. Raises Refused, NotFound."""
    if (new.agent_id is None) == (new.team_id is None):
        raise Refused("invalid", "A pager belongs to a person or to a team.")
    table = "agent" if new.agent_id else "team"
    rest = "AND disabled_at IS NULL" if new.agent_id else ""
    found = await work.db.fetchval(
        f"SELECT true FROM {table} WHERE workspace_id = $1 AND id = $2 {rest} FOR SHARE",  # noqa: S608
        work.workspace_id,
        new.agent_id or new.team_id,
    )
    if not found:
        raise NotFound(table)


async def remove_pager(work: Work, pager_id: str) -> None:
    """It pages nobody any more; what waited to be sent by it is dropped. Raises NotFound."""
    gone = await work.db.fetchval(
        "DELETE FROM pager WHERE workspace_id = $1 AND id = $2 RETURNING true",
        work.workspace_id,
        pager_id,
    )
    if not gone:
        raise NotFound("pager")
    await work.db.execute(
        """UPDATE page SET state = 'dropped', link = NULL WHERE workspace_id = $1
           AND pager_id = $2 AND state = 'queued'""",
        work.workspace_id,
        pager_id,
    )
    work.emit("pager.removed", {"removed": pager_id})


async def find_pager(db: Any, workspace_id: str, pager_id: str) -> Pager:
    """A pager. Raises NotFound."""
    row = await db.fetchrow(
        f"SELECT {COLUMNS} FROM pager WHERE workspace_id = $1 AND id = $2",  # noqa: S608
        workspace_id,
        pager_id,
    )
    if row is None:
        raise NotFound("pager")
    return Pager(**dict(row))


async def take_trial(work: Work, pager_id: str) -> None:
    """Note that it is tried now. Raises Refused where that was a moment ago."""
    taken = await work.db.fetchval(
        """UPDATE pager SET tested_at = $3 WHERE workspace_id = $1 AND id = $2
           AND (tested_at IS NULL OR tested_at <= $4) RETURNING true""",
        work.workspace_id,
        pager_id,
        work.now,
        work.now - NOT_BEFORE,
    )
    if not taken:
        raise Refused("throttled", "It was tested a moment ago. Wait a few seconds.")


async def address_of(db: Any, vault: Vault, workspace_id: str, pager_id: str) -> str | None:
    """Its address; None when it is gone. Raises SecretError."""
    sealed = await db.fetchval(
        "SELECT sealed FROM pager WHERE workspace_id = $1 AND id = $2", workspace_id, pager_id
    )
    if sealed is None:
        return None
    return vault.open(sealed, context=context_of(workspace_id, _PLACE, pager_id)).decode()


async def note_outcome(work: Work, pager_id: str, trouble: str) -> None:
    """It reached somebody (`trouble` empty), or it did not; told when that is news."""
    row = await work.db.fetchrow(
        f"""UPDATE pager p SET trouble = $3::text,
              trouble_at = CASE WHEN $3 = '' THEN NULL ELSE $4::timestamptz END,
              reached_at = CASE WHEN $3 = '' THEN $4 ELSE reached_at END
            FROM (SELECT id, trouble AS before FROM pager
                  WHERE workspace_id = $1 AND id = $2 FOR UPDATE) b
            WHERE p.workspace_id = $1 AND p.id = b.id
            RETURNING {", ".join(f"p.{name}" for name in Pager.__struct_fields__)}, b.before""",  # noqa: S608
        work.workspace_id,
        pager_id,
        trouble,
        work.now,
    )
    if row is not None and row["before"] != trouble:
        kept = {name: row[name] for name in Pager.__struct_fields__}
        work.emit("pager.changed", {"pager": kept})
