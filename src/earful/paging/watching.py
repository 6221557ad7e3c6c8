"""What no event says: nobody does anything, a channel stays silent, a conversation is forgotten.

Also what is over: an alert whose matter no longer holds is cleared.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from earful.paging.alerts import Matter, alert_of, clear, key_of, raise_alert
from earful.paging.rules import SIGNALS, Cause, Rule
from earful.sla.hours import Hours, hours_of
from earful.sla.policy import CLOCK_HOURS, Case
from earful.sla.rules import rules_of as policies_of
from earful.stream.work import Work

MOST = 1000
"""Forgotten conversations that one look counts."""
DEAF_AFTER = timedelta(minutes=2)
"""How long after its listener's lease ended nobody listens to a channel."""
FOR_EVER = timedelta(days=36_500)


async def watch(work: Work, rules: dict[Cause, Rule]) -> None:
    """Look once at what the rules speak of, and clear what is over."""
    if "unattended" in rules:
        await _unattended(work, rules["unattended"])
    if "channel" in rules:
        await _channels(work, rules["channel"])
    if "forgotten" in rules:
        await _forgotten(work, rules["forgotten"])
    await _over(work, rules)


async def _unattended(work: Work, rule: Rule) -> None:
    for inbox_id in await unattended(work, rule):
        await raise_alert(work, rule, Matter(key=key_of("unattended", inbox_id), inbox_id=inbox_id))


async def unattended(work: Work, rule: Rule) -> list[str]:
    """Inboxes in which somebody waits and nobody has acted for `after_for` of open hours."""
    after = timedelta(seconds=rule.after_for)
    rows = await work.db.fetch(_WAITING, work.workspace_id, work.now - after)
    policies = await policies_of(work)
    found = []
    for row in rows:
        since = max(row["since"], row["at"]) if row["at"] else row["since"]
        case = Case(row["inbox_id"], row["channel_id"], row["visibility"], row["severity"])
        calendar = policies.policy_of(case).terms.calendar
        hours: Hours = hours_of(calendar) if calendar else CLOCK_HOURS
        if hours.is_open(work.now) and hours.worked(since, work.now) >= after:
            found.append(row["inbox_id"])
    return found


async def _channels(work: Work, rule: Rule) -> None:
    """Channels that are held, must be signed in again, or that nobody listens to, for long."""
    await work.db.execute(_NOTE_TROUBLE, work.workspace_id, work.now, work.now - DEAF_AFTER)
    rows = await work.db.fetch(
        _LONG_TROUBLE, work.workspace_id, work.now - timedelta(seconds=rule.after_for)
    )
    for row in rows:
        key = key_of("channel", row["id"])
        matter = Matter(key=key, channel_id=row["id"], inbox_id=row["inbox_id"])
        await raise_alert(work, rule, matter)


async def _forgotten(work: Work, rule: Rule) -> None:
    by_inbox: dict[str, list[str]] = {}
    since = work.now - timedelta(seconds=rule.after_for)
    for row in await work.db.fetch(FORGOTTEN, work.workspace_id, since, MOST):
        by_inbox.setdefault(row["inbox_id"], []).append(row["id"])
    for inbox_id, ids in by_inbox.items():
        key = key_of("forgotten", inbox_id)
        matter = Matter(key=key, inbox_id=inbox_id, conversation_ids=tuple(ids))
        await raise_alert(work, rule, matter)


async def _over(work: Work, rules: dict[Cause, Rule]) -> None:
    """Clear every open alert whose matter no longer holds, or that no rule speaks of any more."""
    rows = await work.db.fetch(
        "SELECT * FROM alert WHERE workspace_id = $1 AND cleared_at IS NULL", work.workspace_id
    )
    quiet = None
    for row in rows:
        rule = rules.get(row["cause"])
        if rule is not None and row["cause"] == "unattended":
            quiet = await unattended(work, rule) if quiet is None else quiet
            holds = row["inbox_id"] in quiet or await _still_waiting(work, row)
        else:
            holds = rule is not None and await _holds(work, row, rule, late="breach" in rules)
        if not holds:
            await clear(work, row["id"])


async def _still_waiting(work: Work, row: Any) -> bool:
    """Out of hours it is not over, unless somebody acted, or nobody waits any more."""
    return bool(
        await work.db.fetchval(_STILL, work.workspace_id, row["inbox_id"], row["raised_at"])
    )


async def _holds(work: Work, row: Any, rule: Rule, *, late: bool) -> bool:
    """Whether it is still so. `late`: what is late has an alert of its own."""
    cause = alert_of(row).cause
    given: tuple[Any, ...] = (work.workspace_id, row["id"])
    if cause == "channel":
        given = (work.workspace_id, row["channel_id"])
    elif cause == "forgotten":
        given = (*given, work.now - timedelta(seconds=rule.after_for))
    elif cause == "near_breach":
        given = (*given, work.now if late else work.now - FOR_EVER)
    elif cause in SIGNALS:
        given = (work.workspace_id, row["inbox_id"], cause)
    elif cause.startswith("severity"):
        given = (*given, int(cause[-1]))
    return bool(await work.db.fetchval(_HOLDS.get(cause, _LASTS), *given))


