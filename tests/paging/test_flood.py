"""A hundred thousand who wait for too long already: each is told once, people are called once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg

from earful.paging.rules import CAUSES
from earful.worker.paging import keep_paging
from earful.worker.timing import keep_time
from tests.cast import START
from tests.desk.acts import answer
from tests.paging.conftest import Night
from tests.worker.waiting import eventually

MANY = 100_000
OLD = START - timedelta(days=3)

# As an import leaves them (tests/desk/test_clocks.py): broken since long, with nothing to say.
_IMPORTED = """
WITH old AS (
  INSERT INTO conversation (workspace_id, id, inbox_id, channel_id, network, contact_id,
    contact_name, contact_handle, visibility, severity, preview, unanswered, opened_at,
    last_message_at, waiting_since, clock_started_at, due_at)
  SELECT $1, gen_random_uuid(), $2, $3, 'rehearsal', gen_random_uuid(), 'P', 'p', 'public', 4,
    'old', 1, $4::timestamptz, $4, $4, $4, $4 + interval '1 hour'
  FROM generate_series(1, $5::int) RETURNING id, due_at)
INSERT INTO clock (workspace_id, id, conversation_id, kind, started_at, due_at, severity,
  breached_at)
SELECT $1, gen_random_uuid(), id, 'first_response', $4, due_at, 4, due_at FROM old
"""

# As a backup holds them that was made before they ran out.
_RESTORED = "UPDATE clock SET breached_at = NULL, next_at = due_at"

_TOLD = """
SELECT kind, count(*) AS told, count(DISTINCT conversation_id) AS of_them FROM event
WHERE kind LIKE 'clock.%' GROUP BY kind ORDER BY kind
"""

_LEFT = """
SELECT EXISTS (SELECT 1 FROM clock WHERE next_at <= $1) AS clocks,
  (SELECT seq FROM event_counter) - (SELECT seq FROM event_reader WHERE name = 'paging') AS events
"""


async def test_100_000_old_conversations_call_nobody_a_hundred_thousand_times(
    night: Night, owner: asyncpg.Connection[Any]
) -> None:
    cast = night.cast
    await night.pager(cast.bob)
    ladder = await night.ladder(cast.bob, wait_for=3600)
    for cause in CAUSES:
        await night.pages_for(cause, ladder)
    place = (cast.workspace_id, cast.channel.inbox_id, cast.channel.id, OLD, MANY)
    await owner.execute(_IMPORTED, *place, timeout=120)
    await owner.execute("ANALYZE conversation, clock")

    # An import: what is long past says nothing; that nobody attends to the queue is said once.
    for _ in range(3):
        await night.round()
    assert await night.rows(_TOLD) == []
    assert [(alert.cause, alert.reached) for alert in await night.open()] == [("unattended", 1)]
    assert night.told() == ["Bob"]

    # An old backup: each is told once, and all of them are one alert and one page. Meanwhile the
    # desk takes in and answers as ever.
    await owner.execute(_RESTORED, timeout=120)
    tasks = [
        asyncio.create_task(keep_time(night.shared)),
        asyncio.create_task(keep_paging(night.shared, "https://care.example")),
    ]
    try:
        await eventually(lambda: _some_told(night))
        home = await night.writes("now")
        await answer(cast, home)
        [left] = await night.rows(_LEFT, cast.time())
        assert left["clocks"], "the flood goes on while Carol is answered"
        await eventually(lambda: _all_heard(night), within=240)
    finally:
        night.shared.stopping.set()
        night.shared.wake()
        await asyncio.gather(*tasks)
    await night.round()
    found = [(row["kind"], row["told"], row["of_them"]) for row in await night.rows(_TOLD)]
    assert found == [("clock.breached", MANY, MANY), ("clock.overrun", MANY, MANY)]
    alerts = {alert.cause: (alert.count, alert.reached) for alert in await night.open()}
    assert alerts["breach"] == (MANY, 1)
    assert night.told() == ["Bob", "Bob"]


async def _some_told(night: Night) -> bool:
    return bool(await night.rows("SELECT 1 FROM event WHERE kind = 'clock.breached' LIMIT 1"))


async def _all_heard(night: Night) -> bool:
    [left] = await night.rows(_LEFT, night.cast.time())
    return not left["clocks"] and left["events"] == 0
