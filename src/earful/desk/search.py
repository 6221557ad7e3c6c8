"""Full-text search over messages, newest first, and never for longer than a person waits.

A common word stands in the newest messages, and walking back finds a page of it at once; the
full-text index would collect millions of places first. A rarer word is not there: the index is
asked for it, a week at first, then for twice as many before those, so that it reads about as many
places as a page needs. Whoever asks for words that hardly ever meet gets what was found so far,
the period that was searched, and a token to go on from there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from math import prod
from typing import Any

import asyncpg
import msgspec

from earful.conversations.cards import Card, load_cards
from earful.kit.ids import is_id
from earful.kit.paging import BadToken, from_token, to_token
from earful.kit.search import Query, parse
from earful.stream.screen import Inboxes

PAGE = 30
WALK = 1500
"""Messages walked back through: what fills no page from these is rare enough for the index."""
FURTHER = 5 * WALK
MOST_WEEKS = 16
"""The longest stretch the index is asked for at once."""
LONG_ENOUGH = 0.06
"""Seconds after which no further stretch is begun."""
BEGINNING = datetime(2006, 1, 1, tzinfo=UTC)
WEEK = timedelta(days=7)
_FIRST, _LAST = "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"


class Hit(msgspec.Struct, frozen=True):
    """A message that was found, with its conversation."""

    card: Card
    message: dict[str, Any]


class Found(msgspec.Struct, frozen=True):
    """Hits, newest first, and which period was searched for them.

    `complete` says that there are no more; else `next` goes on, be the page full or not.
    """

    items: list[Hit]
    next: str | None
    period: dict[str, datetime]
    complete: bool


class _Asked(msgspec.Struct, frozen=True):
    """A question: words, and messages before (top, before) and not before bottom."""

    workspace_id: str
    words: Query
    inboxes: list[str] | None
    bottom: datetime
    top: datetime
    before: str

    @property
    def latest(self) -> datetime:
        """The last instant that is asked for."""
        return self.top - timedelta(microseconds=1) if self.before == _FIRST else self.top

    @property
    def values(self) -> tuple[Any, ...]:
        """The parameters of a query, $1 to $7."""
        workspace_id, words, *rest = msgspec.structs.astuple(self)
        return (workspace_id, str(words), *rest, PAGE + 1)


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
    timer: Callable[[], float] = time.perf_counter,
) -> Found:
    """Messages with all words of `asked`, newest first."""
    words = parse(asked)
    top, before = min(_aware(until or now), now) + timedelta(seconds=1), _LAST
    if after:
        top, before = from_token(after, tuple[datetime, str])
        if top.tzinfo is None or not is_id(before):
            raise BadToken("this page token is not valid; start from the first page")
    bottom = max(_aware(since or BEGINNING), BEGINNING)
    if words is None or bottom > top:
        return Found([], None, {"from": bottom, "to": top}, True)
    seen = None if inboxes is None else list(inboxes)
    question = _Asked(workspace_id, words, seen, bottom, top, before)
    rows, start = await _look(db, question, timer)
    hits = await _hits(db, workspace_id, rows[:PAGE])
    token = to_token([start, _FIRST]) if start > bottom else None
    if len(rows) > PAGE:
        last = rows[PAGE - 1]
        start, token = last["received_at"], to_token([last["received_at"], last["id"]])
    return Found(hits, token, {"from": start, "to": top}, token is None)


def _aware(at: datetime) -> datetime:
    """A time without a zone is taken as UTC."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)


async def _look(
    db: asyncpg.Connection[Any], asked: _Asked, timer: Callable[[], float]
) -> tuple[list[Any], datetime]:
    """Rows, newest first, one more than a page where there are so many; and how far it looked."""
    began = timer()
    walk = WALK * 3 if asked.words.beginning else WALK  # the index is slower at beginnings
    rows = await db.fetch(_WALK, *asked.values, walk)
    if len(rows) > PAGE:
        return rows, asked.bottom
    by, share = await _weigh(db, asked.words)
    if share * FURTHER > PAGE:  # common, and not in the newest: a burst of something else is
        rows = await db.fetch(_WALK, *asked.values, FURTHER)
        if len(rows) > PAGE:
            return rows, asked.bottom
    rows = []
    oldest = await db.fetchval(_OLDEST, asked.workspace_id, asked.bottom)
    for weeks in _stretches(oldest or asked.top, asked.latest):
        plain = [week.replace(tzinfo=None) for week in weeks]
        rows += await db.fetch(_INDEX, *asked.values, plain, by)
        if len(rows) > PAGE:
            return rows, asked.bottom
        if timer() - began > LONG_ENOUGH and weeks[-1] > (oldest or asked.top):
            return rows, weeks[-1]
    return rows, asked.bottom


