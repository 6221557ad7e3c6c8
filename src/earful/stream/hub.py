"""Fans committed events out to the screens connected to this process.

One LISTEN connection wakes the hub; it reads the log from its position, waits 20 ms so that a
burst goes out together, encodes each event once, and hands each subscriber what it may see.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import asyncpg
import msgspec
import structlog

from earful.store.pool import Database
from earful.stream.screen import RESET, Entry, Inboxes, Packet, Subscriber, pack
from earful.stream.work import WAKE

log = structlog.get_logger()
PRESENCE = "earful_presence"
COALESCE_FOR = 0.02
TRAIL_FOR = 0.5
"""Seconds until a screen that may see none of what happened is told how far the log has come."""
AT_ONCE = 2000

Rights = Callable[[str, str], Awaitable[Inboxes]]


class Hub:
    """Subscribers by workspace, and the position in each workspace's log."""

    def __init__(self, database: Database, rights: Rights) -> None:
        self._database = database
        self._rights = rights
        self._subscribers: dict[str, set[Subscriber]] = {}
        self._position: dict[str, int] = {}
        self._dirty: set[str] = set()
        self._owing: set[Subscriber] = set()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.presence: dict[str, dict[tuple[str, str], dict[str, Any]]] = {}

    async def start(self) -> None:
        """Begin to listen."""
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._pump())]

    async def stop(self) -> None:
        """Say goodbye and end."""
        for group in self._subscribers.values():
            for subscriber in group:
                subscriber.offer(Packet("restart", 0, b"{}"))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def size(self) -> int:
        """How many screens are connected to this process."""
        return sum(map(len, self._subscribers.values()))

    async def subscribe(self, subscriber: Subscriber) -> int:
        """Add a screen. Returns the position from which it gets live events."""
        workspace_id = subscriber.workspace_id
        if workspace_id not in self._position:
            newest = await self.newest(workspace_id)
            self._position.setdefault(workspace_id, newest)
        self._subscribers.setdefault(workspace_id, set()).add(subscriber)
        position = self._position[workspace_id]
        self._mark(workspace_id)
        # Rights may have changed since the request was let in, before the hub knew this screen.
        subscriber.inboxes = await self._rights(workspace_id, subscriber.agent_id)
        return position

    async def newest(self, workspace_id: str) -> int:
        """The seq of the last event, 0 before the first."""
        async with self._database.acquire() as db:
            seq = await db.fetchval(
                "SELECT seq FROM event_counter WHERE workspace_id = $1", workspace_id
            )
        return seq or 0

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Remove a screen; the log is no longer followed when the last one leaves."""
        group = self._subscribers.get(subscriber.workspace_id, set())
        group.discard(subscriber)
        if not group:
            self._subscribers.pop(subscriber.workspace_id, None)
            self._position.pop(subscriber.workspace_id, None)

    async def read(self, workspace_id: str, after: int, until: int) -> list[Entry]:
        """Events after `after` up to and with `until`, in order, at most AT_ONCE."""
        async with self._database.acquire() as db:
            rows = await db.fetch(_READ, workspace_id, after, until, AT_ONCE)
        return [_entry(row) for row in rows]

    async def oldest(self, workspace_id: str) -> int:
        """The seq of the oldest event that is kept, 0 when none is."""
        async with self._database.acquire() as db:
            seq = await db.fetchval(
                "SELECT seq FROM event WHERE workspace_id = $1 ORDER BY seq LIMIT 1", workspace_id
            )
        return seq or 0

    async def holds(self, workspace_id: str, seq: int) -> bool:
        """Whether the event of that number is kept."""
        async with self._database.acquire() as db:
            return bool(
                await db.fetchval(
                    "SELECT EXISTS (SELECT FROM event WHERE workspace_id = $1 AND seq = $2)",
                    workspace_id,
                    seq,
                )
            )

    def _mark(self, workspace_id: str) -> None:
        if workspace_id in self._subscribers:
            self._dirty.add(workspace_id)
            self._wake.set()

    async def _listen(self) -> None:
        while True:
            connection: asyncpg.Connection[Any] | None = None
            try:
                connection = await self._database.listen_connection()
                broken = asyncio.Event()
                connection.add_termination_listener(lambda _, event=broken: event.set())
                await connection.add_listener(WAKE, lambda *args: self._mark(args[3]))
                await connection.add_listener(PRESENCE, lambda *args: self._present(args[3]))
                for workspace_id in list(self._subscribers):
                    self._mark(workspace_id)
                await broken.wait()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log.warning("stream wake-ups broken", error=type(error).__name__)
            finally:
                if connection is not None:
                    with contextlib.suppress(Exception):
                        await connection.close(timeout=1)
            await asyncio.sleep(0.5)

    async def _pump(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), 30.0)
            await asyncio.sleep(COALESCE_FOR)
            self._wake.clear()
            dirty, self._dirty = self._dirty or set(self._subscribers), set()
            for workspace_id in dirty:
                try:
                    await self._advance(workspace_id)
                except Exception as error:
                    log.warning("stream cannot read", error=type(error).__name__)
                    await asyncio.sleep(0.5)
                    self._mark(workspace_id)

    async def _advance(self, workspace_id: str) -> None:
        position = self._position.get(workspace_id)
        if position is None:
            return
        entries = await self.read(workspace_id, position, 2**62)
        if not entries:
            return
        if any(entry.kind.startswith(("inbox.", "agent.", "team.")) for entry in entries):
            await self._look_at_rights_again(workspace_id)
        if any(entry.kind == "workspace.changed" for entry in entries):
            self._start_over(workspace_id)
        if self._position.get(workspace_id) != position:
            self._mark(workspace_id)  # all left and others came while we read
            return
        if len(entries) == AT_ONCE:
            self._mark(workspace_id)
        # Position and queues move in one step: who subscribes sees each event once.
        self._position[workspace_id] = entries[-1].seq
        self._spread(workspace_id, entries)

    def _spread(self, workspace_id: str, entries: list[Entry]) -> None:
        packets: dict[tuple[Inboxes, frozenset[str]], Packet] = {}
        for subscriber in self._subscribers.get(workspace_id, set()):
            if subscriber.after >= entries[0].seq:
                fresh = [entry for entry in entries if entry.seq > subscriber.after]
                if fresh:
                    self._give(subscriber, pack(subscriber.inboxes, fresh, subscriber.hidden))
                continue
            sight = (subscriber.inboxes, subscriber.hidden)
            packet = packets.get(sight)
            if packet is None:
                packet = packets[sight] = pack(sight[0], entries, sight[1])
            self._give(subscriber, packet)

    def _give(self, subscriber: Subscriber, packet: Packet) -> None:
        """Offer a packet. One with nothing in it waits a little: most are overtaken by another."""
        if not packet.empty:
            subscriber.offer(packet)
            return
        subscriber.owed = packet
        if not self._owing:
            asyncio.get_running_loop().call_later(TRAIL_FOR, self._settle)
        self._owing.add(subscriber)

    def _settle(self) -> None:
        owing, self._owing = self._owing, set()
        for subscriber in owing:
            subscriber.settle()

    def shows(self, workspace_id: str, conversation_id: str, agent_id: str) -> bool:
        """Whether colleagues are shown this agent at this conversation."""
        return (conversation_id, agent_id) in self.presence.get(workspace_id, {})

    def _start_over(self, workspace_id: str) -> None:
        """The rules changed: who is let in, and what is shown of whom, is asked for anew."""
        self.presence.pop(workspace_id, None)
        for subscriber in self._subscribers.get(workspace_id, set()):
            subscriber.offer(RESET)

    async def _look_at_rights_again(self, workspace_id: str) -> None:
        for subscriber in list(self._subscribers.get(workspace_id, set())):
            inboxes = await self._rights(workspace_id, subscriber.agent_id)
            if inboxes != subscriber.inboxes:
                subscriber.inboxes = inboxes
                subscriber.offer(RESET)

    def _present(self, payload: str) -> None:
        said: dict[str, Any] = msgspec.json.decode(payload)
        workspace_id, inbox_id = said.pop("workspace_id"), said.pop("inbox_id")
        here = self.presence.setdefault(workspace_id, {})
        key = (said["conversation_id"], said["agent_id"])
        if said["state"] == "gone":
            here.pop(key, None)
        else:
            here[key] = said | {"inbox_id": inbox_id}
        packet = Packet("presence", 0, msgspec.json.encode([said]))
        for subscriber in self._subscribers.get(workspace_id, set()):
            if subscriber.may_see(inbox_id):
                subscriber.offer(packet)

    def present(self, workspace_id: str, inboxes: Inboxes, since: datetime) -> list[dict[str, Any]]:
        """Who looks at or writes in what, said at or after `since`."""
        here = self.presence.get(workspace_id, {})
        old = [key for key, said in here.items() if datetime.fromisoformat(said["at"]) < since]
        for key in old:
            del here[key]
        return [
            {name: value for name, value in said.items() if name != "inbox_id"}
            for said in here.values()
            if inboxes is None or said["inbox_id"] in inboxes
        ]


_READ = """
SELECT seq, kind, inbox_id, jsonb_build_object('seq', seq,
  'at', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'kind', kind,
  'actor', actor, 'conversation_id', conversation_id, 'inbox_id', inbox_id,
  'data', data)::text AS json
FROM event WHERE workspace_id = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4
"""


def _entry(row: Any) -> Entry:
    return Entry(row["seq"], row["kind"], row["inbox_id"], row["json"].encode())
