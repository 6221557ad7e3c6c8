"""What an upgrade does to rows that an older version wrote."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg

from earful.store.address import Addresses
from earful.store.migrations import migrate
from earful.store.migrations.runner import FOLDER

WORKSPACE = "00000000-0000-7000-8000-000000000001"

WRITTEN = f"""
INSERT INTO workspace (id, name, created_at) VALUES ('{WORKSPACE}', 'Northwind', now());
INSERT INTO event (workspace_id, seq, at, kind, actor, data) VALUES
  ('{WORKSPACE}', 1, now(), 'post.set_aside', '{{}}', '{{"reason": "ValueError: Carol says"}}'),
  ('{WORKSPACE}', 2, now(), 'post.discarded', '{{}}',
    '{{"reason": "of Carol", "aside": {{"id": "1"}}}}'),
  ('{WORKSPACE}', 3, now(), 'conversation.resolved', '{{}}', '{{"reason": "sold out"}}');
INSERT INTO set_aside (workspace_id, id, channel_id, external_id, reason, payload, at, replayed_at)
VALUES
  ('{WORKSPACE}', uuidv7(), uuidv7(), '1', 'ValueError: Carol says', '{{}}', now(), now()),
  ('{WORKSPACE}', uuidv7(), uuidv7(), '2', 'it waits', '{{}}', now(), NULL);
"""  # noqa: S608 - constants of this file


def up_to(last: str, folder: Path) -> Path:
    """The migrations of a version before, in a folder of their own."""
    for path in FOLDER.glob("*.sql"):
        if path.name <= last:
            shutil.copy(path, folder)
    return folder


async def test_reasons_of_posts_set_aside_leave_events_and_what_is_over(
    make_addresses: Callable[[str], Awaitable[Addresses]], tmp_path: Path
) -> None:
    addresses = await make_addresses("template0")
    db = await asyncpg.connect(addresses.owner_or_refuse())
    try:
        await migrate(db, up_to("0027", tmp_path))
        await db.execute(WRITTEN)
        await migrate(db)
        told = await db.fetch("SELECT data::text AS data FROM event ORDER BY seq")
        kept = await db.fetchval("SELECT array_agg(reason ORDER BY external_id) FROM set_aside")
    finally:
        await db.close()
    assert [row["data"] for row in told] == [
        "{}",
        '{"aside": {"id": "1"}}',
        '{"reason": "sold out"}',
    ]
    assert kept == ["", "it waits"]
