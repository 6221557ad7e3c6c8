"""A listener asks its server what it allows when it starts, and listens on without an answer."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from earful.networks.contract import Limits, Reauthorize, Rejected
from earful.networks.registry import networks
from earful.worker.desk import Shared
from earful.worker.listening import keep_listening
from tests.cast import Cast
from tests.desk.acts import rows
from tests.networks import doors
from tests.worker.waiting import eventually


@pytest.fixture
async def listening(cast: Cast, shared: Shared, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Starts and stops a listener on a channel of a network that has limits."""
    monkeypatch.setattr(doors, "TOWN", doors.Town())
    monkeypatch.setitem(networks(), doors.NAME, doors.NETWORK)
    await rows(cast, "UPDATE channel SET network = 'doors'")
    task = asyncio.create_task(keep_listening(shared, "one"))
    yield
    shared.stopping.set()
    shared.wake()
    await asyncio.wait_for(task, 5)


async def limits(cast: Cast) -> Any:
    [row] = await rows(cast, "SELECT limits, state FROM channel")
    return row


async def test_what_the_server_allows_is_kept_and_told(cast: Cast, listening: None) -> None:
    del listening

    async def learnt() -> bool:
        return bool((await limits(cast))["limits"])

    await eventually(learnt)
    assert (await limits(cast))["limits"] == {"length": 100, "link_length": 23}
    [told] = await rows(cast, "SELECT data FROM event WHERE kind = 'channel.changed'")
    assert told["data"]["channel"]["limits"]["length"] == 100
    # The network's own where the server says nothing.
    assert told["data"]["channel"]["limits"]["images"] == 0


@pytest.mark.parametrize("error", [Rejected("no"), ValueError("nonsense")])
async def test_without_an_answer_it_listens_all_the_same(
    cast: Cast, shared: Shared, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    listened = asyncio.Event()

    async def refuse(_: Any) -> Limits:
        raise error

    async def stream(_: Any, since: Any) -> Any:
        listened.set()
        await asyncio.sleep(60)
        yield since

    monkeypatch.setattr(doors.DoorsConnector, "limits", refuse)
    monkeypatch.setattr(doors.DoorsConnector, "stream", stream)
    monkeypatch.setitem(networks(), doors.NAME, doors.NETWORK)
    await rows(cast, "UPDATE channel SET network = 'doors', limits = $1", {"length": 70})
    task = asyncio.create_task(keep_listening(shared, "one"))
    await asyncio.wait_for(listened.wait(), 5)
    shared.stopping.set()
    shared.wake()
    await asyncio.wait_for(task, 5)
    assert (await limits(cast))["limits"] == {"length": 70}


async def test_rights_that_ran_out_hold_it(
    cast: Cast, listening: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    del listening

    async def refuse(_: Any) -> Limits:
        raise Reauthorize("Sign in again.")

    monkeypatch.setattr(doors.DoorsConnector, "limits", refuse)

    async def held() -> bool:
        return bool((await limits(cast))["state"] == "reauthorize")

    await eventually(held)
