"""Other desks that conversations can be handed to."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from earful.accounts import audit
from earful.accounts.acts import Act
from earful.api.caller import Called, Caller, check_id
from earful.api.once import once_shown
from earful.api.webhook_address import check_url, guard_of
from earful.handoff import desks
from earful.handoff.desks import NewDesk
from earful.handoff.kinds import KINDS, open_desk, values_of
from earful.handoff.ticket import Trouble
from earful.kit.refusal import Refused
from earful.kit.safe_http import guarded_client
from earful.stream.work import Work


class DeskBody(msgspec.Struct, frozen=True):
    """A desk to connect: `url` is its address, `fields` what its kind asks for."""

    kind: str
    url: str
    name: str = ""
    fields: dict[str, str] = msgspec.field(default_factory=dict)


@get("/desk-kinds")
async def get_desk_kinds(caller: Called) -> list[dict[str, Any]]:
    """The kinds of desks there are, and what each asks for."""
    caller.need("channel.read")
    return [
        {
            "kind": name,
            "title": kind.title,
            "fields": msgspec.to_builtins(kind.fields),
            "signs": kind.signs,
        }
        for name, kind in KINDS.items()
    ]


@get("/desks")
async def get_desks(caller: Called) -> list[dict[str, Any]]:
    """The connected desks, without their secrets."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        rows = await db.fetch(
            """SELECT * FROM other_desk WHERE workspace_id = $1 AND removed_at IS NULL
               ORDER BY created_at, id""",
            caller.workspace_id,
        )
    return [_shown(caller, desks.describe(row)) for row in rows]


def _shown(caller: Caller, desk: dict[str, Any]) -> dict[str, Any]:
    """With the address that it may call, empty while the desk has no public one."""
    public = caller.state.settings.public_url
    hook = f"{public.rstrip('/')}/hooks/desks/{desk['id']}" if public else ""
    return desk | {"hook": hook}


@post("/desks")
async def post_desk(caller: Called, data: JSONBody[DeskBody]) -> dict[str, Any]:
    """Connect a desk: it is asked first. The secret of its calls back is shown this once."""
    caller.need("channel.change")
    if data.kind not in KINDS:
        raise Refused("invalid", f"The kind is one of {', '.join(KINDS)}.")
    values = values_of(data.kind, data.fields)
    await check_url(caller, data.url)
    await probe(caller, data, values)
    async with caller.work("channel.change") as work:

        async def act() -> tuple[dict[str, Any], dict[str, Any]]:
            shown, hook = await desks.add_desk(
                work, caller.state.keyring, NewDesk(data.kind, data.name, data.url, values)
            )
            await _note(caller, work, "desk.added", shown["id"])
            return _shown(caller, shown), {"hook_secret": hook}

        return await once_shown(caller, work, act)


async def probe(caller: Caller, data: DeskBody, values: dict[str, str]) -> None:
    """Ask the desk whether address and sign-in are right. Raises Refused in words."""
    async with guarded_client(await guard_of(caller)) as client:
        desk = open_desk(data.kind, data.url, values, client, caller.state.now())
        try:
            await desk.probe()
        except Trouble as trouble:
            raise Refused("cannot-connect", str(trouble)) from None


@delete("/desks/{desk_id:str}")
async def delete_desk(caller: Called, desk_id: FromPath[str]) -> None:
    """Disconnect a desk; its tickets stay there."""
    check_id(desk_id, "desk")
    async with caller.work("channel.change") as work:
        await desks.remove_desk(work, desk_id)
        await _note(caller, work, "desk.removed", desk_id)


async def _note(caller: Caller, work: Work, act: Act, desk_id: str) -> None:
    line = audit.Line(
        actor_kind="agent", actor_id=caller.id, act=act, object_kind="desk", object_id=desk_id
    )
    await audit.append(work.db, caller.workspace_id, line, now=work.now)


ROUTES = [get_desk_kinds, get_desks, post_desk, delete_desk]
