"""Receives batches: a post that fails is bisected out and kept aside; it never stops the feed."""

from __future__ import annotations

import asyncpg
import msgspec

from earful.intake import facts
from earful.intake.accept import Accepted, Channel, accept
from earful.kit.text import storable
from earful.networks.contract import Batch, Change, Unreadable
from earful.store.errors import Unreachable
from earful.stream.work import Works

PASSING = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # What asyncpg says of a connection that was cut in the middle of a statement.
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
    Unreachable,
    OSError,
)
"""The database's own troubles. They are no fault of a post: the whole batch is tried again."""


async def receive(works: Works, workspace_id: str, channel: Channel, batch: Batch) -> Accepted:
    """Take in a batch and move the cursor. Raises one of PASSING when the database is away."""
    try:
        async with works.open(workspace_id) as work:
            return await accept(work, channel, batch)
    except PASSING:
        raise
    except Exception as error:
        if len(batch.changes) <= 1:
            return await _keep_aside(works, workspace_id, channel, batch, error)
    half = len(batch.changes) // 2
    first = await _part(works, workspace_id, channel, batch.changes[:half])
    second = await receive(works, workspace_id, channel, Batch(batch.changes[half:], batch.cursor))
    return Accepted(first.new + second.new, first.repeated + second.repeated)


async def _part(
    works: Works, workspace_id: str, channel: Channel, changes: tuple[Change, ...]
) -> Accepted:
    """Take in a part of a batch without moving the cursor."""
    batch = Batch(changes, {})
    try:
        async with works.open(workspace_id) as work:
            return await accept(work, channel, batch, cursor=False)
    except PASSING:
        raise
    except Exception as error:
        if len(changes) <= 1:
            return await _keep_aside(works, workspace_id, channel, batch, error, cursor=False)
    half = len(changes) // 2
    first = await _part(works, workspace_id, channel, changes[:half])
    second = await _part(works, workspace_id, channel, changes[half:])
    return Accepted(first.new + second.new, first.repeated + second.repeated)


async def _keep_aside(
    works: Works,
    workspace_id: str,
    channel: Channel,
    batch: Batch,
    error: Exception,
    *,
    cursor: bool = True,
) -> Accepted:
    async with works.open(workspace_id) as work:
        kept = [_unreadable(change, error) for change in batch.changes]
        await facts.set_aside(work, channel.id, kept)
        if cursor:
            await work.db.execute(
                "UPDATE channel SET cursor = $3 WHERE workspace_id = $1 AND id = $2",
                workspace_id,
                channel.id,
                dict(batch.cursor),
            )
    return Accepted(0, 0)


def _unreadable(change: Change, error: Exception) -> Unreadable:
    if isinstance(change, Unreadable):
        return change
    reason = f"{type(error).__name__}: {str(error)[:300]}"
    payload = storable(msgspec.json.encode(change).decode())
    return Unreadable(external_id=change.external_id, reason=reason, payload=payload)
