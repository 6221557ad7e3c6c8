"""On a full desk the whole picture reads a stretch of time by index, and sweeps no table."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from earful.insights import observations, reach, reading, watching
from earful.insights.noticing import LATELY, STEP
from earful.store.pool import Database
from tests.desk.crowd import NOW, SEQUENTIAL, fill, plan, workspace

DAY = timedelta(days=1)


@pytest.fixture
async def full(
    database: Database, owner: asyncpg.Connection[asyncpg.Record]
) -> AsyncIterator[asyncpg.Connection[Any]]:
    """The app's connection to a desk of thousands of conversations."""
    await fill(owner)
    async with database.acquire() as db:
        yield db  # type: ignore[misc]


QUESTIONS: list[tuple[str, tuple[Any, ...]]] = [
    (reading.POSTS, (NOW - DAY, reading.AT_ONCE - 1, DAY / reading.SLICES, 100)),
    (watching.COUNT, (NOW - DAY, NOW, STEP)),
    (watching.CROWDED, (NOW - LATELY, NOW, 8)),
    (watching.AUTHORS, (NOW - LATELY, NOW, 2000)),
    (observations.POSTS, (NOW - DAY, NOW, None, None, None, 201)),
]


async def test_who_is_reached_is_found_by_the_people(full: asyncpg.Connection[Any]) -> None:
    key = await workspace(full)
    home = await full.fetchval("SELECT id FROM conversation LIMIT 1")
    for sql, given in ((reach.OF_THEMES, ([key], None)), (reach.OF_CONVERSATION, (home, 5000))):
        said = await plan(full, sql, key, *given)
        assert not SEQUENTIAL.search(said), said
        assert "contact_handle_of" in said


async def test_a_stretch_is_read_by_index(full: asyncpg.Connection[Any]) -> None:
    workspace_id = await workspace(full)
    for sql, given in QUESTIONS:
        said = await plan(full, sql, workspace_id, *given)
        assert not SEQUENTIAL.search(said), said
        assert "received_at" in said
