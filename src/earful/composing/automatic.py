"""What Earful says by itself, in words of the workspace: it answers nobody and stops no clock."""

from __future__ import annotations

import msgspec

from earful.accounts import audit
from earful.composing.preview import fitting
from earful.composing.scene import channel_of, scene_of, target_of, why_held
from earful.composing.writing import write_message
from earful.conversations.messages import load_messages
from earful.conversations.rows import announce, lock, recounted
from earful.kit.ids import new_id
from earful.kit.refusal import Refused
from earful.kit.text import storable
from earful.networks.measure import measure
from earful.outbox import queue
from earful.stream.work import SYSTEM, Work


class Said(msgspec.Struct, frozen=True):
    """Something said automatically: the message's id and its delivery's."""

    message_id: str
    delivery_id: str


async def say(
    work: Work, conversation_id: str, text: str, *, why: str, in_reply_to: str | None = None
) -> Said:
    """Queue `text` to the person of a conversation, where its messages are read.

    It covers no message: whoever waits goes on waiting for a person, and no figure takes it for an
    answer. `why` names what spoke ("rating"), for the screen and for figures. Raises Refused or
    NotFound where a reply would be refused too, and where the channel is held: what is said by
    itself is said now or not at all.
    """
    conversation = await lock(work, conversation_id)
    if conversation["merged_into"]:
        raise Refused("merged", "It was merged into another conversation.")
    visibility = conversation["visibility"]
    scene = await scene_of(work, conversation, in_reply_to, visibility)
    channel = channel_of(scene)
    if held := why_held(channel):
        raise Refused("held", held)
    words = storable(text).strip()
    if not words:
        raise Refused("empty", "There is nothing to say.")
    fitting(measure(channel["network"], channel["limits"]), words, visibility)
    target = await target_of(work, conversation, scene, visibility)
    message_id = new_id()
    await write_message(
        work,
        conversation,
        message_id,
        text=words,
        media=[],
        parent_id=target["id"],
        channel=channel,
        automatic=why,
    )
    delivery_id = await queue.put(
        work,
        channel_id=channel["id"],
        conversation_id=conversation_id,
        message_id=message_id,
        agent_id=None,
        draft={
            "text": words,
            "visibility": visibility,
            "media": [],
            "reply_to": target["to"],
            "automatic": why,
        },
        after_sent="stay",
        covers=[],
        run_at=work.now,
    )
    cards = await recounted(work, {conversation_id})
    messages = await load_messages(work.db, work.workspace_id, [message_id])
    announce(work, cards[conversation_id], "reply.automated", messages, actor=SYSTEM)
    await audit.append(work.db, work.workspace_id, _line(message_id, words), now=work.now)
    return Said(message_id, delivery_id)


def _line(message_id: str, words: str) -> audit.Line:
    return audit.Line(
        actor_kind="system",
        actor_id=None,
        act="reply.automated",
        object_kind="message",
        object_id=message_id,
        texts=(words,),
    )
