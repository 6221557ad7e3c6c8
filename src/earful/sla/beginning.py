"""The clocks of conversations that open now: on the way of every post, so it asks for no more."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from earful.kit.ids import new_id
from earful.sla.policy import Case, Policy, Rules, Run
from earful.sla.resolutions import keep_resolutions
from earful.sla.rules import rules_of, tags_of
from earful.stream.work import Work

HISTORY = timedelta(days=1)
"""A post that old when it comes is history, where its policy has no outer limit to say it."""


class Begun(NamedTuple):
    """The clock of a conversation that opens. `due_at` is None where nothing is promised."""

    started_at: datetime
    due_at: datetime | None
    policy_id: str | None
    severity: int
    next_at: datetime | None
    past: bool = False


class Beginner:
    """Says when those who open a conversation now are due: the same for all of a kind."""

    def __init__(self, rules: Rules, now: datetime, tags: Mapping[str, Collection[str]]) -> None:
        self._rules = rules
        self._now = now
        self._tags = tags
        self._known: dict[Case | tuple[Policy, int], Begun] = {}

    def begin(self, case: Case, contact_id: str, published_at: datetime) -> Begun:
        """The clock of this conversation.

        It counts from now, when we received it. Who wrote longer ago than the outer limit comes
        with a backlog or an import: the clock counts from then, is broken already, and is silent.
        """
        if self._rules.by_tag:
            case = case._replace(contact_tags=tuple(self._tags.get(contact_id, ())))
        if not self._rules.by_language:
            case = case._replace(language="")
        begun = self._known.get(case)
        if begun is None:
            begun = self._known[case] = self._counted(case, self._now)
        policy = self._rules.policy_of(case) if self._rules.policies else None
        limit = (policy.terms.limit if policy else None) or HISTORY
        if self._now - published_at > limit:
            past = self._counted(case, published_at)
            if past.due_at is not None and past.due_at <= self._now:
                return past._replace(next_at=None, past=True)
        return begun

    def _counted(self, case: Case, started_at: datetime) -> Begun:
        policy = self._rules.policy_of(case)
        plan = policy.plan("first_response", case.severity, Run(started_at, started_at))
        if plan is None:
            return Begun(started_at, None, policy.id, case.severity, None)
        next_at = plan.next_at(started_at) or plan.due_at
        return Begun(started_at, plan.due_at, policy.id, case.severity, next_at)


async def beginner(work: Work, contact_ids: Collection[str]) -> Beginner:
    """Ready for conversations with these contacts."""
    rules = await rules_of(work)
    tags = await tags_of(work, contact_ids) if rules.by_tag else {}
    return Beginner(rules, work.now, tags)


async def first_clocks(
    work: Work, begun: Mapping[str, Begun], languages: Mapping[str, str]
) -> None:
    """Start the clocks of conversations that open now; their rows say `due_at` already."""
    starts = [
        (new_id(), key, one.started_at, one.due_at, one.policy_id, one.severity, one.next_at)
        for key, one in begun.items()
        if one.due_at is not None
    ]
    if starts:
        columns = map(list, zip(*starts, strict=True))
        await work.db.execute(_INSERT, work.workspace_id, *columns)
    past = {key: one.started_at for key, one in begun.items() if one.past}
    if past:
        keys = (list(past), list(past.values()))
        await work.db.execute(_HISTORY, work.workspace_id, *keys, work.now)
    rules = await rules_of(work)
    if rules.resolves:
        await keep_resolutions(work, sorted(begun), rules, languages)


_INSERT = """
INSERT INTO clock (workspace_id, kind, id, conversation_id, started_at, due_at, policy_id, severity,
  next_at)
SELECT $1, 'first_response', k.* FROM unnest($2::uuid[], $3::uuid[], $4::timestamptz[],
  $5::timestamptz[], $6::uuid[], $7::smallint[], $8::timestamptz[]) AS k
"""

_HISTORY = """
WITH past AS (
  UPDATE clock k SET waits_since = $4, breached_at = k.due_at
  FROM unnest($2::uuid[], $3::timestamptz[]) AS p (id, started_at)
  WHERE k.workspace_id = $1 AND k.conversation_id = p.id AND k.stopped_at IS NULL
    AND k.kind <> 'resolution'
  RETURNING k.conversation_id, k.started_at)
UPDATE conversation c SET clock_started_at = p.started_at FROM past p
WHERE c.workspace_id = $1 AND c.id = p.conversation_id
"""
