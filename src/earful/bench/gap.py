"""Outages at random moments while posts arrive: what is missing, what is there twice."""

from __future__ import annotations

import asyncio
import random
import time
from typing import Any

from earful.bench.desk import Desk, desk, free_port
from earful.bench.ground import Ground, ground
from earful.bench.line import Line
from earful.bench.peers import PEERS
from earful.bench.peers.peer import Absent, Peer
from earful.bench.say import say
from earful.desk.connect import add_channel
from earful.store.opening import owner_connection

RATE = 200
"""Posts a second that are written at most, whether anybody hears them or not: some networks take
fewer."""
HANDFUL = 20
SHORTEST, LONGEST = 0.5, 3.0
LEVEL_WITHIN = 240.0


class _Written:
    """How much stands on the network so far."""

    def __init__(self) -> None:
        self.posts = 0
        self._grown = asyncio.Condition()

    async def grow(self, posts: int) -> None:
        """So many more stand there."""
        async with self._grown:
            self.posts += posts
            self._grown.notify_all()

    async def reaches(self, posts: int) -> None:
        """Wait until so many do."""
        async with self._grown:
            await self._grown.wait_for(lambda: self.posts >= posts)


async def gap(
    posts: int, outages: int, seed: int = 1, only: tuple[str, ...] = ()
) -> dict[str, Any]:
    """`posts` on each network, `outages` meanwhile; compared with the network's ledger."""
    found: dict[str, dict[str, Any]] = {}
    absent: dict[str, str] = {}
    for name in only or PEERS:
        say(name)
        try:
            found[name] = await _measure(name, posts, outages, random.Random(seed))  # noqa: S311
        except Absent as why:
            absent[name] = str(why)
    return {
        "posts": sum(one["posts"] for one in found.values()),
        "outages": sum(one["outages"] for one in found.values()),
        "lost": sum(one["lost"] for one in found.values()),
        "doubled": sum(one["doubled"] for one in found.values()),
        "networks": found,
        "unmeasured": absent,
    }


async def _measure(name: str, posts: int, outages: int, die: random.Random) -> dict[str, Any]:
    began = time.perf_counter()
    async with ground(port=free_port()) as on, PEERS[name](on) as peer:
        line = Line(peer.url)
        await line.open()
        await _connect(on, peer, line)
        async with desk(on) as running:
            await running.working()
            written = _Written()
            moments = sorted(die.randrange(posts) for _ in range(outages))
            async with asyncio.TaskGroup() as both:
                writing = both.create_task(_write(peer, posts, written))
                breaking = both.create_task(_break(running, line, moments, written, die))
            kinds, rate = breaking.result(), writing.result()
            missing = await _level(on, running, peer)
            result = await _compare(on, await peer.told())
            if missing or result["doubled"]:
                say(f"worker said:\n{running.worker.said()}")
        await line.close()
    took = round(time.perf_counter() - began, 1)
    told = {"written_per_s": rate, "seconds": took}
    return {"posts": posts, "outages": len(kinds), **result, **told}


async def _connect(on: Ground, peer: Peer, line: Line) -> None:
    account = await peer.account(line.url)
    async with on.works.open(on.workspace_id) as work:
        await add_channel(work, on.keyring, account, on.inbox_id)


async def _write(peer: Peer, posts: int, written: _Written) -> int:
    """Returns how many a second the network took."""
    began = time.perf_counter()
    while written.posts < posts:
        await asyncio.sleep(max(0.0, began + written.posts / RATE - time.perf_counter()))
        some = min(HANDFUL, posts - written.posts)
        await peer.write(some)
        await written.grow(some)
    return round(posts / (time.perf_counter() - began))


async def _break(
    running: Desk, line: Line, moments: list[int], written: _Written, die: random.Random
) -> list[str]:
    """Break something whenever so many posts stand there. Returns what was broken."""
    done: list[str] = []
    for number, moment in enumerate(moments):
        await written.reaches(moment)
        await asyncio.sleep(die.uniform(0.0, HANDFUL / RATE))
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
