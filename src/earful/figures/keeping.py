"""Rows of waits, in line with clocks and messages; read as they are now, so order is no matter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from earful.figures.waits import FIRST, RESOLUTION, Clock, Posts, Talk, Wait, later_of, waits_of
from earful.sla.calendar import AROUND_THE_CLOCK
from earful.sla.hours import hours_of
from earful.sla.policy import Policy
from earful.sla.rules import versions
from earful.stream.work import Work

AT_ONCE = 500
"""Conversations that are read in one go."""


class _Row(NamedTuple):
    """A wait as it is kept, in the order of _KEEP's parameters."""

    conversation_id: str
    began_at: datetime
    inbox_id: str
    channel_id: str
    team_id: str | None
    agent_id: str | None
    severity: int
    policy_id: str | None
    due_at: datetime | None
    held: bool
    state: str
    ended_at: datetime | None
    wall_for: float | None
    business_for: float | None


async def keep(work: Work, ids: Iterable[str]) -> int:
    """Bring the waits of these conversations in line. Returns how many they have."""
    wanted = sorted(ids)
    total = 0
    for start in range(0, len(wanted), AT_ONCE):
        total += await _keep(work, wanted[start : start + AT_ONCE])
    return total


async def _keep(work: Work, ids: list[str]) -> int:
    key = work.workspace_id
    talks = await work.db.fetch(_TALKS, key, ids)
    clocks: dict[str, list[Clock]] = {}
    for row in await work.db.fetch(_CLOCKS, key, ids):
        clocks.setdefault(row["conversation_id"], []).append(_clock(row))
    bare = [row["id"] for row in talks if not _promised(clocks.get(row["id"], []))]
    posts = {row["id"]: row for row in await work.db.fetch(_POSTS, key, bare)} if bare else {}
    spam = await _spam(work, talks, clocks)
    told = [
        (row, _talk(row, posts.get(row["id"]), spam.get(row["id"])), clocks.get(row["id"], []))
        for row in talks
    ]
    first = [(row, FIRST, wait) for row, talk, some in told for wait in waits_of(talk, some)]
    rows = await _rows(work, first)
    await work.db.execute(_KEEP, key, ids, *_columns(rows))
    # Clocks stay, so where there never was a later one there is no row of it either.
    if any(clock.kind != FIRST for _, _, some in told for clock in some):
        later = [(row, *one) for row, talk, some in told for one in later_of(talk, some)]
        kinds = [kind for _, kind, _ in later]
        await work.db.execute(_KEEP_LATER, key, ids, *_columns(await _rows(work, later)), kinds)
    return len(rows)


def _columns(rows: list[_Row]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in _Row._fields]


def _promised(clocks: list[Clock]) -> bool:
    """Whether there ever was a clock of an answer."""
    return any(clock.kind != RESOLUTION for clock in clocks)


def _clock(row: Any) -> Clock:
    return Clock(**{name: row[name] for name in Clock._fields})


async def _spam(
    work: Work, talks: list[Any], clocks: dict[str, list[Clock]]
) -> dict[str, frozenset[datetime]]:
    """When messages were ended as spam, of those that went on since: their row says it no more."""
    gone_on = [
        row["id"]
        for row in talks
        if row["disposition"] != "spam"
        and any(one.stopped_at and not one.met_at for one in clocks.get(row["id"], ()))
    ]
    if not gone_on:
        return {}
    rows = await work.db.fetch(_SPAM, work.workspace_id, gone_on)
    return {row["id"]: frozenset(row["at"]) for row in rows}


def _talk(row: Any, posts: Any, spam_at: frozenset[datetime] | None) -> Talk:
    sums = Posts(**{name: posts[name] for name in Posts._fields}) if posts else None
    merged = row["merged_into"] is not None
    return Talk(
        row["severity"], row["disposition"], merged, row["moved"], sums, spam_at or frozenset()
    )


async def _rows(work: Work, found: list[tuple[Any, str, Wait]]) -> list[_Row]:
    policies = await versions(work, {wait.policy_id for _, _, wait in found if wait.policy_id})
    # Whoever has a conversation when it ends ended it.
    replied = [(row, wait) for row, kind, wait in found if kind != RESOLUTION]
    repliers = await _repliers(work, replied)
    rows = []
    for row, kind, wait in found:
        answered = wait.state == "answered" and kind != RESOLUTION
        who = repliers.get((row["id"], wait.began_at)) if answered else row["assignee_id"]
        kept = (wait.policy_id, wait.due_at, wait.held, wait.state, wait.ended_at)
        where = (row["inbox_id"], row["channel_id"], row["team_id"], who, wait.severity)
        lasted = _lasted(wait, policies.get(wait.policy_id))
        rows.append(_Row(row["id"], wait.began_at, *where, *kept, *lasted))
    return rows


def _lasted(wait: Wait, policy: Policy | None) -> tuple[float | None, float | None]:
    """Seconds until it ended, by the wall and of the hours it ran under."""
    if wait.ended_at is None:
        return None, None
    hours = hours_of((policy.terms.calendar if policy else None) or AROUND_THE_CLOCK)
    open_for = hours.worked(wait.began_at, wait.ended_at)
    return (wait.ended_at - wait.began_at).total_seconds(), open_for.total_seconds()


