"""Promises by the page: those of a conversation, and those that are open anywhere."""

from __future__ import annotations

from typing import Any

import msgspec

from earful.kit.paging import At, Id, cut, from_token
from earful.promises.register import COLUMNS, Promise, promise_of
from earful.stream.screen import Inboxes

MOST = 200
"""On a page."""


class Page(msgspec.Struct, frozen=True):
    """A page of promises, and the token of the next."""

    items: list[Promise]
    next: str | None


async def promises_in(
    db: Any, workspace_id: str, conversation_id: str, *, after: str | None = None, limit: int = 50
) -> Page:
    """Of a conversation and those merged into it: what is open first, the most urgent in front.

    Raises BadToken.
    """
    ended, due, last = from_token(after, tuple[bool, At, Id]) if after else (None, None, None)
    size = _size(limit)
    rows = await db.fetch(_IN, workspace_id, conversation_id, ended, due, last, size + 1)
    found = [promise_of(row) for row in rows]
    return Page(*cut(found, size, lambda one: [one.state != "open", one.due_at, one.id]))


async def open_promises(
    db: Any, workspace_id: str, inboxes: Inboxes, *, after: str | None = None, limit: int = 50
) -> Page:
    """Those that are open in these inboxes, the most urgent first. Raises BadToken."""
    due, last = from_token(after, tuple[At, Id]) if after else (None, None)
    size, seen = _size(limit), None if inboxes is None else list(inboxes)
    rows = await db.fetch(_OPEN, workspace_id, seen, due, last, size + 1)
    found = [promise_of(row) for row in rows]
    return Page(*cut(found, size, lambda one: [one.due_at, one.id]))


def _size(limit: int) -> int:
    return max(1, min(limit, MOST))


_IN = f"""
SELECT {COLUMNS} FROM promise WHERE workspace_id = $1
  AND conversation_id = ANY(array(SELECT $2::uuid UNION ALL SELECT id FROM conversation
    WHERE workspace_id = $1 AND merged_into = $2))
  AND ($3::boolean IS NULL OR (state <> 'open', due_at, id) > ($3, $4::timestamptz, $5::uuid))
ORDER BY state <> 'open', due_at, id LIMIT $6
"""  # noqa: S608 - names of our own

_OPEN = f"""
SELECT {COLUMNS} FROM promise WHERE workspace_id = $1 AND state = 'open'
  AND ($2::uuid[] IS NULL OR inbox_id = ANY($2))
  AND ($3::timestamptz IS NULL OR (due_at, id) > ($3, $4::uuid))
ORDER BY due_at, id LIMIT $5
"""  # noqa: S608 - as above
