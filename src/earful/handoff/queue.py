"""The handoff's row on its way: claimed under a lease, then one step, then written down."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.desk.common import finish
from earful.handoff.commands import tell
from earful.handoff.ticket import Line, Remote, Ticket
from earful.kit.text import one_line, storable
from earful.stream.work import Work

LEASE_FOR = 90.0
LOOK_EVERY = timedelta(minutes=10)
"""How often a ticket is looked at that nobody called about."""
MOST_LINES = 100
LONGEST = 60_000


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A claimed handoff and its desk. `state` is what it was before."""

    workspace_id: str
    id: str
    conversation_id: str
    desk_id: str
    note: str
    state: str
    remote_id: str | None
    told_through: str | None
    attempts: int
    rehearsal: bool
    kind: str
    url: str
    fields: dict[str, str]
    secret: bytes


async def claim(db: Any, *, now: datetime) -> list[Due]:
    """Lease what is due: queued, doubtful, to be looked at, or with something new to tell.

    What was being sent when its worker died is in doubt.
    """
    rows = await db.fetch(_CLAIM, now, LEASE_FOR)
    return [msgspec.convert(dict(row), Due) for row in rows]


async def next_due(db: Any) -> datetime | None:
    """When the next one is due."""
    due: datetime | None = await db.fetchval(
        """SELECT min(greatest(run_at, coalesce(lease_until, run_at))) FROM handoff
           WHERE state IN ('queued', 'sending', 'handed', 'closed', 'uncertain')
             AND run_at < 'infinity'"""
    )
    return due


async def ticket_of(db: Any, due: Due, origin: str) -> Ticket:
    """What is handed over."""
    card = await db.fetchrow(_CARD, due.workspace_id, due.conversation_id)
    rows = await db.fetch(_LINES, due.workspace_id, due.conversation_id, MOST_LINES)
    title = one_line(card["summary"] or card["preview"], 150) or card["contact_name"]
    link = f"{origin}/c/{due.conversation_id}" if origin else ""
    return Ticket(
        id=due.id,
        title=title,
        lines=tuple(_line(row) for row in reversed(rows)),
        link=link,
        customer_id=card["contact_id"],
        customer=card["contact_name"],
        handle=card["contact_handle"],
        network=card["network"],
        note=due.note,
    )


async def unsaid(db: Any, due: Due) -> list[Line]:
    """What the customers wrote since, oldest first: never our words, nor what came from there."""
    rows = await db.fetch(_UNSAID, due.workspace_id, due.conversation_id, due.told_through)
    return [_line(row) for row in rows]


def _line(row: Any) -> Line:
    return Line(row["id"], row["author_name"], row["published_at"], row["text"][:LONGEST])


async def handed(work: Work, due: Due, remote: Remote, through: str | None) -> None:
    """It stands there."""
    await work.db.execute(
        """UPDATE handoff SET state = 'handed', error = '', attempts = 0, remote_id = $3,
             told_through = coalesce($4::uuid, told_through), handed_at = $5, run_at = $6,
             lease_until = NULL
           WHERE workspace_id = $1 AND id = $2 AND state <> 'ended'""",
        work.workspace_id,
        due.id,
        remote.id,
        through,
        work.now,
        work.now + LOOK_EVERY,
    )
    await note_remote(work, due.id, remote)
    await tell(work, due.id)


async def note_remote(work: Work, handoff_id: str, remote: Remote) -> bool:
    """What the other desk says; an event only when it is news. Returns whether it is."""
    row = await work.db.fetchrow(
        """SELECT h.remote, h.state, h.conversation_id, d.name FROM handoff h
           JOIN other_desk d ON d.workspace_id = h.workspace_id AND d.id = h.desk_id
           WHERE h.workspace_id = $1 AND h.id = $2 FOR UPDATE OF h""",
        work.workspace_id,
        handoff_id,
    )
    if row is None or row["state"] not in ("handed", "closed"):
        return False
    said = {name: storable(str(words), 5000) for name, words in msgspec.to_builtins(remote).items()}
    before = row["remote"] or {}
    if said == before:
        return False
    state = "closed" if remote.status == "closed" else "handed"
    await work.db.execute(
        """UPDATE handoff SET remote = $3, state = $4::text,
             closed_at = CASE $4 WHEN 'closed' THEN $5::timestamptz END
           WHERE workspace_id = $1 AND id = $2""",
        work.workspace_id,
        handoff_id,
        said,
        state,
        work.now,
    )
    if before and before.get("status") != said["status"]:
        words = {"open": "opened", "pending": "set to wait", "closed": "closed"}[remote.status]
        words = f"{row['name']} has {words} it"
        await finish(work, row["conversation_id"], "conversation.changed", activity=words)
    await tell(work, handoff_id)
    return True


