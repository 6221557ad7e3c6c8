"""One connected screen, what it may see, and the packets that wait for it."""

from __future__ import annotations

import asyncio
from functools import cached_property

import msgspec

MOST_QUEUED = 256
"""Packets a slow screen may fall behind before it is told to start over."""

Inboxes = frozenset[str] | None
"""The inboxes somebody may see; None for all."""


def seen_by(inboxes: Inboxes) -> list[str] | None:
    """The inboxes as a query takes them."""
    return None if inboxes is None else sorted(inboxes)


def sees(inboxes: Inboxes, inbox_id: str | None) -> bool:
    """Whether somebody with these inboxes may see what happens in `inbox_id` (None: the desk)."""
    return inbox_id is None or inboxes is None or inbox_id in inboxes


class Packet(msgspec.Struct, frozen=True, dict=True):
    """One server-sent event: its name, the last seq it covers (0 for none), and the data line."""

    name: str
    seq: int
    data: bytes

    @property
    def empty(self) -> bool:
        """Whether it only tells how far the log has come."""
        return self.name == "events" and self.data == b"[]"

    @cached_property
    def frame(self) -> bytes:
        """As the stream carries it; made once for all screens that get it."""
        head = f"id: {self.seq}\n" if self.seq else ""
        return f"event: {self.name}\n{head}data: ".encode() + self.data + b"\n\n"


RESET = Packet("reset", 0, b"{}")
BEAT = Packet("beat", 0, b"{}")
"""An event rather than a comment, because a browser's EventSource hides comments from the page."""


class Entry(msgspec.Struct, frozen=True):
    """An event of the log, encoded."""

    seq: int
    kind: str
    inbox_id: str | None
    json: bytes


class Subscriber:
    """One connected screen."""

    def __init__(
        self,
        workspace_id: str,
        agent_id: str,
        inboxes: Inboxes,
        after: int = 0,
        hidden: frozenset[str] = frozenset(),
    ) -> None:
        self.workspace_id = workspace_id
        self.agent_id = agent_id
        self.inboxes = inboxes
        self.hidden = hidden
        """Nouns whose events are not for this screen ("webhook")."""
        self.after = after
        """Events up to this one are known there already."""
        self.owed: Packet | None = None
        """An empty packet it has not been given yet."""
        self.queue: asyncio.Queue[Packet] = asyncio.Queue(MOST_QUEUED)

    def may_see(self, inbox_id: str | None) -> bool:
        """Whether events of this inbox are for this screen."""
        return sees(self.inboxes, inbox_id)

    def offer(self, packet: Packet) -> None:
        """Queue a packet; a screen that is too far behind starts over instead."""
        if packet.seq:
            self.owed = None
        try:
            self.queue.put_nowait(packet)
        except asyncio.QueueFull:
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(RESET)

    def settle(self) -> None:
        """Queue what is owed, unless something with a later seq has been queued since."""
        if self.owed is not None:
            self.offer(self.owed)

    async def next(self) -> list[Packet]:
        """Wait for a packet; returns all that are there."""
        packets = [await self.queue.get()]
        while not self.queue.empty():
            packets.append(self.queue.get_nowait())
        return packets


def pack(inboxes: Inboxes, entries: list[Entry], hidden: frozenset[str] = frozenset()) -> Packet:
    """The packet of what may be seen of `entries`; it may be empty, its seq counts.

    `hidden` are nouns ("webhook") whose events may not.
    """
    seen = [entry.json for entry in entries if sees(inboxes, entry.inbox_id)]
    if hidden:
        seen = [
            entry.json
            for entry in entries
            if sees(inboxes, entry.inbox_id) and entry.kind.partition(".")[0] not in hidden
        ]
    return Packet("events", entries[-1].seq, b"[" + b",".join(seen) + b"]")
