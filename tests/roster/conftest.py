"""The cast, and shifts in a line."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from earful.roster import shifts
from earful.roster.shifts import Kept, Pattern
from earful.store.pool import Database
from tests.cast import Cast, gather


@pytest.fixture
async def cast(database: Database) -> Cast:
    """Alice, Bob and a channel in an empty database. It is Monday, 2 November 2026, 09:00 UTC."""
    return await gather(database)


def pattern(agent_id: str | None, **more: Any) -> Pattern:
    """Nine to five in UTC, from the cast's Monday on."""
    base: dict[str, Any] = {"opens": "09:00", "closes": "17:00", "from_day": date(2026, 11, 2)}
    return Pattern(**base | {"agent_id": agent_id} | more)


async def on(cast: Cast, who: Any, **more: Any) -> Kept:
    """A new shift."""
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        return await shifts.add(work, pattern(who.id, **more))
