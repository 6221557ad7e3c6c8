"""The cast at its desk, whose waits are counted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from earful.store.pool import Database
from tests.cast import Cast, gather
from tests.desk.conftest import TABLES


@pytest.fixture
async def cast(database: Database) -> Cast:
    """Alice, Bob and a channel in an empty database."""
    return await gather(database)


@pytest.fixture
def make_cast(database: Database) -> Callable[[], Awaitable[Cast]]:
    """Makes the cast anew in a database swept clean."""

    async def make() -> Cast:
        async with database.transaction() as db:
            for table in ("first_wait", "later_wait", "event_reader", *TABLES):
                await db.execute(f"DELETE FROM {table}")  # noqa: S608
        return await gather(database)

    return make
