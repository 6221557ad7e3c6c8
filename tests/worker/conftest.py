"""A worker's hands, and a rehearsal server in a process of its own to talk to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from earful.accounts.secrets import Keyring
from earful.media.files import MediaFiles
from earful.networks.contract import Person, Post
from earful.store.pool import Database
from earful.worker import sending, settling
from earful.worker.desk import Shared
from tests.cast import CAROL, Cast, gather
from tests.desk.acts import home_of, take
from tests.networks.rehearsal.serving import Server, serving


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A silent town: only what a test asks for happens."""
    ledger = tmp_path_factory.mktemp("town") / "ledger"
    with serving("--rate", "0", "--backlog", "0", "--ledger", str(ledger)) as running:
        yield running


@pytest.fixture
async def cast(
    database: Database, town: Server, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Cast]:
    """The cast, its channel connected to the town; a call may take half a second."""
    monkeypatch.setattr(sending, "CALL_FOR", 0.5)
    monkeypatch.setattr(settling, "CALL_FOR", 0.5)
    cast = await gather(database)
    async with database.acquire() as db:
        await db.execute("UPDATE channel SET config = $1", {"service": town.url})
    yield cast
    town.http.delete("/faults")
    town.http.put("/switch", json={"idempotent": False})


@pytest.fixture
def shared(cast: Cast, tmp_path: Path) -> Shared:
    """What a worker's loops share."""
    keyring = Keyring(["a key for the tests of the worker, long enough"])
    return Shared(cast.database, cast.time, keyring, MediaFiles(tmp_path))


@pytest.fixture
def asks(cast: Cast, town: Server) -> Any:
    """Somebody writes in the town, and the post comes in. Returns the conversation's id."""

    async def ask(text: str = "@Northwind help", author: Person = CAROL) -> str:
        entry = town.ask("/guests", text=text)
        said = Post(
            external_id=entry["id"],
            author=author,
            text=text,
            published_at=datetime(2026, 11, 2, 9, 0, tzinfo=UTC),
        )
        await take(cast, said)
        return await home_of(cast, said.external_id)

    return ask
