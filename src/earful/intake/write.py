"""Writes the messages of a batch and the events that tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from earful.contacts.meet import Known
from earful.conversations.cards import Card, load_cards
from earful.conversations.messages import Message, load_messages
from earful.intake.arrival import Arrival
from earful.intake.facts import Fact
from earful.kit.search import indexable
from earful.kit.text import storable
from earful.stream.work import Actor, Work

if TYPE_CHECKING:
    from earful.intake.accept import Channel


async def messages(
    work: Work, channel: Channel, arrivals: list[Arrival], people: Mapping[str, Known]
) -> None:
    """Insert one row per arrival, with its search index."""
    columns: list[list[Any]] = [[] for _ in range(20)]
    for arrival in arrivals:
        for column, value in zip(columns, _row(arrival, people), strict=True):
            column.append(value)
    await work.db.execute(_INSERT, work.workspace_id, channel.network, work.now, *columns)


_INSERT = """
INSERT INTO message (workspace_id, network, received_at, id, conversation_id, direction, visibility,
  author_kind, author_id, author_name, author_handle, text, language, media, external_id, uri, ref,
  root_external_id, parent_external_id, parent_id, published_at, disposition, search)
SELECT $1, $2, $3, m.id, m.conversation_id, m.direction, m.visibility, m.author_kind, m.author_id,
  m.author_name, m.author_handle, m.text, m.language, m.media::text::jsonb, m.external_id, m.uri,
  m.ref::text::jsonb, m.root_id, m.parent_external_id, m.parent_id, m.published_at, m.disposition,
  to_tsvector('simple', m.search)
FROM unnest($4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::uuid[], $10::text[],
  $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
  $18::text[], $19::text[], $20::uuid[], $21::timestamptz[], $22::text[], $23::text[])
  AS m (id, conversation_id, direction, visibility, author_kind, author_id, author_name,
        author_handle, text, language, media, external_id, uri, ref, root_id, parent_external_id,
        parent_id, published_at, disposition, search)
"""


def _row(arrival: Arrival, people: Mapping[str, Known]) -> tuple[Any, ...]:
    post = arrival.post
    who = people[post.author.external_id]
    media = [
        {
            "id": None,
            "url": a.url,
            "mime": a.mime,
            "alt": a.alt,
            "width": a.width,
            "height": a.height,
        }
        for a in post.attachments
    ]
    return (
        arrival.message_id,
        arrival.conversation_id,
        "outgoing" if post.own else "incoming",
        str(post.visibility),
        "account" if post.own else "contact",
        None if post.own else who.contact_id,
        who.name,
        who.handle,
        arrival.text,
        post.language[:35],
        msgspec.json.encode(media).decode().replace("\\u0000", ""),
        post.external_id,
        storable(post.uri, 2000),
        msgspec.json.encode(post.ref).decode().replace("\\u0000", ""),
        post.root_id,
        post.parent_id,
        arrival.parent_id,
        arrival.published_at,
        None if arrival.owed or post.own else "context",
        indexable(f"{who.name} {who.handle} {arrival.text}"),
    )


async def events(
    work: Work, arrivals: list[Arrival], found: list[Fact], touched: set[str], moved: list[str]
) -> None:
    """One event per arrival and fact, and one per conversation that changed beyond them."""
    cards = await load_cards(work.db, work.workspace_id, touched)
    ids = [arrival.message_id for arrival in arrivals] + [fact.message_id for fact in found]
    loaded = await load_messages(work.db, work.workspace_id, [*ids, *moved])
    by_id = {message.id: message for message in loaded}
    for arrival in arrivals:
        message = by_id[arrival.message_id]
        kind = "conversation.opened" if arrival.opened else "message.received"
        author = Actor("contact", message.author.id, message.author.name)
        _emit(work, kind, cards[message.conversation_id], [message], author)
    for fact in found:
        message = by_id[fact.message_id]
        _emit(work, fact.kind, cards[message.conversation_id], [message])
    told = {by_id[key].conversation_id for key in ids}
    others: dict[str, list[Message]] = {key: [] for key in sorted(touched - told)}
    for key in sorted(set(moved) - set(ids)):
        others.setdefault(by_id[key].conversation_id, []).append(by_id[key])
    for conversation_id, messages_there in others.items():
        _emit(work, "conversation.changed", cards[conversation_id], messages_there)


def _emit(
    work: Work, kind: str, card: Card, told: list[Message], actor: Actor | None = None
) -> None:
    data = {"card": card} | ({"messages": told} if told else {})
    work.emit(kind, data, conversation_id=card.id, inbox_id=card.inbox_id, actor=actor)
