"""Fields of JSON that others wrote: one thing under several names, and nothing passed over."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from earful.sla.errors import HoursError

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same with names in small letters: `startsOn` and `starts-on` are `starts_on`."""
    return {plain_name(name): value for name, value in data.items()}


def plain_name(name: str) -> str:
    """One name so; dates and what looks like nothing of ours stays as it is."""
    if not name[:1].isalpha():
        return name
    return _HUMP.sub("_", name).replace("-", "_").replace(" ", "_").lower()


def first(data: Mapping[str, Any], names: Iterable[str]) -> Any:
    """What stands under the first of these names that is there and not null."""
    return next((data[name] for name in names if data.get(name) is not None), None)


def only(data: Mapping[str, Any], known: Collection[str], what: str) -> None:
    """Raises HoursError for a field that is not known: what it says would be passed over."""
    strange = sorted(set(data) - set(known))
    if strange:
        raise HoursError(f"{what} has no “{strange[0][:40]}”.")


def many(data: object) -> list[Any]:
    """A list of what is one, several or nothing."""
    if data is None:
        return []
    return list(data) if isinstance(data, list) else [data]


def closed(data: Mapping[str, Any]) -> bool:
    """Whether an object says that this day is closed: `closed: true`, or `enabled: false`."""
    shut = any(data.get(name) is True for name in ("closed", "is_closed"))
    return shut or any(data.get(name) is False for name in _ON)


_ON = ("enabled", "active", "open", "is_open")
SAYS_CLOSED = ("closed", "is_closed", "enabled", "active", "is_open")
"""Fields that `closed` reads; `open` is also the time at which a slot begins."""
