"""Messages as the screen reads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import asyncpg
import msgspec

from earful.kit.paging import At, Id, cut, from_token

MOST = 500
"""On a page, and with a conversation that is opened."""


class Author(msgspec.Struct, frozen=True):
    """Who wrote a message: kind is "contact", "agent", "system", or "account" (our own handle)."""

    kind: str
    id: str | None
    name: str
    handle: str


class DeliveryState(msgspec.Struct, frozen=True):
    """What became of an outgoing message; `error` is in words for the agent."""

    id: str
    state: str
    error: str
    run_at: datetime
    attempts: int


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a conversation."""

    id: str
    conversation_id: str
    direction: str
    visibility: str
    author: Author
    text: str
    media: list[dict[str, Any]]
    mentions: list[str]
    external_id: str | None
    uri: str
    parent_id: str | None
    published_at: datetime
    received_at: datetime
    disposition: str | None
    edited_at: datetime | None
    deleted_at: datetime | None
    delivery: DeliveryState | None
    extra: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET
    """What few messages have: `subject`, `warning`, `whole`, `automatic`, `barred`, `spoken`."""


COLUMNS = """m.id, m.conversation_id, m.direction, m.visibility, m.author_kind, m.author_id,
m.author_name, m.author_handle, m.text, m.media, m.mentions, m.external_id, m.uri, m.parent_id,
m.published_at, m.received_at, m.disposition, m.edited_at, m.deleted_at, m.extra,
d.id AS delivery_id, d.state AS delivery_state, d.error AS delivery_error, d.run_at, d.attempts"""

FROM = """FROM message m LEFT JOIN delivery d
ON m.direction = 'outgoing' AND d.workspace_id = m.workspace_id AND d.message_id = m.id"""

_PLAIN = (
    "id", "conversation_id", "direction", "visibility", "text", "media", "mentions", "external_id",
    "uri", "parent_id", "published_at", "received_at", "disposition", "edited_at", "deleted_at",
)  # fmt: skip


def message_of(row: Mapping[str, Any]) -> Message:
    """The message of a row that has COLUMNS."""
    delivery = None
    if row["delivery_id"] is not None:
        delivery = DeliveryState(
            row["delivery_id"],
            row["delivery_state"],
            row["delivery_error"],
            row["run_at"],
            row["attempts"],
        )
    author = Author(row["author_kind"], row["author_id"], row["author_name"], row["author_handle"])
    plain = {name: row[name] for name in _PLAIN}
    return Message(author=author, delivery=delivery, extra=row["extra"] or msgspec.UNSET, **plain)


async def load_messages(
    db: asyncpg.Connection[Any], workspace_id: str, ids: list[str]
) -> list[Message]:
    """The messages with these ids, oldest first."""
    # One alone, as a reply has it, is planned once and for all; a set of unknown size never is.
    alone = len(ids) == 1
    which = "$2::uuid" if alone else "ANY($2::uuid[])"
    rows = await db.fetch(
        f"SELECT {COLUMNS} {FROM} WHERE m.workspace_id = $1 AND m.id = {which}"
        " ORDER BY m.published_at, m.id",
        workspace_id,
        ids[0] if alone else ids,
    )
    return [message_of(row) for row in rows]


class Page(msgspec.Struct, frozen=True):
    """A page of a conversation, the oldest first; `next` is the token of the page before it."""

    items: list[Message]
    next: str | None


async def messages_of(
    db: asyncpg.Connection[Any],
    workspace_id: str,
    conversation_id: str,
    *,
    after: str | None = None,
    limit: int = MOST,
) -> Page:
    """The newest `limit` messages of a conversation, or of those before a page. Raises BadToken."""
    given: list[Any] = list(from_token(after, tuple[At, Id])) if after else []
    before = "AND (m.published_at, m.id) < ($4::timestamptz, $5::uuid)" if given else ""
    size = max(1, min(limit, MOST))
    rows = await db.fetch(
        f"SELECT {COLUMNS} {FROM} WHERE m.workspace_id = $1 AND m.conversation_id = $2 {before}"
        " ORDER BY m.published_at DESC, m.id DESC LIMIT $3",
        workspace_id,
        conversation_id,
        size + 1,
        *given,
    )
    page, more = cut(rows, size, lambda row: [row["published_at"], row["id"]])
    return Page([message_of(row) for row in reversed(page)], more)
