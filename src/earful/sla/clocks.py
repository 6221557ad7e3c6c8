"""Clocks follow who waits: they start with the first unanswered message and stop with the last.

One clock of an answer runs for a conversation at a time. When its severity changes, or another one
turns out to wait longest, a new one replaces it; a row in which time has passed is not rewritten.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from earful.kit.ids import new_id
from earful.sla.pauses import hold
from earful.sla.policy import Case, Policy, Rules, Run
from earful.sla.resolutions import keep_resolutions
from earful.sla.rules import rules_of, tags_of, versions
from earful.sla.terms import Kind
from earful.stream.work import Work


async def keep_clocks(
    work: Work, ids: Iterable[str], *, counted_from: datetime | None = None
) -> None:
    """Start, stop, hold or leave the clocks of each conversation as its recounted row asks.

    Where a clock starts here, it counts from `counted_from` if that is later than the wait began.
    """
    wanted = sorted(ids)
    rows = await work.db.fetch(_STATE, work.workspace_id, wanted)
    misfits = [row for row in rows if _misfits(row)]
    await _stop(work, [row for row in misfits if row["running"]])
    begin = [row for row in misfits if row["unanswered"]]
    if begin:
        await _start(work, begin, counted_from)
    await _hold(work, [row for row in rows if row["running"] and row not in misfits])
    rules = await rules_of(work)
    if rules.resolves:
        await keep_resolutions(work, wanted, rules)


def _misfits(row: Any) -> bool:
    """A clock belongs to the one who waits longest, and to the severity under which it started."""
    if not row["running"]:
        return bool(row["unanswered"])
    if row["waits_since"] != row["waiting_since"]:
        return True
    return row["clock_severity"] not in (None, row["severity"])


_STATE = """
SELECT c.id, c.unanswered, c.severity, c.waiting_since, c.status, c.inbox_id, c.channel_id,
  c.visibility, c.contact_id, c.merged_into, k.id IS NOT NULL AS running, k.id AS clock_id, k.kind,
  k.started_at, k.due_at, k.policy_id, k.warned, k.severity AS clock_severity, k.breached_at,
  k.overrun_at, k.paused_at, k.counted_from, k.left_for,
  coalesce(k.waits_since, k.started_at) AS waits_since
FROM conversation c
LEFT JOIN clock k ON k.workspace_id = $1 AND k.conversation_id = c.id AND k.stopped_at IS NULL
  AND k.kind <> 'resolution'
WHERE c.workspace_id = $1 AND c.id = ANY($2::uuid[])
"""


# Who was answered here, or in the public conversation that they came from.
_ANSWERED = """
SELECT i.id FROM unnest($2::uuid[]) AS i (id)
WHERE EXISTS (SELECT 1 FROM clock p WHERE p.workspace_id = $1 AND p.conversation_id = i.id
    AND p.kind <> 'resolution' AND p.met_at IS NOT NULL)
  OR EXISTS (SELECT 1 FROM move v WHERE v.workspace_id = $1 AND v.to_id = i.id)
"""


class _Start(NamedTuple):
    """A clock that starts, in the order of _INSERT's parameters."""

    conversation_id: str
    kind: str
    started_at: datetime
    waits_since: datetime
    due_at: datetime
    policy_id: str | None
    severity: int
    next_at: datetime | None
    breached_at: datetime | None


async def _start(work: Work, rows: list[Any], counted_from: datetime | None) -> None:
    policies = await _policies(work, rows)
    found = await work.db.fetch(_ANSWERED, work.workspace_id, [row["id"] for row in rows])
    answered = {row["id"] for row in found}
    starts = []
    for row in rows:
        kind: Kind = "next_response" if row["id"] in answered else "first_response"
        start = _begun(work, row, policies[row["id"]], kind, counted_from)
        if start is not None:
            starts.append(start)
    if not starts:
        return
    await _spare_the_told(work, starts)
    columns = map(list, zip(*starts, strict=True))
    ids = [new_id() for _ in starts]
    await work.db.execute(_INSERT, work.workspace_id, ids, *columns)


def _begun(
    work: Work, row: Any, policy: Policy, kind: Kind, counted_from: datetime | None
) -> _Start | None:
    """The clock of a wait. None where the policy has no such target: nobody promised anything."""
    since: datetime = row["waiting_since"]
    # A severity that changes counts from where the wait was counted from before.
    before = row["started_at"] if row["running"] and row["waits_since"] == since else since
    started_at = max(before, counted_from) if counted_from else before
    plan = policy.plan(kind, row["severity"], Run(started_at, started_at))
    if plan is None:
        return None
    told = row["breached_at"] if row["running"] else None
    known = told is not None and plan.due_at <= work.now
    # A due instant that has passed already is told at once, unless it was told of this wait.
    next_at = plan.next_at(work.now) if known or plan.due_at > work.now else plan.due_at
    return _Start(
        row["id"], kind, started_at, since, plan.due_at, policy.id, row["severity"], next_at,
        plan.due_at if known else None,
    )  # fmt: skip


