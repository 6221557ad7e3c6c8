"""Trouble on request: what a tester asks the rehearsal server to do wrong."""

from __future__ import annotations

from typing import Literal

import msgspec

Place = Literal["any", "account", "changes", "publish", "lookup"]
Kind = Literal[
    "401",  # the token has expired
    "422",  # refused for good
    "429",  # too many; `after` says how long to wait
    "500",  # failed, nothing done
    "503",  # down for `after` seconds, nothing done
    "500-after",  # done, yet it says that it failed
    "drop",  # done, the connection is cut before a word of the answer
    "drop-before",  # cut, nothing done
    "half",  # done, the connection is cut in the middle of the answer
    "hang",  # nothing done, no answer ever
    "hang-after",  # done, no answer ever
]
AFTER: frozenset[str] = frozenset({"500-after", "drop", "half", "hang-after"})
"""Kinds that strike when the work is done."""


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Go wrong in this way at `on`, so many `times` (0: until taken back)."""

    kind: Kind
    on: Place = "any"
    times: int = 1
    after: float = 1.0


class Faults:
    """The faults still to come; the first that fits a request strikes it."""

    def __init__(self) -> None:
        self._pending: list[tuple[Fault, int]] = []

    def add(self, fault: Fault) -> None:
        """Ask for `fault`."""
        self._pending.append((fault, fault.times))

    def clear(self) -> None:
        """Take all back."""
        self._pending.clear()

    def take(self, place: str) -> Fault | None:
        """The fault that strikes a request at `place`, used up by one."""
        for index, (fault, left) in enumerate(self._pending):
            if fault.on in ("any", place):
                if left == 1:
                    del self._pending[index]
                elif left:
                    self._pending[index] = (fault, left - 1)
                return fault
        return None
