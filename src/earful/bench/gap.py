"""Outages at random moments while posts arrive: what is missing, what is there twice."""

from __future__ import annotations

import asyncio
import random
import time
from typing import Any

from earful.bench.desk import Desk, desk, free_port
from earful.bench.ground import Ground, ground
from earful.bench.line import Line
from earful.bench.peers import PEERS, Peer
from earful.bench.say import say
from earful.desk.connect import add_channel
from earful.store.opening import owner_connection

RATE = 200
"""Posts a second that are written, whether anybody hears them or not."""
HANDFUL = 20
SHORTEST, LONGEST = 0.5, 3.0
LEVEL_WITHIN = 240.0


async def gap(posts: int, outages: int, seed: int = 1) -> dict[str, Any]:
    """`posts` on each network, `outages` meanwhile; compared with the network's ledger."""
    found: dict[str, dict[str, Any]] = {}
    for name in PEERS:
        say(name)
        found[name] = await _measure(name, posts, outages, random.Random(seed))  # noqa: S311
    return {
        "posts": sum(one["posts"] for one in found.values()),
        "outages": sum(one["outages"] for one in found.values()),
        "lost": sum(one["lost"] for one in found.values()),
        "doubled": sum(one["doubled"] for one in found.values()),
        "networks": found,
    }


async def _measure(name: str, posts: int, outages: int, die: random.Random) -> dict[str, Any]:
    began = time.perf_counter()
    async with ground(port=free_port()) as on, PEERS[name](on.settings.data_dir) as peer:
        line = Line(peer.url)
        await line.open()
        await _connect(on, peer, line)
        async with desk(on) as running:
            await running.working()
            writing = asyncio.create_task(_write(peer, posts))
            kinds = await _break(running, line, posts / RATE, outages, die)
            await writing
            missing = await _level(on, running, peer)
            result = await _compare(on, await peer.told())
            if missing or result["doubled"]:
                say(f"worker said:\n{running.worker.said()}")
        await line.close()
    took = round(time.perf_counter() - began, 1)
    return {"posts": posts, "outages": len(kinds), **result, "seconds": took}


async def _connect(on: Ground, peer: Peer, line: Line) -> None:
    async with on.works.open(on.workspace_id) as work:
        await add_channel(work, on.keyring, peer.account(line.url), on.inbox_id)


async def _write(peer: Peer, posts: int) -> None:
    began, written = time.perf_counter(), 0
    while written < posts:
        await asyncio.sleep(max(0.0, began + written / RATE - time.perf_counter()))
        some = min(HANDFUL, posts - written)
        await peer.write(some)
        written += some


async def _break(
    running: Desk, line: Line, seconds: float, outages: int, die: random.Random
) -> list[str]:
    """Break something so many times, at random moments of `seconds`. Returns what was broken."""
    moments = sorted(die.uniform(0.0, seconds) for _ in range(outages))
    began, done = time.perf_counter(), []
    for number, moment in enumerate(moments):
        await asyncio.sleep(max(0.0, began + moment - time.perf_counter()))
        kind = ("cut", "hang", "kill")[number % 3]
        done.append(kind)
        if kind == "kill":
            await asyncio.to_thread(running.worker.kill)
            await asyncio.sleep(die.uniform(0.0, LONGEST))
            running.tend()
        else:
            await (line.cut if kind == "cut" else line.hang)(die.uniform(SHORTEST, LONGEST))
    return done


async def _level(on: Ground, running: Desk, peer: Peer) -> int:
    """Wait until the desk has all that was told. Returns how much is missing when time is up."""
    until = time.perf_counter() + LEVEL_WITHIN
    told = await peer.told()
    while True:
        async with on.store.database.acquire() as db:
            there = await db.fetchval(
                "SELECT count(*) FROM accepted WHERE external_id = ANY($1::text[])", sorted(told)
            )
        if there == len(told) or time.perf_counter() > until:
            return len(told) - int(there)
        running.tend()
        await asyncio.sleep(0.5)


async def _compare(on: Ground, told: set[str]) -> dict[str, int]:
    """Each post stands once, with one event."""
    async with owner_connection(on.store.addresses) as db:  # its statement may take long
        rows = await db.fetch(_STANDING, on.workspace_id, sorted(told))
    return {
        "lost": len(told) - sum(1 for row in rows if row["events"]),
        "doubled": sum(max(row["messages"] - 1, row["events"] - 1, 0) for row in rows),
    }


_STANDING = """
WITH said AS MATERIALIZED (
  SELECT (data->'messages'->0->>'id')::uuid AS id, count(*) AS events FROM event
  WHERE workspace_id = $1 AND kind IN ('conversation.opened', 'message.received') GROUP BY 1)
SELECT m.external_id, count(DISTINCT m.id) AS messages, coalesce(sum(s.events), 0)::int AS events
FROM message m LEFT JOIN said s ON s.id = m.id
WHERE m.workspace_id = $1 AND m.external_id = ANY($2::text[]) GROUP BY 1
"""
