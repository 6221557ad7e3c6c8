"""Files of counts: what is read, what is refused by its line; and the command."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from earful.bursts.series import in_order, read_series, step_of
from earful.cli.bursts import bursts
from earful.kit.refusal import Refused


def test_times_and_numbers_are_read_in_several_forms() -> None:
    lines = [
        "timestamp,value",
        "2015-02-26 21:42:53,104",
        "1424987000,1e2",
        "",
        "2015-02-27T00:00Z,",
        "1424987000000,NA",
    ]
    found = read_series(lines)
    assert [at for at, _ in (found[0], found[3])] == [
        datetime(2015, 2, 26, 21, 42, 53),  # noqa: DTZ001
        datetime.fromtimestamp(1424987000, UTC),
    ]
    assert [repr(value) for _, value in found] == ["104.0", "100.0", "nan", "nan"]


def test_a_first_line_is_a_header_when_nothing_of_it_can_be_read() -> None:
    for names in ("time2,count1", "\ufefftimestamp,value", "at,n,by"):
        assert len(read_series([names, "0,1"])) == 1
    for row in ("1424987000,many", "tomorrow,5", "1e999,x"):
        with pytest.raises(Refused, match=r"Line 1 .*ISO 8601 or seconds since 1970"):
            read_series([row, "0,1"])


def test_rows_are_taken_by_their_time_with_or_without_a_zone() -> None:
    rows = ["2026-03-02T02:00Z,1", "2026-03-02T01:00,2", "2026-03-02T02:00+01:00,3", "0,4"]
    assert in_order(read_series(rows)) == [3, 1, 2, 0]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "no steps"),
        (["timestamp,value"], "no steps"),
        (["2015-02-26 21:42:53,104", "2015-02-26 21:47:53,many"], "Line 2"),
        (["2015-02-26 21:42:53"], "Line 1"),
        (["2015-02-26 21:42:53,1", "yesterday,4"], "Line 2"),
        (["1e999,4"], "Line 1"),
        (["\x00\x00,4", "\x00"], "Line"),
        (['"2015', "x" * 200_000], "Line"),
    ],
)
def test_what_is_no_series_is_refused_by_its_line(lines: list[str], words: str) -> None:
    with pytest.raises(Refused, match=words):
        read_series(lines)


def test_the_step_is_the_usual_one_whatever_the_gaps() -> None:
    rows = [f"{n * 300},1" for n in (0, 1, 2, 3, 900, 901, 901, 900)]
    assert step_of(read_series(rows)) == 300
    assert step_of(read_series(["0,1"])) == 3600


def test_the_command_scores_every_step() -> None:
    rows = "".join(f"{n * 3600},{5 + (n % 24)}\n" for n in range(24 * 20))
    burst = rows + "".join(f"{(24 * 20 + n) * 3600},900\n" for n in range(3))
    done = CliRunner().invoke(bursts, ["score", "-", "--json"], input=burst)
    found = json.loads(done.output)
    assert (found["steps"], found["step_s"], found["threshold"]) == (483, 3600, 0.5)
    assert len(found["scores"]) == 483
    assert found["alerts"][0] in (480, 481)
    newest_first = "".join(reversed(burst.splitlines(keepends=True)))
    again = json.loads(CliRunner().invoke(bursts, ["score", "-", "--json"], newest_first).output)
    assert (again["step_s"], again["scores"][::-1]) == (3600, found["scores"])
    plain = CliRunner().invoke(bursts, ["score", "-"], input=burst)
    assert "bursts in 483 steps" in plain.output
    bad = CliRunner().invoke(bursts, ["score", "-"], input="a,b\nc,d\n")
    assert (bad.exit_code, "Line 2" in bad.output) == (1, True)
