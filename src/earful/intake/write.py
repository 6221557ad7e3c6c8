"""Writes the messages of a batch and the events that tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from earful.contacts.meet import Known
from earful.conversations.cards import Card, load_cards
from earful.conversations.messages import Author, Message, load_messages
from earful.intake.arrival import Arrival
from earful.intake.facts import Fact
from earful.intake.pictures import items, wishes
from earful.kit.search import indexable
from earful.kit.text import storable
from earful.media.wanted import want
from earful.networks.contract import Post
from earful.stream.work import Actor, Work

if TYPE_CHECKING:
    from earful.intake.channel import Channel


class Told(msgspec.Struct):
    """What a batch wrote and its events can tell without reading it again."""

    cards: dict[str, Card] = {}
    """Of conversations it opened, by id."""
    messages: dict[str, Message] = {}
    """As they were inserted, by id."""
    moved: list[str] = []
    """Messages that found their parent or their answer, whether new or there before."""


async def messages(
    work: Work, channel: Channel, arrivals: list[Arrival], people: Mapping[str, Known]
) -> dict[str, Message]:
    """Insert one row per arrival, with its search index. Returns them as the screen reads them."""
    written: dict[str, Message] = {}
    rows = []
    for arrival in arrivals:
        media = msgspec.json.encode(items(arrival)).decode().replace("\\u0000", "")
        message = _message(work, arrival, people[arrival.post.author.external_id], media)
        written[message.id] = message
        rows.append(_row(arrival, message, media))
    if rows:
        columns = map(list, zip(*rows, strict=True))
        await work.db.execute(_INSERT, work.workspace_id, channel.network, work.now, *columns)
    await want(work, [wish for arrival in arrivals for wish in wishes(channel.id, arrival)])
    return written


_INSERT = """
INSERT INTO message (workspace_id, network, received_at, id, conversation_id, direction, visibility,
  author_kind, author_id, author_name, author_handle, text, language, media, external_id, uri, ref,
  root_external_id, parent_external_id, parent_id, published_at, disposition, search,
  edited_at, extra)
SELECT $1, $2, $3, m.id, m.conversation_id, m.direction, m.visibility, m.author_kind, m.author_id,
  m.author_name, m.author_handle, m.text, m.language, m.media::text::jsonb, m.external_id, m.uri,
  m.ref::text::jsonb, m.root_id, m.parent_external_id, m.parent_id, m.published_at, m.disposition,
  to_tsvector('simple', m.search), m.edited_at, m.extra::jsonb
FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::uuid[], $10::text[],
  $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
  $18::text[], $19::text[], $20::uuid[], $21::timestamptz[], $22::text[], $23::text[],
  $24::timestamptz[], $25::text[])
  AS m (id, conversation_id, direction, visibility, author_kind, author_id, author_name,
        author_handle, text, language, media, external_id, uri, ref, root_id, parent_external_id,
        parent_id, published_at, disposition, search, edited_at,
        extra)
"""


def _message(work: Work, arrival: Arrival, who: Known, media: str) -> Message:
    """The message as its row will give it."""
    post = arrival.post
    author = (
        Author("account", None, who.name, who.handle)
        if post.own
        else Author("contact", who.contact_id, who.name, who.handle)
    )
    return Message(
        id=arrival.message_id,
        conversation_id=arrival.conversation_id,
        direction="outgoing" if post.own else "incoming",
        visibility=str(post.visibility),
        author=author,
        text=arrival.text,
        media=msgspec.json.decode(media) if post.attachments else [],
        mentions=[],
        external_id=post.external_id,
        uri=storable(post.uri, 2000),
        parent_id=arrival.parent_id,
        published_at=arrival.published_at,
        received_at=work.now,
        disposition=None if arrival.owed or post.own else "context",
        edited_at=min(post.edited_at, work.now) if post.edited_at else None,
        deleted_at=None,
        delivery=None,
        extra=_extra(post),
    )


def _extra(post: Post) -> dict[str, Any] | msgspec.UnsetType:
    """What few posts have, and only that."""
    said = {
        "subject": storable(post.subject, 1000),
        "warning": storable(post.warning, 1000),
        "whole": storable(post.whole),
        "automatic": storable(post.automatic, 300),
        "barred": storable(post.barred, 500),
    }
    return {key: words for key, words in said.items() if words} or msgspec.UNSET


def _row(arrival: Arrival, message: Message, media: str) -> tuple[Any, ...]:
    """The columns of _INSERT."""
    post, author = arrival.post, message.author
    return (
        message.id,
        message.conversation_id,
        message.direction,
        message.visibility,
        author.kind,
        author.id,
        author.name,
        author.handle,
        message.text,
        post.language[:35],
        media,
        message.external_id,
        message.uri,
        msgspec.json.encode(post.ref).decode().replace("\\u0000", ""),
        post.root_id,
        post.parent_id,
        message.parent_id,
        message.published_at,
        message.disposition,
        indexable(f"{author.name} {author.handle} {post.subject} {message.text}"),
        message.edited_at,
        msgspec.json.encode(message.extra).decode() if message.extra else None,
    )


async def events(
    work: Work, arrivals: list[Arrival], found: list[Fact], stale: set[str], told: Told
) -> None:
    """One event per arrival and fact, and one per conversation that changed beyond them."""
    cards = told.cards | await _cards(work, stale)
    messages = await _messages(work, found, told)
    for arrival in arrivals:
        message = messages[arrival.message_id]
        kind = "conversation.opened" if arrival.opened else "message.received"
        author = Actor("contact", message.author.id, message.author.name)
        _emit(work, kind, cards[message.conversation_id], [message], author)
    for fact in found:
        message = messages[fact.message_id]
        _emit(work, fact.kind, cards[message.conversation_id], [message])
    named = {arrival.message_id for arrival in arrivals} | {fact.message_id for fact in found}
    silent = cards.keys() - {messages[key].conversation_id for key in named}
    others: dict[str, list[Message]] = {key: [] for key in sorted(silent)}
    for key in sorted(set(told.moved) - named):
        others.setdefault(messages[key].conversation_id, []).append(messages[key])
    for conversation_id, messages_there in others.items():
        _emit(work, "conversation.changed", cards[conversation_id], messages_there)


async def _cards(work: Work, stale: set[str]) -> dict[str, Card]:
    return await load_cards(work.db, work.workspace_id, stale) if stale else {}


async def _messages(work: Work, found: list[Fact], told: Told) -> dict[str, Message]:
    """The messages to tell of, read again where something changed them after they were written."""
    changed = {fact.message_id for fact in found}
    if told.moved:
        changed |= {*told.moved, *told.messages}
    if not changed:
        return told.messages
    loaded = await load_messages(work.db, work.workspace_id, sorted(changed))
    return told.messages | {message.id: message for message in loaded}


def _emit(
    work: Work, kind: str, card: Card, told: list[Message], actor: Actor | None = None
) -> None:
    data = {"card": card} | ({"messages": told} if told else {})
    work.emit(kind, data, conversation_id=card.id, inbox_id=card.inbox_id, actor=actor)
