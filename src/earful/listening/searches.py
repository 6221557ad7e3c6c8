"""Saved searches of the workspace, as leads write them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.accounts.bounds import refuse_beyond
from earful.kit.ids import is_id, new_id
from earful.kit.refusal import NotFound, Refused
from earful.kit.text import one_line, storable
from earful.listening.query import BadSearch, read
from earful.listening.ways import ways
from earful.networks.contract import Charges
from earful.networks.registry import network
from earful.stream.work import Work
from earful.triage.model import KINDS

WEEK = timedelta(days=7)
MONTH_DAYS = 30.4


class Search(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a lead asks for: on which `channels` (none: all that can search), in which languages.

    With `alert`, what it finds is told to whom the ladder of alerts names. Posts of the kinds of
    `take_in` become conversations by themselves. With `outreach` it seeks people to write to.
    """

    name: str
    query: str
    channels: list[str] = msgspec.field(default_factory=list)
    languages: list[str] = msgspec.field(default_factory=list)
    alert: bool = False
    take_in: list[str] = msgspec.field(default_factory=list)
    outreach: bool = False
    on: bool = True


class Price(msgspec.Struct, frozen=True):
    """Money, as a decimal number."""

    amount: float
    currency: str


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """A saved search. `found_week` counts seven days; `price_month` is what these would cost in a
    month on networks that charge, None where nothing does."""

    id: str
    name: str
    query: str
    channels: list[str]
    languages: list[str]
    alert: bool
    take_in: list[str]
    outreach: bool
    on: bool
    problem: str
    found_week: int
    price_month: Price | None
    created_at: datetime


class BadQuery(Refused):
    """A query that can't be used, with the character at which that shows."""

    def __init__(self, error: BadSearch) -> None:
        super().__init__("query", error.words, at=error.at)


def checked(search: Search) -> Search:
    """The search with its texts made plain. Raises Refused, BadQuery among them."""
    name, query = one_line(storable(search.name), 100), storable(search.query)
    if not name:
        raise Refused("empty", "It needs a name.")
    try:
        ways(read(query))
    except BadSearch as error:
        raise BadQuery(error) from error
    if any(not is_id(one) for one in search.channels):
        raise NotFound("channel")
    languages = codes(search.languages)
    if not set(search.take_in) <= set(KINDS):
        raise Refused("invalid", f"Kinds to take in are {', '.join(KINDS)}.")
    return msgspec.structs.replace(
        search,
        name=name,
        query=query.strip(),
        languages=languages,
        channels=sorted(set(search.channels)),
        take_in=[kind for kind in KINDS if kind in search.take_in],
    )


def codes(languages: list[str]) -> list[str]:
    """Codes of languages in small letters. Raises Refused."""
    plain = [one.strip().lower() for one in languages]
    if len(plain) > 20 or any(not (one.isalpha() and 2 <= len(one) <= 3) for one in plain):
        raise Refused("invalid", "Languages are codes such as en, at most 20 of them.")
    return plain


async def keep_search(work: Work, search: Search, search_id: str | None = None) -> Saved:
    """Save a new search, or change one; it looks again from then on. Raises Refused, NotFound."""
    clean = checked(search)
    if clean.channels:
        found = await work.db.fetchval(_THEIRS, work.workspace_id, clean.channels)
        if found != len(clean.channels):
            raise NotFound("channel")
    key = search_id or new_id()
    columns = (
        clean.name, clean.query, clean.channels, clean.languages, clean.alert, clean.on,
        clean.take_in, clean.outreach,
    )  # fmt: skip
    if search_id is None:
        await work.db.execute(_INSERT, work.workspace_id, key, *columns, work.now)
        await refuse_beyond(work.db, work.workspace_id, "saved_search")
    elif not await work.db.fetchval(_UPDATE, work.workspace_id, key, *columns):
        raise NotFound("search")
    # What was read with other words is read again: a new turn begins without a cursor.
    await work.db.execute(_RESTART, work.workspace_id, key)
    work.emit("search.changed", {"id": key})
    [saved] = [
        one for one in await list_searches(work.db, work.workspace_id, work.now) if one.id == key
    ]
    return saved


async def remove_search(work: Work, search_id: str) -> None:
    """Forget a search; what it found stays. Raises NotFound."""
    gone = await work.db.fetchval(
        "DELETE FROM saved_search WHERE workspace_id = $1 AND id = $2 RETURNING true",
        work.workspace_id,
        search_id,
    )
    if not gone:
        raise NotFound("search")
    await work.db.execute(_RESTART, work.workspace_id, search_id)
    work.emit("search.changed", {"id": search_id})


async def list_searches(db: Any, workspace_id: str, now: datetime) -> list[Saved]:
    """All of them by name, with what they found in the last seven days."""
    rows = await db.fetch(_LIST, workspace_id)
    found: dict[str, dict[str, int]] = {}
    for row in await db.fetch(_FOUND, workspace_id, now - WEEK):
        found.setdefault(row["search_id"], {})[row["network"]] = row["count"]
    return [_saved(row, found.get(row["id"], {})) for row in rows]


def _saved(row: Any, found: dict[str, int]) -> Saved:
    return Saved(
        **{name: row[name] for name in _PLAIN},
        on=row["is_on"],
        found_week=sum(found.values()),
        price_month=price_of({name: count / 7 for name, count in found.items()}),
    )


def price_of(per_day: dict[str, float]) -> Price | None:
    """What so many posts a day, by network, cost in a month; None where nothing does."""
    total, currency = 0.0, ""
    for name, count in per_day.items():
        kept = network(name)
        if isinstance(kept, Charges):
            micros, currency = kept.price_of_search()
            total += count * MONTH_DAYS * micros / 1_000_000
    return Price(round(total, 2), currency) if currency else None


_PLAIN = (
    "id", "name", "query", "channels", "languages", "alert", "take_in", "outreach", "problem",
    "created_at",
)  # fmt: skip
_THEIRS = """
SELECT count(*) FROM channel WHERE workspace_id = $1 AND id = ANY($2::uuid[]) AND state <> 'off'
"""
_INSERT = """
INSERT INTO saved_search (workspace_id, id, name, query, channels, languages, alert, is_on, take_in,
  outreach, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
_UPDATE = """
UPDATE saved_search SET name = $3, query = $4, channels = $5, languages = $6, alert = $7,
  is_on = $8, take_in = $9, outreach = $10
WHERE workspace_id = $1 AND id = $2 RETURNING true
"""
_RESTART = "DELETE FROM search_turn WHERE workspace_id = $1 AND search_id = $2"
_LIST = """
SELECT s.*, coalesce((SELECT string_agg(DISTINCT t.problem, ' ') FROM search_turn t
  WHERE t.workspace_id = $1 AND t.search_id = s.id AND t.problem <> ''), '') AS problem
FROM saved_search s WHERE s.workspace_id = $1
ORDER BY lower(s.name), s.id
"""
_FOUND = """
SELECT i.search_id, m.network, count(*) AS count FROM mention m
CROSS JOIN LATERAL unnest(m.search_ids) AS i (search_id)
WHERE m.workspace_id = $1 AND m.found_at >= $2 GROUP BY 1, 2
"""
