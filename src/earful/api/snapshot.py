"""What a screen needs at its start, in one consistent read, with the cursor to go on from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from litestar import get, put
from litestar.params import FromQuery, JSONBody, QueryParameter

from earful.accounts.rules import Rules
from earful.accounts.teams import list_teams
from earful.api.caller import Called, Caller
from earful.api.named import listed
from earful.desk import ledger, search, views
from earful.desk.channels import describe
from earful.desk.ledger import Counts
from earful.desk.search import Found
from earful.kit.refusal import Refused
from earful.networks.registry import networks

AGENT_FIELDS = "id, name, handle, email, initials, role, undo_for, disabled_at IS NOT NULL AS off"
LARGEST_PREFERENCES = 20_000


def agent_of(row: Any) -> dict[str, Any]:
    """An agent as colleagues see her."""
    names = ("id", "name", "handle", "email", "initials", "role", "undo_for")
    return {name: row[name] for name in names} | {
        "sign_off": f"^{row['initials']}",
        "disabled": row["off"],
    }


async def me(db: Any, caller: Caller) -> dict[str, Any]:
    """The caller herself, her workspace, and her token against forged requests."""
    row = await db.fetchrow(
        f"""SELECT {AGENT_FIELDS}, preferences FROM agent
            WHERE workspace_id = $1 AND id = $2""",  # noqa: S608
        caller.workspace_id,
        caller.id,
    )
    workspace = await db.fetchrow(
        "SELECT id, name, rehearsal, settings FROM workspace WHERE id = $1", caller.workspace_id
    )
    plain = {name: workspace[name] for name in ("id", "name", "rehearsal")}
    return {
        "agent": agent_of(row),
        "workspace": plain | {"public_url": caller.state.settings.public_url},
        "rules": msgspec.convert(workspace["settings"], Rules),
        "csrf": caller.who.csrf,
        "preferences": row["preferences"],
    }


@get("/me")
async def get_me(caller: Called) -> dict[str, Any]:
    """Who am I."""
    async with caller.state.database.acquire() as db:
        return await me(db, caller)


@put("/me/preferences")
async def put_preferences(caller: Called, data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
    """Keep the screen's preferences; `undo_for` (0 to 60 seconds) counts for sending."""
    undo_for = data.get("undo_for")
    if undo_for is not None and not (isinstance(undo_for, int) and 0 <= undo_for <= 60):
        raise Refused("invalid", "The time to undo is 0 to 60 seconds.")
    if len(str(data)) > LARGEST_PREFERENCES:
        raise Refused("too-large", "These preferences are too large.")
    async with caller.work("own.change") as work:
        await work.db.execute(
            """UPDATE agent SET preferences = $3, undo_for = coalesce($4, undo_for)
               WHERE workspace_id = $1 AND id = $2""",
            caller.workspace_id,
            caller.id,
            data,
            undo_for,
        )
    return data


@get("/snapshot")
async def get_snapshot(
    caller: Called, view: FromQuery[str] = "next", limit: FromQuery[int] = 50
) -> dict[str, Any]:
    """Everything a screen starts with."""
    caller.need("desk.read")
    workspace_id, inboxes = caller.workspace_id, caller.inboxes
    async with caller.state.database.snapshot() as db:
        cursor = await db.fetchval(
            "SELECT seq FROM event_counter WHERE workspace_id = $1", workspace_id
        )
        asked = await views.find_view(db, workspace_id, view)
        page = await views.list_page(db, workspace_id, caller.id, inboxes, asked, limit=limit)
        counts = await ledger.count(db, workspace_id, caller.id, inboxes, caller.now())
        start = {
            "cursor": cursor or 0,
            "me": await me(db, caller),
            "counts": counts,
            "page": {"items": page.items, "next": page.next},
            "networks": {name: found.manifest.title for name, found in networks().items()},
            "bare": [name for name, found in networks().items() if found.manifest.bare_handles],
        }
        start |= await _lists(db, caller)
    since = caller.now() - timedelta(seconds=60)
    return start | {"presence": caller.state.hub.present(workspace_id, inboxes, since)}


async def _lists(db: Any, caller: Caller) -> dict[str, Any]:
    key = caller.workspace_id
    seen = caller.inboxes
    agents = await db.fetch(
        f"SELECT {AGENT_FIELDS} FROM agent WHERE workspace_id = $1 ORDER BY name",  # noqa: S608
        key,
    )
    channels = await db.fetch(
        "SELECT * FROM channel WHERE workspace_id = $1 AND state <> 'off' ORDER BY created_at", key
    )
    drafts = await db.fetch(
        "SELECT conversation_id, updated_at FROM draft WHERE workspace_id = $1 AND agent_id = $2",
        key,
        caller.id,
    )
    return {
        "agents": [agent_of(row) for row in agents],
        "teams": await list_teams(db, key),
        "inboxes": await inbox_list(db, caller),
        "channels": [describe(r) for r in channels if seen is None or r["inbox_id"] in seen],
        "tags": await listed(db, key, "tag", "name, color"),
        "macros": await listed(db, key, "macro", "id, name, text, offered_for"),
        "views": await listed(db, key, "saved_view", "id, name, filter"),
        "drafts": [dict(row) for row in drafts],
    }


async def inbox_list(db: Any, caller: Caller) -> list[dict[str, Any]]:
    """The inboxes the caller may see, with their channels, agents and teams."""
    rows = await db.fetch(
        """SELECT i.id, i.name,
             array(SELECT c.id FROM channel c WHERE c.workspace_id = $1 AND c.inbox_id = i.id
                   AND c.state <> 'off') AS channel_ids,
             array(SELECT m.agent_id FROM inbox_member m WHERE m.workspace_id = $1
                   AND m.inbox_id = i.id) AS agent_ids,
             array(SELECT t.team_id FROM inbox_team t WHERE t.workspace_id = $1
                   AND t.inbox_id = i.id) AS team_ids
           FROM inbox i WHERE i.workspace_id = $1 AND i.deleted_at IS NULL ORDER BY i.created_at""",
        caller.workspace_id,
    )
    return [dict(r) for r in rows if caller.inboxes is None or r["id"] in caller.inboxes]


@get("/counts")
async def get_counts(caller: Called) -> Counts:
    """The numbers beside the views, and the ledger."""
    caller.need("desk.read")
    key = (caller.workspace_id, caller.id, caller.inboxes)

    async def count() -> Counts:
        async with caller.state.database.snapshot() as db:
            return await ledger.count(db, *key, caller.now())

    counts: Counts = await caller.state.fresh.get(key, count)
    return counts


@get("/search")
async def get_search(
    caller: Called,
    q: FromQuery[str],
    *,
    since: Annotated[datetime | None, QueryParameter(name="from")] = None,
    until: Annotated[datetime | None, QueryParameter(name="to")] = None,
    after: FromQuery[str | None] = None,
) -> Found:
    """Messages with all these words, newest first, and the period that was searched."""
    caller.need("desk.read")
    async with caller.state.database.snapshot() as db:
        return await search.search(
            db,
            caller.workspace_id,
            caller.inboxes,
            q,
            caller.now(),
            since=since,
            until=until,
            after=after,
        )


ROUTES = [get_me, put_preferences, get_snapshot, get_counts, get_search]
