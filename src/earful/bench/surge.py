"""A hundredfold day: is everybody still owed an answer, and does the desk stay usable meanwhile?"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import msgspec

from earful.bench.desk import desk, free_port
from earful.bench.existing import fill
from earful.bench.flood import flood
from earful.bench.ground import Ground, connect_channel, ground
from earful.bench.ingest import behind, compare
from earful.bench.say import say
from earful.bench.watching import shares, watched
from earful.bench.wire import Wire
from earful.intake.channel import Channel
from earful.intake.receive import receive
from earful.networks.contract import Batch
from earful.networks.rehearsal.ledger import Entry
from earful.networks.rehearsal.translate import to_change

BATCH = 50
"""Posts that the network tells at once, repeats among them."""
FOLDED_WITHIN = 300.0
PAGE = 200


class Folded(msgspec.Struct):
    """The folded list, walked to its end and each row of it unfolded."""

    rows: int = 0
    conversations: int = 0
    people: int = 0
    out_of_order: int = 0
    wrong_sums: int = 0
    ids: set[str] = msgspec.field(default_factory=set)


async def surge(posts: int, existing: int, rate: int) -> dict[str, Any]:
    """`posts` posts at `rate` a second, a hundred of each, onto `existing` messages."""
    async with ground(port=free_port()) as on:
        channel = await connect_channel(on, "Northwind", {"rate": "0", "backlog": "0"})
        await fill(on, channel, existing)
        told = flood(posts, "Northwind")
        async with desk(on):
            say("pouring in")
            async with watched(on) as took:
                began = time.perf_counter()
                await _pour(on, channel, told, rate)
                poured = time.perf_counter() - began
                await _until_folded(on)
                settled = time.perf_counter() - began - poured
            say("counting")
            walked = await _walk(Wire(on.settings.port, on.token))
        ids = sorted({entry.id for entry in told})
        return {
            "posts": posts,
            "told": len(told),
            "existing": existing,
            "posts_per_s": round(posts / poured),
            "folded_after_s": round(settled, 1),
            **shares(took),
            **await compare(on, ids),
            "authors": len({entry.person for entry in told}),
            **await _owed(on, ids),
            "rows": walked.rows,
            "in_rows": walked.conversations,
            "unfolded": len(walked.ids),
            "out_of_order": walked.out_of_order,
            "wrong_sums": walked.wrong_sums,
        }


async def _pour(on: Ground, channel: Channel, told: list[Entry], rate: int) -> None:
    began = time.perf_counter()
    for at in range(0, len(told), BATCH):
        await asyncio.sleep(max(0.0, began + at / rate - time.perf_counter()))
        changes = tuple(map(to_change, told[at : at + BATCH]))
        await receive(on.works, on.workspace_id, channel, Batch(changes, {"position": at}))


async def _until_folded(on: Ground) -> None:
    until = time.perf_counter() + FOLDED_WITHIN
    waits = True
    while waits and time.perf_counter() < until:
        await asyncio.sleep(0.1)
        waits = await behind(on)


async def _owed(on: Ground, ids: list[str]) -> dict[str, int]:
    async with on.store.database.acquire() as db:
        [row] = await db.fetch(_OWED, on.workspace_id, ids, timeout=120)
    return {"owed": row["owed"], "open": row["open"], "open_with_clock": row["clocks"]}


async def _walk(wire: Wire) -> Folded:
    """The whole folded list. Rows stand in order of severity, then of who is due first."""
    found, after, before = Folded(), "", (0, "")
    while True:
        page = await wire.ask("GET", f"/api/v1/folds?view=next&limit={PAGE}{after}")
        for row in page["items"]:
            worst = next(n for n, many in enumerate(row["severities"], 1) if many)
            place = worst, row["due_at"] or "9999"
            found.out_of_order += place < before or row["card"]["severity"] != worst
            before = place
            await _add(wire, found, row)
        if page["next"] is None:
            wire.close()
            return found
        after = f"&after={page['next']}"


async def _add(wire: Wire, found: Folded, row: dict[str, Any]) -> None:
    inside = await _inside(wire, row) if row["id"] else {row["card"]["id"]}
    found.rows += 1
    found.conversations += row["conversations"]
    found.people += row["people"]
    # A life at risk has a row of its own, of the same fold.
    whole = sum(row["severities"]) == row["conversations"] >= row["people"] >= 1
    found.wrong_sums += not whole or row["card"]["id"] not in inside
    found.ids |= inside


async def _inside(wire: Wire, row: dict[str, Any]) -> set[str]:
    ids: set[str] = set()
    after = ""
    while True:
        path = f"/api/v1/folds/{row['id']}/conversations?view=next&limit={PAGE}{after}"
        page = await wire.ask("GET", path)
        ids.update(card["id"] for card in page["items"])
        if page["next"] is None:
            return ids
        after = f"&after={page['next']}"


_OWED = """
SELECT (SELECT count(DISTINCT m.author_id) FROM message m
    JOIN conversation c ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
    WHERE m.workspace_id = $1 AND m.external_id = ANY($2::text[]) AND m.disposition IS NULL
      AND c.status = 'open' AND c.unanswered > 0) AS owed,
  count(*) AS open,
  count(*) FILTER (WHERE EXISTS (SELECT FROM clock k WHERE k.workspace_id = $1
    AND k.conversation_id = c.id AND k.stopped_at IS NULL AND k.kind <> 'resolution')) AS clocks
FROM conversation c WHERE c.workspace_id = $1 AND c.status = 'open'
"""
