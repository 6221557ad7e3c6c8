"""A reply: checked, written down with its delivery in one transaction, and undoable for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from earful.composing.aside import beside, goes_aside
from earful.composing.meanwhile import changes_since
from earful.composing.preview import fitting, signed
from earful.composing.scene import channel_of, scene_of, target_of, why_held
from earful.composing.writing import Picture, take_pictures, write_message
from earful.conversations.cards import Card
from earful.conversations.messages import Message, load_messages
from earful.conversations.rows import announce, lock, recounted
from earful.kit.ids import new_id
from earful.kit.refusal import Refused
from earful.kit.text import storable
from earful.networks.contract import Visibility
from earful.networks.measure import Measure, measure
from earful.outbox import queue
from earful.stream.work import Work

LONGEST_UNDO = 60


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent asks to send. `then` is what becomes of the conversation once it is sent.

    `undo_for` is for how many seconds it can be undone, where that is longer than she has set;
    `unanswered` how many messages were seen to wait: what came since was not read by who writes to
    many at once. None: not said.

    `visibility` is empty for where the conversation is; "direct" in a public one begins a private
    talk beside it. `warning` is a content warning; `move` the invitation that the text carries.
    """

    text: str
    in_reply_to: str | None = None
    media: list[Picture] = msgspec.field(default_factory=list)
    seen_version: int = 0
    force: bool = False
    then: str = "pending"
    visibility: str = ""
    warning: str = ""
    move: str | None = None
    undo_for: int = 0
    unanswered: int | None = None


class Signer(msgspec.Struct, frozen=True):
    """The agent who answers."""

    id: str
    name: str
    handle: str
    initials: str
    undo_for: int


async def reply(
    work: Work, conversation_id: str, asked: Reply, signer: Signer
) -> tuple[Card, Message]:
    """Queue a reply. Returns the card of where it stands and the message. Raises Refused in words.

    It is read by whoever reads the conversation, or begins a private talk beside it.
    """
    conversation = await lock(work, conversation_id)
    if conversation["merged_into"]:
        raise Refused(
            "changed",
            "This conversation was merged into another.",
            changes=[],
            version=conversation["version"],
            merged_into=conversation["merged_into"],
        )
    await _stop_if_changed(work, conversation, asked)
    aside = goes_aside(conversation, asked.visibility)
    visibility = Visibility.DIRECT if aside else conversation["visibility"]
    scene = await scene_of(work, conversation, asked.in_reply_to, visibility)
    channel = channel_of(scene)
    text = signed(storable(asked.text), signer.initials)
    limits = measure(channel["network"], channel["limits"])
    check(limits, asked, text, visibility)
    target = await target_of(work, conversation, scene, visibility)
    home, way = conversation, {"move": asked.move} if asked.move else {}
    if aside:
        home, way = await beside(work, conversation, target["author_id"], signer.id)
    message_id = new_id()
    media = await take_pictures(work, asked.media, message_id, limits.manifest)
    await write_message(
        work,
        home,
        message_id,
        text=text,
        media=media,
        parent_id=None if aside else target["id"],
        channel=channel,
    )
    await queue.put(
        work,
        channel_id=channel["id"],
        conversation_id=home["id"],
        message_id=message_id,
        agent_id=signer.id,
        draft=_draft(text, target, media, home["visibility"])
        | {"written": _written(asked), "warning": storable(asked.warning, 300)}
        | way,
        after_sent=asked.then,
        covers=[] if aside else scene["covers"],
        run_at=work.now + timedelta(seconds=max(signer.undo_for, asked.undo_for)),
        held=why_held(channel),
    )
    await _take_and_forget_draft(work, conversation_id, signer)
    cards = await recounted(work, {conversation_id, home["id"]})
    messages = await load_messages(work.db, work.workspace_id, [message_id])
    if aside:
        announce(work, cards[conversation_id], "conversation.linked", [])
    announce(work, cards[home["id"]], "reply.queued", messages)
    return cards[home["id"]], messages[0]


async def _stop_if_changed(work: Work, conversation: dict[str, Any], asked: Reply) -> None:
    if asked.unanswered is not None and conversation["unanswered"] > asked.unanswered:
        raise Refused(
            "changed",
            "They wrote again meanwhile. Read it first.",
            changes=[],
            version=conversation["version"],
            unanswered=conversation["unanswered"],
        )
    if asked.force or asked.seen_version >= conversation["version"]:
        return
    changes = await changes_since(work, conversation["id"], asked.seen_version)
    if changes:
        raise Refused(
            "changed",
            "Something happened while you were writing. Read it first, or send all the same.",
            changes=changes,
            version=conversation["version"],
        )


def check(limits: Measure, asked: Reply, text: str, visibility: str = Visibility.PUBLIC) -> None:
    """Raise Refused when the channel would not take this reply."""
    if not asked.text.strip() and not asked.media:
        raise Refused("empty", "Write something first.")
    fitting(limits, text, visibility)
    title, most = limits.manifest.title, limits.most_images(visibility)
    if len(asked.media) > most:
        things = "files" if limits.manifest.files else "pictures"
        raise Refused("invalid", f"{title} takes at most {most} {things} here.")
    if limits.manifest.alt_text_required and any(
        not picture.alt.strip() for picture in asked.media
    ):
        raise Refused("alt-missing", "Say in words what each picture shows.")
    if asked.then not in ("stay", "pending", "resolve"):
        raise Refused("invalid", "`then` is one of stay, pending, resolve.")
    if not 0 <= asked.undo_for <= LONGEST_UNDO:
        raise Refused("invalid", f"A reply can be undone for {LONGEST_UNDO} seconds at most.")
    if asked.warning and not limits.manifest.warnings:
        raise Refused("invalid", f"{title} knows no content warnings.")


def _draft(
    text: str, target: dict[str, Any], media: list[dict[str, Any]], visibility: str
) -> dict[str, Any]:
    return {
        "text": text,
        "visibility": visibility,
        "media": [{"id": item["id"], "alt": item["alt"]} for item in media],
        "reply_to": target["to"],
    }


def _written(asked: Reply) -> dict[str, Any]:
    """Her own words as she left them, for when she takes the reply back."""
    return {
        "text": storable(asked.text),
        "mode": asked.visibility or "public",
        "in_reply_to": asked.in_reply_to,
        "media": [{"id": picture.id, "alt": picture.alt} for picture in asked.media],
    } | {name: value for name, value in (("warning", asked.warning), ("move", asked.move)) if value}


async def _take_and_forget_draft(work: Work, conversation_id: str, signer: Signer) -> None:
    """Who answers an unassigned conversation owns it, and needs what she had written no more."""
    await work.db.execute(
        """WITH written AS (DELETE FROM draft
             WHERE workspace_id = $1 AND conversation_id = $2 AND agent_id = $3),
           taken AS (UPDATE conversation SET assignee_id = $3
             WHERE workspace_id = $1 AND id = $2 AND assignee_id IS NULL RETURNING id)
           INSERT INTO assigned (workspace_id, conversation_id, agent_id, assigned_at)
           SELECT $1, id, $3, $4 FROM taken ON CONFLICT DO NOTHING""",
        work.workspace_id,
        conversation_id,
        signer.id,
        work.now,
    )
