"""The unit of work: one transaction, its events, and one wake-up at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Protocol, cast

import asyncpg
import msgspec

from earful.kit.clock import Clock
from earful.store.pool import Database

WAKE = "earful_events"
"""The NOTIFY channel that says "there are events of this workspace"; the payload is its id."""


class Actor(msgspec.Struct, frozen=True):
    """Who does something: kind is "agent", "contact", "system" or "rule"."""

    kind: str
    id: str | None = None
    name: str = ""


SYSTEM = Actor("system", None, "Earful")


class Vault(Protocol):
    """Seals what must be readable again: a keyring."""

    @property
    def current_id(self) -> str:
        """The id of the key that seals."""

    def seal(self, plain: bytes, *, context: str) -> bytes:
        """`plain`, encrypted for one place."""

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """What was sealed for that place."""


class _Pending(msgspec.Struct):
    kind: str
    actor: Actor
    conversation_id: str | None
    inbox_id: str | None
    data: Any


class Work:
    """A transaction that is under way, in one workspace, by one actor, at one instant.

    Rooms are handed a Work; they never commit. `emit` collects events; they are appended when the
    edge commits, because the counter row must be locked last (design law 4).
    `vault` is there where secrets may be needed.
    """

    def __init__(
        self,
        db: asyncpg.Connection[Any],
        workspace_id: str,
        actor: Actor,
        now: datetime,
        vault: Vault | None = None,
        *,
        memory: dict[str, Any] | None = None,
    ) -> None:
        self.db = db
        self.workspace_id = workspace_id
        self.actor = actor
        self.now = now
        self.vault = vault
        self.memory = {} if memory is None else memory
        """What rooms remember from one work of this process to the next, by a key of their own."""
        self._pending: list[_Pending] = []

    def emit(
        self,
        kind: str,
        data: Any,
        *,
        conversation_id: str | None = None,
        inbox_id: str | None = None,
        actor: Actor | None = None,
    ) -> None:
        """Note an event `noun.past_participle`; `data` is anything msgspec can encode."""
        self._pending.append(_Pending(kind, actor or self.actor, conversation_id, inbox_id, data))

    async def append_events(self) -> int | None:
        """Append what was emitted, in order. Returns the last seq, None if nothing was emitted."""
        if not self._pending:
            return None
        events, self._pending = self._pending, []
        encode = msgspec.json.encode
        last: int = await self.db.fetchval(
            _APPEND,
            self.workspace_id,
            len(events),
            self.now,
            [event.kind for event in events],
            [encode(event.actor).decode() for event in events],
            [event.conversation_id for event in events],
            [event.inbox_id for event in events],
            [encode(event.data).decode() for event in events],
            WAKE,
        )
        return last


# One statement, because whoever holds the counter's row holds up every other writer.
_APPEND = """
WITH counter AS (
  INSERT INTO event_counter AS c (workspace_id, seq) VALUES ($1, $2)
  ON CONFLICT (workspace_id) DO UPDATE SET seq = c.seq + $2
  RETURNING seq
), appended AS (
  INSERT INTO event (workspace_id, seq, at, kind, actor, conversation_id, inbox_id, data)
  SELECT $1, counter.seq - $2 + e.n, $3, e.kind, e.actor::text::jsonb, e.conversation_id,
         e.inbox_id, e.data::text::jsonb
  FROM counter, unnest($4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::text[])
    WITH ORDINALITY AS e (kind, actor, conversation_id, inbox_id, data, n)
)
SELECT seq, pg_notify($9, $1::text) FROM counter
"""


class Works:
    """Opens units of work on a database with an injected clock, and a vault if there is one."""

    def __init__(self, database: Database, clock: Clock, vault: Vault | None = None) -> None:
        self.database = database
        self.clock = clock
        self.vault = vault
        self._memory: dict[str, Any] = {}

    @asynccontextmanager
    async def open(self, workspace_id: str, actor: Actor = SYSTEM) -> AsyncIterator[Work]:
        """One transaction; commits with its events on a clean exit, else rolls back."""
        async with self.database.acquire() as db, db.transaction():
            # A connection of the pool is a proxy that does all a connection does.
            connection = cast("asyncpg.Connection[Any]", db)
            work = Work(
                connection, workspace_id, actor, self.clock(), self.vault, memory=self._memory
            )
            yield work
            await work.append_events()
