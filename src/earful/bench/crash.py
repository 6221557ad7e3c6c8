"""kill -9 of web, worker and database in turn, while posts arrive and replies go out."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import Counter
from typing import Any

from earful.bench.agent import TROUBLE, Agent
from earful.bench.desk import Desk, desk, free_port
from earful.bench.ground import Ground, connect_channel, ground
from earful.bench.say import say
from earful.bench.town import Town, town
from earful.store.opening import owner_connection

HANDLE = "Northwind"
VICTIMS = ("web", "worker", "postmaster")
POSTS_AT_ONCE = 2
PAUSE_FOR = 0.25
"""Seconds between two handfuls of posts."""
LONGEST_CALM = 1.2
"""Seconds a whole desk is left alone at most, before the next of it is killed."""
SETTLE_WITHIN = 300.0


async def crash(rounds: int, seed: int = 1) -> dict[str, Any]:
    """Kill `rounds` times, let all come to rest, and compare with the network's ledger."""
    die = random.Random(seed)  # noqa: S311 - moments, not secrets
    async with ground(port=free_port()) as on:
        ledger = on.settings.data_dir / "network.jsonl"
        async with town(ledger, HANDLE) as network:
            await connect_channel(on, HANDLE, {"service": network.url})
            async with desk(on) as running:
                agent = Agent(running)
                await _under_fire(running, network, agent, rounds, die)
                await _come_to_rest(on, running, network, agent)
                found = await _compare(on, network, agent)
                await agent.close()
            if found["lost"] or found["doubled"]:
                say(f"web said:\n{running.web.said()}\nworker said:\n{running.worker.said()}")
        return {"rounds": rounds, **found, "restarts_of_database": _restarts(on)}


def _restarts(on: Ground) -> int:
    return on.running.supervisor.restarts if on.running.supervisor else 0


async def _under_fire(
    running: Desk, network: Town, agent: Agent, rounds: int, die: random.Random
) -> None:
    stop = asyncio.Event()
    others = [
        asyncio.create_task(agent.work(stop)),
        asyncio.create_task(_post(network, stop)),
        asyncio.create_task(_keep_up(running, stop)),
    ]
    for number in range(rounds):
        if number % 4:  # else it may be hit while it still gets up
            await running.ready()
            await running.working()
        await asyncio.sleep(die.uniform(0.0, LONGEST_CALM))
        victim = VICTIMS[number % len(VICTIMS)]
        await asyncio.to_thread(_kill, running, victim)
        if (number + 1) % 25 == 0:
            say(f"  {number + 1} of {rounds} rounds, {len(agent.promised)} replies promised")
    stop.set()
    await running.ready()
    await asyncio.gather(*others)


def _kill(running: Desk, victim: str) -> None:
    if victim == "web":
        running.web.kill()
    elif victim == "worker":
        running.worker.kill()
    elif supervisor := running.on.running.supervisor:
        while not (supervisor.ready and supervisor.pid):  # it waits longer after each fall
            time.sleep(0.01)
        os.kill(supervisor.pid, signal.SIGKILL)


