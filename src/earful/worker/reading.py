"""Reads what happened, in every workspace, to its end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection

from earful.stream.reader import Event, behind, read_on
from earful.stream.work import Work
from earful.worker.desk import Shared

Hear = Callable[[Work, list[Event]], Awaitable[None]]


async def read_to_end(
    shared: Shared, reader: str, kinds: Collection[str], hear: Hear, most: int = 1000
) -> None:
    """Have `hear` told of the events of these kinds, those among `most` in one transaction."""
    while workspaces := await behind(shared.database, reader):
        read = 0
        for workspace_id in workspaces:
            async with shared.works.open(workspace_id) as work:
                events = await read_on(work, reader, kinds, most)
                if events:
                    await hear(work, events)
                read += events is not None
        if not read:
            return  # another worker does it
