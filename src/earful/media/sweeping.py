"""Content that no row refers to: left behind by a crash between writing it and naming it.

Or between forgetting the row and deleting the content, which would else stay for ever.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import msgspec

from earful.media.files import MediaStore
from earful.media.keeping import drop_unused
from earful.store.pool import Database

LEFT_FOR = timedelta(days=1)
"""Longer than anybody takes from writing content to the commit of its row."""
MOST = 5000
"""Of what is left behind, at most so much goes in one night."""
FEW = 100
AT_ONCE = 1000


class Swept(msgspec.Struct, frozen=True):
    """How much old content there is, how much of it nothing refers to, and how much was deleted.

    `refused`: most of what is there is nothing we know, so nothing was touched.
    """

    looked: int = 0
    left_behind: int = 0
    deleted: int = 0
    refused: bool = False


async def sweep(database: Database, store: MediaStore, *, now: datetime) -> Swept:
    """Delete old content without a row. Raises OSError where the store does.

    Where more than half is unknown, it is another desk's: two must not share one place, and what
    they would do to each other cannot be made good.
    """
    old = await asyncio.to_thread(lambda: list(store.older(now - LEFT_FOR)))
    orphans: list[bytes] = []
    for begin in range(0, len(old), AT_ONCE):
        orphans += await _unknown(database, old[begin : begin + AT_ONCE])
    if len(orphans) > max(FEW, len(old) // 2):
        return Swept(len(old), len(orphans), refused=True)
    going = orphans[:MOST]
    await drop_unused(database, store, going)
    return Swept(len(old), len(orphans), len(going))


async def _unknown(database: Database, digests: list[bytes]) -> list[bytes]:
    async with database.acquire() as db:
        rows = await db.fetch(_KNOWN, digests)
    known = {row["sha256"] for row in rows}
    return [digest for digest in digests if digest not in known]


_KNOWN = "SELECT DISTINCT sha256 FROM media WHERE sha256 = ANY($1::bytea[])"
