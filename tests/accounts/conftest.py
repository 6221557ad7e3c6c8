"""Alice owns, Lea leads, Bob answers, Vic looks on; Mallory works in another workspace."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from earful.accounts.people import Agent, add_agent
from earful.accounts.secrets import Keyring
from earful.accounts.setup import create_workspace
from earful.store.pool import Connection, Database

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    """Two workspaces and who works there. Nobody has a password yet."""

    ours: str
    theirs: str
    alice: Agent
    lea: Agent
    bob: Agent
    vic: Agent
    mallory: Agent


@pytest.fixture
async def db(database: Database) -> AsyncIterator[Connection]:
    async with database.acquire() as connection:
        yield connection


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def keyring() -> Keyring:
    return Keyring(["a key for the tests of accounts, long enough"])


@pytest.fixture
async def cast(db: Connection) -> Cast:
    ours = await create_workspace(db, name="Northwind", now=NOW)
    theirs = await create_workspace(db, name="Contoso", now=NOW)

    async def add(name: str, role: str, workspace: str = ours) -> Agent:
        host = "northwind.example" if workspace == ours else "contoso.example"
        email = f"{name.split(maxsplit=1)[0].lower()}@{host}"
        return await add_agent(db, workspace, name=name, email=email, role=role, now=NOW)

    return Cast(
        ours,
        theirs,
        await add("Alice Baker", "owner"),
        await add("Lea Lindt", "lead"),
        await add("Bob Cole", "agent"),
        await add("Vic Vale", "viewer"),
        await add("Mallory Moe", "owner", theirs),
    )
