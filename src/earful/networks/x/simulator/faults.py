"""Trouble on request: what a tester asks the simulator to do wrong."""

from __future__ import annotations

from typing import Literal

import msgspec

from earful.networks.x.simulator.problems import blank
from earful.networks.x.simulator.wire import Answer

Kind = Literal[
    "401",  # the token is taken for expired
    "403",  # refused for good
    "429",  # too many; `after` seconds until the window ends
    "500",  # failed, nothing done
    "503",  # down, nothing done
    "500-after",  # done, yet it says that it failed
    "503-after",
    "drop",  # done, the connection is closed before a word of the answer
    "drop-before",  # closed, nothing done
    "half",  # done, the connection is closed in the middle of the answer
    "hang",  # nothing done, no answer ever
    "hang-after",  # done, no answer ever
]
AFTER: frozenset[str] = frozenset({"500-after", "503-after", "drop", "half", "hang-after"})
"""Kinds that strike when the work is done."""


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Go wrong in this way at `on`, so many `times` (0: until taken back).

    `on` is `any` or the name of an endpoint's limit, such as `publish` or `mentions`, or `token`.
    """

    kind: Kind
    on: str = "any"
    times: int = 1
    after: float = 60.0


class Faults:
    """The faults still to come; the first that fits a request strikes it."""

    def __init__(self) -> None:
        self._pending: list[tuple[Fault, int]] = []
        self.struck = 0

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
                self.struck += 1
                return fault
        return None


def broken(fault: Fault, answer: Answer | None, at: float) -> Answer:
    """What becomes of `answer` (None: the work was not done) under `fault`; `at` is now."""
    if fault.kind == "half" and answer is not None:
        return msgspec.structs.replace(answer, broken="half")
    if fault.kind in ("drop", "drop-before"):
        return Answer(0, broken="cut")
    if fault.kind in ("hang", "hang-after"):
        return Answer(0, broken="hang")
    status = int(fault.kind[:3])
    problem = blank(status, code=88 if status == 429 else 0)
    if status != 429:
        return problem
    reset = str(int(at + fault.after))
    limits = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": reset}
    return msgspec.structs.replace(problem, headers={**problem.headers, **limits})
