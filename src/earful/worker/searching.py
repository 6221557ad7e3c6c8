"""Asks the networks for what the saved searches look for, each in its turn."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import structlog

from earful.intake.receive import PASSING
from earful.listening.finding import Hunt, hunt, keep, settle_known, those_of
from earful.listening.query import BadSearch
from earful.listening.taking import take_found
from earful.networks.contract import Charges, NetworkError, RetryLater, Searches
from earful.networks.registry import network
from earful.outreach.queue import put_found
from earful.worker.desk import Shared, pause

log = structlog.get_logger()
LOOK_EVERY = 10.0
FREE_EVERY = timedelta(minutes=1)
PAID_EVERY = timedelta(minutes=15)
"""Between two looks where each post that is read costs money."""
SPACED = timedelta(seconds=5)
"""For each way in which searches ask by one channel: a fifth of what Mastodon allows an account,
so that answers and conversations have the rest."""
TOLD_FROM = 900
"""Seconds; a shorter rest is told to nobody."""
BROKEN = "Something went wrong here; the log of the worker has its kind. It is tried again."
AFTER_TROUBLE = timedelta(minutes=5)
LOOK_FOR = 300.0
"""Seconds that one look at a network may take."""
LEASE_FOR = timedelta(seconds=LOOK_FOR + 60)
"""In which nobody else takes the turn of a worker that died in it."""
LANES = 3
"""Looks at the same time: a network that is slow keeps the others waiting for no long."""


async def keep_searching(shared: Shared) -> None:
    """Until told to stop."""
    await asyncio.gather(*(_lane(shared) for _ in range(LANES)))


async def _lane(shared: Shared) -> None:
    while not shared.stopping.is_set():
        try:
            while await search_next(shared):
                pass
        except PASSING:
            log.warning("database away")
        except Exception as error:
            log.error("searching broken", error=type(error).__name__)
        await pause(shared.stopping, LOOK_EVERY)


async def search_next(shared: Shared) -> bool:
    """Take the turn that is due longest. False where none is."""
    if shared.stopping.is_set():
        return False
    now = shared.clock()
    async with shared.database.acquire() as db:
        turn = await db.fetchrow(_CLAIM, now, now + LEASE_FOR)
    if turn is None:
        return False
    problem, after, cursor = "", _every(turn["network"]), turn["cursor"]
    try:
        wanted = hunt(turn["search_id"], turn["query"], turn["languages"])
        after = max(after, len(wanted.sought.ways) * turn["beside"] * SPACED)
        cursor = await _look(shared, turn, wanted)
    except (NetworkError, OSError, TimeoutError) as error:
        why = str(error) or "it does not answer."
        problem = f"{network(turn['network']).manifest.title}: {why}"
        after = AFTER_TROUBLE
        if isinstance(error, RetryLater):
            # A rest that long is one to know of: the day's money is spent, or so.
            problem = problem if error.after >= TOLD_FROM else ""
            after = max(after, timedelta(seconds=min(error.after, 3600)))
    except BadSearch as error:
        problem, after = error.words, timedelta(hours=1)
    except PASSING:
        raise
    except Exception as error:
        # What is wrong with one search or one network's answer stays with it.
        log.error("search broken", search=turn["search_id"], error=type(error).__name__)
        problem, after = BROKEN, AFTER_TROUBLE
    async with shared.database.acquire() as db:
        await db.execute(
            _DONE, turn["workspace_id"], turn["search_id"], turn["channel_id"], cursor,
            shared.clock() + after, problem[:300], now + LEASE_FOR,
        )  # fmt: skip
    return True


async def _look(shared: Shared, turn: Any, wanted: Hunt) -> Any:
    """Ask once, and keep what was found. Returns the cursor to go on from."""
    row = await shared.channel(turn["workspace_id"], turn["channel_id"])
    async with shared.connector(row) as connector:
        if not isinstance(connector, Searches):
            return None
        async with asyncio.timeout(LOOK_FOR):
            batch = await connector.search(wanted.sought, turn["cursor"])
    async with shared.works.open(turn["workspace_id"]) as work:
        new = await keep(work, row, wanted, those_of(wanted, batch))
        shared.counts["mentions"] += len(new)
        await take_found(work, row, wanted.id, turn["take_in"], new)
        if turn["outreach"]:
            await put_found(work, new)
        await settle_known(work)
    return batch.cursor


def _every(name: str) -> timedelta:
    return PAID_EVERY if isinstance(network(name), Charges) else FREE_EVERY


# A turn for each search on each active channel it is meant for; those who never had one first.
_CLAIM = """
WITH due AS (
  SELECT s.workspace_id, s.id AS search_id, c.id AS channel_id, c.network, s.query, s.languages,
    s.take_in, s.outreach, t.cursor, t.next_at, (SELECT count(*) FROM saved_search o
      WHERE o.workspace_id = s.workspace_id AND o.is_on
        AND (o.channels = '{}' OR c.id = ANY(o.channels))) AS beside
  FROM saved_search s
  JOIN channel c ON c.workspace_id = s.workspace_id AND c.state = 'active'
    AND (s.channels = '{}' OR c.id = ANY(s.channels))
  LEFT JOIN search_turn t ON t.workspace_id = s.workspace_id AND t.search_id = s.id
    AND t.channel_id = c.id
  WHERE s.is_on AND (t.next_at IS NULL OR t.next_at <= $1)
  ORDER BY t.next_at NULLS FIRST, s.id, c.id LIMIT 1
), mine AS (
  INSERT INTO search_turn AS t (workspace_id, search_id, channel_id, next_at)
  SELECT workspace_id, search_id, channel_id, $2 FROM due
  ON CONFLICT (workspace_id, search_id, channel_id) DO UPDATE SET next_at = $2
    WHERE t.next_at <= $1
  RETURNING t.search_id
)
SELECT due.* FROM due JOIN mine USING (search_id)
"""

# Not where the search was changed meanwhile: its turn began anew.
_DONE = """
UPDATE search_turn SET cursor = $4, next_at = $5, problem = $6
WHERE workspace_id = $1 AND search_id = $2 AND channel_id = $3 AND next_at = $7
"""
