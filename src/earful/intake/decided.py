"""Own posts that were kept aside: taken in, or known for echoes, once no delivery is in doubt."""

from __future__ import annotations

from typing import Any

import msgspec

from earful.intake.channel import Channel
from earful.intake.receive import receive
from earful.networks.contract import Batch, Change, Post
from earful.stream.work import Work, Works


async def decide(works: Works, workspace_id: str) -> None:
    """Judge what waits for no delivery any more. Raises PASSING; asked again it goes on."""
    async with works.open(workspace_id) as work:
        rows = await work.db.fetch(_READY, workspace_id)
        for row in rows:
            await _settled_by_hand(work, row)
    by_channel: dict[str, list[Any]] = {}
    for row in rows:
        by_channel.setdefault(row["channel_id"], []).append(row)
    for some in by_channel.values():
        changes = tuple(msgspec.convert(row["change"], Change) for row in some)
        # The echoes among them are accepted already: their deliveries recorded them.
        batch = Batch(changes, {})
        await receive(works, workspace_id, _channel(some[0]), batch, cursor=False, decided=True)
        async with works.open(workspace_id) as work:
            await work.db.execute(
                "DELETE FROM own_aside WHERE workspace_id = $1 AND number = ANY($2::bigint[])",
                workspace_id,
                [row["number"] for row in some],
            )


def _channel(row: Any) -> Channel:
    return Channel(
        row["channel_id"],
        row["network"],
        row["inbox_id"],
        row["handle"],
        row["channel_external_id"],
    )


async def _settled_by_hand(work: Work, row: Any) -> None:
    """A person who said "it was posted" knew no id: a post with those words is that reply."""
    change = msgspec.convert(row["change"], Change)
    if not isinstance(change, Post):
        return
    message_id = await work.db.fetchval(
        _CLAIM, work.workspace_id, row["waits_for"], change.text, change.external_id, change.uri,
        row["network"],
    )  # fmt: skip
    if message_id:
        await work.db.execute(
            """INSERT INTO accepted (workspace_id, network, external_id, message_id)
               VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING""",
            work.workspace_id,
            row["network"],
            change.external_id,
            message_id,
        )


_READY = """
SELECT o.number, o.channel_id, o.change, o.waits_for, c.network, c.inbox_id, c.handle,
  c.external_id AS channel_external_id
FROM own_aside o
JOIN channel c ON c.workspace_id = o.workspace_id AND c.id = o.channel_id
WHERE o.workspace_id = $1 AND NOT EXISTS (
  SELECT 1 FROM own_aside other JOIN delivery d
    ON d.workspace_id = other.workspace_id AND d.id = ANY(other.waits_for)
  WHERE other.workspace_id = $1 AND other.channel_id = o.channel_id
    AND other.external_id = o.external_id AND d.state IN ('sending', 'uncertain'))
ORDER BY o.number LIMIT 200
"""

_CLAIM = """
UPDATE message m SET external_id = $4, uri = $5 FROM delivery d
WHERE d.workspace_id = $1 AND d.id = ANY($2::uuid[]) AND d.state = 'sent'
  AND m.workspace_id = $1 AND m.id = d.message_id AND m.external_id IS NULL AND m.text = $3
  AND NOT EXISTS (SELECT 1 FROM accepted a
    WHERE a.workspace_id = $1 AND a.network = $6 AND a.external_id = $4)
RETURNING m.id
"""