async def _post(network: Town, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await network.ask("/burst", n=POSTS_AT_ONCE, replies=0.3, repeats=0.2)
        await asyncio.sleep(PAUSE_FOR)


async def _keep_up(running: Desk, stop: asyncio.Event) -> None:
    while not stop.is_set():
        running.tend()
        await asyncio.sleep(0.05)


async def _come_to_rest(on: Ground, running: Desk, network: Town, agent: Agent) -> None:
    """Until every post is in and every delivery has ended. A person settles what only she can."""
    say("coming to rest")
    await asyncio.to_thread(running.worker.stop)
    await _let_time_pass(on)
    running.tend()
    until = asyncio.get_running_loop().time() + SETTLE_WITHIN
    while asyncio.get_running_loop().time() < until:
        told = {entry.id for entry in await network.entries() if not entry.own}
        async with on.store.database.acquire() as db:
            taken = await db.fetchval(
                "SELECT count(*) FROM accepted WHERE external_id = ANY($1::text[])", sorted(told)
            )
            open_ones = await db.fetch(
                "SELECT id, state, error FROM delivery WHERE state <> 'sent'"
            )
            unjudged = await db.fetchval(_UNJUDGED)
        if taken == len(told) and not open_ones and not unjudged:
            return
        for row in open_ones:
            await _decide(network, agent, row)
        running.tend()
        await asyncio.sleep(0.5)


async def _let_time_pass(on: Ground) -> None:
    """No worker runs: the wait for posts that may still turn up is over. Leases end alone."""
    async with owner_connection(on.store.addresses) as db:
        await db.execute(
            """UPDATE delivery SET settle_at = now(),
                 first_sending_at = first_sending_at - interval '1 hour'
               WHERE state = 'sending' OR state = 'uncertain'"""
        )


async def _decide(network: Town, agent: Agent, row: Any) -> None:
    """What a person does: looks on the network, says which it is, sends again what is not there."""
    try:
        if row["state"] == "uncertain" and row["error"].startswith("We could not find out"):
            there = (await network.http.get("/posts", params={"key": row["id"]})).status_code == 200
            await agent.ask("POST", f"/deliveries/{row['id']}/settlement", json={"sent": there})
        elif row["state"] in ("failed", "held"):
            await agent.ask("POST", f"/deliveries/{row['id']}/retry")
    except TROUBLE as error:
        say(f"  {row['state']} delivery {row['id']}: {error}")


async def _compare(on: Ground, network: Town, agent: Agent) -> dict[str, int]:
    """The desk and the ledger, both ways."""
    entries = await network.entries()
    told = {entry.id for entry in entries if not entry.own}
    published = Counter(entry.key for entry in entries if entry.own)
    async with owner_connection(on.store.addresses) as db:  # a statement of hers may take long
        rows = await db.fetch(
            "SELECT external_id FROM message WHERE direction = 'incoming' AND author_kind = $1",
            "contact",
        )
        sent = {row["message_id"]: row["id"] for row in await db.fetch(_SENT)}
        events = await db.fetchval("SELECT count(*) = max(seq) AND min(seq) = 1 FROM event")
        waiting = await db.fetchval(_EQUATION)
        unjudged, judged_twice = await db.fetchval(_UNJUDGED), await db.fetchval(_TWICE)
    standing = Counter(row["external_id"] for row in rows)
    lost_posts = [id_ for id_ in told if not standing[id_]]
    lost_replies = [m for m in agent.promised.values() if m not in sent or not published[sent[m]]]
    unasked = [key for key in published if key not in sent.values()]
    return {
        "posts": len(told),
        "replies": len(agent.promised),
        "lost": len(lost_posts) + len(lost_replies),
        "doubled": sum(n - 1 for n in (*standing.values(), *published.values()) if n > 1)
        + len(agent.promised) - len(set(agent.promised.values())),
        "unasked": len(unasked) + sum(1 for id_ in standing if id_ not in told),
        "unjudged": unjudged,
        "judged_twice": judged_twice,
        "broken_off": agent.broken_off,
        "refused": len(agent.refused),
        "log_whole": bool(events) and not waiting,
    }  # fmt: skip


_SENT = "SELECT id::text, message_id::text FROM delivery WHERE state = 'sent'"

_UNJUDGED = """
SELECT count(*) FROM message m WHERE m.direction = 'incoming' AND m.text <> ''
  AND m.disposition IS DISTINCT FROM 'context' AND m.deleted_at IS NULL
  AND NOT EXISTS (SELECT FROM judgement j WHERE j.message_id = m.id)
"""

# What its author edited is judged anew.
_TWICE = """
SELECT count(*) FROM (
  SELECT told.id FROM event e, jsonb_array_elements_text(e.data -> 'ids') AS told (id)
  JOIN message m ON m.id = told.id::uuid AND m.edited_at IS NULL
  WHERE e.kind = 'message.judged' GROUP BY told.id HAVING count(*) > 1) twice
"""

_EQUATION = """
SELECT count(*) FROM conversation c LEFT JOIN (
  SELECT conversation_id, count(*) AS n FROM message
  WHERE direction = 'incoming' AND disposition IS NULL GROUP BY conversation_id) m
ON m.conversation_id = c.id
WHERE c.unanswered <> coalesce(m.n, 0)
"""
