"""A page on its way: claimed under a lease, sent, written down; another way where it fails."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.accounts.secrets import context_of
from earful.accounts.tokens import digest, is_token
from earful.kit.text import one_line, storable
from earful.paging.alerts import Alert, alert_of
from earful.paging.call import Outcome
from earful.paging.climbing import PLACE, queue_page
from earful.paging.pagers import note_outcome
from earful.stream.work import Vault, Work

LEASE_FOR = 90.0
"""Seconds one attempt may take; longer than one ever does."""
MOST_TRIES = 6
WAITS = (5.0, 20.0, 60.0, 180.0, 600.0)
"""Seconds until it is tried again, the first time and after."""


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """A page that this worker is to send. `attempts` counts this one."""

    workspace_id: str
    id: str
    alert_id: str
    pager_id: str
    round: int
    step: int
    link: bytes | None
    attempts: int
    rehearsal: bool
    workspace: str
    gravity: int


async def claim(db: Any, now: datetime, most: int = 4) -> list[Due]:
    """Lease pages that are due, the gravest first. The caller commits before it sends.

    One whose worker died is claimed again: it may come twice, rather than not at all.
    """
    rows = await db.fetch(_CLAIM, now, LEASE_FOR, most)
    due = [msgspec.convert(dict(row), Due) for row in rows]
    return sorted(due, key=lambda one: one.gravity)  # a statement returns rows in any order


def link_of(vault: Vault, due: Due, base: str) -> str:
    """The address at which whoever got this page says that she has it."""
    if due.link is None:
        return ""
    context = context_of(due.workspace_id, PLACE, due.id)
    return f"{base}/page/{vault.open(due.link, context=context).decode()}"


async def went(work: Work, due: Due) -> None:
    """It was taken. Its link stays as a digest."""
    row = await work.db.fetchrow(_WENT, work.workspace_id, due.id, work.now)
    if row is None:
        return
    await note_outcome(work, due.pager_id, "")
    [alert] = await work.db.fetch(_REACHED, work.workspace_id, due.alert_id)
    page = {"id": due.id, "pager_id": due.pager_id, "name": row["name"], "state": "sent"}
    work.emit("alert.paged", {"alert": alert_of(alert), "page": page}, inbox_id=alert["inbox_id"])


async def failed(work: Work, due: Due, outcome: Outcome) -> None:
    """It was not taken: tried again while that may help, and by another way at once."""
    words = one_line(storable(outcome.words), 300) or "It was not taken."
    over = not outcome.passing or due.attempts >= MOST_TRIES
    wait = WAITS[min(due.attempts, len(WAITS)) - 1]
    row = await work.db.fetchrow(
        _FAILED,
        work.workspace_id,
        due.id,
        "failed" if over else "queued",
        words,
        work.now + timedelta(seconds=wait),
    )
    await note_outcome(work, due.pager_id, words)
    if row is None:
        return
    [alert] = await work.db.fetch(_ALERT, work.workspace_id, due.alert_id)
    other = await _other_way(work, alert, due)
    trouble = f"{row['name']}: {words}" + (" Another way is tried." if other else "")
    [alert] = await work.db.fetch(
        _TROUBLED, work.workspace_id, due.alert_id, trouble, due.round, due.step, work.now
    )
    page = {"id": due.id, "pager_id": due.pager_id, "name": row["name"], "state": "failed"}
    work.emit("alert.paged", {"alert": alert_of(alert), "page": page}, inbox_id=alert["inbox_id"])


async def _other_way(work: Work, alert: Any, due: Due) -> bool:
    """Queue the next pager of the same person or team, if there is one that was not tried."""
    if alert["state"] != "raised" or due.attempts > 1:
        return False
    pager = await work.db.fetchrow(
        _NEXT_WAY, work.workspace_id, due.pager_id, due.alert_id, due.round, due.step
    )
    return pager is not None and await queue_page(work, alert, pager, due.round, due.step)


async def next_page(db: Any) -> datetime | None:
    """When the next page is due."""
    due: datetime | None = await db.fetchval(
        """SELECT min(greatest(run_at, lease_until)) FROM page
           WHERE state IN ('queued', 'sending')"""
    )
    return due


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a link leads to: an alert, whom it was sent to, and whose desk it is."""

    workspace_id: str
    workspace: str
    agent_id: str | None
    name: str
    alert: Alert
    place: str


