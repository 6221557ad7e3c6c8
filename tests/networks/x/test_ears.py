"""What comes by one ear alone: pictures of messages, and old news."""

from __future__ import annotations

import asyncio

import pytest

from earful.networks.contract import Post
from earful.networks.x.simulator.faults import Fault
from tests.networks.x.bench import Bench, listen
from tests.networks.x.test_listening import listening, until


@pytest.mark.parametrize("deaf", ["dm_read", "activity"])
async def test_a_picture_in_a_message_is_fetched_in_our_name(bench: Bench, deaf: str) -> None:
    """By asking and by event X says where it lies; only the API hands it out."""
    bench.state.faults.add(Fault("503", deaf, 0))
    sent = f"dm:{bench.writes('before', alts=('A torn label',))}"
    connector = bench.open()
    task = asyncio.create_task(listen(connector, lambda heard: sent in heard.ids()))
    if deaf == "dm_read":
        await until(lambda: len(bench.state.hub.streams.active()) == 2)
        sent = f"dm:{bench.writes('look', alts=('A torn label',))}"
    [post] = [each for each in (await task).changes if each.external_id == sent]
    assert isinstance(post, Post)
    [picture] = post.attachments
    data = await connector.picture(picture.url)
    assert data is not None
    assert data.startswith(b"\x89PNG")
    assert await connector.picture(picture.url.replace("x-dm://", "x-dm://9")) is None


async def test_old_news_of_a_withdrawal_ends_no_listening(bench: Bench) -> None:
    """The stream repeats one from before the last sign-in."""
    session = {"access_token": bench.secrets["access_token"], "handle": "Northwind"}
    granted = {"id": bench.brand.id, "granted_at": bench.state.now().isoformat()}
    await bench.memory.tokens.save({**session, **granted})
    async with listening(bench) as heard:
        payload = {"user_id": bench.brand.id, "date_time": "2001-07-23T21:44:05+00:00"}
        data = {"event_type": "oauth.revoke", "event_uuid": "7", "filter": {}, "payload": payload}
        bench.state.hub.streams.tell("activity_stream", {"data": data})
        told = bench.says("@Northwind hello")
        await until(lambda: told in heard.ids())
        assert len(bench.state.hub.streams.active()) == 2
