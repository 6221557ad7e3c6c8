"""The list with alike posts folded: the gravest of each fold stands for it, the gravest first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from earful.conversations.cards import COLUMNS, Card, card_of, load_cards
from earful.desk.views import MOST, Filter, where
from earful.kit.ids import is_id
from earful.kit.paging import BadToken, from_token, to_token
from earful.kit.refusal import Refused
from earful.stream.screen import Inboxes

READ = 50_000
"""Conversations of a list that are looked at, due first: the rest comes when they are done."""
FROM = 200
"""A list is better read folded from so many conversations on."""
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


async def list_folds(db: Any, shown: Shown, *, after: str | None = None, limit: int = 50) -> Folds:
    """A page of an open list, folded. Whoever threatens a life is under nobody of lesser need."""
    found = _where(shown)
    size = max(1, min(limit, MOST))
    beyond = "true"
    if after:
        found.args.extend(_after(after))
        n = len(found.args)
        beyond = f"(worst, due, face) > (${n - 2}::smallint, ${n - 1}::timestamptz, ${n}::uuid)"
    rows = await db.fetch(
        _FOLDS.format(found=found, beyond=beyond, read=READ + 1, size=size + 1), *found.args
    )
    cards = await load_cards(
        db, shown.workspace_id, [row["face"] for row in rows[:size] if row["face"]]
    )
    items = [_fold(row, cards[row["face"]]) for row in rows[:size] if row["face"] in cards]
    last, many = rows[:size][-1], rows[0]["whole"] or 0
    onward = to_token([last["worst"], last["due"], last["face"]]) if len(rows) > size else None
    return Folds(
        items=items,
        next=onward,
        conversations=min(many, READ),
        whole=many <= READ,
        advised=many >= FROM,
        cursor=rows[0]["cursor"] or 0,
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


def _fold(row: Any, card: Card) -> Fold:
    many = row["many"]
    return Fold(
        id=row["fold"] if many > 1 else None,
        card=card,
        conversations=many,
        people=row["people"],
        severities=[row[f"s{n}"] for n in range(1, 6)],
        due_at=row["due"] if row["due"] < _FAR else None,
    )


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
    min(due_at) AS due, (array_agg(id ORDER BY severity, due_at, id))[1] AS face,
    count(*) FILTER (WHERE severity = 1) AS s1, count(*) FILTER (WHERE severity = 2) AS s2,
    count(*) FILTER (WHERE severity = 3) AS s3, count(*) FILTER (WHERE severity = 4) AS s4,
    count(*) FILTER (WHERE severity = 5) AS s5
  FROM member GROUP BY fold, severity = 1)
SELECT e.seq AS cursor, (SELECT count(*) FROM first) AS whole, g.*
FROM (SELECT max(seq) AS seq FROM event_counter WHERE workspace_id = $1) AS e
LEFT JOIN (SELECT * FROM grouped WHERE {beyond} ORDER BY worst, due, face LIMIT {size}) AS g ON true
ORDER BY worst, due, face
"""
