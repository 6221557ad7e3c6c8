"""The plans of what the roster and its coverage ask, at a size of years."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import asyncpg

from earful.responder import forecast
from earful.roster import asking, demand
from tests.cast import START, Cast
from tests.desk.crowd import plan

SEQUENTIAL = re.compile(r"Seq Scan on (inbound_hour|shift|absence)\b")

# Three years of posts in eight inboxes, and 4,000 shifts and absences, most of them over.
_HOURS = """
INSERT INTO inbound_hour (workspace_id, hour, inbox_id, posts)
  SELECT $1, $3::timestamptz - n * interval '4 hours', i, 3 + ($2::uuid IS NULL)::int
  FROM generate_series(1, 6500) n, (SELECT gen_random_uuid() AS i FROM generate_series(1, 8)) i
"""
_SHIFTS = """
INSERT INTO shift (workspace_id, id, agent_id, zone, weekdays, opens, closes, from_day, until_day,
    every, skipped, on_call, note, created_at)
  SELECT $1, gen_random_uuid(), $2, 'UTC', '{0}', 32400, 61200, d, d, 1, '{}', false, '', $3
  FROM (SELECT ($3::timestamptz)::date - n / 4 AS d FROM generate_series(1, 4000) n) days
"""
_AWAYS = """
INSERT INTO absence (workspace_id, id, agent_id, kind, starts_at, ends_at, created_at)
  SELECT $1, gen_random_uuid(), $2, 'other', at, at + interval '1 day', $3
  FROM (SELECT $3::timestamptz - n * interval '6 hours' AS at FROM generate_series(1, 4000) n) ats
"""


async def test_no_look_at_the_roster_reads_what_is_long_over(
    cast: Cast, owner: asyncpg.Connection[Any]
) -> None:
    key, month = cast.workspace_id, START - timedelta(weeks=4)
    for sql in (_HOURS, _SHIFTS, _AWAYS):
        await owner.execute(sql, key, cast.bob.id, START)
    await owner.execute("ANALYZE inbound_hour, shift, absence, agent")
    day = START.date()
    asked: list[tuple[str, tuple[Any, ...]]] = [
        (demand._HOURS, (key, month, START, None)),
        (demand._HOURS, (key, month, START, [cast.channel.inbox_id])),
        (forecast._POSTS, (key, month, cast.channel.inbox_id, "UTC")),
        (forecast._SINCE, (key, month)),
        (asking._SHIFTS, (key, day, day + timedelta(days=7), None)),
        (asking._AWAYS, (key, START, START + timedelta(days=7))),
    ]
    for sql, args in asked:
        found = await plan(owner, sql, *args)
        assert not SEQUENTIAL.search(found), found
