"""Clocks of a conversation, and what a screen needs so that its own tick right."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery

from earful.api.caller import Called, Caller, check_id
from earful.conversations.instants import Instants, instants_of
from earful.kit.paging import At, Id, cut, from_token
from earful.kit.refusal import NotFound
from earful.sla.hours import hours_of
from earful.sla.terms import Terms, read_terms

BEHIND, AHEAD = timedelta(days=10), timedelta(days=21)
"""How far the open stretches that a screen gets reach."""
MOST = 200
"""On a page."""
KEPT_FOR = timedelta(days=60)
"""Versions not in force any more are told for as long, since clocks may still run by them."""


class Ticking(msgspec.Struct, frozen=True):
    """A version of a policy for a screen: severities counted in business time, and its hours."""

    id: str
    name: str
    business: list[int]
    shares: list[float]
    open: list[tuple[datetime, datetime]]


class Clock(msgspec.Struct, frozen=True):
    """One clock, running or ended. `ended_as` says how, where it was not met."""

    id: str
    kind: str
    policy: str
    severity: int | None
    started_at: datetime
    due_at: datetime
    met_at: datetime | None
    breached_at: datetime | None
    stopped_at: datetime | None
    paused_at: datetime | None
    ended_as: str | None


class Resolving(msgspec.Struct, frozen=True):
    """The clock of a resolution that runs now."""

    conversation_id: str
    started_at: datetime
    due_at: datetime


class Clocks(msgspec.Struct, frozen=True):
    """A page of the clocks of a conversation, the newest first."""

    items: list[Clock]
    next: str | None


class Told(msgspec.Struct, frozen=True):
    """A page of the four instants of each message that came in, the oldest first."""

    items: list[Instants]
    next: str | None


@get("/clocks")
async def get_ticking(caller: Called) -> list[Ticking]:
    """What the clocks on a screen are counted by: policies with the open stretches around now."""
    caller.need("desk.read")
    now = caller.now()
    async with caller.state.database.acquire() as db:
        rows = await db.fetch(_VERSIONS, caller.workspace_id, now - KEPT_FOR)
    return [_ticking(row["id"], read_terms(row["terms"]), now) for row in rows]


@get("/resolutions")
async def get_resolutions(caller: Called) -> list[Resolving]:
    """Which conversations must be solved by when, the soonest 1,000, in the inboxes one sees."""
    caller.need("desk.read")
    seen = None if caller.inboxes is None else list(caller.inboxes)
    async with caller.state.database.acquire() as db:
        rows = await db.fetch(RESOLVING, caller.workspace_id, seen)
    return [Resolving(*row) for row in rows]


def _ticking(version_id: str, terms: Terms, now: datetime) -> Ticking:
    business = [
        severity
        for severity, promise in terms.severities.items()
        if promise.first_response and promise.first_response.counts == "business"
    ]
    open_for: list[tuple[datetime, datetime]] = []
    if business and terms.calendar:
        open_for = list(hours_of(terms.calendar).open_spans(now - BEHIND, now + AHEAD))
    shares = sorted({warn.share for warn in terms.warn if warn.share is not None}, reverse=True)
    return Ticking(version_id, terms.name, business, shares, open_for)


@get("/conversations/{conversation_id:str}/clocks")
async def get_clocks(
    caller: Called,
    conversation_id: FromPath[str],
    after: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Clocks:
    """The clocks of a conversation, the newest first."""
    size = max(1, min(limit, MOST))
    last = from_token(after, tuple[Id])[0] if after else None
    async with caller.state.database.acquire() as db:
        await _seen(caller, db, conversation_id)
        rows = await db.fetch(_CLOCKS, caller.workspace_id, conversation_id, last, size + 1)
    page, more = cut(rows, size, lambda row: [row["id"]])
    return Clocks([_clock(row) for row in page], more)


@get("/conversations/{conversation_id:str}/instants")
async def get_instants(
    caller: Called,
    conversation_id: FromPath[str],
    after: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Told:
    """When each message that came in was published, received, assigned and replied to."""
    size = max(1, min(limit, MOST))
    key = from_token(after, tuple[At, Id]) if after else None
    async with caller.state.database.acquire() as db:
        await _seen(caller, db, conversation_id)
        found = await instants_of(db, caller.workspace_id, conversation_id, key, size + 1)
    return Told(*cut(found, size, lambda one: [one.published_at, one.message_id]))


async def _seen(caller: Caller, db: Any, conversation_id: str) -> None:
    """Raise NotFound unless she sees the conversation."""
    caller.need("desk.read")
    check_id(conversation_id, "conversation")
    inbox_id = await db.fetchval(_INBOX, caller.workspace_id, conversation_id)
    if inbox_id is None:
        raise NotFound("conversation")
    caller.check_inbox(inbox_id)


def _clock(row: Any) -> Clock:
    return Clock(**{name: row[name] for name in Clock.__struct_fields__})


# Asked for by every screen: index clock_resolving, from its beginning.
RESOLVING = """
SELECT k.conversation_id, k.started_at, k.due_at FROM clock k
JOIN conversation c ON c.workspace_id = $1 AND c.id = k.conversation_id
WHERE k.workspace_id = $1 AND k.kind = 'resolution' AND k.stopped_at IS NULL
  AND k.paused_at IS NULL AND ($2::uuid[] IS NULL OR c.inbox_id = ANY($2))
ORDER BY k.due_at LIMIT 1000
"""

_VERSIONS = """
SELECT v.id, v.terms FROM policy_version v WHERE v.workspace_id = $1 AND (v.created_at > $2
  OR EXISTS (SELECT 1 FROM policy p WHERE p.workspace_id = $1 AND p.version_id = v.id))
ORDER BY v.created_at DESC LIMIT 100
"""

_INBOX = "SELECT inbox_id FROM conversation WHERE workspace_id = $1 AND id = $2"

# Three indexes: those that run, those that were met, and the rest.
_CLOCKS = """
SELECT k.*, coalesce(v.terms ->> 'name', 'standard') AS policy FROM (
  SELECT id, kind, policy_id, severity, started_at, due_at, met_at, breached_at, stopped_at,
    paused_at, ended_as FROM clock
  WHERE workspace_id = $1 AND conversation_id = $2 AND stopped_at IS NULL
  UNION ALL
  SELECT id, kind, policy_id, severity, started_at, due_at, met_at, breached_at, stopped_at,
    paused_at, ended_as FROM clock
  WHERE workspace_id = $1 AND conversation_id = $2 AND met_at IS NOT NULL
  UNION ALL
  SELECT id, kind, policy_id, severity, started_at, due_at, met_at, breached_at, stopped_at,
    paused_at, ended_as FROM clock
  WHERE workspace_id = $1 AND conversation_id = $2 AND stopped_at IS NOT NULL AND met_at IS NULL
) k LEFT JOIN policy_version v ON v.workspace_id = $1 AND v.id = k.policy_id
WHERE $3::uuid IS NULL OR k.id < $3 ORDER BY k.id DESC LIMIT $4
"""

ROUTES = [get_ticking, get_resolutions, get_clocks, get_instants]
