"""What is asked of the figures: which days on whose clocks, split by what, narrowed to what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from earful.sla.walls import instant_of, wall_to_count
from earful.stream.screen import Inboxes

By = Literal["day", "channel", "inbox", "team", "agent", "severity"]
NOBODY = "none"
"""Asks for what has no team, or no agent."""


class Narrow(msgspec.Struct, frozen=True, kw_only=True):
    """Of one inbox, channel, team, agent (or NOBODY) and severity; None: of all."""

    inbox: str | None = None
    channel: str | None = None
    team: str | None = None
    agent: str | None = None
    severity: int | None = None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """From `first` to `last`, both days of `zone` included, as it is at the instant `at`.

    `inboxes` are those the caller may see, None for all.
    """

    workspace_id: str
    inboxes: Inboxes
    at: datetime
    zone: ZoneInfo
    first: date
    last: date
    by: By = "day"
    narrow: Narrow = Narrow()

    def days(self) -> list[date]:
        """The days, in order."""
        length = (self.last - self.first).days + 1
        return [self.first + timedelta(days=n) for n in range(length)]

    def midnights(self) -> list[datetime]:
        """When each of them begins on the wall, and when the last one ends."""
        ends = [*self.days(), self.last + timedelta(days=1)]
        return [instant_of(wall_to_count(self.zone, day, 0)) for day in ends]


def lately(at: datetime, zone: ZoneInfo, days: int = 28) -> tuple[date, date]:
    """The last `days` days until today."""
    today = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(zone).date()
    return today - timedelta(days=days - 1), today


class Source(msgspec.Struct, frozen=True):
    """A kind of rows that figures come from. SQL: the rows, when each began, and its columns."""

    rows: str
    began: str
    columns: Mapping[str, str]


WAITS = Source(
    "first_wait w",
    "w.began_at",
    {"inbox": "w.inbox_id", "channel": "w.channel_id", "team": "w.team_id", "agent": "w.agent_id",
     "severity": "w.severity"},
)  # fmt: skip

LATER = Source("later_wait w", WAITS.began, WAITS.columns)
"""Next answers, and the ends of conversations."""

_OF = "JOIN conversation c ON c.workspace_id = w.workspace_id AND c.id = w.conversation_id"
_HOME = {"inbox": "w.inbox_id", "channel": "c.channel_id", "team": "c.team_id",
         "severity": "c.severity"}  # fmt: skip

PROMISES = Source(f"promise w {_OF}", "w.made_at", {**_HOME, "agent": "w.owner_id"})
RATINGS = Source(f"rating w {_OF}", "w.asked_at", {**_HOME, "agent": "w.agent_id"})


def where(asked: Asked, source: Source) -> tuple[str, list[Any]]:
    """The condition on the rows of a source, and its arguments from $1 on."""
    low, *_, high = asked.midnights()
    args: list[Any] = [asked.workspace_id, low, high]
    parts = ["w.workspace_id = $1", f"{source.began} >= $2", f"{source.began} < $3"]
    if asked.inboxes is not None:
        args.append(sorted(asked.inboxes))
        parts.append(f"w.inbox_id = ANY(${len(args)}::uuid[])")
    for name, column in source.columns.items():
        wanted = getattr(asked.narrow, name)
        if wanted == NOBODY:
            parts.append(f"{column} IS NULL")
        elif wanted is not None:
            args.append(wanted)
            parts.append(f"{column} = ${len(args)}")
    if source is PROMISES:
        # The index of promises leads by inbox and kind.
        parts.append("w.inbox_id = ANY(ARRAY(SELECT id FROM inbox WHERE workspace_id = $1))")
        parts.append("w.kind = ANY(ARRAY['answer', 'word'])")
    return " AND ".join(parts), args