async def _weigh(db: asyncpg.Connection[Any], words: Query) -> tuple[str, float]:
    """What the index is asked for, and about which share of the messages holds all words.

    The index is not asked for a beginning that is commoner than the whole words: the places of all
    words with that beginning are collected each time, in all weeks, while the messages with the
    other words are few and can be looked at instead.
    """
    rows = await db.fetch(_COMMON, list(words.words), words.beginning or None)
    known = {row["word"]: row["share"] for row in rows}
    shares = [known.get(word, 0.0) for word in words.words]
    if not words.beginning:
        return str(words), prod(shares)
    begun = sum(n for word, n in known.items() if word.startswith(words.beginning))
    aside = shares and begun > min(shares)
    return str(Query(words.words, "") if aside else words), prod([*shares, min(1.0, begun)])


def _stretches(bottom: datetime, top: datetime) -> Iterator[list[datetime]]:
    """The weeks from that of `top` back to that of `bottom`, in stretches that double."""
    week = _week_of(top)
    length = 1
    while week > bottom - WEEK:
        stretch = [week - n * WEEK for n in range(length)]
        yield [each for each in stretch if each > bottom - WEEK]
        week, length = week - length * WEEK, min(length * 2, MOST_WEEKS)


def _week_of(at: datetime) -> datetime:
    """The Monday, 0:00 UTC, of its week, as PostgreSQL truncates."""
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())


_BOUNDS = """workspace_id = $1 AND received_at >= $4 AND received_at <= $5
AND (received_at, id) < ($5, $6::uuid)"""

_SEEN = """($3::uuid[] IS NULL OR EXISTS (SELECT 1 FROM conversation c
  WHERE c.workspace_id = $1 AND c.id = f.conversation_id AND c.inbox_id = ANY($3)))"""

_FIELDS = """m.id, m.conversation_id, m.text, m.published_at, m.received_at, m.author_name,
m.author_handle, m.direction"""

# What the last ANALYZE counted: the thousand commonest words.
_COMMON = """
SELECT e.word, e.share FROM pg_stats s CROSS JOIN LATERAL
  unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS e (word, share)
WHERE s.schemaname = 'public' AND s.tablename = 'message' AND s.attname = 'search'
  AND (e.word = ANY($1::text[]) OR starts_with(e.word, $2))
"""

_OLDEST = """
SELECT received_at FROM message WHERE workspace_id = $1 AND received_at >= $2
ORDER BY received_at LIMIT 1
"""

_WALK = f"""
SELECT {_FIELDS} FROM (
  SELECT f.id FROM (
    SELECT id, conversation_id, received_at, search FROM message WHERE {_BOUNDS}
    ORDER BY received_at DESC, id DESC LIMIT $8) AS f
  WHERE f.search @@ $2::text::tsquery AND {_SEEN}
  ORDER BY f.received_at DESC, f.id DESC LIMIT $7) AS hit
JOIN message m ON m.workspace_id = $1 AND m.id = hit.id
ORDER BY m.received_at DESC, m.id DESC
"""  # noqa: S608 - constants

# What the index finds is materialised: otherwise the planner walks an ordered index for a rare
# word. Its conditions are those of message_search_by_week alone; all others come after, and the
# function behind @@ is one that no index answers.
_INDEX = f"""
WITH found AS MATERIALIZED (
  SELECT workspace_id, id, conversation_id, received_at FROM message
  WHERE ARRAY[date_trunc('week', received_at AT TIME ZONE 'UTC')] && $8::timestamp[]
    AND search @@ $9::text::tsquery
    AND ($9 = $2 OR ts_match_vq(search, $2::text::tsquery)))
SELECT {_FIELDS} FROM (
  SELECT f.id FROM found f WHERE {_BOUNDS} AND {_SEEN}
  ORDER BY f.received_at DESC, f.id DESC LIMIT $7) AS hit
JOIN message m ON m.workspace_id = $1 AND m.id = hit.id
ORDER BY m.received_at DESC, m.id DESC
"""  # noqa: S608 - constants


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
