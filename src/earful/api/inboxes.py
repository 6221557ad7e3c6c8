"""Inboxes: a queue over channels, given to agents and teams."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody

from earful.accounts.acts import Act
from earful.accounts.bounds import refuse_beyond
from earful.api.caller import Called, Caller, check_id
from earful.api.named import audited, named
from earful.api.once import once
from earful.api.snapshot import inbox_list
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.stream.work import Work


class InboxBody(msgspec.Struct, frozen=True):
    """An inbox; no agents and no teams means everybody."""

    name: str | None = None
    agent_ids: list[str] | None = None
    team_ids: list[str] | None = None


@get("/inboxes")
async def get_inboxes(caller: Called) -> list[dict[str, Any]]:
    """The inboxes the caller may see."""
    async with caller.state.database.acquire() as db:
        return await inbox_list(db, caller)


@post("/inboxes")
async def post_inbox(caller: Called, data: JSONBody[InboxBody]) -> dict[str, Any]:
    """A new inbox."""
    async with caller.work("inbox.change") as work:
        return await once(caller, work, partial(_add_inbox, work, caller, data), dict[str, Any])


async def _add_inbox(work: Work, caller: Caller, data: InboxBody) -> dict[str, Any]:
    inbox_id = new_id()
    await work.db.execute(
        "INSERT INTO inbox (workspace_id, id, name, created_at) VALUES ($1, $2, $3, $4)",
        caller.workspace_id,
        inbox_id,
        named(data.name),
        work.now,
    )
    await refuse_beyond(work.db, caller.workspace_id, "inbox")
    return await _kept(work, caller, inbox_id, data, "inbox.added")


@patch("/inboxes/{inbox_id:str}")
async def patch_inbox(
    caller: Called, inbox_id: FromPath[str], data: JSONBody[InboxBody]
) -> dict[str, Any]:
    """Rename an inbox, or change who works in it."""
    check_id(inbox_id, "inbox")
    async with caller.work("inbox.change") as work:
        found = await work.db.fetchval(
            """UPDATE inbox SET name = coalesce($3, name) WHERE workspace_id = $1 AND id = $2
               AND deleted_at IS NULL RETURNING true""",
            caller.workspace_id,
            inbox_id,
            None if data.name is None else named(data.name),
        )
        if not found:
            raise NotFound("inbox")
        return await _kept(work, caller, inbox_id, data, "inbox.changed")


async def _kept(
    work: Work, caller: Caller, inbox_id: str, data: InboxBody, kind: Act
) -> dict[str, Any]:
    for column, given in (("agent_id", data.agent_ids), ("team_id", data.team_ids)):
        if given is not None:
            await _give(work, inbox_id, column, given)
    [shown] = [box for box in await inbox_list(work.db, caller) if box["id"] == inbox_id]
    work.emit(kind, {"inbox": shown}, inbox_id=inbox_id)
    who = (*shown["agent_ids"], *shown["team_ids"])
    await audited(work, caller.id, kind, "inbox", inbox_id, *who)
    return shown


async def _give(work: Work, inbox_id: str, column: str, ids: list[str]) -> None:
    """Say which agents, or which teams, work in the inbox; ids of nobody here are left out."""
    table, of, still = _GIVEN[column]
    for one in ids:
        check_id(one, of)
    await work.db.execute(
        f"DELETE FROM {table} WHERE workspace_id = $1 AND inbox_id = $2",  # noqa: S608
        work.workspace_id,
        inbox_id,
    )
    await work.db.execute(
        f"""INSERT INTO {table} (workspace_id, inbox_id, {column})
            SELECT $1, $2, id FROM {of}
            WHERE workspace_id = $1 AND id = ANY($3::uuid[]) AND {still}""",  # noqa: S608
        work.workspace_id,
        inbox_id,
        ids,
    )


_GIVEN = {
    "agent_id": ("inbox_member", "agent", "true"),
    "team_id": ("inbox_team", "team", "deleted_at IS NULL"),
}
"""Where it stands to whom an inbox is given, what that is, and which of them still count."""


@delete("/inboxes/{inbox_id:str}")
async def delete_inbox(caller: Called, inbox_id: FromPath[str]) -> None:
    """Remove an inbox that nothing uses any more."""
    check_id(inbox_id, "inbox")
    async with caller.work("inbox.change") as work:
        used = await work.db.fetchval(
            """SELECT EXISTS (SELECT 1 FROM channel WHERE workspace_id = $1 AND inbox_id = $2
                 AND state <> 'off') OR EXISTS (SELECT 1 FROM conversation
                 WHERE workspace_id = $1 AND inbox_id = $2 AND status <> 'resolved')""",
            caller.workspace_id,
            inbox_id,
        )
        if used:
            raise Refused("in-use", "Move its channels and resolve its conversations first.")
        done = await work.db.fetchval(
            """UPDATE inbox SET deleted_at = $3 WHERE workspace_id = $1 AND id = $2
               AND deleted_at IS NULL RETURNING true""",
            caller.workspace_id,
            inbox_id,
            work.now,
        )
        if not done:
            raise NotFound("inbox")
        work.emit("inbox.removed", {"removed": inbox_id}, inbox_id=inbox_id)
        await audited(work, caller.id, "inbox.removed", "inbox", inbox_id)


ROUTES = [get_inboxes, post_inbox, patch_inbox, delete_inbox]
