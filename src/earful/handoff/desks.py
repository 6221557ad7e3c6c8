"""Connected desks: kept with their secrets sealed, opened again for a call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
import msgspec

from earful.accounts.secrets import Keyring, context_of
from earful.accounts.tokens import new_token
from earful.handoff.kinds import KINDS, open_desk
from earful.handoff.ticket import OtherDesk
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.kit.text import one_line
from earful.stream.work import Work

MOST = 20


def describe(row: Any) -> dict[str, Any]:
    """A desk as the screen sees it: nothing secret."""
    names = ("id", "kind", "name", "url", "fields", "error", "created_at")
    return {name: row[name] for name in names} | {"title": KINDS[row["kind"]].title}


class NewDesk(msgspec.Struct, frozen=True):
    """A desk that was probed."""

    kind: str
    name: str
    url: str
    values: Mapping[str, str]


async def add_desk(work: Work, keyring: Keyring, new: NewDesk) -> tuple[dict[str, Any], str]:
    """Keep a desk that was probed. Returns it, and the secret of its calls back, shown once."""
    kind, values = new.kind, new.values
    number = await work.db.fetchval(
        "SELECT count(*) FROM other_desk WHERE workspace_id = $1 AND removed_at IS NULL",
        work.workspace_id,
    )
    if number >= MOST:
        raise Refused("too-many", f"At most {MOST} other desks.")
    desk_id = new_id()
    secrets = {field.name for field in KINDS[kind].fields if field.secret}
    sealed = {name: value for name, value in values.items() if name in secrets}
    # A webhook's secret is given by whoever connects it; the others get one of ours.
    hook = values["secret"] if kind == "webhook" else new_token()
    row = await work.db.fetchrow(
        """INSERT INTO other_desk (workspace_id, id, kind, name, url, fields, secret, hook,
             created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *""",
        work.workspace_id,
        desk_id,
        kind,
        one_line(new.name, 100) or KINDS[kind].title,
        new.url,
        {name: value for name, value in values.items() if name not in secrets},
        _seal(keyring, work.workspace_id, desk_id, "secret", msgspec.json.encode(sealed)),
        _seal(keyring, work.workspace_id, desk_id, "hook", hook.encode()),
        work.now,
    )
    shown = describe(row)
    work.emit("desk.added", {"desk": shown})
    return shown, "" if kind == "webhook" else hook


async def remove_desk(work: Work, desk_id: str) -> None:
    """Disconnect a desk. What was handed to it is with us again; its tickets stay there."""
    gone = await work.db.fetchval(
        """UPDATE other_desk SET removed_at = $3, secret = NULL, hook = NULL, error = ''
           WHERE workspace_id = $1 AND id = $2 AND removed_at IS NULL RETURNING true""",
        work.workspace_id,
        desk_id,
        work.now,
    )
    if not gone:
        raise NotFound("desk")
    work.emit("desk.removed", {"removed": desk_id})


def opened(
    keyring: Keyring, row: Mapping[str, Any], client: httpx.AsyncClient, now: datetime
) -> OtherDesk:
    """The desk of a row with `workspace_id`, `id`, `kind`, `url`, `fields` and `secret`."""
    context = context_of(row["workspace_id"], "other_desk.secret", row["id"])
    secrets = msgspec.json.decode(keyring.open(row["secret"], context=context))
    return open_desk(row["kind"], row["url"], {**row["fields"], **secrets}, client, now)


def hook_secret(keyring: Keyring, row: Mapping[str, Any]) -> str:
    """What the desk's calls are signed with, or end their address with."""
    context = context_of(row["workspace_id"], "other_desk.hook", row["id"])
    return keyring.open(row["hook"], context=context).decode()


def _seal(keyring: Keyring, workspace_id: str, desk_id: str, what: str, data: bytes) -> bytes:
    return keyring.seal(data, context=context_of(workspace_id, f"other_desk.{what}", desk_id))
