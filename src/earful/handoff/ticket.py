"""What is handed over, what comes back, and what can go wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

import msgspec

Status = Literal["open", "pending", "closed"]


class Line(msgspec.Struct, frozen=True):
    """One message of the conversation."""

    id: str
    who: str
    at: datetime
    text: str

    @property
    def words(self) -> str:
        """As it is written there; the mark by which it is found again stands at its end."""
        return f"{self.who}, {self.at:%Y-%m-%d %H:%M} UTC:\n{self.text}\n\n{mark(self.id)}"


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation as another desk gets it. `id` is the handoff's, the same at every attempt."""

    id: str
    title: str
    lines: tuple[Line, ...]
    link: str
    customer_id: str
    customer: str
    handle: str
    network: str
    note: str = ""

    @property
    def words(self) -> str:
        """The first text there: why, who, all that was said, and the way back."""
        said = "\n\n".join(
            f"{line.who}, {line.at:%Y-%m-%d %H:%M} UTC:\n{line.text}" for line in self.lines
        )
        head = f"{self.customer} (@{self.handle} on {self.network})"
        parts = (self.note, head, said, self.link, mark(self.id))
        return "\n\n".join(part for part in parts if part)


class Remote(msgspec.Struct, frozen=True, kw_only=True):
    """Where it is there. `closing_line` is the last public answer of theirs, once it is closed."""

    id: str
    number: str = ""
    url: str = ""
    status: Status = "open"
    owner: str = ""
    closing_line: str = ""


class Trouble(Exception):
    """It did not work. `passing`: try again; `uncertain`: it may have worked all the same."""

    def __init__(self, words: str, *, passing: bool = False, uncertain: bool = False) -> None:
        super().__init__(words)
        self.passing, self.uncertain = passing, uncertain


class Forged(Exception):
    """A call that is not theirs, or makes no sense."""


class OtherDesk(Protocol):
    """One connected desk. Every call may raise Trouble."""

    repeatable: bool
    """Whether `create` may be repeated: the second finds the first."""

    async def probe(self) -> None:
        """Whether address and sign-in are right."""

    async def create(self, ticket: Ticket) -> Remote:
        """Make the ticket."""

    async def find(self, ticket: Ticket) -> Remote | None:
        """The ticket, if an attempt whose answer was lost made it."""

    async def append(self, remote_id: str, line: Line) -> None:
        """Add what the customer wrote since."""

    async def holds(self, remote_id: str, line: Line) -> bool:
        """Whether the line stands there already."""

    async def look(self, remote_id: str) -> Remote | None:
        """How it stands now; None where that can't be asked and only calls tell."""


def mark(id_: str) -> str:
    """What is searched for to find a text of ours again."""
    return f"[earful {id_}]"
