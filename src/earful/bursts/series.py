"""Series of counts from CSV: a time and a number on each line."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median

from earful.kit.refusal import Refused

FIRST = 1000
"""Steps from which the length of a step is taken."""
HOUR = 3600.0
FORMS = "a time in ISO 8601 or seconds since 1970, a comma, a number"
UNSEEN = frozenset({"", "na", "n/a", "null", "none"})
"""What others write where there is no number; `nan` is one."""
MILLISECONDS = 1e11
"""From here on seconds would be past the year 5000: those are milliseconds."""


def read_series(lines: Iterable[str]) -> list[tuple[datetime, float]]:
    """`timestamp,value` on each line, as the file has them; a first line may name them.

    Times are ISO 8601, or seconds or milliseconds since 1970; an empty value is one that was not
    seen (nan). Raises Refused, which names the line.
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
                words = f"Line {number} is no “timestamp,value”: {','.join(row)[:60]} ({FORMS})"
                raise Refused("invalid", words) from None
    except csv.Error as error:
        raise Refused("invalid", f"Line {rows.line_num} can't be read: {error}.") from error


def _names(row: list[str]) -> bool:
    """Whether a first line says what the columns are: neither can be read as what it should be."""
    return len(row) > 1 and not _reads(_time, row[0]) and not _reads(_number, row[1])


def _reads(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return False
    except (OverflowError, OSError):
        return True
    return True


def _time(text: str) -> datetime:
    plain = text.strip().lstrip("\ufeff")
    try:
        since = float(plain)
    except ValueError:
        return datetime.fromisoformat(plain)
    return datetime.fromtimestamp(since / 1000 if abs(since) >= MILLISECONDS else since, UTC)


def _number(text: str) -> float:
    plain = text.strip().lower()
    return float("nan" if plain in UNSEEN else plain)


def in_order(series: list[tuple[datetime, float]]) -> list[int]:
    """The rows' places by time: a file may be newest first. Those at one time stay as they are."""
    # A time without a zone is taken for UTC: rows with and without one can then be compared.
    times = [at if at.tzinfo else at.replace(tzinfo=UTC) for at, _ in series]
    return sorted(range(len(series)), key=times.__getitem__)


def step_of(series: list[tuple[datetime, float]]) -> float:
    """Seconds between two steps, the middle of the first ones'; an hour where that says nothing."""
    times = [at.replace(tzinfo=None) for at, _ in series[:FIRST]]
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    steps = [gap for gap in gaps if gap > 0]
    return median(steps) if steps else HOUR
