"""The conversations behind a figure: never a number that leads to nobody."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from earful.conversations.cards import Card, load_cards
from earful.figures.asking import LATER, PROMISES, RATINGS, WAITS, Asked, Source, where
from earful.figures.sums import ANSWERED, ENDING, KEPT, MISSED, NEXT, OVERDUE
from earful.kit.ids import is_id
from earful.kit.paging import BadToken, from_token, to_token

Which = Literal[
    "waits", "answered", "waiting", "overdue", "closed", "left_out", "kept", "missed",
    "next_answered", "next_kept", "next_missed", "resolved", "resolution_kept",
    "resolution_missed", "promises_made", "promises_kept", "promises_broken", "rating_asked",
    "rating_count", "rating_good",
]  # fmt: skip
"""The names of counts, as the figures have them."""
Order = Literal["newest", "longest"]
"""The longest on the wall first: of waits that ended."""
MOST = 200


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One conversation of a figure. `began_at`: of the wait, promise or question for a rating.

    `state` is that of the wait, promise or rating; lengths are seconds until the wait ended.
    `words` are what was promised, or what the customer said with her rating.
    """

    conversation: Card
    began_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    state: str
    wall_for: float | None
    business_for: float | None
    agent_id: str | None
    score: int | None
    words: str


class Page(msgspec.Struct, frozen=True):
    """A page of cases; `next` is the token of the next one."""

    items: list[Case]
    next: str | None


async def load_cases(
    db: Any,
    asked: Asked,
    which: Which,
    *,
    order: Order = "newest",
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """A page of the conversations that a figure counts. Raises BadToken."""
    most = max(1, min(limit, MOST))
    source, chosen = _CHOSEN[which]
    condition, args = where(asked, source)
    parts = [condition, chosen]
    if "@now" in chosen:
        args.append(asked.at)
        parts[1] = chosen.replace("@now", f"${len(args)}::timestamptz")
    long = order == "longest" and source in (WAITS, LATER)
    keys = [source.began, _TIE[source.began]]
    if long:
        keys.insert(0, "w.wall_for")
        parts.append("w.wall_for IS NOT NULL")
    if after is not None:
        args += _key_of(after, long=long)
        names = ", ".join(f"${n}" for n in range(len(args) - len(keys) + 1, len(args) + 1))
        parts.append(f"({', '.join(keys)}) < ({names})")
    sql = f"""
SELECT {_SHOWN[source.began]}, {keys[-1]} AS tie FROM {source.rows}
WHERE {" AND ".join(parts)}
ORDER BY {", ".join(f"{key} DESC" for key in keys)} LIMIT {most + 1}"""  # noqa: S608 - ours
    return await _page(db, asked, await db.fetch(sql, *args), most, long=long)


def _key_of(token: str, *, long: bool) -> list[Any]:
    """Where the page before ended. Raises BadToken."""
    shape: Any = tuple[float, datetime, str] if long else tuple[datetime, str]
    *length, began_at, tie = from_token(token, shape)
    if began_at.tzinfo is None or not is_id(tie):
        raise BadToken("this page token is not valid; start from the first page")
    return [*length, began_at, tie]


async def _page(db: Any, asked: Asked, rows: list[Any], most: int, *, long: bool) -> Page:
    shown, more = rows[:most], None
    cards = await load_cards(db, asked.workspace_id, {row["conversation_id"] for row in shown})
    if len(rows) > most:
        last = shown[-1]
        key = [last["began_at"], last["tie"]]
        more = to_token([last["wall_for"], *key] if long else key)
    return Page([_case(row, cards[row["conversation_id"]]) for row in shown], more)


def _case(row: Any, card: Card) -> Case:
    names = [name for name in Case.__struct_fields__ if name != "conversation"]
    return Case(conversation=card, **{name: row[name] for name in names})


_CHOSEN: dict[Which, tuple[Source, str]] = {
    "waits": (WAITS, "state IN ('answered', 'waiting', 'closed')"),
    "answered": (WAITS, ANSWERED),
    "waiting": (WAITS, "state = 'waiting'"),
    "overdue": (WAITS, OVERDUE),
    "closed": (WAITS, "state = 'closed'"),
    "left_out": (WAITS, "state IN ('spam', 'gone')"),
    "kept": (WAITS, KEPT),
    "missed": (WAITS, MISSED),
    "next_answered": (LATER, f"{NEXT} AND {ANSWERED}"),
    "next_kept": (LATER, f"{NEXT} AND {KEPT}"),
    "next_missed": (LATER, f"{NEXT} AND {MISSED}"),
    "resolved": (LATER, f"{ENDING} AND {ANSWERED}"),
    "resolution_kept": (LATER, f"{ENDING} AND {KEPT}"),
    "resolution_missed": (LATER, f"{ENDING} AND {MISSED}"),
    "promises_made": (PROMISES, "true"),
    "promises_kept": (PROMISES, "w.state = 'kept'"),
    "promises_broken": (PROMISES, "w.state = 'broken'"),
    "rating_asked": (RATINGS, "true"),
    "rating_count": (RATINGS, "w.state = 'answered'"),
    "rating_good": (RATINGS, "w.state = 'answered' AND w.score >= 4"),
}

_TIE = {WAITS.began: "w.conversation_id", PROMISES.began: "w.id", RATINGS.began: "w.id"}

_SHOWN = {
    WAITS.began: """w.conversation_id, w.began_at, w.due_at, w.ended_at, w.state, w.wall_for,
  w.business_for, w.agent_id, NULL::int AS score, '' AS words""",
    PROMISES.began: """w.conversation_id, w.made_at AS began_at, w.due_at,
  coalesce(w.done_at, w.ended_at) AS ended_at, w.state, NULL::float8 AS wall_for,
  NULL::float8 AS business_for, w.owner_id AS agent_id, NULL::int AS score,
  w.words""",
    RATINGS.began: """w.conversation_id, w.asked_at AS began_at, NULL::timestamptz AS due_at,
  w.answered_at AS ended_at, w.state, NULL::float8 AS wall_for, NULL::float8 AS business_for,
  w.agent_id, w.score, w.words""",
}
