"""A reply: checked, written down with its delivery in one transaction, and undoable for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from earful.composing.aside import beside, goes_aside, who_was_written_to
from earful.composing.meanwhile import changes_since
from earful.composing.preview import fitting, signed
from earful.conversations.cards import Card
from earful.conversations.messages import Message, load_messages
from earful.conversations.rows import announce, lock, recounted
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.kit.search import indexable
from earful.kit.text import storable
from earful.networks.contract import Visibility
from earful.networks.measure import Measure, measure
from earful.outbox import queue
from earful.stream.work import Work


class Picture(msgspec.Struct, frozen=True):
    """An uploaded picture and what it shows, in words."""

    id: str
    alt: str = ""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent asks to send. `then` is what becomes of the conversation once it is sent.

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
    scene = await _scene(work, conversation, asked.in_reply_to, visibility)
    channel = _channel(scene)
    text = signed(storable(asked.text), signer.initials)
    check(measure(channel["network"], channel["limits"]), asked, text, visibility)
    target = await _target(work, conversation, scene, visibility)
    home, way = conversation, {"move": asked.move} if asked.move else {}
    if aside:
        home, way = await beside(work, conversation, target["author_id"], signer.id)
    message_id = new_id()
    media = await _pictures(work, asked.media, message_id)
    await _write(
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
        run_at=work.now + timedelta(seconds=signer.undo_for),
        held=_held(channel),
    )
    await _take_and_forget_draft(work, conversation_id, signer)
    cards = await recounted(work, {conversation_id, home["id"]})
    messages = await load_messages(work.db, work.workspace_id, [message_id])
    if aside:
        announce(work, cards[conversation_id], "conversation.linked", [])
    announce(work, cards[home["id"]], "reply.queued", messages)
    return cards[home["id"]], messages[0]


async def _stop_if_changed(work: Work, conversation: dict[str, Any], asked: Reply) -> None:
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


async def _scene(
    work: Work, conversation: dict[str, Any], in_reply_to: str | None, visibility: str
) -> Any:
    """The channel, the post that is answered (the newest that waits, if none is named), and what
    else that person waits for: all in one read, on the locked conversation."""
    return await work.db.fetchrow(
        _SCENE,
        work.workspace_id,
        conversation["channel_id"],
        conversation["id"],
        in_reply_to,
        visibility != Visibility.PUBLIC,
    )


# Only for a private message the network's id of its reader is looked up.
_SCENE = """
SELECT k.id AS channel_id, k.network, k.handle, k.state, k.state_reason, k.limits,
  t.id, t.author_id, t.author_handle, t.external_id, t.ref, t.deleted_at, t.barred,
  CASE WHEN $5 THEN (SELECT h.external_id FROM contact_handle h
    WHERE h.workspace_id = $1 AND h.contact_id = t.author_id AND h.network = k.network
    ORDER BY (h.handle = t.author_handle) DESC, h.external_id LIMIT 1) END AS reader,
  array(SELECT w.id FROM message w WHERE w.workspace_id = $1 AND w.conversation_id = $3
    AND w.direction = 'incoming' AND w.disposition IS NULL
    AND w.author_id IS NOT DISTINCT FROM t.author_id) AS covers
FROM (SELECT 1) AS always
LEFT JOIN channel k ON k.workspace_id = $1 AND k.id = $2
LEFT JOIN LATERAL (
  SELECT id, author_id, author_handle, external_id, ref, deleted_at, extra->>'barred' AS barred
  FROM message
  WHERE workspace_id = $1 AND conversation_id = $3
    AND external_id IS NOT NULL AND ($4::uuid IS NULL OR id = $4)
    AND ($4::uuid IS NOT NULL OR (direction = 'incoming' AND deleted_at IS NULL))
  ORDER BY (disposition IS NULL) DESC, published_at DESC LIMIT 1) AS t ON true