async def watched(db: Any) -> list[str]:
    """Workspaces in which something pages, or an alert is open."""
    rows = await db.fetch(
        """SELECT workspace_id FROM paging_rule
           UNION SELECT workspace_id FROM alert WHERE cleared_at IS NULL"""
    )
    return sorted(row["workspace_id"] for row in rows)


async def oldest_alert(db: Any, workspace_id: str) -> datetime | None:
    """When the oldest open alert was raised."""
    found: datetime | None = await db.fetchval(
        "SELECT min(raised_at) FROM alert WHERE workspace_id = $1 AND cleared_at IS NULL",
        workspace_id,
    )
    return found


# The one who waits longest in each inbox, by the index of those who wait.
_WAITING = """
SELECT w.*, t.at FROM inbox i
CROSS JOIN LATERAL (
  SELECT c.inbox_id, c.waiting_since AS since, c.channel_id, c.visibility, c.severity
  FROM conversation c
  WHERE c.workspace_id = $1 AND c.unanswered > 0 AND c.waiting_since <= $2
    AND c.inbox_id = i.id AND c.status = 'open'
  ORDER BY c.waiting_since LIMIT 1) w
LEFT JOIN attended t ON t.workspace_id = $1 AND t.inbox_id = i.id
WHERE i.workspace_id = $1 AND i.deleted_at IS NULL
"""

_STILL = """
SELECT EXISTS (SELECT 1 FROM conversation c WHERE c.workspace_id = $1 AND c.unanswered > 0
    AND c.waiting_since <= $3 AND c.inbox_id = $2 AND c.status = 'open')
  AND NOT EXISTS (SELECT 1 FROM attended t WHERE t.workspace_id = $1 AND t.inbox_id = $2
    AND t.at > $3)
"""

_TROUBLED = """(c.state IN ('held', 'reauthorize')
  OR (c.state = 'active' AND c.listener_until < $3::timestamptz))"""

_NOTE_TROUBLE = f"""
WITH bad AS (
  SELECT c.id FROM channel c WHERE c.workspace_id = $1 AND {_TROUBLED}),
well AS (
  DELETE FROM channel_trouble t WHERE t.workspace_id = $1
    AND t.channel_id NOT IN (SELECT id FROM bad))
INSERT INTO channel_trouble (workspace_id, channel_id, since)
SELECT $1, id, $2::timestamptz FROM bad ON CONFLICT DO NOTHING
"""  # noqa: S608 - a constant of this file

_LONG_TROUBLE = """
SELECT c.id, c.inbox_id FROM channel_trouble t
JOIN channel c ON c.workspace_id = t.workspace_id AND c.id = t.channel_id
WHERE t.workspace_id = $1 AND t.since <= $2
"""

_NO_ACT = """c.last_message_at < {since}
  AND NOT EXISTS (SELECT 1 FROM follow_up f WHERE f.workspace_id = c.workspace_id
    AND f.conversation_id = c.id AND f.state = 'waiting')
  AND NOT EXISTS (SELECT 1 FROM event e WHERE e.workspace_id = c.workspace_id
    AND e.conversation_id = c.id AND e.at >= {since} AND e.actor->>'kind' = 'agent')"""

# Open or with the customer, no word and no act for so long, nothing planned; a snooze is a plan.
FORGOTTEN = f"""
SELECT c.id, c.inbox_id FROM conversation c
WHERE c.workspace_id = $1 AND c.status IN ('open', 'pending')
  AND {_NO_ACT.format(since="$2")}
ORDER BY c.last_message_at LIMIT $3
"""  # noqa: S608 - as above

_CASES = """
SELECT EXISTS (SELECT 1 FROM alert_case k
  JOIN conversation c ON c.workspace_id = k.workspace_id AND c.id = k.conversation_id
  WHERE k.workspace_id = $1 AND k.alert_id = $2 AND {holds})
"""

_WAITS = "c.unanswered > 0 AND c.status = 'open'"

_LASTS = """
SELECT EXISTS (SELECT 1 FROM signal WHERE workspace_id = $1 AND inbox_id IS NOT DISTINCT FROM $2
  AND kind = $3 AND ended_at IS NULL)
"""

_HOLDS = {
    "near_breach": _CASES.format(holds=f"{_WAITS} AND c.due_at > $3"),
    "breach": _CASES.format(holds=_WAITS),
    "severity_1": _CASES.format(holds=f"{_WAITS} AND c.severity <= $3"),
    "severity_2": _CASES.format(holds=f"{_WAITS} AND c.severity <= $3"),
    "forgotten": _CASES.format(
        holds=f"c.status IN ('open', 'pending') AND {_NO_ACT.format(since='$3')}"
    ),
    "channel": """SELECT EXISTS (SELECT 1 FROM channel_trouble
      WHERE workspace_id = $1 AND channel_id = $2)""",
}
