"""`earful sla due` and `earful sla worked`: read liberally, refused in words, one answer each."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from earful.cli.sla import sla
from earful.sla.cases import answers
from earful.sla.reading import read_calendar

OFFICE = {"zone": "America/New_York", "week": {"mon-fri": ["09:00-17:00"]}}
FRIDAY = "2026-03-06T16:50:00-05:00"
MONDAY = "2026-03-09T13:10:00Z"


def one(**case: Any) -> dict[str, Any]:
    return next(iter(answers(case)))


@pytest.mark.parametrize("target", [1200, 1200.0, "1200", "20m", "20 min", "PT20M", "0:20:00"])
def test_a_target_may_be_written_in_many_ways(target: object) -> None:
    assert one(calendar=OFFICE, start=FRIDAY, target=target)["due"] == MONDAY


@pytest.mark.parametrize(
    "week",
    [
        {"mon": "09:00-17:00", "tue-fri": "9-17"},
        {"1": ["0900-1700"], "2,3,4,5": [["09:00", "17:00"]]},
        {"weekdays": [{"opens": "09:00", "closes": "17:00"}]},
        {"monday": {"start": "09:00", "end": "17:00"}, "Tue-Friday": ["9:00–12:00", "12:00-17:00"]},
        [["9-17"]] * 5 + [[]] * 2,
        [{"day": day, "from": "09:00", "to": "17:00"} for day in range(1, 6)],
        [{"days": ["mon", "tue", "wed", "thu", "fri"], "slots": ["09:00-17:00"]}],
    ],
)
def test_a_week_may_be_written_in_many_ways(week: object) -> None:
    calendar = {"time_zone": "America/New_York", "hours": week}
    assert one(calendar=calendar, start=FRIDAY, target="20m")["due"] == MONDAY


def test_sunday_is_seven_and_zero() -> None:
    assert read_calendar({"week": {"0": "9-10"}}) == read_calendar({"week": {"7": "9-10"}})
    assert read_calendar({"week": {"sat-mon": "9-10"}}).week[6]


def test_the_inverse_measures() -> None:
    assert one(calendar=OFFICE, start=FRIDAY, end=MONDAY) == {
        "worked": 1200,
        "worked_iso": "PT20M",
    }


def test_a_start_without_an_offset_is_the_wall_clock_of_the_place() -> None:
    assert one(calendar=OFFICE, start="2026-03-06T16:50", target="20m")["due"] == MONDAY
    assert one(calendar=OFFICE, start=1772833800, target="20m")["due_local"] == (
        "2026-03-09T09:10:00-04:00"
    )


def test_calendar_time_leaves_the_hours_aside() -> None:
    due = one(calendar=OFFICE, start=FRIDAY, target="1d", counts="calendar")
    assert due["due"] == "2026-03-07T21:50:00Z"
    assert one(start=FRIDAY, target="1d")["due"] == "2026-03-07T21:50:00Z"


def test_holidays_own_days_and_changes_are_read() -> None:
    calendar = {
        **OFFICE,
        "holidays": ["2026-03-09", {"country": "US", "subdivision": "NY"}],
        "own_days": {"2026-03-10": ["12:00-13:00"], "12-24": []},
        "changes": [{"from": "2026-03-11", "week": {"wed": "06:00-07:00"}}],
    }
    assert one(calendar=calendar, start=FRIDAY, target="11m")["due"] == "2026-03-10T16:01:00Z"
    assert one(calendar=calendar, start=FRIDAY, target="71m")["due"] == "2026-03-11T10:01:00Z"
    assert read_calendar(calendar).own_days[-1].yearly


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ({"calendar": {"zone": "Nowhere/None", "week": "24x7"}}, "no time zone"),
        ({"calendar": {"week": {"mon": ["9-12", "11-15"]}}}, "Monday 09:00–12:00 and 11:00–15:00"),
        ({"calendar": {"week": {"sun": "22-6", "mon": "5-9"}}}, "runs into Monday 05:00–09:00"),
        ({"calendar": {"week": {"mon": "9-9"}}}, "is empty"),
        ({"calendar": {"week": {"mon": "9-25:61"}}}, "not a time of day"),
        ({"calendar": {"week": {"someday": "9-10"}}}, "not a weekday"),
        ({"calendar": {"week": {}}}, "no open minute"),
        ({"calendar": {"weak": {}}}, "no “weak”"),
        ({"calendar": {"week": "24x7", "country": "QQ"}}, "“QQ”"),
        ({"calendar": {"week": "24x7", "country": "DE", "subdivision": "XX"}}, "“XX”"),
        ({"calendar": {"week": "24x7", "holidays": ["2026-02-30"]}}, "not a date"),
        ({"target": -5}, "not below zero"),
        ({"target": "P1Y"}, "not a length of time"),
        ({"target": "soon"}, "not a length of time"),
        ({"target": None}, "missing"),
        ({"target": 1e300}, "100,000 days"),
        ({"start": "yesterday"}, "not an instant"),
        ({"start": 1e300}, ""),
        ({"counts": "moon"}, "business or calendar"),
    ],
)
def test_what_is_wrong_is_said_and_fails_no_other(case: dict[str, Any], words: str) -> None:
    good = {"calendar": OFFICE, "start": FRIDAY, "target": "20m"}
    found = list(answers([good | case | {"id": "bad"}, good, "not a case"]))
    assert words in found[0]["error"]["detail"]
    assert found[0]["id"] == "bad"
    assert found[1]["due"] == MONDAY
    assert "error" in found[2]


def test_the_command_answers_a_list_lines_and_shared_calendars() -> None:
    case = {"calendar": "office", "start": FRIDAY, "target": "20m"}
    runner = CliRunner()
    shared = msgspec.json.encode({"calendars": {"office": OFFICE}, "cases": [case, case]})
    listed = runner.invoke(sla, ["due", "--json"], input=shared)
    assert [answer["due"] for answer in msgspec.json.decode(listed.stdout_bytes)] == [MONDAY] * 2

    line = msgspec.json.encode({**case, "calendar": OFFICE, "id": 7})
    lines = runner.invoke(sla, ["due", "--json"], input=line + b"\n{broken\n" + line + b"\n")
    first, second, third = (msgspec.json.decode(said) for said in lines.stdout_bytes.splitlines())
    assert first == third == {"id": 7, "due": MONDAY, "due_local": "2026-03-09T09:10:00-04:00"}
    assert "not JSON" in second["error"]["detail"]

    single = msgspec.json.encode({"calendar": OFFICE, "start": FRIDAY, "end": MONDAY})
    measured = runner.invoke(sla, ["worked", "--json"], input=single)
    assert msgspec.json.decode(measured.stdout_bytes)["worked"] == 1200


@pytest.mark.parametrize(
    ("zone", "due", "local"),
    [
        ("+05:30", "2026-03-06T03:40:00Z", "2026-03-06T09:10:00+05:30"),
        ("UTC-03:30", "2026-03-06T12:40:00Z", "2026-03-06T09:10:00-03:30"),
        ("GMT+0545", "2026-03-06T03:25:00Z", "2026-03-06T09:10:00+05:45"),
        ("-05:00", "2026-03-06T14:10:00Z", "2026-03-06T09:10:00-05:00"),
    ],
)
def test_a_fixed_offset_is_a_zone_too(zone: str, due: str, local: str) -> None:
    calendar = {"zone": zone, "week": {"mon-fri": "09:00-17:00"}}
    found = one(calendar=calendar, start="2026-03-06T09:00:00", target="10m")
    assert found == {"due": due, "due_local": local}


@pytest.mark.parametrize("zone", ["+25:30", "UTC+5:75", "+05:3", "UTC+05:30:00"])
def test_what_is_no_offset_is_refused(zone: str) -> None:
    found = one(calendar={"zone": zone, "week": "24x7"}, start=FRIDAY, target="10m")
    assert "no time zone" in found["error"]["detail"]


@pytest.mark.parametrize("start", [1e300, -1e300, 10**30, 253402300800, "nan"])
def test_a_number_that_is_no_instant_is_refused_in_words(start: object) -> None:
    found = one(calendar=OFFICE, start=start, target="10m")
    assert "not an instant" in found["error"]["detail"]


def test_what_strict_readers_refuse_fails_its_own_case_alone() -> None:
    good = msgspec.json.encode({"calendar": OFFICE, "start": FRIDAY, "target": "20m"}).decode()
    bad = '{"id": "\\ud800", "calendar": {"zone": "\\udfff"}, "start": 0, "target": Infinity}'
    done = CliRunner().invoke(sla, ["due", "--json"], input=f"[{bad}, {good}, {bad}]")
    first, second, third = msgspec.json.decode(done.output)
    assert second["due"] == MONDAY
    assert first == third
    assert first["id"] == "?"
    assert "error" in first
    lines = CliRunner().invoke(sla, ["due", "--json"], input=f"{bad}\n{good}\nnot json\n")
    told = [msgspec.json.decode(line) for line in lines.output.splitlines()]
    assert [("error" in one) for one in told] == [True, False, True]
