"""The stage of a past: its clock, its one transaction, and what the town's ledger is told."""

from __future__ import annotations

import heapq
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from earful.composing.reply import Signer
from earful.desk.settle import delivery_sent
from earful.intake.accept import accept
from earful.intake.channel import Channel, channel_of
from earful.networks.contract import Batch
from earful.networks.rehearsal.ledger import Entry, Ledger
from earful.networks.rehearsal.translate import to_post, to_receipt
from earful.outbox import outcome
from earful.outbox.queue import delivery_of
from earful.stream.work import SYSTEM, Actor, Work

Step = Callable[[Work], Awaitable[None]]


class Stage:
    """Takes steps in the order of their instants, each as a work of its own."""

    def __init__(self, work: Work, now: datetime, town: str) -> None:
        self.now = now
        self.agents: dict[str, Signer] = {}
        self.channels: dict[str, Channel] = {}
        self._begun = work
        self._town = town
        self._memory: dict[str, Any] = {}
        self._steps: list[tuple[datetime, int, Actor, Step]] = []
        self._planned = 0
        self._entries: list[Entry] = []

    async def load(self) -> None:
        """Learn who is there: agents by handle, channels by handle."""
        key = self._begun.workspace_id
        for row in await self._begun.db.fetch(_AGENTS, key):
            self.agents[row["handle"]] = Signer(**dict(row), undo_for=0)
        for row in await self._begun.db.fetch(_CHANNELS, key):
            self.channels[row["handle"]] = channel_of(row)

    def actor(self, handle: str) -> Actor:
        """An agent as an actor."""
        signer = self.agents[handle]
        return Actor("agent", signer.id, signer.name)

    def plan(self, at: datetime, step: Step, actor: Actor = SYSTEM) -> None:
        """Take `step` at that instant; what is still to come now is left to the desk."""
        if at < self.now:
            self._planned += 1
            heapq.heappush(self._steps, (at, self._planned, actor, step))

    async def run(self) -> None:
        """Take every step, also those that steps plan."""
        begun = self._begun
        while self._steps:
            at, _, actor, step = heapq.heappop(self._steps)
            work = Work(begun.db, begun.workspace_id, actor, at, begun.vault, memory=self._memory)
            await step(work)
            await work.append_events()

    async def hear(self, work: Work, entry: Entry) -> str:
        """A customer's post comes in. Returns its conversation's id."""
        post = to_post(entry)
        author = msgspec.structs.replace(post.author, avatar="")
        channel = self.channels[entry.to]
        batch = Batch((msgspec.structs.replace(post, author=author),), None)
        await accept(work, channel, batch, cursor=False)
        self._entries.append(entry)
        found: str = await work.db.fetchval(_HOME, work.workspace_id, channel.network, entry.id)
        return found

    async def send(self, work: Work, conversation_id: str, asked: Entry) -> None:
        """What is queued in a conversation stands on the network, below `asked`."""
        for row in await work.db.fetch(_QUEUED, work.workspace_id, conversation_id):
            delivery = delivery_of(row)
            entry = self._own(work, delivery.id, delivery.draft["text"], asked)
            await outcome.sent(work, delivery, to_receipt(entry))
            await delivery_sent(work, delivery)
            self._entries.append(entry)

    def _own(self, work: Work, key: str, text: str, asked: Entry) -> Entry:
        return Entry(
            kind="post",
            id=f"{self._town}-own-{len(self._entries):06d}",
            at=work.now,
            person=self.channels[asked.to].external_id,
            handle=asked.to,
            name=asked.to,
            text=text,
            to=asked.to,
            parent=asked.id,
            root=asked.root or asked.id,
            own=True,
            key=key,
            private=asked.private,
            reader=asked.person if asked.private else "",
        )

    async def write(self, work: Work, path: Path, seed: int) -> None:
        """Append it all to the town's ledger; the channels have read so far."""
        ledger = Ledger(path, seed=seed, started_at=self.now)
        try:
            with ledger.locked():
                ledger.append(self._entries)
            cursor = {"position": len(ledger.entries), "ledger": ledger.header.ledger}
        finally:
            ledger.close()
        for channel in self.channels.values():
            await accept(work, channel, Batch((), cursor))


_AGENTS = "SELECT id, name, handle, initials FROM agent WHERE workspace_id = $1"
_CHANNELS = """
SELECT id, network, inbox_id, handle, external_id FROM channel WHERE workspace_id = $1
"""
_HOME = """
SELECT m.conversation_id FROM accepted a
JOIN message m ON m.workspace_id = a.workspace_id AND m.id = a.message_id
WHERE a.workspace_id = $1 AND a.network = $2 AND a.external_id = $3
"""
_QUEUED = """
SELECT * FROM delivery WHERE workspace_id = $1 AND conversation_id = $2 AND state = 'queued'
ORDER BY id
"""
