"""How long a person may wait. One policy for now, behind the interface richer ones will keep."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

import msgspec


class Policy(Protocol):
    """A rule for first and next response."""

    def due_at(self, started_at: datetime, severity: int) -> datetime:
        """The instant by which a person must have answered."""

    def describe(self) -> dict[str, object]:
        """What a clock keeps as the policy it ran under."""


class FlatPolicy(msgspec.Struct, frozen=True):
    """The same calendar target at every severity, in seconds."""

    target_for: float = 600.0

    def due_at(self, started_at: datetime, severity: int) -> datetime:  # noqa: ARG002
        """`target_for` seconds after the start, around the clock."""
        return started_at + timedelta(seconds=self.target_for)

    def describe(self) -> dict[str, object]:
        """The policy as JSON."""
        return {"name": "ten minutes", "target_for": self.target_for, "time": "calendar"}


POLICY: Policy = FlatPolicy()
