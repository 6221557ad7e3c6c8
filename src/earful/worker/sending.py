"""Sends what is due: claim and commit, talk with no transaction open, record and commit."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta

import structlog

from earful.desk.channels import set_channel_state
from earful.desk.settle import delivery_moved, delivery_sent, delivery_troubled
from earful.intake.receive import PASSING
from earful.networks.contract import (
    Draft,
    NetworkError,
    Original,
    Reauthorize,
    Receipt,
    Rejected,
    RetryLater,
    Sends,
    Target,
    Uncertain,
    Upload,
    Visibility,
)
from earful.outbox import outcome, queue
from earful.outbox.queue import Delivery
from earful.worker.desk import Shared, pause

log = structlog.get_logger()
CALL_FOR = 60.0
"""Seconds one attempt may take; shorter than the lease, so that no two attempts overlap."""
MOST_TRIES = 12


async def keep_sending(shared: Shared) -> None:
    """Send due deliveries until told to stop; attempts under way are finished first."""
    waker = shared.waker()
    under_way: set[asyncio.Task[None]] = set()
    while not shared.stopping.is_set():
        waker.clear()
        try:
            for workspace_id in await shared.workspaces():
                for delivery in await _claim(shared, workspace_id):
                    task = asyncio.create_task(attempt(shared, delivery))
                    under_way.add(task)
                    task.add_done_callback(under_way.discard)
            wait_for = await _until_next(shared)
        except PASSING:
            log.warning("database away")
            wait_for = 1.0
        except Exception as error:
            log.error("claiming broken", error=type(error).__name__)
            wait_for = 1.0
        await pause(waker, wait_for)
    await asyncio.gather(*under_way, return_exceptions=True)


async def _claim(shared: Shared, workspace_id: str) -> list[Delivery]:
    async with shared.works.open(workspace_id) as work:
        claimed = await queue.claim(work, shared.name)
        for delivery in sorted(claimed, key=lambda one: one.conversation_id):
            await delivery_moved(work, delivery, "delivery.started")
    return claimed


async def _until_next(shared: Shared) -> float:
    """Seconds until the next queued delivery of a channel that may send is due."""
    async with shared.database.acquire() as db:
        due = await db.fetchval(NEXT)
    if due is None:
        return 30.0
    # What is due but waits for an earlier reply of its conversation is woken by that one's event.
    return max(0.05, float((due - shared.clock()).total_seconds()))


async def attempt(shared: Shared, delivery: Delivery) -> None:
    """One attempt, and what became of it, recorded however long the database is away."""
    result = await _talk(shared, delivery)
    shared.counts["sent" if isinstance(result, Receipt) else "not_sent"] += 1
    while True:
        try:
            await record(shared, delivery, result)
        except PASSING as error:
            log.warning("database away, outcome waits", error=type(error).__name__)
            await asyncio.sleep(0.5)
        else:
            return


async def _talk(shared: Shared, delivery: Delivery) -> Receipt | Exception:
    """The receipt, or what went wrong: before the call nothing happened, after it anything may."""
    async with contextlib.AsyncExitStack() as stack:
        try:
            row = await shared.channel(delivery.workspace_id, delivery.channel_id)
            draft = await load_draft(shared, delivery)
            connector = await stack.enter_async_context(shared.connector(row))
        except Exception as error:
            return _unprepared(delivery, error)
        if not isinstance(connector, Sends):
            return Rejected("This network cannot be answered from here.")
        try:
            return await asyncio.wait_for(connector.send(draft, delivery.id), CALL_FOR)
        except Exception as error:
            return error


def _unprepared(delivery: Delivery, error: Exception) -> Exception:
    """What an error before the call means: nothing was sent."""
    if isinstance(error, NetworkError):
        return error
    if isinstance(error, PASSING):
        return RetryLater(f"it could not be prepared ({type(error).__name__})", after=1.0)
    log.error("preparing broken", delivery=delivery.id, error=type(error).__name__)
    return Rejected(f"Earful could not prepare it ({type(error).__name__}).")


async def record(shared: Shared, delivery: Delivery, result: Receipt | Exception) -> None:
    """Write down what an attempt came to."""
    if isinstance(result, Receipt):
        async with shared.works.open(delivery.workspace_id) as work:
            if await outcome.sent(work, delivery, result):
                await delivery_sent(work, delivery)
        return
    state, words, after = _decide(delivery, result)
    begun = result.begun if isinstance(result, NetworkError) else 0
    if begun and state in ("failed", "held"):
        words += f" {begun} of its posts stand on the network; sending it again adds the others."
    async with shared.works.open(delivery.workspace_id) as work:
        run_at = work.now + timedelta(seconds=after)
        settle_at = run_at if state == "uncertain" else None
        if not await outcome.back_to(
            work, delivery, state, words, run_at=run_at, settle_at=settle_at, begun=begun > 0
        ):
            return
        if state == "queued":
            await delivery_moved(work, delivery, "delivery.postponed")
        else:
            await delivery_troubled(work, delivery, state)
        if isinstance(result, Reauthorize):
            await set_channel_state(work, delivery.channel_id, "reauthorize", str(result))


def _decide(delivery: Delivery, error: Exception) -> tuple[str, str, float]:
    """The state, the words and the seconds to wait that an error asks for."""
    if isinstance(error, RetryLater):
        if delivery.attempts >= MOST_TRIES:
            return "failed", f"Tried {delivery.attempts} times. {error}", 0.0
        after = max(error.after, 0.5 * 2 ** min(delivery.attempts, 7))
        return "queued", f"Waiting for the network: {error}", after
    if isinstance(error, Rejected):
        return "failed", str(error), 0.0
    if isinstance(error, Reauthorize):
        return "held", f"Not sent: the channel must be signed in again. {error}", 0.0
    if not isinstance(error, Uncertain | TimeoutError):
        log.error("sending broken", delivery=delivery.id, error=type(error).__name__)
    return "uncertain", "The network did not answer. Looking whether it was posted.", 2.0


async def load_draft(shared: Shared, delivery: Delivery) -> Draft:
    """The draft of a delivery with its pictures' bytes."""
    kept = delivery.draft
    target = kept["reply_to"]
    uploads = []
    for item in kept["media"]:
        async with shared.database.acquire() as db:
            row = await db.fetchrow(
                """SELECT sha256, mime, width, height, name FROM media
                   WHERE workspace_id = $1 AND id = $2 AND state = 'kept'""",
                delivery.workspace_id,
                item["id"],
            )
        if row is None:
            raise Rejected("A picture of this reply is gone.")
        try:
            data = await asyncio.to_thread(shared.media.read, row["sha256"])
        except FileNotFoundError:
            raise Rejected("A picture of this reply is gone.") from None
        size = row["width"] or 0, row["height"] or 0
        uploads.append(Upload(data, row["mime"], item["alt"], *size, row["name"]))
    return Draft(
        text=kept["text"],
        reply_to=Target(**target),
        uploads=tuple(uploads),
        visibility=Visibility(kept["visibility"]),
        warning=kept.get("warning", ""),
        automatic="automatic" in kept,
        original=await _original(shared, delivery),
    )


