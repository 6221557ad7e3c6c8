"""Receives batches: a post that fails is bisected out and kept aside; it never stops the feed.

So is one that takes longer than the database allows a statement.
"""

from __future__ import annotations

import asyncpg
import msgspec

from earful.intake.accept import Accepted, accept
from earful.intake.channel import Channel
from earful.kit.text import storable
from earful.networks.contract import Batch, Change, Post, Unreadable
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
    # A newer version has added columns meanwhile: once a process, then the plans are made anew.
    asyncpg.InvalidCachedStatementError,
    Unreachable,
    OSError,
)
"""The database's own troubles. They are no fault of a post: the whole batch is tried again.

All but a statement that took too long (QueryCanceledError): the batch may be too much at once.
"""


async def receive(
    works: Works,
    workspace_id: str,
    channel: Channel,
    batch: Batch,
    *,
    cursor: bool = True,
    decided: bool = False,
) -> Accepted:
    """Take in a batch and, with `cursor`, move the channel's. Raises PASSING for the database's."""
    try:
        return await _accept(works, workspace_id, channel, batch, cursor=cursor, decided=decided)
    except Exception as error:
        # What takes longer than a statement may is tried in halves: for ever would stop the feed.
        if isinstance(error, PASSING) and not isinstance(error, asyncpg.QueryCanceledError):
            raise
        if len(batch.changes) <= 1:
            aside = Batch(tuple(_unreadable(one, error) for one in batch.changes), batch.cursor)
            async with works.open(workspace_id) as work:
                return await accept(work, channel, aside, cursor=cursor, decided=decided)
    half = len(batch.changes) // 2
    # Only the second half covers the cursor.
    parts = ((batch.changes[:half], False), (batch.changes[half:], cursor))
    done = [
        await receive(
            works, workspace_id, channel, Batch(part, batch.cursor), cursor=moves, decided=decided
        )
        for part, moves in parts
    ]
    return Accepted(sum(part.new for part in done), sum(part.repeated for part in done))


async def _accept(
    works: Works, workspace_id: str, channel: Channel, batch: Batch, **how: bool
) -> Accepted:
    """One transaction; once more where somebody else opened a person's conversation meanwhile."""
    try:
        async with works.open(workspace_id) as work:
            return await accept(work, channel, batch, **how)
    except asyncpg.UniqueViolationError:
        async with works.open(workspace_id) as work:
            return await accept(work, channel, batch, **how)


def _unreadable(change: Change, error: Exception) -> Unreadable:
    if isinstance(change, Unreadable):
        return change
    reason = f"{type(error).__name__}: {str(error)[:300]}"
    if isinstance(change, Post):
        # Cut as the message would have been: whole JSON can be replayed.
        change = msgspec.structs.replace(change, text=storable(change.text))
    payload = msgspec.json.encode(change).decode()
    return Unreadable(external_id=change.external_id, reason=reason, payload=payload)
