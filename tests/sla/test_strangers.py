"""Cases as people write them who never read our reference: what is plain is understood."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from earful.cli.sla import sla
from earful.sla.cases import answers

ZONE = {"zone": "America/New_York"}
WEEK = {"mon-fri": ["09:00-17:00"]}
OFFICE = {**ZONE, "week": WEEK}
FRIDAY = "2026-03-06T16:50:00-05:00"
MONDAY = "2026-03-09T13:10:00Z"
EVE = {"start": "2026-12-24T16:50", "target": "20m"}


def due(calendar: object = OFFICE, **case: Any) -> Any:
    asked = {"start": FRIDAY, "target": "20m", "calendar": calendar} | case
    answer = next(iter(answers(asked)))
    return answer.get("due") or answer["error"]["detail"]


@pytest.mark.parametrize(
    "calendar",
    [
        {"timeZone": "America/New_York", "businessHours": WEEK},
        {"tz": "america/new york", "mon": ["09:00-17:00"], "fri": [[9, 17]]},
        {**ZONE, "week": "Mo-Fr 09:00-17:00; Su 10:00-14:00", "holidays": ["2026-03-08"]},
        {**ZONE, "week": ["Mon-Fri 9am - 5pm", "Sat closed"]},
        {**ZONE, "days": {"monday": "9:00 to 17:00", "Friday": "09:00–17:00"}},
        {**ZONE, "days": [{"day": day, "open": 9, "close": 17} for day in ("mon", "fri")]},
        {**ZONE, "hours": [{"weekday": "mon-fri", "start_time": "9:00 AM", "end_time": "5 PM"}]},
        {**ZONE, "schedule": {"weekdays": {"opens_at": "09:00", "closes_at": "17:00:00.000"}}},
        {**ZONE, "week": {"mon,fri": {"enabled": True, "timeframes": [["09:00", "17:00"]]},
                          "sat": {"enabled": False, "timeframes": [["09:00", "17:00"]]},
                          "sun": {"closed": True}}},
        {**ZONE, "week": {"mon,fri": {"intervals": ["09:00/12:00", "12:00/17:00"]}, "sat": []}},
        {**ZONE, "versions": [{"week": WEEK}, {"from": "2026-03-10", "week": {}}]},
        {**ZONE, "changes": {"2026-01-01": WEEK}},
    ],
)  # fmt: skip
def test_calendars(calendar: object) -> None:
    assert due(calendar) == MONDAY


@pytest.mark.parametrize(
    ("more", "day"),
    [
        ({"holidays": "DE-BY"}, 28),
        ({"holidays": {"country": "de", "state": "by", "dates": ["2026-12-28"]}}, 29),
        ({"country": "DE", "subdivision": "DE-BY"}, 28),
        ({"holidays": {"2026-12-25": "Christmas", "2026-12-28": "closed"}}, 29),
        ({"holidays": [{"from": "2026-12-25", "to": "2026-12-29", "name": "Break"}]}, 30),
        ({"holidays": ["2026-12-25/2026-12-29", "2026-12-25", "12-30"]}, 31),
        ({"holidays": [{"date": "2026-12-25T00:00:00Z", "recurring": True}]}, 28),
        ({"exceptions": [{"date": "2026-12-25", "is_open": False}]}, 28),
        ({"exceptions": [{"date": "2026-12-25", "open": "09:00", "close": "17:00"}]}, 25),
        ({"holidays": ["2026-12-25"], "overrides": {"2026-12-25": {"hours": ["9-17"]}}}, 25),
        ({"changes": [{"from": "2026-12-25", "to": "2026-12-28", "week": {}}]}, 29),
        ({"changes": [{"effectiveFrom": "2026-12-25", "closed": True},
                      {"effectiveFrom": "2026-12-30", "week": WEEK}]}, 30),
    ],
)  # fmt: skip
def test_days_that_are_not_as_others(more: dict[str, Any], day: int) -> None:
    calendar = {"zone": "Europe/Berlin", "week": WEEK, **more}
    assert due(calendar, **EVE) == f"2026-12-{day}T08:10:00Z"


def test_after_a_change_that_ends_the_week_before_it_holds() -> None:
    change = {"from": "2026-03-09", "until": "2026-03-10", "week": {"mon-tue": "12-13"}}
    assert due(OFFICE | {"changes": [change]}, target="2h20m") == "2026-03-11T13:10:00Z"
    inside = {"from": "2026-03-10", "week": WEEK}
    assert "in another one" in due(OFFICE | {"changes": [change, inside]})


@pytest.mark.parametrize(
    "case",
    [
        {"target": {"value": 20, "unit": "minutes"}},
        {"target": {"minutes": 10, "seconds": 600.0}},
        {"target": {"within": 1200, "counts": "business"}},
        {"target": "20 business minutes"},
        {"target": None, "target_minutes": 20},
        {"target": None, "durationSeconds": 1200},
        {"target": "20m", "end": MONDAY},
        {"start": "2026-03-06T21:50:00z"},
        {"start": "2026-03-06T16:50[America/New_York]"},
        {"start": None, "created_at": "2026-03-06 16:50"},
        {"counts": "working-hours"},
        {"calendar": None, "timezone": "America/New_York", "business_hours": WEEK},
        {"calendar": {"week": WEEK}, "zone": "America/New_York", "expected": "?", "name": "n"},
    ],
)
def test_starts_and_targets(case: dict[str, Any]) -> None:
    assert due(**case) == MONDAY


def test_calendar_time_may_stand_in_the_target() -> None:
    for target in ("24 calendar hours", {"days": 1, "type": "calendar"}):
        assert due(target=target) == "2026-03-07T21:50:00Z"
    assert due({"week": "24x7"}, start="2026-03-06T24:00Z") == "2026-03-07T00:20:00Z"


@pytest.mark.parametrize(
    ("calendar", "words"),
    [
        ({"week": {"mon": "00:00-00:00"}}, "A whole day is 00:00-24:00"),
        ({"week": {"mon": ["10-12", "11-13"]}}, "overlap"),
        ({"week": {"mon": {"opens": "9", "shuts": "17"}}}, "A slot has no “shuts”"),
        ({"week": {"mon": "13pm-14pm"}}, "not a time of day"),
        ({"week": WEEK, "own_days": [{"day": "2026-12-24", "from": "9", "till": 1}]}, "“till”"),
        ({"week": WEEK, "changes": [{"from": "2026-12-24"}]}, "has a week"),
        ({"week": WEEK, "changes": [{"from": "2026-12-24", "zone": "UTC", "week": {}}]}, "“zone”"),
        ({"week": WEEK, "holidays": ["2026-01-01/2027-06-01"]}, "at most a year"),
        ({"week": WEEK, "holidays": {"country": "DE", "canton": "BY"}}, "“canton”"),
        ({"week": WEEK, "zone": "+05:75"}, "no time zone"),
        ({}, "no open minute"),
        ("office", "no calendar “office”"),
    ],
)
def test_what_could_mean_two_things_or_nothing_is_refused(calendar: object, words: str) -> None:
    assert words in due(calendar)


def test_what_the_case_and_its_calendar_both_say_is_refused() -> None:
    assert "Keep one" in due(OFFICE, week=WEEK)
    assert "business or calendar" in due(counts="lunar")
    assert "not a length" in due(target="2 business days")


def test_what_stands_beside_cases_holds_for_each_and_calendars_may_be_a_list() -> None:
    both = {"calendar": OFFICE, "target": "20m", "cases": [{"start": FRIDAY}, {"start": "soon"}]}
    first, second = answers(both)
    assert first["due"] == MONDAY
    assert "not an instant" in second["error"]["detail"]
    named = {"calendars": [{"id": "office", **OFFICE}],
             "cases": [{"calendar": "office", "start": FRIDAY, "target": 1200}]}  # fmt: skip
    assert [one["due"] for one in answers(named)] == [MONDAY]


def test_the_command_takes_json_as_an_argument_and_bears_what_is_no_case() -> None:
    said = msgspec.json.encode([{"start": FRIDAY, "target": "20m", "calendar": OFFICE}]).decode()
    runner = CliRunner()
    found = runner.invoke(sla, ["due", "--json", said])
    assert [one["due"] for one in msgspec.json.decode(found.stdout_bytes)] == [MONDAY]
    marked = runner.invoke(sla, ["due", "--json"], input=b"\xef\xbb\xbf" + said.encode())
    assert marked.stdout_bytes == found.stdout_bytes
    deep = runner.invoke(sla, ["due", "--json"], input=b"[" * 100_000)
    assert (deep.exit_code, b"error" in deep.stdout_bytes) == (0, True)
    both = {"start": FRIDAY, "end": MONDAY, "target": "1h", "calendar": OFFICE}
    measured = runner.invoke(sla, ["worked", "--json"], input=msgspec.json.encode(both))
    assert msgspec.json.decode(measured.stdout_bytes)["worked"] == 1200
