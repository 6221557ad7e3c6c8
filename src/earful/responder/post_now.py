"""A post that came now: when it would be due, and when a person would answer it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from earful.responder.estimate import Staffed
from earful.responder.rules import rules_of
from earful.responder.speak import Who, foresee
from earful.responder.staffing import staffing
from earful.sla.policy import Case, Run
from earful.sla.rules import rules_of as policies_of
from earful.stream.work import Work

QUESTION = 4
"""The severity of what is asked about."""
MOST = 30
"""Inboxes that are looked at."""


class PostNow(msgspec.Struct, frozen=True, kw_only=True):
    """A question in public that came to an inbox now.

    `due_at` is None where nothing is promised; `answered_by` where nobody is known to be there
    within the weeks that are looked at. `people` are on shift there now.
    """

    inbox_id: str
    inbox: str
    people: int
    due_at: datetime | None
    answered_by: datetime | None
    in_time: bool


async def posts_now(work: Work, inboxes: list[str] | None) -> list[PostNow]:
    """For these inboxes (None: for all), by name; of those that a channel brings posts to."""
    rows = await work.db.fetch(_INBOXES, work.workspace_id, inboxes, MOST)
    return [await _post_now(work, row["id"], row["name"], row["channel_id"]) for row in rows]


async def _post_now(work: Work, inbox_id: str, name: str, channel_id: str) -> PostNow:
    case = Case(inbox_id, channel_id, "public", QUESTION)
    policy = (await policies_of(work)).policy_of(case)
    plan = policy.plan("first_response", QUESTION, Run(work.now, work.now))
    due_at = plan.due_at if plan else None
    rules = await rules_of(work.db, work.workspace_id, inbox_id)
    spans = await staffing(work, inbox_id, rules.hours_id)

    async def known(work: Work, inbox_id: str, hours_id: str | None) -> list[Staffed]:  # noqa: ARG001
        return spans

    who = Who(
        inbox_id=inbox_id,
        channel_id=channel_id,
        name="",
        language="",
        severity=QUESTION,
        waiting_since=work.now,
        due_at=due_at,
    )
    by = (await foresee(work, who, rules, known)).at
    return PostNow(
        inbox_id=inbox_id,
        inbox=name,
        people=sum(span.agents for span in spans if span.start <= work.now < span.end),
        due_at=due_at,
        answered_by=by,
        in_time=due_at is None or (by is not None and by <= due_at),
    )


_INBOXES = """
SELECT i.id, i.name, k.id AS channel_id FROM inbox i
CROSS JOIN LATERAL (SELECT id FROM channel
  WHERE workspace_id = $1 AND inbox_id = i.id AND state <> 'off' ORDER BY created_at LIMIT 1) k
WHERE i.workspace_id = $1 AND i.deleted_at IS NULL AND ($2::uuid[] IS NULL OR i.id = ANY($2))
ORDER BY i.name, i.id LIMIT $3
"""
