"""The roster as a calendar file: each duty an event, absences cut out already."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.kit.text import one_line
from earful.roster.asking import duties_between
from earful.roster.duties import Duty
from earful.roster.shifts import need_people
from earful.stream.work import Work

BACK, AHEAD = timedelta(days=31), timedelta(days=120)
"""What a calendar that is fetched shows, from now."""
MOST = 200


class Feed(msgspec.Struct, frozen=True):
    """An address for calendars: of an agent, of a team, or of everybody."""

    id: str
    agent_id: str | None
    team_id: str | None
    created_at: datetime


class Found(msgspec.Struct, frozen=True):
    """Whose calendar an address leads to."""

    workspace_id: str
    agent_id: str | None
    team_id: str | None


def written(duties: list[Duty], names: dict[str, str], title: str, now: datetime) -> bytes:
    """The file (RFC 5545). An event keeps its UID as long as its shift and day stay."""
    import icalendar  # noqa: PLC0415 - large, and seldom wanted

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Earful//Roster//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", one_line(title))
    for duty in duties:
        event = icalendar.Event()
        event.add("uid", f"{duty.shift_id}-{duty.day}-{duty.starts_at:%H%M}@earful")
        event.add("dtstamp", now)
        event.add("dtstart", duty.starts_at)
        event.add("dtend", duty.ends_at)
        what = "on call" if duty.on_call else "on shift"
        event.add("summary", f"{one_line(names.get(duty.agent_id, 'Somebody'))} {what}")
        calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text


async def make_feed(work: Work, agent_id: str | None, team_id: str | None) -> tuple[Feed, str]:
    """A new address; returns its secret, which is kept as a hash. Raises Refused, NotFound."""
    if agent_id is not None and team_id is not None:
        raise Refused("invalid", "A calendar is of an agent or of a team.")
    if work.actor.id is None:
        raise Refused("invalid", "A calendar's address is somebody's.")
    await need_people(work, agent_id or work.actor.id, team_id)
    count = await work.db.fetchval(
        "SELECT count(*) FROM roster_feed WHERE workspace_id = $1", work.workspace_id
    )
    if count >= MOST:
        raise Refused("too-many", f"There are {MOST} addresses. Remove some first.")
    token = secrets.token_urlsafe(32)
    feed = Feed(new_id(), agent_id, team_id, work.now)
    await work.db.execute(
        """INSERT INTO roster_feed
             (workspace_id, id, agent_id, team_id, token, created_by, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        work.workspace_id, feed.id, agent_id, team_id, _hash(token), work.actor.id, work.now,
    )  # fmt: skip
    work.emit("feed.made", {"feed": feed})
    return feed, token


async def list_feeds(db: Any, workspace_id: str, agent_id: str | None) -> list[Feed]:
    """All addresses, or those an agent made."""
    rows = await db.fetch(_LIST, workspace_id, agent_id)
    return [msgspec.convert(dict(row), Feed) for row in rows]


async def remove_feed(work: Work, feed_id: str, agent_id: str | None) -> None:
    """It leads nowhere from now on; `agent_id`: only if she made it. Raises NotFound."""
    if not await work.db.fetchval(_REMOVE, work.workspace_id, feed_id, agent_id):
        raise NotFound("feed")
    work.emit("feed.removed", {"removed": feed_id})


async def find(db: Any, token: str) -> Found | None:
    """Whose calendar it is; None for a wrong address, or one whose maker is not here any more."""
    row = await db.fetchrow(_FIND, _hash(token[:200]))
    return None if row is None else Found(**dict(row))


async def render(db: Any, found: Found, now: datetime) -> bytes:
    """The calendar of an address, as of now."""
    start, end = now - BACK, now + AHEAD
    agents = None if found.agent_id is None else {found.agent_id}
    duties = await duties_between(
        db, found.workspace_id, start, end, team_id=found.team_id, agents=agents
    )
    rows = await db.fetch("SELECT id, name FROM agent WHERE workspace_id = $1", found.workspace_id)
    names = {row["id"]: row["name"] for row in rows}
    return written(duties, names, names.get(found.agent_id or "", "Roster"), now)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


_LIST = """
SELECT id, agent_id, team_id, created_at FROM roster_feed
WHERE workspace_id = $1 AND ($2::uuid IS NULL OR created_by = $2) ORDER BY created_at, id
"""
_REMOVE = """
DELETE FROM roster_feed WHERE workspace_id = $1 AND id = $2
  AND ($3::uuid IS NULL OR created_by = $3) RETURNING true
"""
_FIND = """
SELECT f.workspace_id, f.agent_id, f.team_id FROM roster_feed f
JOIN agent a ON a.workspace_id = f.workspace_id AND a.id = f.created_by AND a.disabled_at IS NULL
WHERE f.token = $1
"""
