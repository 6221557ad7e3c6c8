"""Nightly: what became of all posts that are held, where a network does not tell of every deletion
by itself. What was taken away there is to be gone here within a day. And whether each account's
profile says the hours of the desk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import structlog

from earful.desk.channels import change_channel
from earful.desk.honouring import forgets, honour_left
from earful.intake.channel import channel_of
from earful.intake.receive import PASSING, receive
from earful.networks.contract import Batch, NetworkError, RetryLater, Revisits
from earful.responder.profile import look_at_profile
from earful.responder.published import published
from earful.worker.desk import Shared, pause
from earful.worker.names import is_dead
from earful.worker.retention import last_night

log = structlog.get_logger()
GIVEN_BACK = "given back"
"""Instead of a worker's name: nobody is at it, and the night is not done."""
PUT_OFF = "put off"
"""The network could not be asked: the night is not done, and goes on after `AGAIN_AFTER`."""
AGAIN_AFTER = timedelta(hours=1)
AT_ONCE = 10_000
"""Posts asked about in one go, and messages looked through for them in one query."""
_NEWEST = "ffffffff-ffff-ffff-ffff-ffffffffffff"
CALL_FOR = 7200.0
"""Seconds one go may take: a network may work on a list for long."""


async def keep_revisiting(shared: Shared) -> None:
    """Once a night for each channel, by whichever worker comes first."""
    while not shared.stopping.is_set():
        try:
            while (row := await _next(shared)) is not None:
                await _tonight(shared, row)
        except PASSING:
            log.warning("database away")
        except Exception as error:
            log.error("revisiting broken", error=type(error).__name__)
        await pause(shared.stopping, 30.0)


async def _next(shared: Shared) -> dict[str, Any] | None:
    """A channel whose turn tonight is not taken yet, or was cut off; now it is ours."""
    async with shared.database.transaction() as db:
        names = await db.fetch("SELECT DISTINCT revisited_by FROM channel WHERE revisited_by <> ''")
        cut_off = [each["revisited_by"] for each in names if _is_over(each["revisited_by"])]
        now = shared.clock()
        row = await db.fetchrow(
            _TAKE, last_night(now), now, shared.name, cut_off, PUT_OFF, now - AGAIN_AFTER
        )
    return dict(row) if row else None


def _is_over(name: str) -> bool:
    return name == GIVEN_BACK or is_dead(name)


async def _tonight(shared: Shared, row: dict[str, Any]) -> None:
    """One channel's night, cut short when the worker is told to stop: another goes on there."""
    work = asyncio.create_task(_look(shared, row))
    stop = asyncio.create_task(shared.stopping.wait())
    await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if work.done():
        left = ""
        try:
            work.result()
        except (NetworkError, TimeoutError, OSError) as error:
            passing = not isinstance(error, NetworkError) or isinstance(error, RetryLater)
            left = PUT_OFF if passing else ""
            log.info("not revisited for now", channel=row["id"], error=type(error).__name__)
        finally:
            await _leave(shared, row, left)
        return
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    await _leave(shared, row, GIVEN_BACK)


async def _look(shared: Shared, row: dict[str, Any]) -> None:
    """Its posts, and what its profile says."""
    await revisit(shared, row)
    await check_profile(shared, row)


async def check_profile(shared: Shared, row: dict[str, Any]) -> None:
    """Have the screen warn where the account's profile says other hours than the desk's.

    Raises NetworkError, TimeoutError or OSError: what was found the night before stands.
    """
    now = shared.clock()
    async with shared.database.acquire() as db:
        hours = await published(db, row["workspace_id"], row["inbox_id"], now)
    async with shared.connector(row) as connector:
        found = await look_at_profile(connector, hours, now)
    words = f"{found.title}. {found.words}" if found and found.state == "warn" else ""
    async with shared.works.open(row["workspace_id"]) as work:
        await change_channel(work, row["id"], "profile_notice", words)


async def _leave(shared: Shared, row: dict[str, Any], by: str) -> None:
    async with shared.database.acquire() as db:
        await db.execute(
            "UPDATE channel SET revisited_by = $3 WHERE workspace_id = $1 AND id = $2",
            row["workspace_id"],
            row["id"],
            by,
        )


