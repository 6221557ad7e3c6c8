"""The nightly look at what became of posts goes on where it was cut off, by whoever is there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from earful.networks.contract import Change
from earful.responder.rules import Rules, keep_rules
from earful.sla.calendar import Calendar, Slot
from earful.sla.keeping import keep_hours
from earful.worker import revisiting
from earful.worker.desk import Shared
from tests.cast import Cast, post
from tests.desk.acts import rows, take


class PowerCut(BaseException):
    """As kill -9: nothing is tidied up."""


class Network:
    """Is asked about posts; the power fails in the middle of the `fails_at`th time."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.fails_at = 0

    async def revisit(self, external_ids: Sequence[str]) -> tuple[Change, ...]:
        """Nothing was taken away."""
        self.asked.append(list(external_ids))
        if len(self.asked) == self.fails_at:
            raise PowerCut
        return ()


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    made = Network()

    @asynccontextmanager
    async def connector(_self: Shared, _row: dict[str, Any]) -> AsyncIterator[Network]:
        yield made

    monkeypatch.setattr(Shared, "connector", connector)
    monkeypatch.setattr(revisiting, "AT_ONCE", 2)
    return made


async def test_a_night_that_was_cut_off_goes_on_where_it_was(
    cast: Cast, shared: Shared, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        await take(cast, post(f"p{number}"))
    cast.time.pass_(days=2)
    network.fails_at = 2
    row = await revisiting._next(shared)
    assert row is not None
    with pytest.raises(PowerCut):
        await revisiting.revisit(shared, row)
    # As long as that worker may be alive, its turn is its own.
    assert await revisiting._next(shared) is None
    monkeypatch.setattr(revisiting, "is_dead", lambda name: name == shared.name)
    again = await revisiting._next(shared)
    assert again is not None
    await revisiting._tonight(shared, again)
    assert network.asked == [["p0", "p1"], ["p2", "p3"], ["p2", "p3"], ["p4"]]
    assert await revisiting._next(shared) is None, "the night is done"
    [kept] = await rows(cast, "SELECT revisited_by FROM channel")
    assert kept["revisited_by"] == ""
    # The next night begins anew.
    cast.time.pass_(days=1)
    fresh = await revisiting._next(shared)
    assert fresh is not None
    await revisiting._tonight(shared, fresh)
    assert network.asked[4:] == [["p0", "p1"], ["p2", "p3"], ["p4"]]
    # And who is told to stop gives it back.
    cast.time.pass_(days=1)
    last = await revisiting._next(shared)
    assert last is not None
    shared.stopping.set()
    await revisiting._tonight(shared, last)
    shared.stopping.clear()
    monkeypatch.setattr(revisiting, "is_dead", lambda _name: False)
    assert await revisiting._next(shared) is not None


class Profile(Network):
    """Tells what the account says of itself."""

    bio = ""

    async def describe(self) -> str:
        """The profile."""
        return self.bio


async def test_each_night_the_profile_is_held_against_the_hours(
    cast: Cast, shared: Shared, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Profile()

    @asynccontextmanager
    async def connector(_self: Shared, _row: dict[str, Any]) -> AsyncIterator[Profile]:
        yield made

    async def night(bio: str) -> list[str]:
        made.bio = bio
        cast.time.pass_(days=1)
        while (row := await revisiting._next(shared)) is not None:
            await revisiting._tonight(shared, row)
        told = await rows(
            cast, "SELECT data FROM event WHERE kind = 'channel.changed' ORDER BY seq"
        )
        return [event["data"]["channel"]["notice"] for event in told]

    monkeypatch.setattr(Shared, "connector", connector)
    assert await night("Care from 8:00 to 20:00") == [], "no hours are published yet"
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        week = (*((Slot(9 * 3600, 17 * 3600),),) * 5, (), ())
        hours = await keep_hours(work, "Office", Calendar("UTC", week))
        await keep_rules(work, cast.channel.inbox_id, Rules(hours_id=hours.id))
    [warned] = await night("Care from 8:00 to 20:00")
    assert warned.startswith("The profile says other hours. It says 8:00\u201320:00")
    assert len(await night("Care from 8:00 to 20:00")) == 1, "it is told once"
    assert await night("Care from 9:00 to 17:00") == [warned, ""]
