"""What agents wait for, over HTTP: lists, conversations, search, replies on a full desk."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from earful.bench.desk import desk, free_port
from earful.bench.full import full_ground
from earful.bench.ground import Ground
from earful.bench.say import ms, percentile, say
from earful.bench.wire import Wire

CLIENTS = 8
WARM_UP = 0.15
"""The share of each client's first requests that is left out."""
COMMONEST = 10
FILTERS = (
    "status=open&severity=3",
    "status=open&assignee=nobody",
    "status=pending",
    "network=rehearsal&status=resolved",
    "status=open&order=time_left&severity=2",
)
Ask = Callable[[Wire, random.Random], Awaitable[None]]


async def inbox(messages: int, requests: int, keep: Path | None = None) -> dict[str, Any]:
    """`requests` of each kind, by eight clients at once; the filled desk stays in `keep`."""
    async with full_ground(messages, port=free_port(), keep=keep) as on:
        await _hold(on)
        ids, terms = await _open_ids(on), await _terms(on)
        kinds: dict[str, Ask] = {
            "list": _list,
            "filtered": _filtered,
            "open": _opening(ids),
            "search": _searching(terms),
            "reply": _replying(ids),
        }
        found: dict[str, float] = {}
        async with desk(on):
            for name, ask in kinds.items():
                took = await _measure(on, ask, requests)
                found[f"{name}_p50_ms"] = ms(percentile(took, 0.5))
                found[f"{name}_p99_ms"] = ms(percentile(took, 0.99))
                say(f"  {name}: {found[f'{name}_p50_ms']} {found[f'{name}_p99_ms']} ms")
    worst = max(found[f"{name}_p99_ms"] for name in ("list", "filtered", "open"))
    return {"messages": messages, "clients": CLIENTS, "p99_ms": worst, **found}


async def _hold(on: Ground) -> None:
    """Replies are queued and stay there: the network has no part in what the agent waits for.

    Those of a run before are taken out again: thousands of one text would be the newest messages.
    """
    async with on.store.database.transaction() as db:
        await db.execute("UPDATE channel SET state = 'held'")
        for statement in _UNDO:
            await db.execute(statement, timeout=300)


_UNDO = (
    """DELETE FROM message m USING delivery d
       WHERE m.workspace_id = d.workspace_id AND m.id = d.message_id""",
    "UPDATE conversation SET trouble = '', assignee_id = NULL WHERE trouble <> ''",
    "DELETE FROM delivery",
)


async def _measure(on: Ground, ask: Ask, requests: int) -> list[float]:
    """Seconds of each request, the warm-up left out."""

    async def client(number: int) -> list[float]:
        wire, die = Wire(on.settings.port, on.token), random.Random(number)  # noqa: S311
        took = []
        for _ in range(requests // CLIENTS):
            began = time.perf_counter()
            await ask(wire, die)
            took.append(time.perf_counter() - began)
        wire.close()
        return took[int(WARM_UP * len(took)) :]

    each = await asyncio.gather(*(client(number) for number in range(CLIENTS)))
    return [seconds for took in each for seconds in took]


async def _list(wire: Wire, die: random.Random) -> None:
    order = die.choice(("view=next", "view=all", "view=mine"))
    await wire.ask("GET", f"/api/v1/conversations?{order}")


async def _filtered(wire: Wire, die: random.Random) -> None:
    await wire.ask("GET", f"/api/v1/conversations?{die.choice(FILTERS)}")


def _opening(ids: list[str]) -> Ask:
    async def ask(wire: Wire, die: random.Random) -> None:
        await wire.ask("GET", f"/api/v1/conversations/{die.choice(ids)}")

    return ask


def _searching(terms: list[str]) -> Ask:
    async def ask(wire: Wire, die: random.Random) -> None:
        await wire.ask("GET", f"/api/v1/search?q={quote(die.choice(terms))}%20")

    return ask


def _replying(ids: list[str]) -> Ask:
    async def ask(wire: Wire, die: random.Random) -> None:
        body = {"text": "We look into it.", "force": True}
        await wire.ask("POST", f"/api/v1/conversations/{die.choice(ids)}/replies", body)

    return ask


async def _open_ids(on: Ground) -> list[str]:
    async with on.store.database.acquire() as db:
        rows = await db.fetch(
            """SELECT id FROM conversation WHERE workspace_id = $1 AND status = 'open'
               ORDER BY md5(id::text) LIMIT 5000""",
            on.workspace_id,
            timeout=300,
        )
    return [row["id"] for row in rows]


async def _terms(on: Ground) -> list[str]:
    """The ten commonest words, and two hundred drawn as often as they are written."""
    async with on.store.database.acquire() as db:
        rows = await db.fetch(
            """SELECT word, ndoc FROM ts_stat('SELECT search FROM message LIMIT 20000')
               WHERE word !~ '^past[0-9]' ORDER BY ndoc DESC, word""",
            timeout=300,
        )
    words, often = [row["word"] for row in rows], [row["ndoc"] for row in rows]
    drawn = random.Random(1).choices(words, weights=often, k=200)  # noqa: S311
    return words[:COMMONEST] + drawn