async def revisit(shared: Shared, row: dict[str, Any]) -> int:
    """Ask about all posts of a channel and take in what became of them. Returns how many changed.

    Raises NetworkError or TimeoutError: the rest waits until it is this channel's turn again.
    """
    changed = 0
    async with shared.connector(row) as connector:
        if not isinstance(connector, Revisits):
            return 0
        async for ids, last in _held(shared, row):
            changes = await asyncio.wait_for(connector.revisit(ids), CALL_FOR)
            if changes:
                batch = Batch(changes, None)
                await receive(
                    shared.works, row["workspace_id"], channel_of(row), batch, cursor=False
                )
            changed += len(changes)
            if last:
                await _reached(shared, row, last)
    shared.counts["revisited"] += changed
    return changed


async def _reached(shared: Shared, row: dict[str, Any], last: str) -> None:
    async with shared.database.acquire() as db:
        await db.execute(
            "UPDATE channel SET revisit_from = $3 WHERE workspace_id = $1 AND id = $2",
            row["workspace_id"],
            row["id"],
            last,
        )


async def _held(shared: Shared, row: dict[str, Any]) -> AsyncIterator[tuple[list[str], str]]:
    """The posts of others that we hold and that stand, as far as we know, the newest first, a
    helping at a time, with the last message looked through. Goes on where the night was cut off.

    Then those that searches found."""
    ids: list[str] = []
    last = str(row["revisit_from"] or _NEWEST)
    while True:
        async with shared.database.acquire() as db:
            found = await db.fetchrow(
                _HELPING, row["workspace_id"], last, row["network"], row["id"], AT_ONCE
            )
        if found is None or found["last"] is None:
            break
        last = str(found["last"])
        ids += found["ids"]
        if forgets(row["network"]) and (found["gone"] or found["edited"]):
            async with shared.works.open(row["workspace_id"]) as work:
                await honour_left(work, found["gone"], found["edited"])
        if len(ids) >= AT_ONCE:
            yield ids, last
            ids = []
    if ids:
        yield ids, last
    async for ids in _mentioned(shared, row):
        yield ids, ""


async def _mentioned(shared: Shared, row: dict[str, Any]) -> AsyncIterator[list[str]]:
    """The posts that searches found by this channel and that nobody took in, a helping at a time.

    Where the night was cut off among them, they are asked about from the newest again.
    """
    last = _NEWEST
    while True:
        async with shared.database.acquire() as db:
            found = await db.fetch(_MENTIONED, row["workspace_id"], row["id"], last, AT_ONCE)
        if not found:
            return
        last = str(found[-1]["id"])
        yield [each["external_id"] for each in found]


# However few of a channel's posts lie among those of others, one query reads so many and no more.
_HELPING = """
WITH seen AS (
  SELECT id, conversation_id, network, external_id, direction, visibility, deleted_at, edited_at
  FROM message WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $5),
ours AS (
  SELECT s.* FROM seen s
  JOIN conversation c ON c.workspace_id = $1 AND c.id = s.conversation_id
  WHERE s.network = $3 AND c.channel_id = $4 AND s.direction = 'incoming')
SELECT (SELECT id FROM seen ORDER BY id LIMIT 1) AS last,
  ARRAY(SELECT external_id FROM ours WHERE visibility = 'public' AND external_id IS NOT NULL
    AND deleted_at IS NULL ORDER BY id DESC) AS ids,
  ARRAY(SELECT m.id FROM ours o JOIN message m ON m.workspace_id = $1 AND m.id = o.id
    WHERE o.deleted_at IS NOT NULL AND m.text <> '') AS gone,
  ARRAY(SELECT o.id FROM ours o WHERE o.edited_at IS NOT NULL AND EXISTS (
    SELECT FROM message_revision r WHERE r.workspace_id = $1 AND r.message_id = o.id)) AS edited
"""

_MENTIONED = """
SELECT id, external_id FROM mention
WHERE workspace_id = $1 AND channel_id = $2 AND id < $3 AND state <> 'taken'
ORDER BY id DESC LIMIT $4
"""

_TAKE = """
UPDATE channel SET revisited_at = $2, revisited_by = $3,
  revisit_from = CASE WHEN coalesce(revisited_at, created_at) < $1 THEN NULL ELSE revisit_from END
WHERE (workspace_id, id) = (
  SELECT workspace_id, id FROM channel
  WHERE state = 'active'
    AND (coalesce(revisited_at, created_at) < $1 OR revisited_by = ANY($4::text[])
      OR (revisited_by = $5 AND revisited_at < $6))
  LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING *
"""
