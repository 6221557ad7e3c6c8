"""The cast at its desk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from earful.store.pool import Database
from tests.cast import Cast, gather
from tests.desk.crowd import fill

TABLES = (
    "event",
    "event_counter",
    "clock",
    "delivery",
    "message",
    "accepted",
    "conversation",
    "contact_handle",
    "contact",
    "tag",
    "set_aside",
    "channel",
    "team_member",
    "team",
    "inbox",
    "agent",
    "workspace",
)
"""What an example fills, in the order in which it can be emptied."""


@pytest.fixture
async def cast(database: Database) -> Cast:
    """Alice, Bob and a channel in an empty database."""
    return await gather(database)


@pytest.fixture
def make_cast(database: Database) -> Callable[[], Awaitable[Cast]]:
    """Makes the cast anew in a database swept clean."""

    async def make() -> Cast:
        async with database.transaction() as db:
            for table in TABLES:
                await db.execute(f"DELETE FROM {table}")  # noqa: S608
        return await gather(database)

    return make


@pytest.fixture
async def full(
    database: Database, owner: asyncpg.Connection[asyncpg.Record]
) -> AsyncIterator[asyncpg.Connection[Any]]:
    """A connection to a desk of thousands of conversations."""
    await fill(owner)
    async with database.acquire() as db:
        yield db  # type: ignore[misc]
