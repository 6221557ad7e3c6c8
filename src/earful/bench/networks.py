"""What each network's payloads cost on their way in: translating them, and taking them in."""

from __future__ import annotations

import time
from typing import Any

from earful.bench.ground import Ground, connect_channel, ground
from earful.bench.say import say
from earful.bench.usage import cpu_seconds
from earful.desk.connect import Account, add_channel
from earful.intake.channel import Channel
from earful.intake.receive import receive
from earful.kit.ids import new_id
from earful.networks.contract import Batch, Change, Identity, Sampled, Samples
from earful.networks.registry import networks as installed

BATCH = 500
WARM = 200
ROUNDS = 3
"""Translating is measured so often, and the best is told: the others tell of the machine."""


async def networks(posts: int) -> dict[str, Any]:
    """Each installed network that can be measured, `posts` payloads each."""
    found: dict[str, dict[str, Any]] = {}
    measured = {
        name: network.samples()
        for name, network in installed().items()
        if isinstance(network, Sampled)
    }
    for name, samples in measured.items():
        found[name] = {"translate_ms_per_post": _translate(samples, posts)}
    async with ground() as on:
        warm = await connect_channel(on, "Warm")
        await _take_in(on, warm, _changes(_of("rehearsal"), WARM))
        for name, samples in measured.items():
            say(name)
            found[name] |= await _measure(on, name, samples, posts)
    social = [one["translate_ms_per_post"] for name, one in found.items() if name != "email"]
    email = found.get("email", {}).get("translate_ms_per_post")
    return {
        "posts": posts,
        "translate_ms_per_post": max(social),
        "email_translate_ms": email,
        "posts_per_s": min(one["posts_per_s"] for one in found.values()),
        "cpu_ms_per_post": max(one["cpu_ms_per_post"] for one in found.values()),
        "lost": sum(one["lost"] for one in found.values()),
        "doubled": sum(one["doubled"] for one in found.values()),
        "networks": found,
    }


def _of(name: str) -> Samples:
    network = installed()[name]
    if not isinstance(network, Sampled):
        raise TypeError(f"{name} has no samples")
    return network.samples()


def _changes(samples: Samples, count: int) -> list[Change]:
    return [change for payload in samples.payloads(count) for change in samples.translate(payload)]


async def _measure(on: Ground, name: str, samples: Samples, posts: int) -> dict[str, Any]:
    payloads = samples.payloads(posts)
    channel = await _channel(on, name)
    began, used = time.perf_counter(), cpu_seconds()
    told = [change for payload in payloads for change in samples.translate(payload)]
    await _take_in(on, channel, told)
    took, spent = time.perf_counter() - began, cpu_seconds() - used
    return {
        "posts_per_s": round(posts / took),
        "cpu_ms_per_post": round(spent * 1000 / posts, 3),
        **await _compare(on, name, [change.external_id for change in told]),
    }


def _translate(samples: Samples, posts: int) -> float:
    """Milliseconds of CPU a payload, before a database runs beside it."""
    payloads, took = samples.payloads(posts), []
    for _ in range(ROUNDS):
        began = time.thread_time()
        for payload in payloads:
            samples.translate(payload)
        took.append(time.thread_time() - began)
    return round(min(took) * 1000 / posts, 4)


async def _channel(on: Ground, name: str) -> Channel:
    account = Account(name, {}, {}, Identity(f"bench-{new_id()}", "Northwind", "Northwind"))
    async with on.works.open(on.workspace_id) as work:
        made = await add_channel(work, on.keyring, account, on.inbox_id)
    return Channel(made["id"], name, on.inbox_id, "Northwind", account.identity.external_id)


async def _take_in(on: Ground, channel: Channel, changes: list[Change]) -> None:
    for at in range(0, len(changes), BATCH):
        batch = Batch(tuple(changes[at : at + BATCH]), {"at": at})
        await receive(on.works, on.workspace_id, channel, batch)


async def _compare(on: Ground, name: str, ids: list[str]) -> dict[str, int]:
    """Every post stands once, and so does its event."""
    async with on.store.database.acquire() as db:
        [row] = await db.fetch(_STANDING, on.workspace_id, name, ids)
    return {
        "lost": len(ids) - min(row["posts"], row["events"]),
        "doubled": max(row["messages"] - row["posts"], row["events"] - row["posts"], 0),
    }


_STANDING = """
SELECT count(DISTINCT m.external_id) AS posts, count(DISTINCT m.id) AS messages,
  count(*) FILTER (WHERE e.seq IS NOT NULL) AS events
FROM message m LEFT JOIN event e ON e.workspace_id = m.workspace_id
  AND e.conversation_id = m.conversation_id
  AND e.kind IN ('conversation.opened', 'message.received')
  AND e.data->'messages'->0->>'id' = m.id::text
WHERE m.workspace_id = $1 AND m.network = $2 AND m.external_id = ANY($3::text[])
"""
