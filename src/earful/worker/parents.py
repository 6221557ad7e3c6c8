"""Fetches posts that replies point to and nobody delivered, outside any transaction."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import structlog

from earful.intake.accept import accept
from earful.intake.channel import Channel
from earful.intake.receive import PASSING
from earful.networks.contract import Batch, Looks, NetworkError
from earful.stream.work import Works
from earful.worker.desk import Shared, pause

log = structlog.get_logger()


async def keep_parents(shared: Shared) -> None:
    """Look up each unseen parent once."""
    waker = shared.waker()
    while not shared.stopping.is_set():
        waker.clear()
        try:
            async with shared.database.acquire() as db:
                rows = await db.fetch(UNSEEN)
            for row in rows:
                await _look(shared, dict(row))
        except PASSING:
            log.warning("database away")
        except Exception as error:
            log.error("looking for parents broken", error=type(error).__name__)
        await pause(shared.stopping, 0.5)
        await pause(waker, 10.0)


async def _look(shared: Shared, row: dict[str, Any]) -> None:
    post = None
    try:
        async with shared.connector(row) as connector:
            if isinstance(connector, Looks):
                post = await asyncio.wait_for(connector.look(row["parent_external_id"]), 20)
    except (NetworkError, TimeoutError, OSError) as error:
        log.info("parent not to be had now", error=type(error).__name__)
    if post is not None:
        channel = Channel(
            row["id"], row["network"], row["inbox_id"], row["handle"], row["external_id"]
        )
        # Context, not a question to us: nobody is owed an answer for what we went to fetch.
        context = msgspec.structs.replace(post, addressed=False)
        await receive_context(shared.works, row["workspace_id"], channel, context)
    async with shared.database.acquire() as db:
        await db.execute(
            "UPDATE message SET parent_looked = true WHERE workspace_id = $1 AND id = $2",
            row["workspace_id"],
            row["message_id"],
        )


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
    AND NOT m.parent_looked AND c.state = 'active' LIMIT 20
"""
