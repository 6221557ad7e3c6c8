"""The list with alike posts folded: the gravest of each fold stands for it, the gravest first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from earful.conversations.cards import COLUMNS, Card, card_of
from earful.desk.views import MOST, Filter, where
from earful.kit.ids import is_id
from earful.kit.paging import BadToken, from_token, to_token
from earful.kit.refusal import Refused
from earful.stream.screen import Inboxes

READ = 100_000
"""Conversations of a list that are looked at, due first: the rest comes when they are done."""
FROM = 200
"""A list is better read folded from so many conversations on."""
FRONT = 400
"""Rows that are found at once, for the pages of all who ask."""
_FAR = datetime(9999, 1, 1, tzinfo=UTC)


class Fold(msgspec.Struct, frozen=True, kw_only=True):
    """One row: the card of the gravest, and how many others say the same.

    `id` unfolds it, None where nobody else says it. `people` wrote in `conversations`, of which
    `severities` are of severity 1 to 5; the first of them is due at `due_at`.
    """

    id: str | None
    card: Card
    conversations: int
    people: int
    severities: list[int]
    due_at: datetime | None


class Folds(msgspec.Struct, frozen=True, kw_only=True):
    """A page. `conversations` are in all rows of all pages, `whole` unless there are more yet;
    `advised` where the list is so long that it is better read folded."""

    items: list[Fold]
    next: str | None
    conversations: int
    whole: bool
    advised: bool
    cursor: int


class Unfolded(msgspec.Struct, frozen=True):
    """A page of the conversations of a fold, the gravest first."""

    items: list[Card]
    next: str | None


class Shown(NamedTuple):
    """An open list as an agent sees it."""

    workspace_id: str
    agent_id: str
    inboxes: Inboxes
    filter: Filter


class Row(NamedTuple):
    """A row without its card. `faces` are the gravest of the fold, in order."""

    fold_id: str
    conversations: int
    people: int
    severities: list[int]
    worst: int
    due_at: datetime
    faces: list[str]


class Front(NamedTuple):
    """The first rows of a folded list as they were at an event, and how many are in all of it."""

    rows: list[Row]
    more: bool
    conversations: int
    cursor: int


async def front(db: Any, shown: Shown, *, after: str | None = None, size: int = FRONT) -> Front:
    """The first rows, or those after a page. Whoever threatens a life is under nobody of lesser
    need. It reads the whole list: where many ask, an answer is kept for them a moment."""
    found = _where(shown)
    beyond = "true"
    if after:
        found.args.extend(_after(after))
        n = len(found.args)
        beyond = f"(worst, due, faces[1]) > (${n - 2}::smallint, ${n - 1}::timestamptz, ${n}::uuid)"
    rows = await db.fetch(
        _FOLDS.format(found=found, beyond=beyond, read=READ + 1, size=size + 1), *found.args
    )
    made = [_row(row) for row in rows[:size] if row["fold"]]
    return Front(made, len(rows) > size, rows[0]["whole"] or 0, rows[0]["cursor"] or 0)


async def list_folds(
    db: Any, shown: Shown, first: Front | None = None, *, after: str | None = None, limit: int = 50
) -> Folds:
    """A page of an open list, folded; `first` is its front, as of a moment ago.

    What was answered since is left out: the next in its fold stands for it.
    """
    size = max(1, min(limit, MOST))
    first = first or await front(db, shown, after=after, size=size)
    part = [row for row in first.rows if not after or _place(row) > _after(after)]
    if len(part) < size and first.more:
        first = await front(db, shown, after=after, size=size)
        part = first.rows
    page, many = part[:size], first.conversations
    cards = await _faces(db, shown, page)
    onward = page and (first.more or len(part) > size)
    return Folds(
        items=[_fold(row, cards[n]) for n, row in enumerate(page) if n in cards],
        next=to_token([*_place(page[-1])]) if onward else None,
        conversations=min(many, READ),
        whole=many <= READ,
        advised=many >= FROM,
        cursor=first.cursor,
    )


async def unfold(
    db: Any, shown: Shown, fold_id: str, *, after: str | None = None, limit: int = 50
) -> Unfolded:
    """A page of those in a fold that are on this list."""
    found = _where(shown)
    if after:
        found.add(
            "(severity, coalesce(due_at, '9999-01-01Z'), id)"
            " > ({}::smallint, {}::timestamptz, {}::uuid)",
            *_after(after),
        )
    size = max(1, min(limit, MOST))
    rows = await db.fetch(
        _INSIDE.format(columns=COLUMNS, found=found, fold=len(found.args) + 1, size=size + 1),
        *found.args,
        fold_id,
    )
    cards = [card_of(row) for row in rows[:size]]
    if len(rows) <= size:
        return Unfolded(cards, None)
    last = cards[-1]
    due = last.clock.due_at if last.clock else _FAR
    return Unfolded(cards, to_token([last.severity, due, last.id]))


def _where(shown: Shown) -> Any:
    if shown.filter.status != "open":
        raise Refused("invalid", "Only lists of open conversations are folded.")
    return where(*shown)


def _after(token: str) -> tuple[int, datetime, str]:
    severity, due, key = from_token(token, tuple[int, datetime, str])
    if not is_id(key) or due.tzinfo is None or not 1 <= severity <= 5:
        raise BadToken("this page token is not valid; start from the first page")
    return severity, due, key


def _row(row: Any) -> Row:
    return Row(
        fold_id=row["fold"],
        conversations=row["many"],
        people=row["people"],
        severities=[row[f"s{n}"] for n in range(1, 6)],
        worst=row["worst"],
        due_at=row["due"],
        faces=row["faces"],
    )


def _place(row: Row) -> tuple[int, datetime, str]:
    return row.worst, row.due_at, row.faces[0]


async def _faces(db: Any, shown: Shown, rows: list[Row]) -> dict[int, Card]:
    """Who stands for each: the gravest that is still on the list."""
    found = _where(shown)
    at, faces = [], []
    for number, row in enumerate(rows):
        at.extend([number] * len(row.faces))
        faces.extend(row.faces)
    n = len(found.args)
    standing = await db.fetch(
        _FACES.format(columns=COLUMNS, found=found, at=n + 1, faces=n + 2), *found.args, at, faces
    )
    cards = {one["n"]: card_of(one) for one in standing}
    for number, row in enumerate(rows):
        if number not in cards and row.conversations > len(row.faces):
            left = await unfold(db, shown, row.fold_id)
            alike = (card for card in left.items if (card.severity == 1) == (row.worst == 1))
            if card := next(alike, None):
                cards[number] = card
    return cards


def _fold(row: Row, card: Card) -> Fold:
    return Fold(
        id=row.fold_id if row.conversations > 1 else None,
        card=card,
        conversations=row.conversations,
        people=row.people,
        severities=row.severities,
        due_at=row.due_at if row.due_at < _FAR else None,
    )


_FACES = """
SELECT DISTINCT ON (n) n, {columns} FROM unnest(${at}::int[], ${faces}::uuid[])
  WITH ORDINALITY AS f (n, face, k) CROSS JOIN LATERAL (
  SELECT * FROM conversation WHERE {found} AND id = f.face OFFSET 0) AS c
