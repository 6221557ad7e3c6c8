"""Network payload to conversation, event and clock rows, durable: how many posts a second."""

from __future__ import annotations

import asyncio
import time
from contextlib import nullcontext
from typing import Any

import msgspec

from earful.bench.existing import fill
from earful.bench.ground import Ground, connect_channel, ground
from earful.bench.judges import judges
from earful.bench.say import say
from earful.bench.usage import cpu_seconds
from earful.intake.channel import Channel
from earful.intake.receive import receive
from earful.judgements.hearing import READER
from earful.kit.clock import system_clock
from earful.networks.contract import Batch
from earful.networks.rehearsal.crowd import Burst, crowd
from earful.networks.rehearsal.ledger import Entry, Header
from earful.networks.rehearsal.town import Page
from earful.networks.rehearsal.translate import to_change

BATCH = 500
CHANNELS = 3
"""Accounts that listen at once, as a brand has several: each in order, side by side."""
MOST_SECONDS = 300.0
REPLIES, REPEATS = 0.4, 0.1


async def ingest(posts: int, existing: int, *, triage: bool = False) -> dict[str, Any]:
    """Take in `posts` distinct posts and 10% repeats onto `existing` messages.

    With `triage` until each is judged, too, by a second process, as a second worker does it.
    """
    async with ground() as on:
        handles = [f"Northwind{n}" for n in range(CHANNELS)]
        channels = [await connect_channel(on, handle) for handle in handles]
        await fill(on, channels[0], existing)
        feeds = [
            _payloads(handle, seed, len(range(seed, posts, CHANNELS)))
            for seed, handle in enumerate(handles)
        ]
        await _warm_up(on)
        async with judges(on) if triage else nullcontext():
            say("taking in")
            began, used = time.perf_counter(), cpu_seconds()
            await asyncio.gather(
                *(_take_in(on, c, feed) for c, feed in zip(channels, feeds, strict=True))
            )
            judged = {"unjudged": await _judged(on, began)} if triage else {}
            took, spent = time.perf_counter() - began, cpu_seconds() - used
        told = [
            e for f in feeds for page in f for e in msgspec.json.decode(page, type=Page).entries
        ]
        return {
            "posts": posts,
            "told": len(told),
            "existing": existing,
            "posts_per_s": round(posts / took),
            "cpu_ms_per_post": round(spent * 1000 / posts, 3),
            **judged,
            **await compare(on, sorted({entry.id for entry in told})),
        }


async def _judged(on: Ground, began: float) -> int:
    """Wait until all is judged, five minutes at most. Returns how many posts are not."""
    left = -1
    while left and time.perf_counter() - began < MOST_SECONDS:
        await asyncio.sleep(0.05)
        left = -1 if await behind(on) else 0
    async with on.store.database.acquire() as db:
        return int(await db.fetchval(_UNJUDGED, on.workspace_id, timeout=120))


async def behind(on: Ground) -> bool:
    """Whether posts wait to be judged and folded."""
    async with on.store.database.acquire() as db:
        return bool(await db.fetchval(_BEHIND, on.workspace_id, READER))


def _payloads(handle: str, seed: int, posts: int) -> list[bytes]:
    """What the network would answer, page by page; repeats come some time after the first."""
    burst = Burst(n=posts, replies=REPLIES, repeats=REPEATS)
    header = Header(f"bench-{seed}", seed, system_clock())
    first: list[Entry] = []
    late: list[tuple[int, Entry]] = []
    for entry in crowd(burst, header=header, handle=handle, first=0, at=header.started_at):
        if entry.kind == "again":
            late.append((len(first) + 37 * (len(late) % 40), entry))
        else:
            first.append(entry)
    told = [entry for _, entry in sorted([*enumerate(first), *late], key=lambda item: item[0])]
    pages = range(0, len(told), BATCH)
    return [
        msgspec.json.encode(Page(tuple(told[at : at + BATCH]), at + BATCH, header.ledger))
        for at in pages
    ]


async def _warm_up(on: Ground) -> None:
    """Connections open, statements prepared, code loaded: what a running worker has."""
    channel = await connect_channel(on, "Warm")
    for seed in range(CHANNELS):
        await _take_in(on, channel, _payloads("Warm", 1000 + seed, 200))


async def _take_in(on: Ground, channel: Channel, feed: list[bytes]) -> None:
    """What a listener does with each answer of the network."""
    for payload in feed:
        page = msgspec.json.decode(payload, type=Page)
        changes = tuple(map(to_change, page.entries))
        cursor = {"position": page.position, "ledger": page.ledger}
        await receive(on.works, on.workspace_id, channel, Batch(changes, cursor))


async def compare(on: Ground, ids: list[str]) -> dict[str, int]:
    """Every post must stand in the desk once, with an event of its own."""
    async with on.store.database.acquire() as db:
        rows = await db.fetch(_STANDING, on.workspace_id, ids, timeout=120)
    found = {row["external_id"]: row for row in rows}
    whole = [
        row for row in found.values() if row["messages"] and row["events"] and row["clocks"] == 1
    ]
    return {
        "lost": len(ids) - len(whole),
        "doubled": sum(max(row["messages"] - 1, row["events"] - 1, 0) for row in found.values()),
    }


_BEHIND = """
SELECT r.seq IS NULL OR r.seq < (
  SELECT max(seq) FROM event WHERE workspace_id = $1 AND kind <> 'message.judged')
FROM event_counter c LEFT JOIN event_reader r ON r.workspace_id = $1 AND r.name = $2
WHERE c.workspace_id = $1
"""

_UNJUDGED = """
SELECT count(*) FROM event e WHERE e.workspace_id = $1
  AND e.kind IN ('conversation.opened', 'message.received')
  AND e.data -> 'messages' -> 0 ->> 'text' <> ''
  AND NOT EXISTS (SELECT FROM judgement j WHERE j.workspace_id = $1
    AND j.message_id = (e.data -> 'messages' -> 0 ->> 'id')::uuid)
"""

_STANDING = """
WITH told AS MATERIALIZED (
  SELECT (data -> 'messages' -> 0 ->> 'id')::uuid AS id, count(*) AS events FROM event
  WHERE workspace_id = $1 AND kind IN ('conversation.opened', 'message.received') GROUP BY 1)
SELECT m.external_id, count(DISTINCT m.id) AS messages, sum(t.events)::int AS events,
  max((SELECT count(*) FROM clock k WHERE k.workspace_id = $1
       AND k.conversation_id = m.conversation_id AND k.stopped_at IS NULL
       AND k.kind <> 'resolution')) AS clocks
FROM message m LEFT JOIN told t ON t.id = m.id
WHERE m.workspace_id = $1 AND m.external_id = ANY($2::text[]) GROUP BY 1
"""