async def look(db: Any, token: str) -> Found | None:
    """The page of a link; None for one that is unknown, or whose alert is forgotten."""
    if not is_token(token):
        return None
    row = await db.fetchrow(_LOOK, digest(token))
    if row is None:
        return None
    return Found(
        workspace_id=row["workspace_id"],
        workspace=row["workspace"],
        agent_id=row["page_agent_id"],
        name=row["agent_name"] or row["page_name"],
        alert=alert_of(row),
        place=row["place"] or "",
    )


_CLAIM = """
UPDATE page t SET state = 'sending', lease_until = $1::timestamptz + make_interval(secs => $2),
  attempts = t.attempts + 1
FROM (SELECT p.workspace_id, p.id, w.rehearsal, w.name AS workspace,
        coalesce(a.severity, 9) AS gravity
      FROM page p JOIN workspace w ON w.id = p.workspace_id
      JOIN alert a ON a.workspace_id = p.workspace_id AND a.id = p.alert_id
      WHERE p.state IN ('queued', 'sending') AND p.run_at <= $1
        AND (p.lease_until IS NULL OR p.lease_until < $1) AND a.state = 'raised'
      ORDER BY coalesce(a.severity, 9), p.run_at LIMIT $3 FOR UPDATE OF p SKIP LOCKED) due
WHERE t.workspace_id = due.workspace_id AND t.id = due.id
RETURNING t.workspace_id, t.id, t.alert_id, t.pager_id, t.round, t.step, t.link, t.attempts,
  due.rehearsal, due.workspace, due.gravity
"""

_WENT = """
UPDATE page SET state = 'sent', sent_at = $3, error = '', lease_until = NULL, link = NULL
WHERE workspace_id = $1 AND id = $2 AND state = 'sending' RETURNING name
"""

_FAILED = """
UPDATE page SET state = $3, error = $4, run_at = $5, lease_until = NULL
WHERE workspace_id = $1 AND id = $2 AND state = 'sending' RETURNING name
"""

_ALERT = "SELECT * FROM alert WHERE workspace_id = $1 AND id = $2 FOR UPDATE"

_REACHED = """
UPDATE alert SET reached = reached + 1, trouble = '' WHERE workspace_id = $1 AND id = $2
RETURNING *
"""

# Nobody can answer a step that reached nobody: where every way failed the next one comes at once.
_TROUBLED = """
UPDATE alert a SET trouble = $3, run_at = CASE
  WHEN a.run_at > $6 AND a.round = $4 AND a.step = $5 + 1 AND NOT EXISTS (
    SELECT 1 FROM page p WHERE p.workspace_id = $1 AND p.alert_id = $2 AND p.round = $4
      AND p.step = $5 AND (p.state IN ('sent', 'sending') OR p.attempts = 0))
  THEN $6 ELSE a.run_at END
WHERE a.workspace_id = $1 AND a.id = $2 RETURNING *
"""

_NEXT_WAY = """
SELECT n.id, n.agent_id, n.name FROM pager p
JOIN pager n ON n.workspace_id = p.workspace_id AND n.id <> p.id
  AND n.agent_id IS NOT DISTINCT FROM p.agent_id AND n.team_id IS NOT DISTINCT FROM p.team_id
WHERE p.workspace_id = $1 AND p.id = $2 AND NOT EXISTS (
  SELECT 1 FROM page g WHERE g.workspace_id = $1 AND g.alert_id = $3 AND g.round = $4
    AND g.step = $5 AND g.pager_id = n.id)
ORDER BY n.trouble <> '', n.position, n.id LIMIT 1
"""

# A link finds its workspace: it is one of the few look-ups that do.
_LOOK = """
SELECT a.*, w.name AS workspace, p.agent_id AS page_agent_id, p.name AS page_name,
  g.name AS agent_name, coalesce(i.name, '') AS place
FROM page p JOIN alert a ON a.workspace_id = p.workspace_id AND a.id = p.alert_id
JOIN workspace w ON w.id = p.workspace_id
LEFT JOIN agent g ON g.workspace_id = p.workspace_id AND g.id = p.agent_id
LEFT JOIN inbox i ON i.workspace_id = a.workspace_id AND i.id = a.inbox_id
WHERE p.token = $1
"""
