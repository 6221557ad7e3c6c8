"""Watches the desk's own posts: bursts, conversations that run away, accounts that look like ours.

Each matter is told once while it lasts, however many take part: a flood is one signal.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from earful.accounts.rules import rules_of
from earful.insights.looking_alike import looks_like
from earful.insights.noticing import (
    BACK,
    BEFORE,
    CROWD,
    LATELY,
    STEP,
    Said,
    accelerates,
    begins,
    is_over,
)
from earful.insights.signals import Seen, end, open_ones, signal
from earful.stream.work import Work

BLOCK = timedelta(hours=12)
"""How much of the past is counted at once, on a desk that is new to it."""
LOOK_EVERY = timedelta(seconds=60)
MOST_AUTHORS = 2000
"""Accounts that one look reads."""
MOST_POSTS = 5000
"""Posts of a conversation that one look reads, the newest."""
ALIKE_FOR = timedelta(days=1)
"""How long an account that looks like ours stays a signal."""
NOTED_FOR = timedelta(days=1)
"""How long a person of note does, however much they write."""


async def watch(work: Work) -> bool:
    """Count what is over, look at what is new. Whether there is more of the past to count."""
    row = await work.db.fetchrow(_TAKE, work.workspace_id)
    if row is None:
        await work.db.execute(_BEGIN, work.workspace_id, _floor(work.now - BACK), work.now)
        return True
    counted, more = row["counted_until"], True
    if counted + STEP > work.now:
        more = False
    elif counted + BLOCK < work.now:
        counted = await _count(work, counted, counted + BLOCK)
    else:
        until = _floor(work.now)
        await _count(work, counted, until)
        counted, more = until, False
        await _bursts(work, until - STEP)
    looked = row["looked_until"]
    if looked + LOOK_EVERY <= work.now:
        await _threads(work)
        await _alike(work, max(looked, work.now - BEFORE))
        await _names(work, max(looked, work.now - BEFORE))
        await _noted(work, max(looked, work.now - BEFORE))
        looked = work.now
    await work.db.execute(_WATCHED, work.workspace_id, counted, looked)
    return more


def _floor(at: datetime) -> datetime:
    seconds = int(at.timestamp() // STEP.total_seconds() * STEP.total_seconds())
    return datetime.fromtimestamp(seconds, UTC)


async def _count(work: Work, starts: datetime, ends: datetime) -> datetime:
    await work.db.execute(COUNT, work.workspace_id, starts, ends, STEP)
    return ends


async def _bursts(work: Work, at: datetime) -> None:
    """Bursts that the step at `at` begins or ends."""
    running = await open_ones(work, "burst")
    rows = await work.db.fetch(_AT, work.workspace_id, at)
    now = {row["inbox_id"]: row["authors"] for row in rows}
    for inbox_id in sorted({*now, *running}):
        rows = await work.db.fetch(_STEPS, work.workspace_id, inbox_id, at - BACK, at)
        counts = {row["at"]: row["authors"] for row in rows}
        if inbox_id in running:
            peak = max(running[inbox_id]["authors"], now.get(inbox_id, 0))
            if is_over(counts, at, peak):
                await end(work, running[inbox_id]["id"])
        elif await asyncio.to_thread(begins, counts, at):
            await signal(work, Seen("burst", inbox_id, now[inbox_id], inbox_id=inbox_id))


async def _threads(work: Work) -> None:
    """Conversations that run away, and those that no longer do."""
    running = await open_ones(work, "thread")
    rows = await work.db.fetch(CROWDED, work.workspace_id, work.now - LATELY, work.now, CROWD)
    crowded = {row["id"]: row["inbox_id"] for row in rows}
    for home, inbox_id in sorted(crowded.items()):
        said = [
            Said(row["at"], row["author"], row["sentiment"])
            for row in await work.db.fetch(
                _SAID, work.workspace_id, home, work.now - BEFORE, MOST_POSTS
            )
        ]
        people = accelerates(said, work.now)
        if people and home not in running:
            seen = Seen("thread", home, people, inbox_id=inbox_id, conversation_id=home)
            await signal(work, seen)
    for home in running.keys() - crowded.keys():
        await end(work, running[home]["id"])


async def _alike(work: Work, since: datetime) -> None:
    """Accounts that look like ours, each once."""
    ours: defaultdict[str, set[str]] = defaultdict(set)
    names: set[str] = set()
    for row in await work.db.fetch(_OURS, work.workspace_id):
        ours[row["network"]].add(row["handle"])
        names |= {row["handle"], row["name"]}
    found = await work.db.fetch(AUTHORS, work.workspace_id, since, work.now, MOST_AUTHORS)
    for row in found:
        own = looks_like(row["handle"], row["name"], ours[row["network"]], names)
        if own:
            key = _digest(row["network"], row["handle"].casefold())
            seen = Seen("look_alike", key, 1, row["inbox_id"], row["home"], own)
            await signal(work, seen, once=True)
    for one in (await open_ones(work, "look_alike")).values():
        if one["began_at"] + ALIKE_FOR <= work.now:
            await end(work, one["id"])


def _digest(network: str, account: str) -> str:
    """By what an account is known again: who is erased leaves no name here."""
    return sha256(f"{network}:{account}".encode()).hexdigest()


async def _noted(work: Work, since: datetime) -> None:
    """People whom many follow, who wrote to us or of us; each once a day."""
    least = (await rules_of(work.db, work.workspace_id)).note_followers
    if least:
        found = await work.db.fetch(NOTED, work.workspace_id, since, work.now, MOST_AUTHORS, least)
        found += await work.db.fetch(_NOTED_BESIDE, work.workspace_id, since, work.now, least)
        for row in found:
            key = _digest(row["network"], row["account"])
            reason = f"{row['followers']:,} follow them"
            home = row["home"]
            await signal(work, Seen("person_of_note", key, 1, row["inbox_id"], home, reason))
    for one in (await open_ones(work, "person_of_note")).values():
        if one["began_at"] + NOTED_FOR <= work.now:
            await end(work, one["id"])


async def _names(work: Work, since: datetime) -> None:
    """What searches found that are to alert, one signal for each search."""
    for row in await work.db.fetch(_NAMED, work.workspace_id, since, work.now):
        seen = Seen("name_said", row["id"], row["authors"], row["inbox_id"], reason=row["name"])
        await signal(work, seen)
    running = await open_ones(work, "name_said")
    rows = await work.db.fetch(_UNSEEN, work.workspace_id, sorted(running))
    for key in running.keys() - {row["id"] for row in rows}:
        await end(work, running[key]["id"])


_TAKE = """
SELECT counted_until, looked_until FROM insight_watch WHERE workspace_id = $1
FOR UPDATE SKIP LOCKED
"""

_BEGIN = """
INSERT INTO insight_watch (workspace_id, counted_until, looked_until) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING
"""

_WATCHED = """
UPDATE insight_watch SET counted_until = $2, looked_until = $3 WHERE workspace_id = $1
"""

_IN = """m.workspace_id = $1 AND m.received_at >= $2 AND m.received_at < $3
  AND m.direction = 'incoming' AND m.disposition IS DISTINCT FROM 'context'
  AND m.disposition IS DISTINCT FROM 'spam'"""

_WHO = "coalesce(m.author_id::text, m.author_handle)"

COUNT = f"""
INSERT INTO burst_step (workspace_id, inbox_id, at, authors)
SELECT $1, c.inbox_id, date_bin($4::interval, m.received_at, 'epoch'::timestamptz) AS at,
  count(DISTINCT {_WHO})
