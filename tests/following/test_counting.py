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
        await db.execute("UPDATE event_counter SET seq = 100")
    monkeypatch.setattr(counting, "AT_ONCE", 10)
    assert not await following.count_on(care.shared)
    assert not await following.count_on(care.shared)
    assert await following.count_on(care.shared)