ORDER BY n, k
"""

# One by one by their key: with numbers that lag behind a pile-on no other plan is safe.
_INSIDE = """
SELECT {columns} FROM folded f CROSS JOIN LATERAL (
  SELECT * FROM conversation WHERE {found} AND id = f.conversation_id OFFSET 0) AS c
WHERE f.workspace_id = $1 AND f.fold_id = ${fold}::uuid
ORDER BY severity, coalesce(due_at, '9999-01-01Z'), id LIMIT {size}
"""

# The first ones in the order of their index; then in memory. Lives at risk are folded apart.
_FOLDS = """
WITH first AS MATERIALIZED (
  SELECT id, contact_id, severity, coalesce(due_at, '9999-01-01Z') AS due_at FROM conversation
  WHERE {found}
  ORDER BY (severity <> 1), coalesce(due_at, 'infinity'::timestamptz), severity, id LIMIT {read}),
member AS (
  SELECT f.*, coalesce(l.fold_id, f.id) AS fold FROM first f
  LEFT JOIN folded l ON l.workspace_id = $1 AND l.conversation_id = f.id),
grouped AS (
  SELECT fold, count(*) AS many, count(DISTINCT contact_id) AS people, min(severity) AS worst,
    min(due_at) AS due, (array_agg(id ORDER BY severity, due_at, id))[1:4] AS faces,
    count(*) FILTER (WHERE severity = 1) AS s1, count(*) FILTER (WHERE severity = 2) AS s2,
    count(*) FILTER (WHERE severity = 3) AS s3, count(*) FILTER (WHERE severity = 4) AS s4,
    count(*) FILTER (WHERE severity = 5) AS s5
  FROM member GROUP BY fold, severity = 1)
SELECT e.seq AS cursor, (SELECT count(*) FROM first) AS whole, g.*
FROM (SELECT max(seq) AS seq FROM event_counter WHERE workspace_id = $1) AS e
LEFT JOIN (
  SELECT * FROM grouped WHERE {beyond} ORDER BY worst, due, faces[1] LIMIT {size}) AS g ON true
ORDER BY worst, due, faces[1]
"""