FROM message m JOIN conversation c ON c.workspace_id = $1 AND c.id = m.conversation_id
WHERE {_IN} GROUP BY c.inbox_id, 3
ON CONFLICT (workspace_id, inbox_id, at) DO UPDATE SET authors = excluded.authors
"""  # noqa: S608 - constants of this file

_AT = "SELECT inbox_id, authors FROM burst_step WHERE workspace_id = $1 AND at = $2"

_STEPS = """
SELECT at, authors FROM burst_step
WHERE workspace_id = $1 AND inbox_id = $2 AND at > $3 AND at <= $4
"""

CROWDED = f"""
SELECT m.conversation_id AS id, c.inbox_id
FROM message m JOIN conversation c ON c.workspace_id = $1 AND c.id = m.conversation_id
WHERE {_IN} AND c.people >= $4
GROUP BY m.conversation_id, c.inbox_id HAVING count(DISTINCT {_WHO}) >= $4
ORDER BY count(*) DESC LIMIT 50
"""  # noqa: S608 - as above

_SAID = f"""
SELECT m.received_at AS at, {_WHO} AS author, j.sentiment FROM message m
LEFT JOIN judgement j ON j.workspace_id = $1 AND j.message_id = m.id
WHERE m.workspace_id = $1 AND m.conversation_id = $2 AND m.received_at >= $3
  AND m.direction = 'incoming'
