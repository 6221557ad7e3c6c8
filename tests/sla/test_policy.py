"""Which policy holds, and when its clock says what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from earful.sla.calendar import Calendar, Slot
from earful.sla.errors import HoursError
from earful.sla.policy import STANDARD, Case, Policy, Rules, Run
from earful.sla.terms import Match, Promise, Target, Terms, Warn, check_terms

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
OFFICE = Calendar("UTC", (*((Slot(9 * 3600, 17 * 3600),),) * 5, (), ()))
HOUR = timedelta(hours=1)


def case(severity: int = 4, **more: Any) -> Case:
    return Case(
        more.get("inbox", "i"),
        more.get("channel", "c"),
        more.get("visibility", "public"),
        severity,
        more.get("tags", ()),
        more.get("language", ""),
    )


def terms(within: float = 3600, counts: str = "business", **more: Any) -> Terms:
    target = Target(within, counts)  # type: ignore[arg-type]
    promise = Promise(first_response=target, resolution=target)
    more.setdefault("severities", dict.fromkeys(range(1, 6), promise))
    return Terms(name="ours", calendar=OFFICE, hours_id="h", **more)


def planned(policy: Policy, at: datetime, **run: Any) -> Any:
    return policy.plan("first_response", 4, Run(at, run.pop("counted_from", at), **run))


@pytest.mark.parametrize(("severity", "minutes"), [(1, 5), (2, 10), (3, 10), (4, 60), (5, 24 * 60)])
def test_the_standard_holds_where_nothing_is_set(severity: int, minutes: int) -> None:
    policy = Rules([], MONDAY).policy_of(case(severity))
    assert policy is STANDARD
    plan = policy.plan("first_response", severity, Run(MONDAY, MONDAY))
    assert plan is not None
    length = timedelta(minutes=minutes)
    assert plan.due_at == MONDAY + length
    assert plan.warnings == [MONDAY + length * 0.5, MONDAY + length * 0.8]
    assert policy.plan("resolution", severity, Run(MONDAY, MONDAY)) is None


def test_the_first_policy_that_fits_is_the_one() -> None:
    def only(**match: Any) -> Policy:
        return Policy("x", terms(match=Match(**match)))

    general = only()
    for match, fits in [
        ({"inbox_ids": ("other",)}, case(inbox="other")),
        ({"channel_ids": ("other",)}, case(channel="other")),
        ({"visibilities": ("direct",)}, case(visibility="direct")),
        ({"contact_tags": ("vip",)}, case(tags=("press", "vip"))),
        ({"languages": ("de",)}, case(language="de-AT")),
    ]:
        special = only(**match)
        rules = Rules([special, general], MONDAY)
        assert rules.policy_of(fits) is special
        assert rules.policy_of(case()) is general
        assert Rules([general, special], MONDAY).policy_of(fits) is general
    urgent = Policy("u", terms(severities={1: Promise(first_response=Target(60))}))
    assert Rules([urgent, general], MONDAY).policy_of(case(1)) is urgent
    assert Rules([urgent, general], MONDAY).policy_of(case(2)) is general
    assert Rules([urgent], MONDAY).policy_of(case(2)) is STANDARD


def test_warnings_are_counted_in_the_hours_of_the_target() -> None:
    policy = Policy("p", terms(7200, limit_for=None, warn=(Warn(share=0.5), Warn(before=600))))
    friday = datetime(2026, 11, 6, 16, 30, tzinfo=UTC)
    plan = planned(policy, friday)
    monday = datetime(2026, 11, 9, 9, tzinfo=UTC)
    assert plan.due_at == monday + timedelta(minutes=90)
    assert plan.warnings == [monday + timedelta(minutes=30), monday + timedelta(minutes=80)]
    assert plan.next_at(friday) == plan.warnings[0]
    assert plan.next_at(plan.due_at) is None


def test_the_outer_limit_holds_at_any_hour_and_for_answers_only() -> None:
    policy = Policy("p", terms(7200, limit_for=86_400.0))
    friday = datetime(2026, 11, 6, 16, 30, tzinfo=UTC)
    plan = planned(policy, friday)
    assert plan.due_at == plan.limit_at == friday + timedelta(days=1)
    assert planned(policy, MONDAY).next_at(MONDAY + 3 * HOUR) == MONDAY + timedelta(days=1)
    resolution = policy.plan("resolution", 4, Run(friday, friday))
    assert resolution is not None
    assert resolution.limit_at is None
    assert resolution.due_at > plan.due_at


def test_what_was_left_is_what_counts_after_a_pause() -> None:
    policy = Policy("p", terms(3600))
    run = Run(MONDAY, MONDAY)
    left = policy.left("first_response", 4, run, MONDAY + timedelta(minutes=20))
    assert left == timedelta(minutes=40)
    assert policy.left("first_response", 4, run, MONDAY + 9 * HOUR) == timedelta()
    plan = planned(policy, MONDAY, counted_from=MONDAY + 3 * HOUR, left=left)
    assert plan.due_at == MONDAY + 3 * HOUR + left
    assert plan.warnings == [MONDAY + 3 * HOUR + timedelta(minutes=minutes) for minutes in (10, 28)]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"severities": {}}, "severities from 1 to 5"),
        ({"severities": {6: Promise(first_response=Target(60))}}, "severities from 1 to 5"),
        ({"severities": {1: Promise()}}, "promises nothing"),
        ({"within": 0}, "at least a second"),
        ({"within": 1000 * 86_400}, "at most 366 days"),
        ({"limit_for": 0.0}, "outer limit"),
        ({"warn": (Warn(),)}, "either a share"),
        ({"warn": (Warn(share=0.5, before=60),)}, "either a share"),
        ({"warn": (Warn(share=1.0),)}, "between 0 and 1"),
        ({"warn": (Warn(before=0),)}, "at least a second"),
        ({"warn": tuple(Warn(before=n) for n in range(1, 7))}, "at most 5 times"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused_in_words(wrong: Any, words: str) -> None:
    with pytest.raises(HoursError, match=words):
        check_terms(terms(**wrong))


def test_business_time_needs_hours() -> None:
    promise = Promise(first_response=Target(60, "business"))
    with pytest.raises(HoursError, match="needs hours"):
        check_terms(Terms(name="x", severities={1: promise}))
