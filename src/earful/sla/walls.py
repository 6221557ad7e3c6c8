"""From a clock on the wall to an instant, also in the two nights when the clocks change.

An instant is a whole number of microseconds since 1970 (UTC), so that nothing is ever rounded.
"""

from __future__ import annotations

import io
import re
import struct
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from earful.sla.errors import HoursError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000
_MICROSECOND = timedelta(microseconds=1)


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """The IANA time zone of that name. Raises HoursError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise HoursError(
            f"There is no time zone “{name}”. Write one such as Europe/Berlin."
        ) from error


@lru_cache(maxsize=1024)
def named_zone(text: str) -> str:
    """The name of the zone that `text` means: also `europe/berlin`, `Z`, `UTC+2` and `+05:30`.

    Raises HoursError. An offset that is no whole hour is no zone of any list: see `place_of`.
    """
    found = _OFFSET.fullmatch(text.strip())
    if found:
        hours, minutes = int(found[2] or 0), int(found[3] or 0)
        if minutes and hours < 24:
            return f"UTC{found[1]}{hours:02}:{minutes:02}"
        # The names of these zones count westward: Etc/GMT-2 is two hours ahead.
        text = f"Etc/GMT{'+' if found[1] == '-' else '-'}{hours}" if hours else "UTC"
    known = {name.lower(): name for name in available_zones()}
    return zone_of(known.get(text.strip().replace(" ", "_").lower(), text)).key


_OFFSET = re.compile(r"(?:z|(?:utc|gmt)?([+-])(\d{1,2})(?::?([0-5]\d))?)", re.IGNORECASE)


@lru_cache(maxsize=1024)
def place_of(name: str) -> ZoneInfo:
    """The zone of that name, which may also be a fixed offset such as `UTC+05:30`; HoursError."""
    found = _FIXED.fullmatch(name)
    if found is None:
        return zone_of(name)
    seconds = (int(found[2]) * 60 + int(found[3])) * 60 * (-1 if found[1] == "-" else 1)
    return ZoneInfo.from_file(io.BytesIO(_one_offset(seconds)), key=name)


_FIXED = re.compile(r"UTC([+-])(\d\d):(\d\d)")


def _one_offset(seconds: int) -> bytes:
    """A file of a zone that always had this offset from UTC (RFC 9636, version 1)."""
    abbreviation = b"-00\0"
    counts = struct.pack(">6l", 0, 0, 0, 0, 1, len(abbreviation))
    return b"TZif\0" + bytes(15) + counts + struct.pack(">lbb", seconds, 0, 0) + abbreviation


@lru_cache(maxsize=1)
def available_zones() -> frozenset[str]:
    """The names of all zones."""
    return frozenset(zoneinfo.available_timezones())


def count_of(at: datetime) -> int:
    """Microseconds since 1970 of an aware instant."""
    return (at - EPOCH) // _MICROSECOND


def instant_of(count: int) -> datetime:
    """The instant, in UTC. Raises HoursError after the year 9999."""
    try:
        return EPOCH + timedelta(microseconds=count)
    except OverflowError as error:
        raise HoursError("That is after the year 9999.") from error


def wall_to_count(zone: ZoneInfo, day: date, seconds: int) -> int:
    """The instant at which the wall clock of `zone` shows `seconds` after the midnight of `day`.

    When clocks are turned back, a time that comes twice means its first coming. When they are
    turned forward, a time that never comes means the moment of the turn. So a later time of the
    wall is never an earlier instant.
    """
    wall = datetime(day.year, day.month, day.day) + timedelta(seconds=seconds)  # noqa: DTZ001 - a wall's
    return local_to_count(zone, wall)


def local_to_count(zone: ZoneInfo, wall: datetime) -> int:
    """The instant of a naive wall-clock time, by the same rule."""
    first = wall.replace(tzinfo=zone, fold=0)
    offset = first.utcoffset() or timedelta()
    naive = (wall - datetime(1970, 1, 1)) // _MICROSECOND  # noqa: DTZ001
    count = naive - offset // _MICROSECOND
    after = wall.replace(tzinfo=zone, fold=1).utcoffset() or timedelta()
    if after <= offset:
        return count
    # In a gap the later offset is the larger one: the turn lies between the two readings.
    return _turn(zone, naive - after // _MICROSECOND, count)


def _turn(zone: ZoneInfo, low: int, high: int) -> int:
    """The first instant in (low, high] that has the offset of `high`: when the clocks turn."""
    wanted = _offset(zone, high)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle) == wanted:
            high = middle
        else:
            low = middle
    return high


def _offset(zone: ZoneInfo, count: int) -> timedelta:
    return instant_of(count).astimezone(zone).utcoffset() or timedelta()
