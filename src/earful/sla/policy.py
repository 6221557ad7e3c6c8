"""A policy in force: when somebody must be answered, and when a clock says something before."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from earful.sla.calendar import AROUND_THE_CLOCK
from earful.sla.hours import hours_of
from earful.sla.terms import Kind, Promise, Target, Terms, Warn

NOTHING = timedelta()
CLOCK_HOURS = hours_of(AROUND_THE_CLOCK)


class Run(NamedTuple):
    """How a clock runs: when it started, and what it counts since when (None: all its target)."""

    started_at: datetime
    counted_from: datetime
    left: timedelta | None = None


class Plan(NamedTuple):
    """What a clock will say: its warnings, that it is due, and that the outer limit has passed."""

    due_at: datetime
    warnings: list[datetime]
    limit_at: datetime | None

    def next_at(self, now: datetime, warned: int = 0) -> datetime | None:
        """The next point after `now`, None when there is none; `warned` of them were said."""
        for at in (*self.warnings[warned:], self.due_at):
            if at > now:
                return at
        later = self.limit_at is not None and self.limit_at > max(now, self.due_at)
        return self.limit_at if later else None


class Case(NamedTuple):
    """What a policy is chosen by."""

    inbox_id: str
    channel_id: str
    visibility: str
    severity: int
    contact_tags: Collection[str] = ()
    language: str = ""


class Policy:
    """One version of a policy, with its hours ready. `id` is the version's; None: the built-in."""

    def __init__(self, version_id: str | None, terms: Terms) -> None:
        self.id = version_id
        self.terms = terms
        self._hours = hours_of(terms.calendar) if terms.calendar else CLOCK_HOURS

    def fits(self, case: Case) -> bool:
        """Whether this policy speaks of such a conversation."""
        match = self.terms.match
        return (
            case.severity in self.terms.severities
            and _in(case.inbox_id, match.inbox_ids)
            and _in(case.channel_id, match.channel_ids)
            and _in(case.visibility, match.visibilities)
            and (not match.languages or case.language.split("-")[0].lower() in match.languages)
            and (
                not match.contact_tags or not set(match.contact_tags).isdisjoint(case.contact_tags)
            )
        )

    def target(self, kind: Kind, severity: int) -> Target | None:
        """The target of that kind at that severity, if there is one."""
        promise = self.terms.severities.get(severity)
        return promise.target(kind) if promise else None

    def plan(self, kind: Kind, severity: int, run: Run) -> Plan | None:
        """When the clock is due and when it says something; None without such a target.

        The outer limit is calendar time from the start: no pause moves it, and no answer is due
        after it. A resolution has none.
        """
        target = self.target(kind, severity)
        if target is None:
            return None
        hours = self._hours if target.counts == "business" else CLOCK_HOURS
        left = target.length if run.left is None else run.left
        due_at = hours.due_at(run.counted_from, left)
        limit = None if kind == "resolution" else self.terms.limit
        limit_at = None if limit is None else run.started_at + limit
        if limit_at is not None:
            due_at = min(due_at, limit_at)
        rests = {warn.left(target.length) for warn in self.terms.warn}
        passed = sorted(left - rest for rest in rests if NOTHING < rest < left)
        warnings = [hours.due_at(run.counted_from, length) for length in passed]
        return Plan(due_at, [at for at in warnings if at < due_at], limit_at)

    def left(self, kind: Kind, severity: int, run: Run, at: datetime) -> timedelta:
        """How much of the target is left at an instant, not below nothing."""
        target = self.target(kind, severity)
        if target is None:
            return NOTHING
        hours = self._hours if target.counts == "business" else CLOCK_HOURS
        left = target.length if run.left is None else run.left
        return max(NOTHING, left - hours.worked(run.counted_from, max(at, run.counted_from)))


def _in(value: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or value in wanted


def _both(seconds: float) -> Promise:
    return Promise(first_response=Target(seconds), next_response=Target(seconds))


STANDARD = Policy(
    None,
    Terms(
        name="standard",
        severities={
            1: _both(300), 2: _both(600), 3: _both(600), 4: _both(3600), 5: _both(86_400)
        },
        warn=(Warn(share=0.5), Warn(share=0.2)),
    ),
)  # fmt: skip
"""What holds where a workspace has set nothing, or nothing that fits: so nobody has no clock."""


class Rules:
    """The policies of a workspace, in their order: the first that fits is the one."""

    def __init__(self, policies: list[Policy], read_at: datetime, resolves: bool = False) -> None:
        self.policies = policies
        self.read_at = read_at
        self.resolves = resolves
        """Whether any policy has, or ever had, a target for resolution."""
        self.by_tag = any(policy.terms.match.contact_tags for policy in policies)
        self.by_language = any(policy.terms.match.languages for policy in policies)

    def policy_of(self, case: Case) -> Policy:
        """The policy for such a conversation."""
        return next((policy for policy in self.policies if policy.fits(case)), STANDARD)


def described(policy: Policy) -> dict[str, Any]:
    """Which policy it is, in an event or an answer."""
    return {"id": policy.id, "name": policy.terms.name}
