"""What is copied into another week, and what would only double a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from earful.roster.copying import to_copy
from earful.roster.shifts import Kept, Pattern, check
from tests.roster.conftest import pattern

MONDAY = date(2026, 11, 2)
NEXT = MONDAY + timedelta(days=7)
BOB, ALICE = "01990000-0000-7000-8000-00000000000b", "01990000-0000-7000-8000-00000000000a"


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def kept(one: Pattern) -> Kept:
    return Kept(id="x", **msgspec.structs.asdict(check(one)))


def single(who: str, number: int, **more: Any) -> Kept:
    return kept(pattern(who, from_day=day(number), until_day=day(number), **more))


def series(who: str, **more: Any) -> Kept:
    return kept(pattern(who, **more))


def copied(*shifts: Kept) -> list[tuple[str, date]]:
    return [(one.agent_id, one.from_day) for one in to_copy(shifts, MONDAY, NEXT)]


def test_single_shifts_are_copied_once() -> None:
    assert copied(single(BOB, 5), single(ALICE, 0)) == [(BOB, day(12)), (ALICE, day(7))]
    assert copied(single(BOB, 5), single(BOB, 12)) == []


def test_a_day_given_away_comes_back_to_whose_series_it_is() -> None:
    assert copied(series(BOB, skipped=(day(1),)), single(ALICE, 1)) == []


def test_a_day_that_is_given_away_for_good_is_copied() -> None:
    both = series(BOB, skipped=(day(1), day(8)))
    assert copied(both, single(ALICE, 1)) == [(ALICE, day(8))]
    assert copied(series(BOB, skipped=(day(1),), every=2), single(ALICE, 1)) == [(ALICE, day(8))]
    ends = series(BOB, skipped=(day(1),), until_day=day(6))
    assert copied(ends, single(ALICE, 1)) == [(ALICE, day(8))]


def test_a_day_moved_within_the_week_is_not_there_twice() -> None:
    workdays = {"weekdays": ("mon", "tue"), "skipped": (day(1),)}
    assert copied(series(BOB, **workdays), single(BOB, 5)) == []


def test_one_day_taken_out_stands_for_one_single_shift() -> None:
    out = series(BOB, skipped=(day(1),))
    assert copied(out, single(ALICE, 1), single(BOB, 1, opens="18:00", closes="20:00")) == [
        (BOB, day(8))
    ]
    assert copied(out, single(ALICE, 1), single(ALICE, 2)) == [(ALICE, day(9))]


def test_what_her_series_says_already_is_not_said_again() -> None:
    assert copied(series(BOB, from_day=NEXT), single(BOB, 1)) == []
    assert copied(series(BOB, from_day=NEXT), single(BOB, 1, on_call=True)) == [(BOB, day(8))]
