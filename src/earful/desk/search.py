"""Full-text search over messages: bounded by time, widening until a page is full."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import msgspec

from earful.conversations.cards import Card, load_cards
from earful.kit.ids import is_id
from earful.kit.paging import BadToken, from_token, to_token
from earful.kit.search import query
from earful.stream.hub import Inboxes

PAGE = 30
STEPS = (timedelta(days=7), timedelta(days=60), timedelta(days=400), timedelta(days=36500))
BEGINNING = datetime(2006, 1, 1, tzinfo=UTC)
_LAST = "ffffffff-ffff-ffff-ffff-ffffffffffff"


def _aware(at: datetime) -> datetime:
    """A time without a zone is taken as UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


class Hit(msgspec.Struct, frozen=True):
    """A message that was found, with its conversation."""

    card: Card
    message: dict[str, Any]


class Found(msgspec.Struct, frozen=True):
    """A page of hits, newest first, and which period was searched for it."""

    items: list[Hit]
    next: str | None
    period: dict[str, datetime]
    complete: bool


async def search(
    db: asyncpg.Connection[Any],
    workspace_id: str,
    inboxes: Inboxes,
    asked: str,
    now: datetime,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    after: str | None = None,
) -> Found:
    """Messages with all words of `asked`, newest first."""
    words = query(asked)
    top = min(_aware(until or now), now) + timedelta(seconds=1)
    before = _LAST
    if after:
        top, before = from_token(after, tuple[datetime, str])
        if top.tzinfo is None or not is_id(before):
            raise BadToken("this page token is not valid; start from the first page")
    bottom = max(_aware(since or BEGINNING), BEGINNING)
    if words is None or bottom > top:
        return Found([], None, {"from": bottom, "to": top}, True)
    rows: list[Any] = []
    start = top
    for step in STEPS:
        start = max(bottom, top - step)
        rows = await _fetch(db, workspace_id, inboxes, words, start=start, end=top, before=before)
        if len(rows) > PAGE or start == bottom:
            break
    hits = await _hits(db, workspace_id, rows[:PAGE])
    more = len(rows) > PAGE
    last = rows[PAGE - 1] if more else None
    token = to_token([last["received_at"], last["id"]]) if last else None
    return Found(hits, token, {"from": start, "to": top}, start <= bottom and not more)


async def _fetch(
    db: asyncpg.Connection[Any],
    workspace_id: str,
    inboxes: Inboxes,
    words: str,
    *,
    start: datetime,
    end: datetime,
    before: str,
) -> list[Any]:
    # The id set is materialised: otherwise the planner walks an ordered index for a rare word.
    return list(
        await db.fetch(
            """WITH found AS MATERIALIZED (
                 SELECT id, conversation_id, text, published_at, received_at, author_name,
                   author_handle, direction
                 FROM message WHERE workspace_id = $1 AND search @@ $2::text::tsquery
                   AND received_at >= $3 AND received_at <= $4
                   AND (received_at, id) < ($4, $7::uuid))
               SELECT f.* FROM found f JOIN conversation c
                 ON c.workspace_id = $1 AND c.id = f.conversation_id
               WHERE $5::uuid[] IS NULL OR c.inbox_id = ANY($5)
               ORDER BY f.received_at DESC, f.id DESC LIMIT $6""",
            workspace_id,
            words,
            start,
            end,
            None if inboxes is None else list(inboxes),
            PAGE + 1,
            before,
        )
    )


async def _hits(db: asyncpg.Connection[Any], workspace_id: str, rows: list[Any]) -> list[Hit]:
    cards = await load_cards(db, workspace_id, {row["conversation_id"] for row in rows})
    return [
        Hit(
            cards[row["conversation_id"]],
            {
                "id": row["id"],
                "text": row["text"][:500],
                "published_at": row["published_at"],
                "direction": row["direction"],
                "author": {"name": row["author_name"], "handle": row["author_handle"]},
            },
        )
        for row in rows
    ]
