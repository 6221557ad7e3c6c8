"""Fetches posts that replies point to and nobody delivered, outside any transaction."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog

from earful.intake.accept import accept
from earful.intake.channel import Channel
from earful.intake.receive import PASSING
from earful.networks.contract import Batch, Looks, Post, Reauthorize, Rejected
from earful.stream.work import Works
from earful.worker.desk import Shared, pause

log = structlog.get_logger()
WAITS = tuple(timedelta(minutes=n) for n in (1, 10, 60))
"""Before a network that failed is asked for the same parent again; then it is given up."""
MOST_PUT_OFF = 1000
LOOK_FOR = 20.0


class PutOff:
    """Parents that a network could not tell just now, by the message that points to them.

    Of this process alone: after a restart they are asked for anew.
    """

    def __init__(self) -> None:
        self._tried: dict[str, tuple[int, datetime]] = {}

    def waiting(self, now: datetime) -> list[str]:
        """Those whose next try has not come yet."""
        return [key for key, (_, again_at) in self._tried.items() if again_at > now]

    def put_off(self, message_id: str, now: datetime) -> bool:
        """Ask again later. False after the last try, or where too many wait."""
        times, _ = self._tried.pop(message_id, (0, now))
        if times >= len(WAITS) or len(self._tried) >= MOST_PUT_OFF:
            return False
        self._tried[message_id] = times + 1, now + WAITS[times]
        return True

    def forget(self, message_id: str) -> None:
        """It was told."""
        self._tried.pop(message_id, None)


async def keep_parents(shared: Shared) -> None:
    """Look up each unseen parent."""
    waker, later = shared.waker(), PutOff()
    while not shared.stopping.is_set():
        waker.clear()
        try:
            await look_up(shared, later)
        except PASSING:
            log.warning("database away")
        except Exception as error:
            log.error("looking for parents broken", error=type(error).__name__)
        await pause(shared.stopping, 0.5)
        await pause(waker, 10.0)


async def look_up(shared: Shared, later: PutOff) -> None:
    """One helping of them."""
    async with shared.database.acquire() as db:
        rows = await db.fetch(UNSEEN, later.waiting(shared.clock()))
    for row in rows:
        await _look(shared, dict(row), later)


async def _look(shared: Shared, row: dict[str, Any], later: PutOff) -> None:
    try:
        post = await _told(shared, row)
        if post is not None:
            await _take_in(shared, row, post)
    except PASSING:
        raise
    except (Rejected, Reauthorize) as error:
        log.info("parent not to be had", error=type(error).__name__)
    except Exception as error:
        # A network that fails, or a post that can't be taken in: it holds up no other.
        log.info("parent not to be had now", error=type(error).__name__)
        if later.put_off(row["message_id"], shared.clock()):
            return
    later.forget(row["message_id"])
    async with shared.database.acquire() as db:
        await db.execute(
            "UPDATE message SET parent_looked = true WHERE workspace_id = $1 AND id = $2",
            row["workspace_id"],
            row["message_id"],
        )


async def _told(shared: Shared, row: dict[str, Any]) -> Post | None:
    """The parent as its network tells it. A dead line is none of the database's."""
    try:
        async with shared.connector(row) as connector:
            if not isinstance(connector, Looks):
                return None
            return await asyncio.wait_for(connector.look(row["parent_external_id"]), LOOK_FOR)
    except (TimeoutError, OSError) as error:
        raise _LineError(type(error).__name__) from None


class _LineError(Exception):
    """The network could not be reached."""


async def _take_in(shared: Shared, row: dict[str, Any], post: Post) -> None:
    channel = Channel(row["id"], row["network"], row["inbox_id"], row["handle"], row["external_id"])
    # Context, not a question to us: nobody is owed an answer for what we went to fetch.
    context = msgspec.structs.replace(post, addressed=False)
    await receive_context(shared.works, row["workspace_id"], channel, context)


async def receive_context(works: Works, workspace_id: str, channel: Channel, post: Any) -> None:
    """Take one post in without moving the channel's cursor."""
    async with works.open(workspace_id) as work:
        await accept(work, channel, Batch((post,), {}), cursor=False)


UNSEEN = """
SELECT c.*, m.id AS message_id, m.parent_external_id
  FROM message m
  JOIN conversation v
    ON v.workspace_id = m.workspace_id AND v.id = m.conversation_id
  JOIN channel c ON c.workspace_id = v.workspace_id AND c.id = v.channel_id
  WHERE m.parent_external_id IS NOT NULL AND m.parent_id IS NULL
    AND NOT m.parent_looked AND c.state = 'active' AND NOT m.id = ANY($1::uuid[]) LIMIT 20
"""
