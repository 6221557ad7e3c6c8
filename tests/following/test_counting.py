"""The worker that follows up counts the waits as well, in helpings."""

from __future__ import annotations

import pytest

from earful.figures import counting
from earful.worker import following
from tests.desk.acts import rows
from tests.following.conftest import Care


async def test_waits_are_counted_as_they_begin(care: Care, monkeypatch: pytest.MonkeyPatch) -> None:
    home = await care.asked("1")
    assert await following.count_on(care.shared)
    found = await rows(care.cast, "SELECT conversation_id FROM first_wait")
    assert [row["conversation_id"] for row in found] == [home]
    # A long log is no reason to let follow-ups wait: after a few helpings there is more to do.
    async with care.cast.database.acquire() as db:
        await db.execute("UPDATE event_reader SET seq = 0 WHERE name = 'figures'")
        await db.execute(_MORE, care.cast.workspace_id)
    monkeypatch.setattr(counting, "AT_ONCE", 10)
    assert not await following.count_on(care.shared)
    assert not await following.count_on(care.shared)
    assert await following.count_on(care.shared)


_MORE = """
WITH more AS (
  INSERT INTO event (workspace_id, seq, at, kind, actor, data)
  SELECT $1, c.seq + n, now(), 'tag.changed', '{}', '{}'
  FROM event_counter c, generate_series(1, 100) AS n RETURNING seq)
UPDATE event_counter SET seq = (SELECT max(seq) FROM more)
"""
