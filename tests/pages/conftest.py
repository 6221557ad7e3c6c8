"""The pages alone in an app, with a clock that stands still until it is moved."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from argon2 import PasswordHasher
from litestar import Litestar
from litestar.datastructures import State
from litestar.testing import AsyncTestClient

from earful.accounts import passwords
from earful.accounts.mail import Letter
from earful.accounts.mail_server import Wanted, keep_server
from earful.accounts.postbox import Claimed, read
from earful.accounts.secrets import Keyring
from earful.pages import routes
from earful.settings import Settings
from earful.store.pool import Database
from tests.pages.browser import Browser


class Mailbox:
    """The letters that wait for a worker, which no worker takes here."""

    def __init__(self, database: Database, keyring: Keyring, watch: Watch) -> None:
        self.database, self.keyring, self.watch = database, keyring, watch

    async def open(self) -> None:
        """Every workspace has a mail server."""
        async with self.database.transaction() as db:
            for row in await db.fetch("SELECT id FROM workspace"):
                wanted = Wanted(host="mail.example", sender="care@northwind.example")
                await keep_server(db, self.keyring, row["id"], wanted, now=self.watch.now)

    async def letters(self) -> list[Letter]:
        """What was put in, the oldest first."""
        async with self.database.transaction() as db:
            rows = await db.fetch("SELECT * FROM letter ORDER BY created_at, id")
        return [
            read(self.keyring, msgspec.convert(dict(row), Claimed, strict=False)) for row in rows
        ]


class Watch:
    """The clock of these tests."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def on(self, **lengths: float) -> None:
        self.now += timedelta(**lengths)


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What hashing costs is for the tests of passwords; here it would only take time."""
    cheap = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", cheap)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def keyring() -> Keyring:
    return Keyring(["a key for the tests of the pages, long enough"])


@pytest.fixture
def mailbox(database: Database, keyring: Keyring, watch: Watch) -> Mailbox:
    return Mailbox(database, keyring, watch)


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def app(database: Database, watch: Watch, keyring: Keyring, settings: Settings) -> Litestar:
    state = {
        "database": database,
        "settings": settings,
        "keyring": keyring,
        "now": watch,
    }
    return Litestar(routes, state=State(state), openapi_config=None)


@pytest.fixture
async def open_browser(app: Litestar) -> AsyncIterator[Callable[[], Browser]]:
    """Browsers of different people: each has its own cookies."""
    async with AsyncTestClient(app) as server:
        yield lambda: Browser(app, str(server.base_url))


@pytest.fixture
def browser(open_browser: Callable[[], Browser]) -> Browser:
    return open_browser()
