"""Committed events to many agents with different rights: how late, and whether all arrive."""

from __future__ import annotations

import asyncio
import random
import time
from typing import Any

import msgspec

from earful.accounts.api_tokens import create_token
from earful.accounts.people import add_agent
from earful.bench.desk import desk, free_port
from earful.bench.ground import Ground, add_inbox, ground
from earful.bench.say import ms, percentile, say
from earful.bench.wire import Wire
from earful.kit.clock import system_clock
from earful.kit.ids import new_id

INBOXES = 10
WARM_UP = 2.0
"""Seconds whose events are not counted."""


class Listener(msgspec.Struct):
    """An agent's open screen: which inboxes she may see, and what came when."""

    token: str
    inboxes: frozenset[str]
    got: dict[int, float]


class _Event(msgspec.Struct):
    seq: int


_SEQS = msgspec.json.Decoder(list[_Event])


async def fanout(agents: int, rate: int, seconds: float) -> dict[str, Any]:
    """`rate` events a second for `seconds`, to `agents` streams in one web process."""
    async with ground(port=free_port()) as on:
        inboxes = [await add_inbox(on, f"Inbox {n}") for n in range(INBOXES)]
        listeners = await _hire(on, inboxes, agents)
        async with desk(on):
            tasks = await _listen(on, listeners)
            say(f"{agents} streams are open")
            committed = await _commit(on, inboxes, rate, seconds + WARM_UP)
            await asyncio.sleep(3)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    counted = dict(list(committed.items())[int(rate * WARM_UP) :])
    took, missed, wrong = _judge(listeners, counted)
    return {
        "agents": agents,
        "events": len(counted),
        "p50_ms": ms(percentile(took, 0.5)),
        "p99_ms": ms(percentile(took, 0.99)),
        "delivered": round(len(took) / (len(took) + missed), 6) if took else 0.0,
        "wrongly_delivered": wrong,
    }


def _judge(
    listeners: list[Listener], committed: dict[int, tuple[str, float]]
) -> tuple[list[float], int, int]:
    """Seconds of each delivery, how many are missing, how many went to who may not see them."""
    took: list[float] = []
    missed = wrong = 0
    for listener in listeners:
        for seq, (inbox_id, at) in committed.items():
            arrived = listener.got.get(seq)
            if inbox_id not in listener.inboxes:
                wrong += arrived is not None
            elif arrived is None:
                missed += 1
            else:
                took.append(max(0.0, arrived - at))
    return took, missed, wrong


async def _hire(on: Ground, inboxes: list[str], agents: int) -> list[Listener]:
    """Agents who work in one to three of the inboxes."""
    die = random.Random(1)  # noqa: S311
    listeners = []
    async with on.store.database.transaction() as db:
        for number in range(agents):
            now = system_clock()
            agent = await add_agent(
                db,
                on.workspace_id,
                name=f"Agent {number}",
                email=f"agent{number}@bench.example",
                role="agent",
                handle=f"agent{number}",
                now=now,
            )
            _, token = await create_token(
                db, on.workspace_id, agent.id, name="bench", scopes=("read",), now=now
            )
            seen = frozenset(die.sample(inboxes, die.randint(1, 3)))
            await db.executemany(
                "INSERT INTO inbox_member (workspace_id, inbox_id, agent_id) VALUES ($1, $2, $3)",
                [(on.workspace_id, inbox_id, agent.id) for inbox_id in sorted(seen)],
            )
            listeners.append(Listener(token, seen, {}))
    return listeners


async def _listen(on: Ground, listeners: list[Listener]) -> list[asyncio.Task[None]]:
    """Open all streams, a few at a time."""
    known: dict[bytes, list[int]] = {}
    tasks = []
    for at in range(0, len(listeners), 20):
        opened = []
        for listener in listeners[at : at + 20]:
            is_open = asyncio.Event()
            opened.append(is_open.wait())
            tasks.append(asyncio.create_task(_read(on, listener, is_open, known)))
        await asyncio.wait_for(asyncio.gather(*opened), 60)
    return tasks


async def _read(
    on: Ground, listener: Listener, is_open: asyncio.Event, known: dict[bytes, list[int]]
) -> None:
    wire = Wire(on.settings.port, listener.token)
    async for packet in wire.stream():
        now = time.perf_counter()
        is_open.set()
        if len(packet) < 3:
            continue
        # Those with the same rights get the same bytes: decoding once keeps the client light.
        if packet not in known:
            if len(known) > 5000:
                known.clear()
            known[packet] = [event.seq for event in _SEQS.decode(packet)]
        for seq in known[packet]:
            listener.got.setdefault(seq, now)


async def _commit(
    on: Ground, inboxes: list[str], rate: int, seconds: float
) -> dict[int, tuple[str, float]]:
    """One transaction per event, at a steady pace: its inbox and the moment it was durable."""
    committed: dict[int, tuple[str, float]] = {}
    data = {"card": {"preview": "my order has not arrived, can you help?" * 5, "status": "open"}}
    began = time.perf_counter()
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        inbox_id = inboxes[number % len(inboxes)]
        async with on.works.open(on.workspace_id) as work:
            work.emit("conversation.changed", data, conversation_id=new_id(), inbox_id=inbox_id)
            seq = await work.append_events()
        committed[seq or 0] = (inbox_id, time.perf_counter())
    return committed