async def _policies(work: Work, rows: list[Any]) -> dict[str, Policy]:
    """The policy of each conversation, by its id."""
    rules = await rules_of(work)
    tags = await tags_of(work, {row["contact_id"] for row in rows}) if rules.by_tag else {}
    said = await _languages(work, [row["id"] for row in rows]) if rules.by_language else {}
    return {row["id"]: _policy_of(rules, row, tags, said) for row in rows}


def _policy_of(rules: Rules, row: Any, tags: dict[str, list[str]], said: dict[str, str]) -> Policy:
    case = Case(
        row["inbox_id"],
        row["channel_id"],
        row["visibility"],
        row["severity"],
        tags.get(row["contact_id"], ()),
        said.get(row["id"], ""),
    )
    return rules.policy_of(case)


async def _languages(work: Work, ids: list[str]) -> dict[str, str]:
    """The language of the newest message of each conversation that says one."""
    rows = await work.db.fetch(
        """SELECT DISTINCT ON (conversation_id) conversation_id, language FROM message
           WHERE workspace_id = $1 AND conversation_id = ANY($2::uuid[]) AND language <> ''
             AND direction = 'incoming' ORDER BY conversation_id, published_at DESC""",
        work.workspace_id,
        ids,
    )
    return {row["conversation_id"]: row["language"] for row in rows}


async def _spare_the_told(work: Work, starts: list[_Start]) -> None:
    """A wait that came with a merge was told where it was: its breach is not told again."""
    late = [start for start in starts if start.due_at <= work.now and not start.breached_at]
    if not late:
        return
    rows = await work.db.fetch(
        """SELECT s.merged_into AS id FROM conversation s JOIN clock k
             ON k.workspace_id = $1 AND k.conversation_id = s.id AND k.breached_at IS NOT NULL
           WHERE s.workspace_id = $1 AND s.merged_into = ANY($2::uuid[])
             AND k.started_at = ANY($3::timestamptz[])""",
        work.workspace_id,
        [start.conversation_id for start in late],
        [start.started_at for start in late],
    )
    told = {row["id"] for row in rows}
    for index, start in enumerate(starts):
        if start in late and start.conversation_id in told:
            starts[index] = start._replace(breached_at=start.due_at, next_at=None)


_INSERT = """
WITH made AS (
  INSERT INTO clock (workspace_id, id, conversation_id, kind, started_at, waits_since, due_at,
    policy_id, severity, next_at, breached_at)
  SELECT $1, k.* FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[],
    $6::timestamptz[], $7::timestamptz[], $8::uuid[], $9::smallint[], $10::timestamptz[],
    $11::timestamptz[]) AS k
  RETURNING conversation_id, started_at, due_at, policy_id)
UPDATE conversation c SET clock_started_at = m.started_at, due_at = m.due_at,
  clock_policy_id = m.policy_id
FROM made m WHERE c.workspace_id = $1 AND c.id = m.conversation_id
"""


async def _stop(work: Work, rows: list[Any]) -> None:
    if not rows:
        return
    # A clock is met only by an answer; a resolution without one stops it unmet.
    await work.db.execute(
        _STOP,
        work.workspace_id,
        [row["clock_id"] for row in rows],
        work.now,
        [_end_of(row) for row in rows],
    )


def _end_of(row: Any) -> str:
    if row["unanswered"]:
        return "replaced"
    if row["merged_into"]:
        return "merged"
    return "resolved" if row["status"] == "resolved" else "ended"


_STOP = """
WITH ended AS (
  SELECT r.id, CASE WHEN m.met THEN 'answered' ELSE e.ended_as END AS ended_as, m.met
  FROM unnest($2::uuid[], $4::text[]) AS e (id, ended_as)
  JOIN clock r ON r.workspace_id = $1 AND r.id = e.id AND r.stopped_at IS NULL
  CROSS JOIN LATERAL (SELECT EXISTS (
    SELECT 1 FROM message m WHERE m.workspace_id = $1 AND m.conversation_id = r.conversation_id
      AND m.disposition = 'answered' AND m.settled_at >= r.started_at) AS met) AS m),
stopped AS (
  UPDATE clock k SET stopped_at = $3, next_at = NULL, paused_at = NULL,
    -- It stood still: what was due meanwhile by the wall was not.
    due_at = CASE WHEN k.paused_at IS NOT NULL AND k.left_for > interval '0'
      THEN greatest(k.due_at, $3) ELSE k.due_at END,
    met_at = CASE WHEN e.met THEN $3::timestamptz END, ended_as = e.ended_as
  FROM ended e WHERE k.workspace_id = $1 AND k.id = e.id RETURNING k.conversation_id)
UPDATE conversation c SET clock_started_at = NULL, due_at = NULL, clock_policy_id = NULL
FROM stopped s WHERE c.workspace_id = $1 AND c.id = s.conversation_id
"""


async def _hold(work: Work, rows: list[Any]) -> None:
    """Hold the clocks of those set aside, and let those go on that came back."""
    aside = [row for row in rows if row["status"] == "snoozed" or row["paused_at"]]
    if not aside:
        return
    known = await versions(work, {row["policy_id"] for row in aside if row["policy_id"]})
    for row in aside:
        pauses = known[row["policy_id"]].terms.pauses(row["status"], row["kind"])
        if pauses != (row["paused_at"] is not None):
            await hold(work, row, known[row["policy_id"]], pauses)