ORDER BY m.published_at DESC, m.id DESC LIMIT $4
"""  # noqa: S608 - as above

_OURS = "SELECT network, handle, name FROM channel WHERE workspace_id = $1"

AUTHORS = f"""
SELECT DISTINCT ON (c.network, m.author_handle) c.network, m.author_handle AS handle,
  m.author_name AS name, c.inbox_id, c.id AS home
FROM (SELECT * FROM message m WHERE {_IN} AND m.author_kind = 'contact'
  ORDER BY m.received_at DESC, m.id LIMIT $4) AS m
JOIN conversation c ON c.workspace_id = $1 AND c.id = m.conversation_id
ORDER BY c.network, m.author_handle, m.received_at
"""  # noqa: S608 - as above

NOTED = f"""
SELECT DISTINCT ON (h.network, h.external_id) h.network, h.external_id AS account, h.followers,
  c.inbox_id, c.id AS home
FROM (SELECT * FROM message m WHERE {_IN} AND m.author_kind = 'contact'
  ORDER BY m.received_at DESC, m.id LIMIT $4) AS m
JOIN conversation c ON c.workspace_id = $1 AND c.id = m.conversation_id
JOIN contact_handle h ON h.workspace_id = $1 AND h.contact_id = m.author_id
  AND h.network = c.network AND h.followers >= $5
ORDER BY h.network, h.external_id, m.received_at
"""  # noqa: S608 - as above

_NOTED_BESIDE = """
SELECT DISTINCT ON (m.network, m.author_external_id) m.network, m.author_external_id AS account,
  m.author_followers AS followers, h.inbox_id, NULL::uuid AS home
FROM mention m JOIN channel h ON h.workspace_id = $1 AND h.id = m.channel_id
WHERE m.workspace_id = $1 AND m.found_at >= $2 AND m.found_at < $3
  AND m.state IN ('new', 'outreach') AND m.author_followers >= $4
ORDER BY m.network, m.author_external_id, m.found_at
"""

_NAMED = """
SELECT s.id, s.name, min(h.inbox_id::text)::uuid AS inbox_id,
  count(DISTINCT m.author_external_id) AS authors
FROM mention m
JOIN saved_search s ON s.workspace_id = $1 AND s.id = ANY(m.search_ids) AND s.alert
JOIN channel h ON h.workspace_id = $1 AND h.id = m.channel_id
WHERE m.workspace_id = $1 AND m.found_at >= $2 AND m.found_at < $3 AND m.state = 'new'
GROUP BY s.id, s.name
"""

_UNSEEN = """
SELECT k AS id FROM unnest($2::uuid[]) AS k WHERE EXISTS (SELECT 1 FROM mention m
  WHERE m.workspace_id = $1 AND m.state = 'new' AND k = ANY(m.search_ids))
"""
