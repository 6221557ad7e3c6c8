"""The cast at its desk."""

from __future__ import annotations

import pytest

from earful.store.pool import Database
from tests.cast import Cast, gather


@pytest.fixture
async def cast(database: Database) -> Cast:
    """Alice, Bob and a channel in an empty database."""
    return await gather(database)
