"""Alerts by the page: what is the matter now, and what was."""

from __future__ import annotations

from typing import Any

from earful.kit.paging import At, Id, cut, from_token
from earful.paging.alerts import Alert, alert_of
from earful.stream.screen import Inboxes, seen_by

MOST = 200
"""On a page."""


async def list_open(
    db: Any, workspace_id: str, inboxes: Inboxes, after: str | None = None, limit: int = MOST
) -> tuple[list[Alert], str | None]:
    """What is not over, the gravest and oldest first, and the next page's token. Raises BadToken.

    An alert of no inbox is everybody's.
    """
    key = from_token(after, tuple[bool, int, At, Id]) if after else [None] * 4
    size = max(1, min(limit, MOST))
    rows = await db.fetch(_OPEN, workspace_id, seen_by(inboxes), *key, size + 1)
    return cut([alert_of(row) for row in rows], size, _place)


def _place(alert: Alert) -> list[Any]:
    severity = 9 if alert.severity is None else alert.severity
    return [alert.state != "raised", severity, alert.raised_at, alert.id]


async def list_past(
    db: Any, workspace_id: str, inboxes: Inboxes, after: str | None = None, limit: int = 50
) -> tuple[list[Alert], str | None]:
    """What is over, newest first, and the next page's token. Raises BadToken."""
    key = from_token(after, tuple[At, Id]) if after else (None, None)
    size = max(1, min(limit, MOST))
    rows = await db.fetch(_PAST, workspace_id, seen_by(inboxes), *key, size + 1)
    return cut([alert_of(row) for row in rows], size, lambda one: [one.raised_at, one.id])


_SEEN = "($2::uuid[] IS NULL OR inbox_id IS NULL OR inbox_id = ANY($2))"

_OPEN = f"""
SELECT * FROM alert WHERE workspace_id = $1 AND cleared_at IS NULL AND {_SEEN}
  AND ($3::boolean IS NULL OR (state <> 'raised', coalesce(severity, 9), raised_at, id)
    > ($3, $4::integer, $5::timestamptz, $6::uuid))
ORDER BY state <> 'raised', coalesce(severity, 9), raised_at, id LIMIT $7
"""  # noqa: S608 - constants

_PAST = f"""
SELECT * FROM alert WHERE workspace_id = $1 AND cleared_at IS NOT NULL AND {_SEEN}
  AND ($3::timestamptz IS NULL OR (raised_at, id) < ($3, $4::uuid))
ORDER BY raised_at DESC, id DESC LIMIT $5
"""  # noqa: S608 - constants