"""


def _channel(scene: Any) -> dict[str, Any]:
    if scene["state"] in (None, "off"):
        raise Refused("held", "The channel of this conversation was disconnected.")
    return {
        "id": scene["channel_id"],
        **{name: scene[name] for name in ("network", "handle", "state", "state_reason", "limits")},
    }


def _held(channel: dict[str, Any]) -> str:
    """Why nothing leaves by this channel now; empty when it does."""
    if channel["state"] == "active":
        return ""
    return f"Not sent: the channel is held. {channel['state_reason']}".strip()


def check(limits: Measure, asked: Reply, text: str, visibility: str = Visibility.PUBLIC) -> None:
    """Raise Refused when the channel would not take this reply."""
    if not asked.text.strip() and not asked.media:
        raise Refused("empty", "Write something first.")
    fitting(limits, text, visibility)
    title, most = limits.manifest.title, limits.most_images(visibility)
    if len(asked.media) > most:
        raise Refused("invalid", f"{title} takes at most {most} pictures here.")
    if limits.manifest.alt_text_required and any(
        not picture.alt.strip() for picture in asked.media
    ):
        raise Refused("alt-missing", "Say in words what each picture shows.")
    if asked.then not in ("stay", "pending", "resolve"):
        raise Refused("invalid", "`then` is one of stay, pending, resolve.")
    if asked.warning and not limits.manifest.warnings:
        raise Refused("invalid", f"{title} knows no content warnings.")


async def _target(
    work: Work, conversation: dict[str, Any], scene: Any, visibility: str
) -> dict[str, Any]:
    """What is answered, as the draft says it, with the `id` of our message."""
    private = conversation["visibility"] != Visibility.PUBLIC
    if scene["id"] is None and private:
        # We wrote first, and go on before they answered.
        return await who_was_written_to(work, conversation["id"])
    if scene["id"] is None:
        raise NotFound("post to answer")
    if scene["deleted_at"]:
        raise Refused("gone", "The post you answer was deleted. Answer another, or resolve.")
    if scene["barred"] and visibility == Visibility.PUBLIC:
        raise Refused("barred", scene["barred"])
    return {
        "id": scene["id"],
        "author_id": scene["author_id"],
        "to": {
            "external_id": scene["external_id"],
            "handle": scene["author_handle"],
            "ref": scene["ref"] or {},
        }
        | ({"author_id": scene["reader"] or ""} if visibility != Visibility.PUBLIC else {})
        | ({"private": True} if private else {}),
    }


async def _pictures(work: Work, pictures: list[Picture], message_id: str) -> list[dict[str, Any]]:
    """The signer's own uploads, which from now on belong to the message. Raises NotFound."""
    found = []
    for picture in pictures:
        row = await work.db.fetchrow(
            """SELECT id, mime, width, height FROM media WHERE workspace_id = $1 AND id = $2
               AND state = 'kept' AND source = '' AND (agent_id IS NULL OR agent_id = $3)""",
            work.workspace_id,
            picture.id,
            work.actor.id,
        )
        if row is None:
            raise NotFound("picture")
        await work.db.execute(
            "UPDATE media SET message_id = $3 WHERE workspace_id = $1 AND id = $2",
            work.workspace_id,
            picture.id,
            message_id,
        )
        url = f"/api/v1/media/{row['id']}"
        found.append({**dict(row), "url": url, "alt": picture.alt.strip()})
    return found


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


async def _write(
    work: Work,
    conversation: dict[str, Any],
    message_id: str,
    *,
    text: str,
    media: list[dict[str, Any]],
    parent_id: str | None,
    channel: dict[str, Any],
) -> None:
    await work.db.execute(
        """INSERT INTO message (workspace_id, id, conversation_id, direction, visibility,
             author_kind, author_id, author_name, author_handle, text, media, network, parent_id,
             published_at, received_at, search)
           VALUES ($1, $2, $3, 'outgoing', $4, 'agent', $5, $6, $7, $8, $9, $10, $11, $12, $12,
             to_tsvector('simple', $13))""",
        work.workspace_id,
        message_id,
        conversation["id"],
        conversation["visibility"],
        work.actor.id,
        work.actor.name,
        channel["handle"],
        text,
        media,
        channel["network"],
        parent_id,
        work.now,
        indexable(text),
    )


async def _take_and_forget_draft(work: Work, conversation_id: str, signer: Signer) -> None:
    """Who answers an unassigned conversation owns it, and needs what she had written no more."""
    await work.db.execute(
        """WITH written AS (DELETE FROM draft
             WHERE workspace_id = $1 AND conversation_id = $2 AND agent_id = $3)
           UPDATE conversation SET assignee_id = $3
           WHERE workspace_id = $1 AND id = $2 AND assignee_id IS NULL""",
        work.workspace_id,
        conversation_id,
        signer.id,
    )
