"""Content in the store and rows that refer to it, kept in step.

Content is written before the row that names it, and deleted after the last such row is gone. A
lock on the content's digest keeps the two apart: who writes looks again after its commit, who
deletes looks for rows once more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from earful.media.files import MediaStore
from earful.store.pool import Connection, Database


async def hold(database: Database, store: MediaStore, data: bytes, digest: bytes) -> None:
    """After the commit of a row with `digest`: make sure that the content is still there."""
    async with database.transaction() as db:
        await _lock(db, digest)
        if not await asyncio.to_thread(store.has, digest):
            await asyncio.to_thread(store.write, data)


async def drop_unused(database: Database, store: MediaStore, digests: Iterable[bytes]) -> None:
    """Delete the content that no row of any workspace refers to."""
    for digest in sorted(set(digests)):
        async with database.transaction() as db:
            await _lock(db, digest)
            if not await db.fetchval("SELECT true FROM media WHERE sha256 = $1 LIMIT 1", digest):
                await asyncio.to_thread(store.delete, digest)


async def _lock(db: Connection, digest: bytes) -> None:
    number = int.from_bytes(digest[:8], "big", signed=True)
    await db.execute("SELECT pg_advisory_xact_lock($1)", number)
