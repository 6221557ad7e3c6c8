"""Moves: from which public conversation somebody was asked where, and what came of it."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.kit.ids import new_id
from earful.stream.work import Work

WITHIN = timedelta(days=14)
"""How long after its invitation an arrival counts; then the move is lost."""


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """A move out of `from_id`, to `to_id` once that is known. `by` is direct, email or portal;
    `state` offered (not sent yet), invited, arrived or lost."""

    id: str
    from_id: str
    to_id: str | None
    contact_id: str
    by: str
    agent_id: str
    state: str
    offered_at: datetime
    invited_at: datetime | None
    arrived_at: datetime | None
    lost_at: datetime | None


COLUMNS = """id, from_id, to_id, contact_id, way AS by, agent_id, state, offered_at, invited_at,
arrived_at, lost_at"""


def move_of(row: Any) -> Move:
    """The move of a row that has COLUMNS."""
    return Move(**{name: row[name] for name in Move.__struct_fields__})


def digest(code: str) -> bytes:
    """What is kept of a code."""
    return hashlib.sha256(code.encode()).digest()


async def begin(work: Work, *, from_id: str, to_id: str, contact_id: str, agent_id: str) -> str:
    """We write in private first: the two belong together from now on. Returns the move's id.

    A person who was written to before from there, and has not answered, is moving already.
    """
    known: str | None = await work.db.fetchval(
        """SELECT id FROM move WHERE workspace_id = $1 AND from_id = $2 AND to_id = $3
           AND state <> 'lost' ORDER BY offered_at DESC LIMIT 1""",
        work.workspace_id,
        from_id,
        to_id,
    )
    if known:
        return known
    move_id = new_id()
    await work.db.execute(
        """INSERT INTO move (workspace_id, id, from_id, to_id, contact_id, way, agent_id, state,
             offered_at, invited_at)
           VALUES ($1, $2, $3, $4, $5, 'direct', $6, 'invited', $7, $7)""",
        work.workspace_id,
        move_id,
        from_id,
        to_id,
        contact_id,
        agent_id,
        work.now,
    )
    return move_id


async def offer(
    work: Work, conversation: dict[str, Any], by: str, agent_id: str, code: str | None
) -> str:
    """Note an invitation that is about to be written. Returns the move's id."""
    move_id = new_id()
    await work.db.execute(
        """INSERT INTO move (workspace_id, id, from_id, contact_id, way, agent_id, code, state,
             offered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'offered', $8)""",
        work.workspace_id,
        move_id,
        conversation["id"],
        conversation["contact_id"],
        by,
        agent_id,
        digest(code) if code else None,
        work.now,
    )
    return move_id
