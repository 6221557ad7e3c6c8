"""The nightly look at what became of posts goes on where it was cut off, by whoever is there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from earful.kit.ids import new_id
from earful.networks.contract import (
    Change,
    Deletion,
    NetworkError,
    Rejected,
    RetryLater,
    Visibility,
)
from earful.responder.rules import Rules, keep_rules
from earful.sla.calendar import Calendar, Slot
from earful.sla.keeping import keep_hours
from earful.worker import revisiting
from earful.worker.desk import Shared
from tests.cast import DAVE, Cast, post
from tests.desk.acts import rows, said_anywhere, take


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
    assert network.asked == [["p4", "p3"], ["p2", "p1"], ["p2", "p1"], ["p0"]]
    assert await revisiting._next(shared) is None, "the night is done"
    [kept] = await rows(cast, "SELECT revisited_by FROM channel")
    assert kept["revisited_by"] == ""
    # The next night begins anew.
    cast.time.pass_(days=1)
    fresh = await revisiting._next(shared)
    assert fresh is not None
    await revisiting._tonight(shared, fresh)
    assert network.asked[4:] == [["p4", "p3"], ["p2", "p1"], ["p0"]]
    # And who is told to stop gives it back.
    cast.time.pass_(days=1)
    last = await revisiting._next(shared)
    assert last is not None
    shared.stopping.set()
    await revisiting._tonight(shared, last)
    shared.stopping.clear()
    monkeypatch.setattr(revisiting, "is_dead", lambda _name: False)
    assert await revisiting._next(shared) is not None


async def test_all_that_is_held_is_asked_about_and_nothing_else(
    cast: Cast, shared: Shared, network: Network
) -> None:
    """Also what is years old: a post taken away is to go within a day, whenever it was written."""
    await take(cast, post("old"), post("private", visibility=Visibility.DIRECT))
    cast.time.pass_(days=900)
    await take(cast, post("gone"), post("own", author=DAVE, own=True))
    await take(cast, Deletion(external_id="gone", at=cast.time.now))
    for number in range(5):
        await take(cast, post(f"else{number}", author=DAVE))
    async with cast.database.acquire() as db:
        await db.execute(OTHER, cast.workspace_id, new_id())
    row = await revisiting._next(shared)
    while row is not None and row["id"] != cast.channel.id:
        row = await revisiting._next(shared)
    assert row is not None
    await revisiting._tonight(shared, row)
    assert network.asked == [["old"]]


OTHER = """
WITH other AS (
  INSERT INTO channel (workspace_id, id, network, external_id, handle, name, inbox_id, created_at)
  SELECT workspace_id, $2, network, 'other', 'other', 'other', inbox_id, created_at
  FROM channel WHERE workspace_id = $1 RETURNING id)
UPDATE conversation SET channel_id = $2 WHERE workspace_id = $1 AND id IN
  (SELECT conversation_id FROM message WHERE workspace_id = $1 AND external_id LIKE 'else%')
"""
"""Many of another channel lie between ours: they are passed over, a helping at a time."""


async def test_what_was_taken_away_before_this_was_known_is_forgotten_too(
    cast: Cast, shared: Shared, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kept as a fact by an older version, words and all, or by a network that wants it now."""
    await take(cast, post("1", "a quince"), post("2", "what stands"))
    await take(cast, Deletion(external_id="1", at=cast.time.now))
    later = cast.time.pass_(minutes=1)
    await take(cast, post("2", "stands still", edited_at=later))
    assert {"message", "event"} <= set(await said_anywhere(cast, "quince"))
    assert "message_revision" in await said_anywhere(cast, "what stands")
    cast.time.pass_(days=2)
    monkeypatch.setattr(revisiting, "forgets", lambda _network: True)
    row = await revisiting._next(shared)
    assert row is not None
    await revisiting._tonight(shared, row)
    assert await said_anywhere(cast, "quince") == []
    assert "message_revision" not in await said_anywhere(cast, "what stands")
    assert "message" in await said_anywhere(cast, "stands still")
    [told] = await rows(cast, "SELECT data FROM event ORDER BY seq DESC LIMIT 1")
    assert told["data"]["card"]["preview"] == "stands still"


async def test_where_the_network_is_away_the_night_goes_on_an_hour_later(
    cast: Cast, shared: Shared, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        await take(cast, post(f"p{number}"))
    cast.time.pass_(days=2)
    answers: list[NetworkError | None] = [None, RetryLater("away", after=60), Rejected("no")]

    async def revisit(ids: Sequence[str]) -> tuple[Change, ...]:
        network.asked.append(list(ids))
        if answers and (error := answers.pop(0)):
            raise error
        return ()

    monkeypatch.setattr(network, "revisit", revisit)
    row = await revisiting._next(shared)
    assert row is not None
    await revisiting._tonight(shared, row)
    assert await revisiting._next(shared) is None, "not at once"
    cast.time.pass_(hours=1, minutes=1)
    again = await revisiting._next(shared)
    assert again is not None
    await revisiting._tonight(shared, again)
    assert network.asked == [["p3", "p2"], ["p1", "p0"], ["p1", "p0"]]
    cast.time.pass_(hours=2)
    assert await revisiting._next(shared) is None, "a refusal that stands is for the next night"


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