async def _original(shared: Shared, delivery: Delivery) -> Original | None:
    """What is answered, as it stands by now, for mail, which may repeat it."""
    if delivery.draft["visibility"] != Visibility.EMAIL:
        return None
    async with shared.database.acquire() as db:
        row = await db.fetchrow(_ANSWERED, delivery.workspace_id, delivery.message_id)
    return None if row is None else Original(**dict(row))


_ANSWERED = """
SELECT coalesce(nullif(a.author_name, ''), a.author_handle) AS author, a.published_at AS at, a.text
FROM message m JOIN message a ON a.workspace_id = m.workspace_id AND a.id = m.parent_id
WHERE m.workspace_id = $1 AND m.id = $2 AND a.direction = 'incoming' AND a.deleted_at IS NULL
"""

NEXT = """
SELECT d.run_at FROM delivery d
  JOIN channel c ON c.workspace_id = d.workspace_id AND c.id = d.channel_id
  WHERE d.state = 'queued' AND c.state = 'active' AND NOT EXISTS (
    SELECT 1 FROM delivery e WHERE e.workspace_id = d.workspace_id
    AND e.conversation_id = d.conversation_id AND e.id < d.id
    AND e.state IN ('queued', 'sending', 'uncertain'))
  ORDER BY d.run_at LIMIT 1
"""
