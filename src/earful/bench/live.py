"""From the durable commit of a post to the event in a client."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import msgspec

from earful.bench.desk import desk, free_port
from earful.bench.ground import Ground, connect_channel, ground
from earful.bench.say import ms, percentile
from earful.bench.wire import Wire
from earful.intake.channel import Channel
from earful.intake.receive import receive
from earful.kit.clock import system_clock
from earful.networks.contract import Batch, Person, Post

RATE = 20
WARM_UP = 20


async def live(posts: int) -> dict[str, Any]:
    """`posts` at 20 a second, each in a batch of its own."""
    async with ground(port=free_port()) as on:
        channel = await connect_channel(on, "Northwind", {"rate": "0", "backlog": "0"})
        async with desk(on):
            arrived: dict[str, float] = {}
            wire = Wire(on.settings.port, on.token)
            events = wire.stream()
            await anext(events)
            reading = asyncio.create_task(_read(events, arrived))
            committed = await _send(on, channel, posts + WARM_UP)
            await asyncio.sleep(2)
            reading.cancel()
            wire.close()
    took = [
        max(0.0, arrived[id_] - at)
        for id_, at in list(committed.items())[WARM_UP:]
        if id_ in arrived
    ]
    return {
        "posts": posts,
        "p50_ms": ms(percentile(took, 0.5)),
        "p99_ms": ms(percentile(took, 0.99)),
        "delivered": round(len(took) / posts, 4),
    }


async def _read(events: Any, arrived: dict[str, float]) -> None:
    async for packet in events:
        now = time.perf_counter()
        for event in msgspec.json.decode(packet):
            for message in event["data"].get("messages", ()):
                arrived.setdefault(message["external_id"], now)


async def _send(on: Ground, channel: Channel, posts: int) -> dict[str, float]:
    """Post at a steady pace. When each was durable, by external id."""
    committed: dict[str, float] = {}
    began = time.perf_counter()
    for number in range(posts):
        await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
        who = Person(f"live-{number}", f"live{number}", f"Live {number}")
        post = Post(
            external_id=f"live-{number}",
            author=who,
            text=f"@Northwind my order {number} has not arrived, can you help?",
            published_at=system_clock(),
        )
        await receive(on.works, on.workspace_id, channel, Batch((post,), {"at": number}))
        committed[post.external_id] = time.perf_counter()
    return committed
