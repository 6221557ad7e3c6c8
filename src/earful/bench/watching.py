"""Agents at the desk in a flood: the open list, folded and not, a conversation, a fold unfolded."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from earful.bench.ground import Ground
from earful.bench.say import ms, percentile
from earful.bench.wire import Wire

AGENTS = 8
PAUSE = 1.0
"""Seconds between the rounds of each."""
WARM_UP = 2
"""Rounds of each that are left out."""

Took = dict[str, list[float]]


@asynccontextmanager
async def watched(on: Ground) -> AsyncIterator[Took]:
    """Agents look meanwhile. Seconds of each request by kind."""
    took: Took = {"list": [], "fold": [], "unfold": [], "open": []}
    over = asyncio.Event()
    agents = [asyncio.create_task(_look(on, number, took, over)) for number in range(AGENTS)]
    try:
        yield took
    finally:
        over.set()
        await asyncio.gather(*agents)


def shares(took: Took) -> dict[str, float]:
    """The median and the 99th percentile of each kind."""
    found = {}
    for name, seconds in took.items():
        found[f"{name}_p50_ms"] = ms(percentile(seconds, 0.5))
        found[f"{name}_p99_ms"] = ms(percentile(seconds, 0.99))
    return found


async def _look(on: Ground, number: int, took: Took, over: asyncio.Event) -> None:
    wire, die = Wire(on.settings.port, on.token), random.Random(number)  # noqa: S311
    await asyncio.sleep(PAUSE * number / AGENTS)
    rounds = 0
    while not over.is_set():
        rounds += 1
        seen: Took = took if rounds > WARM_UP else {name: [] for name in took}
        await _ask(wire, seen["list"], "/api/v1/conversations?view=next")
        page = await _ask(wire, seen["fold"], "/api/v1/folds?view=next&limit=100")
        if page["items"]:
            row = die.choice(page["items"])
            await _ask(wire, seen["open"], f"/api/v1/conversations/{row['card']['id']}")
        many = [row["id"] for row in page["items"] if row["id"]]
        if many:
            inside = f"/api/v1/folds/{die.choice(many)}/conversations?view=next"
            await _ask(wire, seen["unfold"], inside)
        await asyncio.sleep(PAUSE)
    wire.close()


async def _ask(wire: Wire, took: list[float], path: str) -> Any:
    began = time.perf_counter()
    answer = await wire.ask("GET", path)
    took.append(time.perf_counter() - began)
    return answer
