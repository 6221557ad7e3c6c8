"""Series of counts from CSV: a time and a number on each line."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median

from earful.kit.refusal import Refused

FIRST = 1000
"""Steps from which the length of a step is taken."""
HOUR = 3600.0


def read_series(lines: Iterable[str]) -> list[tuple[datetime, float]]:
    """`timestamp,value` on each line, as the file has them; a first line may name them.

    Times are ISO 8601 or seconds since 1970; an empty value is one that was not seen (nan). Raises
    Refused, which names the line.
    """
    found = list(_rows(lines))
    if not found:
        raise Refused("empty", "There are no steps in this file.")
    return found


def _rows(lines: Iterable[str]) -> Iterator[tuple[datetime, float]]:
    rows = csv.reader(lines)
    try:
        for number, row in enumerate(rows, start=1):
            if not row or (number == 1 and _names(row)):
                continue
            try:
                yield _time(row[0]), _number(row[1])
            except (ValueError, IndexError, OverflowError, OSError):
                words = f"Line {number} is no “timestamp,value”: {','.join(row)[:60]}"
                raise Refused("invalid", words) from None
    except csv.Error as error:
        raise Refused("invalid", f"Line {rows.line_num} can't be read: {error}.") from error


def _names(row: list[str]) -> bool:
    """Whether a first line says what the columns are."""
    return not any(sign.isdigit() for sign in row[0])


def _time(text: str) -> datetime:
    plain = text.strip().lstrip("\ufeff")
    try:
        return datetime.fromtimestamp(float(plain), UTC)
    except ValueError:
        return datetime.fromisoformat(plain)


def _number(text: str) -> float:
    return float(text.strip() or "nan")


def step_of(series: list[tuple[datetime, float]]) -> float:
    """Seconds between two steps, the middle of the first ones'; an hour where that says nothing."""
    times = [at.replace(tzinfo=None) for at, _ in series[:FIRST]]
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    steps = [gap for gap in gaps if gap > 0]
    return median(steps) if steps else HOUR