async def wait_on(
    work: Work, due: Due, state: str, words: str, *, after: float, attempts: int
) -> None:
    """Not done: `state` says what it is now, `words` why, `after` seconds until it is tried."""
    await work.db.execute(
        """UPDATE handoff SET state = $3, error = $4, attempts = $5, run_at = $6, lease_until = NULL
           WHERE workspace_id = $1 AND id = $2 AND state <> 'ended'""",
        work.workspace_id,
        due.id,
        state,
        storable(words, 500),
        attempts,
        work.now + timedelta(seconds=after),
    )
    await tell(work, due.id)


async def look_soon(work: Work, desk_id: str, remote_ids: list[str]) -> int:
    """Somebody called about these tickets: they are looked at next. Returns how many are ours."""
    rows = await work.db.fetch(
        """UPDATE handoff SET run_at = $4 WHERE workspace_id = $1 AND desk_id = $2
             AND remote_id = ANY($3::text[]) AND state IN ('handed', 'closed') RETURNING id""",
        work.workspace_id,
        desk_id,
        remote_ids,
        work.now,
    )
    return len(rows)


async def handoff_there(work: Work, desk_id: str, remote_id: str) -> str | None:
    """The handoff that a ticket of that desk stands for."""
    found: str | None = await work.db.fetchval(
        """SELECT id FROM handoff WHERE workspace_id = $1 AND desk_id = $2 AND remote_id = $3
             AND state IN ('handed', 'closed') ORDER BY created_at DESC LIMIT 1""",
        work.workspace_id,
        desk_id,
        remote_id,
    )
    return found


# `sending` is committed before the call: a worker that dies then leaves a doubt, not a second try.
_CLAIM = """
UPDATE handoff t SET lease_until = $1 + make_interval(secs => $2),
  state = CASE t.state WHEN 'queued' THEN 'sending' WHEN 'sending' THEN 'uncertain'
          ELSE t.state END
FROM (SELECT h.workspace_id, h.id, h.state, w.rehearsal, d.kind, d.url, d.fields, d.secret
      FROM handoff h JOIN workspace w ON w.id = h.workspace_id
      JOIN other_desk d ON d.workspace_id = h.workspace_id AND d.id = h.desk_id
      WHERE d.removed_at IS NULL AND (h.lease_until IS NULL OR h.lease_until < $1)
        AND h.state IN ('queued', 'sending', 'handed', 'closed', 'uncertain') AND h.run_at <= $1
      ORDER BY h.run_at LIMIT 10 FOR UPDATE OF h SKIP LOCKED) due
WHERE t.workspace_id = due.workspace_id AND t.id = due.id
RETURNING t.workspace_id, t.id, t.conversation_id, t.desk_id, t.note,
  CASE due.state WHEN 'sending' THEN 'uncertain' ELSE due.state END AS state, t.remote_id,
  t.told_through, t.attempts, due.rehearsal, due.kind, due.url, due.fields, due.secret
"""

_CARD = """
SELECT summary, preview, contact_id, contact_name, contact_handle, network FROM conversation
WHERE workspace_id = $1 AND id = $2
"""

_LINES = """
SELECT id, author_name, published_at, text FROM message
WHERE workspace_id = $1 AND conversation_id = $2 AND direction IN ('incoming', 'outgoing')
  AND deleted_at IS NULL
ORDER BY published_at DESC, id DESC LIMIT $3
"""

# Ids are made as messages come in, so those after `told_through` came later.
_UNSAID = """
SELECT id, author_name, published_at, text FROM message
WHERE workspace_id = $1 AND conversation_id = $2 AND direction = 'incoming'
  AND deleted_at IS NULL AND ($3::uuid IS NULL OR id > $3)
ORDER BY id LIMIT 20
"""
