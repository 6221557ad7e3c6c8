"""Signals: what was worth an alert, told once while it lasts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

import msgspec

from earful.kit.ids import new_id
from earful.stream.screen import Inboxes, seen_by
from earful.stream.work import Work

Kind = Literal["burst", "thread", "look_alike", "name_said", "person_of_note"]
KEPT_FOR = timedelta(days=90)


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """What began when, in which inbox. `authors` are the people who took part when it was seen.

    `reason` is our name that the account looks like, the name of the search, or how many follow a
    person of note.
    """

    id: str
    kind: Kind
    inbox_id: str | None
    conversation_id: str | None
    reason: str
    authors: int
    began_at: datetime
    ended_at: datetime | None


class Seen(NamedTuple):
    """What was seen; those of one `key` are one signal while it lasts."""

    kind: Kind
    key: str
    authors: int
    inbox_id: str | None = None
    conversation_id: str | None = None
    reason: str = ""


async def signal(work: Work, seen: Seen, *, once: bool = False) -> bool:
    """Tell it, unless it lasts already; with `once` never again. Whether it was told."""
    if once and await work.db.fetchval(_KNOWN, work.workspace_id, seen.kind, seen.key):
        return False
    row = await work.db.fetchrow(
        _TELL,
        work.workspace_id, new_id(), seen.kind, seen.key, seen.inbox_id, seen.conversation_id,
        seen.reason, seen.authors, work.now,
    )  # fmt: skip
    if row is None:
        return False
    kind = "burst.detected" if seen.kind == "burst" else "signal.detected"
    work.emit(kind, {"signal": signal_of(row)}, inbox_id=seen.inbox_id)
    return True


async def end(work: Work, signal_id: str) -> None:
    """It is over."""
    row = await work.db.fetchrow(_END, work.workspace_id, signal_id, work.now)
    if row is not None:
        kind = "burst.ended" if row["kind"] == "burst" else "signal.ended"
        work.emit(kind, {"signal": signal_of(row)}, inbox_id=row["inbox_id"])


async def open_ones(work: Work, kind: Kind) -> dict[str, Any]:
    """Those that last, by their key."""
    rows = await work.db.fetch(_OPEN, work.workspace_id, kind)
    return {row["key"]: row for row in rows}


async def load_signals(
    db: Any, workspace_id: str, inboxes: Inboxes, since: datetime
) -> list[Signal]:
    """Those of some time and those that last, the newest first, at most 100."""
    seen = seen_by(inboxes)
    return [signal_of(row) for row in await db.fetch(_NEWEST, workspace_id, seen, since)]


def signal_of(row: Any) -> Signal:
    """The signal of a row of the table."""
    return Signal(**{name: row[name] for name in Signal.__struct_fields__})


_KNOWN = """
SELECT true FROM signal WHERE workspace_id = $1 AND kind = $2 AND key = $3 LIMIT 1
"""

_TELL = """
INSERT INTO signal (workspace_id, id, kind, key, inbox_id, conversation_id, reason, authors,
  began_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (workspace_id, kind, key) WHERE ended_at IS NULL DO NOTHING RETURNING *
"""

_END = """
UPDATE signal SET ended_at = $3 WHERE workspace_id = $1 AND id = $2 AND ended_at IS NULL RETURNING *
"""

_OPEN = "SELECT * FROM signal WHERE workspace_id = $1 AND kind = $2 AND ended_at IS NULL"

_NEWEST = """
SELECT * FROM signal WHERE workspace_id = $1 AND (began_at >= $3 OR ended_at IS NULL)
  AND ($2::uuid[] IS NULL OR inbox_id = ANY($2::uuid[]))
ORDER BY began_at DESC, id DESC LIMIT 100
"""
