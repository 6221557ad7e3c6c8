"""A conversation that we begin: about a post for which nobody is owed an answer."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from earful.contacts.meet import Known, meet
from earful.conversations.instants import note_assigned
from earful.conversations.messages import load_messages
from earful.conversations.rows import announce, recounted
from earful.conversations.states import PENDING
from earful.intake import pictures, write
from earful.intake.accept import claim
from earful.intake.arrival import Arrival
from earful.intake.channel import Channel
from earful.kit.ids import new_id
from earful.kit.refusal import Refused
from earful.kit.text import one_line
from earful.networks.contract import Post
from earful.stream.work import Work


class Begun(NamedTuple):
    """What was begun."""

    conversation_id: str
    message_id: str
    contact_id: str


async def begin_with(work: Work, channel: Channel, post: Post) -> Begun:
    """Open a conversation about a stranger's post, the agent's whose work it is.

    It is the customer's turn from the beginning: no clock runs, and no figure counts a wait. What
    we say there is said once until they answer. Raises Refused where the post is here already, or
    is gone, or its author has an open conversation.
    """
    arrivals, _ = await claim(
        work, channel, {post.external_id: msgspec.structs.replace(post, addressed=False)}
    )
    if not arrivals:
        raise Refused("gone", "This post is here already, was deleted, or its author forgotten.")
    [arrival] = arrivals
    people = await meet(work, channel.network, [post.author])
    known = people[post.author.external_id]
    arrival.conversation_id = await _open(work, channel, arrival, known)
    await write.messages(work, channel, arrivals, people)
    await pictures.avatars(work, channel, arrivals, people)
    await work.db.execute(_UNASKED, work.workspace_id, arrival.message_id)
    await note_assigned(work, arrival.conversation_id, str(work.actor.id))
    cards = await recounted(work, {arrival.conversation_id})
    messages = await load_messages(work.db, work.workspace_id, [arrival.message_id])
    announce(work, cards[arrival.conversation_id], "outreach.begun", messages)
    return Begun(arrival.conversation_id, arrival.message_id, known.contact_id)


async def _open(work: Work, channel: Channel, arrival: Arrival, known: Known) -> str:
    home: str | None = await work.db.fetchval(
        _OPEN, work.workspace_id, new_id(), channel.inbox_id, channel.id, channel.network,
        str(arrival.post.visibility), known.contact_id, known.name, known.handle, work.actor.id,
        work.now, arrival.published_at, one_line(arrival.text, 240), PENDING,
    )  # fmt: skip
    if home is None:
        raise Refused("known", "They have an open conversation with you: answer there.")
    return home


_OPEN = """
INSERT INTO conversation (workspace_id, id, inbox_id, channel_id, network, visibility, severity,
  severity_reason, contact_id, contact_name, contact_handle, assignee_id, opened_at,
  last_message_at, preview, status)
VALUES ($1, $2, $3, $4, $5, $6, 5, 'We wrote first', $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (workspace_id, inbox_id, contact_id, network, visibility)
  WHERE status <> 'resolved' DO NOTHING
RETURNING id
"""

_UNASKED = """
UPDATE message SET extra = coalesce(extra, '{}') || '{"unasked": true}'
WHERE workspace_id = $1 AND id = $2
"""
