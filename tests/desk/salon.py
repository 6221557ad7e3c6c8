"""The cast on the salon, where one can speak in private."""

from __future__ import annotations

import pytest

from earful.intake.channel import Channel
from earful.networks.registry import networks
from tests.cast import Cast
from tests.networks.salon import NAME, SalonNetwork


async def move_in(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> SalonNetwork:
    """Make the cast's channel one of the salon. Returns the network, with what it is asked."""
    salon = SalonNetwork()
    monkeypatch.setitem(networks(), NAME, salon)
    async with cast.database.acquire() as db:
        await db.execute(
            "UPDATE channel SET network = $1 WHERE workspace_id = $2", NAME, cast.workspace_id
        )
    kept = cast.channel
    cast.channel = Channel(kept.id, NAME, kept.inbox_id, kept.handle, kept.external_id)
    return salon
