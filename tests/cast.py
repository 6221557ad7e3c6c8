"""The cast: Alice leads, Bob answers, Carol writes in. And the workspace they meet in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from earful.intake.channel import Channel
from earful.kit.ids import new_id
from earful.networks.contract import Batch, Change, Person, Post
from earful.store.pool import Database
from earful.stream.work import Actor, Works

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CAROL = Person("did:carol", "carol.example", "Carol Diaz")
DAVE = Person("did:dave", "dave.example", "Dave")


class Time:
    """A clock that stands still until told to move."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **length: float) -> datetime:
        """Move on by a timedelta's worth."""
        self.now += timedelta(**length)
        return self.now


class Cast(msgspec.Struct):
    """A workspace with Alice (owner), Bob (agent), an inbox and a channel of the rehearsal."""

    works: Works
    time: Any
    workspace_id: str
    alice: Actor
    bob: Actor
    channel: Channel

    @property
    def database(self) -> Database:
        """The database of the works."""
        return self.works.database


async def gather(database: Database, handle: str = "Northwind") -> Cast:
    """Make the workspace of the cast."""
    time = Time()
    workspace_id, inbox_id, channel_id = new_id(), new_id(), new_id()
    people = {name: new_id() for name in ("Alice", "Bob")}
    async with database.transaction() as db:
        await db.execute(
            "INSERT INTO workspace (id, name, created_at) VALUES ($1, $2, $3)",
            workspace_id,
            "Northwind",
            START,
        )
        for name, role in (("Alice", "owner"), ("Bob", "agent")):
            await db.execute(
                """INSERT INTO agent (workspace_id, id, name, handle, email, initials, role,
                     undo_for, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 5, $8)""",
                workspace_id,
                people[name],
                name,
                name.lower(),
                f"{name.lower()}.{workspace_id}@example.org",
                name[:2].upper(),
                role,
                START,
            )
        await db.execute(
            "INSERT INTO inbox (workspace_id, id, name, created_at) VALUES ($1, $2, 'Care', $3)",
            workspace_id,
            inbox_id,
            START,
        )
        await db.execute(
            """INSERT INTO channel (workspace_id, id, network, external_id, handle, name, inbox_id,
                 created_at) VALUES ($1, $2, 'rehearsal', $3, $3, $3, $4, $5)""",
            workspace_id,
            channel_id,
            handle,
            inbox_id,
            START,
        )
    return Cast(
        works=Works(database, time),
        time=time,
        workspace_id=workspace_id,
        alice=Actor("agent", people["Alice"], "Alice"),
        bob=Actor("agent", people["Bob"], "Bob"),
        channel=Channel(channel_id, "rehearsal", inbox_id, handle, handle),
    )


def post(
    external_id: str, text: str = "@Northwind help", author: Person = CAROL, **more: Any
) -> Post:
    """A post as a network tells it."""
    more.setdefault("published_at", START)
    return Post(external_id=external_id, author=author, text=text, **more)


def batch(*changes: Change, cursor: int = 1) -> Batch:
    """A batch with a small cursor."""
    return Batch(tuple(changes), {"at": cursor})
