"""Our own private messages, written elsewhere: they stand in the talk with whom they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earful.intake.arrival import Arrival
from earful.networks.contract import Visibility
from earful.stream.work import Work

if TYPE_CHECKING:
    from earful.intake.channel import Channel


async def join(work: Work, channel: Channel, arrivals: list[Arrival]) -> None:
    """Put own private messages into the newest talk with their receiver, as answers to the last."""
    for arrival in arrivals:
        post = arrival.post
        if arrival.conversation_id or not post.own or post.to is None:
            continue
        if post.visibility == Visibility.PUBLIC:
            continue
        row = await work.db.fetchrow(
            _TALK,
            work.workspace_id,
            channel.network,
            post.to.external_id,
            str(post.visibility),
            channel.inbox_id,
        )
        if row is not None:
            arrival.conversation_id = row["id"]
            arrival.parent_id = arrival.parent_id or row["last"]


_TALK = """
SELECT c.id, (SELECT m.id FROM message m WHERE m.workspace_id = $1 AND m.conversation_id = c.id
  AND m.direction = 'incoming' AND m.disposition IS NULL
  ORDER BY m.published_at DESC, m.id DESC LIMIT 1) AS last
FROM contact_handle h JOIN conversation c
  ON c.workspace_id = h.workspace_id AND c.contact_id = h.contact_id
WHERE h.workspace_id = $1 AND h.network = $2 AND h.external_id = $3
  AND c.network = $2 AND c.visibility = $4 AND c.inbox_id = $5 AND c.merged_into IS NULL
ORDER BY c.last_message_at DESC, c.id DESC LIMIT 1
"""
