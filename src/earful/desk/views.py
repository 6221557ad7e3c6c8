"""Lists of conversations: the standing views, saved views, filters; keyset pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec

from earful.conversations.cards import COLUMNS, Card, card_of
from earful.kit.ids import is_id
from earful.kit.paging import BadToken, from_token, to_token
from earful.kit.refusal import NotFound, Refused
from earful.stream.screen import Inboxes

MOST = 200
_FAR = datetime(9999, 1, 1, tzinfo=UTC)


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What a list shows. Empty means any; `assignee` may be "me", "nobody" or an id,
    `team` "mine" or an id."""

    status: str | None = None
    inbox: str | None = None
    assignee: str | None = None
    team: str | None = None
    tag: str | None = None
    network: str | None = None
    severity: int | None = None
    trouble: bool = False
    order: str = "newest"


STANDING: dict[str, Filter] = {
    "next": Filter(status="open", order="time_left"),
    "mine": Filter(assignee="me", status="unresolved"),
    "team": Filter(team="mine", status="unresolved"),
    "with_customer": Filter(status="pending"),
    "snoozed": Filter(status="snoozed"),
    "resolved": Filter(status="resolved"),
    "held": Filter(trouble=True),
    "all": Filter(),
}


class Page(msgspec.Struct, frozen=True):
    """Cards, the token of the next page (None at the end), and the cursor events go on from."""

    items: list[Card]
    next: str | None
    cursor: int


async def find_view(db: asyncpg.Connection[Any], workspace_id: str, name: str) -> Filter:
    """The filter of a standing view by name, or of a saved one by id. Raises NotFound."""
    if name in STANDING:
        return STANDING[name]
    try:
        kept = await db.fetchval(
            "SELECT filter FROM saved_view WHERE workspace_id = $1 AND id = $2::text::uuid",
            workspace_id,
            name,
        )
    except asyncpg.DataError:
        kept = None
    if kept is None:
        raise NotFound("view")
    return msgspec.convert(kept, Filter)


def check_filter(asked: Filter) -> None:
    """Raise Refused unless a list can be made of it: a saved one is counted for everybody."""
    if asked.status not in (None, "open", "pending", "snoozed", "resolved", "unresolved"):
        raise Refused("invalid", "The status is open, pending, snoozed, resolved or unresolved.")
    for name in ("inbox", "assignee"):
        given = getattr(asked, name)
        if given and given not in ("me", "nobody") and not is_id(given):
            raise Refused("invalid", f"The {name} of this filter is no id.")
    if asked.team and asked.team != "mine" and not is_id(asked.team):
        raise Refused("invalid", "The team of this filter is no id.")
    if asked.inbox in ("me", "nobody"):
        raise Refused("invalid", "The inbox of this filter is no id.")
    if asked.severity is not None and not 1 <= asked.severity <= 5:
        raise Refused("invalid", "Severity is a number from 1 to 5.")
    if any("\0" in text for text in (asked.tag or "", asked.network or "")):
        raise Refused("invalid", "A tag or network has no null byte in its name.")


_MINE = """team_id IN (SELECT m.team_id FROM team_member m
  WHERE m.workspace_id = $1 AND m.agent_id = {}::uuid)"""


class _Where:
    """Collects conditions with numbered parameters."""

    def __init__(self, workspace_id: str) -> None:
        self.args: list[Any] = [workspace_id]
        self.parts = ["workspace_id = $1"]

    def add(self, sql: str, *values: Any) -> None:
        numbers = []
        for value in values:
            self.args.append(value)
            numbers.append(f"${len(self.args)}")
        self.parts.append(sql.format(*numbers))

    def __str__(self) -> str:
        return " AND ".join(self.parts)


def where(workspace_id: str, agent_id: str, inboxes: Inboxes, asked: Filter) -> _Where:
    """The conditions of a filter, for one who may see `inboxes`."""
    check_filter(asked)
    found = _Where(workspace_id)
    if asked.status == "unresolved":
        found.add("status <> 'resolved'")
    elif asked.status:
        # Literal, so that the partial index of the open list fits; checked above.
        found.parts.append(f"status = '{asked.status}'")
    if asked.trouble:
        found.add("trouble <> ''")
    if asked.assignee == "nobody":
        found.add("assignee_id IS NULL")
    elif asked.assignee:
        found.add("assignee_id = {}::uuid", agent_id if asked.assignee == "me" else asked.assignee)
    if asked.team == "mine":
        found.add(_MINE, agent_id)
    elif asked.team:
        found.add("team_id = {}::uuid", asked.team)
    if asked.inbox:
        found.add("inbox_id = {}::uuid", asked.inbox)
    if asked.tag:
        # The index holds only conversations with tags.
        found.add("tags <> '{{}}' AND tags @> ARRAY[{}::text]", asked.tag)
    if asked.network:
        found.add("network = {}", asked.network)
    if asked.severity:
        found.add("severity = {}", asked.severity)
    if inboxes is not None:
        found.add("inbox_id = ANY({}::uuid[])", list(inboxes))
    return found


async def list_page(
    db: asyncpg.Connection[Any],
    workspace_id: str,
    agent_id: str,
    inboxes: Inboxes,
    asked: Filter,
    *,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """One page of a list with its cursor: one statement, so both are of one moment."""
    found = where(workspace_id, agent_id, inboxes, asked)
    by_time = asked.order == "time_left"
    if by_time and after:
        first, due, severity, last = from_token(after, tuple[bool, datetime, int, str])
        _check_token(last, due, severity)
        found.add(
            "((severity <> 1), coalesce(due_at, 'infinity'::timestamptz), severity, id)"
            " > ({}::boolean, {}::timestamptz, {}::smallint, {}::uuid)",
            first,
            due if due < _FAR else datetime.max.replace(tzinfo=UTC),
            severity,
            last,
        )
    elif after:
        at, last = from_token(after, tuple[datetime, str])
        _check_token(last, at)
        found.add("(last_message_at, id) < ({}::timestamptz, {}::uuid)", at, last)
    order = (
        "(severity <> 1), coalesce(due_at, 'infinity'::timestamptz), severity, id"
        if by_time
        else "last_message_at DESC, id DESC"
    )
    size = max(1, min(limit, MOST))
    rows = await db.fetch(
        f"""SELECT e.seq AS cursor, c.* FROM (SELECT max(seq) AS seq FROM event_counter
              WHERE workspace_id = $1) AS e
            LEFT JOIN (SELECT {COLUMNS} FROM conversation WHERE {found}
              ORDER BY {order} LIMIT {size + 1}) AS c ON true
            ORDER BY {order}""",  # noqa: S608
        *found.args,
    )
    cards = [card_of(row) for row in rows[:size] if row["id"] is not None]
    more = len(rows) > size
    return Page(cards, _token(cards[-1], by_time) if more else None, rows[0]["cursor"] or 0)


def _token(card: Card, by_time: bool) -> str:
    if not by_time:
        return to_token([card.last_message_at, card.id])
    due = card.clock.due_at if card.clock else _FAR
    return to_token([card.severity != 1, due, card.severity, card.id])


def _check_token(key: str, at: datetime, severity: int = 1) -> None:
    if not is_id(key) or at.tzinfo is None or not 1 <= severity <= 5:
        raise BadToken("this page token is not valid; start from the first page")
