"""Verbs on single posts: hidden for others, taken away, answered in the network's own app."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from earful.conversations.messages import Message, load_messages
from earful.conversations.rows import announce, lock, recounted
from earful.conversations.states import OPEN, PENDING
from earful.desk.common import change, ids_of
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.kit.search import indexable
from earful.kit.text import storable
from earful.sla.clocks import keep_clocks
from earful.stream.work import Work

LONGEST_ADDRESS = 2000


class There(msgspec.Struct, frozen=True, kw_only=True):
    """What was answered in the network's own app: its text and address, where they were pasted."""

    text: str = ""
    uri: str = ""


async def find_post(db: Any, workspace_id: str, message_id: str) -> Any:
    """A post on a network with its conversation's inbox and channel. Raises NotFound."""
    row = await db.fetchrow(
        """SELECT m.id, m.conversation_id, m.direction, m.visibility, m.external_id, m.uri, m.text,
             m.author_id, m.deleted_at, m.extra, c.inbox_id, c.channel_id
           FROM message m JOIN conversation c
             ON c.workspace_id = m.workspace_id AND c.id = m.conversation_id
           WHERE m.workspace_id = $1 AND m.id = $2 AND m.direction IN ('incoming', 'outgoing')""",
        workspace_id,
        message_id,
    )
    if row is None:
        raise NotFound("message")
    return row


async def set_hidden(work: Work, message_id: str, *, hidden: bool) -> Message:
    """Note that a reply was hidden on the network, or is shown again."""
    home = await work.db.fetchval(
        """UPDATE message SET extra = CASE WHEN $3 THEN coalesce(extra, '{}') || '{"hidden": true}'
             ELSE nullif(extra - 'hidden', '{}') END
           WHERE workspace_id = $1 AND id = $2 RETURNING conversation_id""",
        work.workspace_id,
        message_id,
        hidden,
    )
    kind = "message.hidden" if hidden else "message.shown"
    return await _told(work, home, kind, [message_id])


async def set_removed(work: Work, message_id: str, at: datetime) -> Message:
    """Note that a post of ours was taken away. The network may tell of it too: no news then."""
    home = await work.db.fetchval(
        """UPDATE message SET deleted_at = coalesce(deleted_at, $3)
           WHERE workspace_id = $1 AND id = $2 RETURNING conversation_id""",
        work.workspace_id,
        message_id,
        at,
    )
    return await _told(work, home, "message.removed", [message_id])


async def record_answer(
    work: Work, post: Any, there: There, *, handle: str, network: str
) -> Message:
    """Somebody answered `post` in the network's own app: what it covers is answered.

    Raises Refused when nobody waits for it any more, which a second click would find.
    """
    conversation = await lock(work, post["conversation_id"])
    answered = await work.db.fetch(
        """UPDATE message SET disposition = 'answered', settled_at = $4
           WHERE workspace_id = $1 AND conversation_id = $2 AND direction = 'incoming'
             AND disposition IS NULL AND author_id IS NOT DISTINCT FROM $3 RETURNING id""",
        work.workspace_id,
        post["conversation_id"],
        post["author_id"],
        work.now,
    )
    if not answered:
        raise Refused("answered", "It is answered already.")
    message_id = await _write(work, post, there, handle=handle, network=network)
    cards = await recounted(work, [conversation["id"]])
    card = cards[conversation["id"]]
    if card.status == OPEN and not (card.unanswered or card.sending or card.trouble):
        await change(work, conversation["id"], status=PENDING)
    await keep_clocks(work, [conversation["id"]])
    ids = [message_id, *ids_of(answered)]
    await _told(work, conversation["id"], "reply.recorded", ids)
    return (await load_messages(work.db, work.workspace_id, [message_id]))[0]


async def record_said(work: Work, post: Any, there: There, *, handle: str, network: str) -> Message:
    """Somebody wrote under `post`, of which nobody waits, in the network's own app."""
    message_id = await _write(work, post, there, handle=handle, network=network)
    await recounted(work, [post["conversation_id"]])
    return await _told(work, post["conversation_id"], "reply.recorded", [message_id])


async def _write(work: Work, post: Any, there: There, *, handle: str, network: str) -> str:
    message_id = new_id()
    text, uri = storable(there.text), _address(there.uri)
    external_id = _claimable(uri, post["uri"], handle)
    if external_id:
        external_id = await work.db.fetchval(
            """INSERT INTO accepted (workspace_id, network, external_id, message_id)
               VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING external_id""",
            work.workspace_id,
            network,
            external_id,
            message_id,
        )
    await work.db.execute(
        """INSERT INTO message (workspace_id, id, conversation_id, direction, visibility,
             author_kind, author_id, author_name, author_handle, text, network, uri, external_id,
             parent_id, published_at, received_at, search, extra)
           VALUES ($1, $2, $3, 'outgoing', $4, 'agent', $5, $6, $7, $8, $9, $10, $11, $12, $13, $13,
             to_tsvector('simple', $14), '{"there": true}')""",
        work.workspace_id,
        message_id,
        post["conversation_id"],
        post["visibility"],
        work.actor.id,
        work.actor.name,
        handle,
        text,
        network,
        uri,
        external_id,
        post["id"],
        work.now,
        indexable(text),
    )
    return message_id


def _address(text: str) -> str:
    """The https address as pasted, empty for none. Raises Refused for anything else."""
    address = storable(text.strip(), LONGEST_ADDRESS)
    if address and not address.startswith("https://"):
        raise Refused("invalid", "Paste the https address of the answer, or leave it empty.")
    return address


def _claimable(address: str, beside: str, handle: str) -> str:
    """The network's id of our answer, if the address ends in one and is surely ours.

    The post is told to us later on: then it is known. An address of somebody else's post must not
    be taken for it, or that one would never come in.
    """
    if not address or urlsplit(address).hostname != urlsplit(beside).hostname:
        return ""
    parts = [part for part in urlsplit(address).path.split("/") if part]
    ours = handle.lstrip("@").casefold()
    if len(parts) < 2 or ours not in [part.lstrip("@").casefold() for part in parts[:-1]]:
        return ""
    return parts[-1]


async def _told(work: Work, conversation_id: str, kind: str, ids: list[str]) -> Message:
    cards = await recounted(work, [conversation_id])
    messages = await load_messages(work.db, work.workspace_id, ids)
    announce(work, cards[conversation_id], kind, messages)
    return messages[0]
