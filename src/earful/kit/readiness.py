"""What must be there before something is switched on: rooms each contribute a look."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from earful.kit.refusal import Refused


class Item(msgspec.Struct, frozen=True):
    """One thing that must be there. `words` say what is missing, or what there is; `where` is the
    page of the settings on which it is done."""

    name: str
    ready: bool
    words: str
    where: str


Look = Callable[[Any, str, datetime], Awaitable[Item]]
"""Looks in a workspace, by a connection and its id, at an instant."""


class Gate:
    """The looks of all rooms, in the order in which one would do the work."""

    def __init__(self, looks: Sequence[Look]) -> None:
        self._looks = looks

    async def items(self, db: Any, workspace_id: str, now: datetime) -> list[Item]:
        """What is there, and what is missing."""
        return [await look(db, workspace_id, now) for look in self._looks]

    async def need(self, db: Any, workspace_id: str, now: datetime) -> None:
        """Raise Refused("not-ready") while anything is missing; `missing` names it."""
        found = await self.items(db, workspace_id, now)
        missing = [item for item in found if not item.ready]
        if missing:
            words = "This desk is not ready to go live. " + " ".join(one.words for one in missing)
            raise Refused("not-ready", words, missing=[one.name for one in missing])