async def _repliers(
    work: Work, found: list[tuple[Any, Wait]]
) -> dict[tuple[str, datetime], str | None]:
    """Who gave each first answer; nobody where it was given in the network's own app."""
    answered = [(row, wait) for row, wait in found if wait.state == "answered"]
    if not answered:
        return {}
    rows = await work.db.fetch(
        _REPLIERS,
        work.workspace_id,
        [row["id"] for row, _ in answered],
        [row["merged_into"] or row["id"] for row, _ in answered],
        [wait.began_at for _, wait in answered],
        [wait.ended_at for _, wait in answered],
    )
    return {(row["id"], row["began_at"]): row["agent_id"] for row in rows}


_TALKS = """
SELECT c.id, c.inbox_id, c.channel_id, c.team_id, c.assignee_id, c.severity, c.disposition,
  c.merged_into, EXISTS (SELECT FROM move v WHERE v.workspace_id = $1 AND v.to_id = c.id) AS moved
FROM conversation c WHERE c.workspace_id = $1 AND c.id = ANY($2::uuid[])
"""

_ONE = """SELECT conversation_id, kind, started_at, waits_since, due_at, severity, policy_id,
  paused_at IS NOT NULL AS paused, stopped_at, met_at, ended_as,
  kind = 'resolution' AND left_for > interval '0' IS TRUE AS spare FROM clock
WHERE workspace_id = $1 AND conversation_id = ANY($2::uuid[]) AND"""

# Three indexes: those that run, those that were met, and the rest.
_CLOCKS = f"""
{_ONE} stopped_at IS NULL UNION ALL {_ONE} met_at IS NOT NULL
UNION ALL {_ONE} stopped_at IS NOT NULL AND met_at IS NULL
"""

_POSTS = """
SELECT conversation_id AS id, min(received_at) AS first_at, max(settled_at) AS settled_at,
  bool_or(disposition IS NULL) AS waiting, bool_or(disposition = 'resolved') IS TRUE AS resolved,
  min(settled_at) FILTER (WHERE disposition = 'answered') AS answered_at
FROM message WHERE workspace_id = $1 AND conversation_id = ANY($2::uuid[])
  AND direction = 'incoming' AND disposition IS DISTINCT FROM 'context' GROUP BY conversation_id
"""

_SPAM = """
SELECT conversation_id AS id, array_agg(DISTINCT settled_at) AS at FROM message
WHERE workspace_id = $1 AND conversation_id = ANY($2::uuid[]) AND direction = 'incoming'
  AND disposition = 'spam' AND settled_at IS NOT NULL GROUP BY conversation_id
"""

# An answer's message is dated when it was sent, so the index of a conversation bounds the look.
_REPLIERS = """
SELECT w.id, w.began_at, a.agent_id
FROM unnest($2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[])
  AS w (id, home, began_at, ended_at)
CROSS JOIN LATERAL (
  SELECT d.agent_id FROM message m
  JOIN delivery d ON d.workspace_id = $1 AND d.message_id = m.id AND d.state = 'sent'
    AND d.agent_id IS NOT NULL
  WHERE m.workspace_id = $1 AND m.conversation_id = w.home AND m.direction = 'outgoing'
    AND m.published_at >= w.began_at AND m.published_at <= w.ended_at
  ORDER BY m.published_at, m.id LIMIT 1) a
"""

# A later wait is known by its kind, too.
_KEEPING = """
WITH kept AS (
  SELECT * FROM unnest($3::uuid[], $4::timestamptz[], $5::uuid[], $6::uuid[], $7::uuid[],
    $8::uuid[], $9::smallint[], $10::uuid[], $11::timestamptz[], $12::boolean[], $13::text[],
    $14::timestamptz[], $15::float8[], $16::float8[]{values})
    AS k (conversation_id, began_at, inbox_id, channel_id, team_id, agent_id, severity, policy_id,
      due_at, held, state, ended_at, wall_for, business_for{kind})
), gone AS (
  DELETE FROM {table} w WHERE w.workspace_id = $1 AND w.conversation_id = ANY($2::uuid[])
    AND NOT EXISTS (SELECT FROM kept k
      WHERE k.conversation_id = w.conversation_id AND k.began_at = w.began_at{same})
)
INSERT INTO {table} AS w (workspace_id, conversation_id, began_at, inbox_id, channel_id, team_id,
  agent_id, severity, policy_id, due_at, held, state, ended_at, wall_for, business_for{kind})
SELECT $1, k.* FROM kept k
ON CONFLICT (workspace_id, conversation_id, began_at{kind}) DO UPDATE SET
  inbox_id = excluded.inbox_id, channel_id = excluded.channel_id, team_id = excluded.team_id,
  agent_id = excluded.agent_id, severity = excluded.severity, policy_id = excluded.policy_id,
  due_at = excluded.due_at, held = excluded.held, state = excluded.state,
  ended_at = excluded.ended_at, wall_for = excluded.wall_for, business_for = excluded.business_for
WHERE w.* IS DISTINCT FROM excluded.*
"""
_KEEP = _KEEPING.format(table="first_wait", kind="", values="", same="")
_KEEP_LATER = _KEEPING.format(
    table="later_wait", kind=", kind", values=", $17::text[]", same=" AND k.kind = w.kind"
)
