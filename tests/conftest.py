"""A real PostgreSQL for the tests: one server a session, one migrated template, copies of it.

The rooms above the store are not needed here. `database` is a migrated, empty database that no
other test uses. Since a copy takes 0.1 s, one is swept clean and used again by the next test,
unless the test asked for `owner` and so may have changed more than rows.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from earful.settings import Settings
from earful.store.address import ADMIN, APP, OWNER, Addresses, embedded_addresses, socket_uri
from earful.store.migrations import migrate
from earful.store.pool import Database
from earful.store.running import Running, start

SEEDED = """
SELECT relname FROM pg_stat_user_tables WHERE n_live_tup > 0 AND relname <> 'schema_version'
"""

SWEEP = """
DO $$ DECLARE t regclass; BEGIN
  FOR t IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND relname <> 'schema_version' LOOP EXECUTE 'DELETE FROM ' || t;
  END LOOP;
END $$
"""

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server_settings() -> Iterator[Settings]:
    """Settings of the session's server, in a short-named folder."""
    folder = Path(tempfile.mkdtemp(prefix="ef-", dir="/tmp"))
    folder.chmod(0o711)
    yield Settings.from_env({"EARFUL_DATA_DIR": str(folder)})
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def server(server_settings: Settings) -> Iterator[Running]:
    """The session's embedded server."""
    home = server_settings.data_dir / "pg"
    home.mkdir(parents=True)
    # Tests may lose everything; the rest of the configuration is what operators get.
    (home / "local.conf").write_text("fsync = off\nsynchronous_commit = off\n")
    (home / "local.conf").chmod(0o644)
    running = start(server_settings)
    yield running
    running.stop()


@pytest.fixture(scope="session")
async def admin(server: Running) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """The superuser, on the maintenance database."""
    connection = await asyncpg.connect(socket_uri(server.socket_dir, ADMIN, "postgres"))
    yield connection
    await connection.close()


async def _create(admin: asyncpg.Connection[asyncpg.Record], name: str, template: str) -> None:
    await admin.execute(
        f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template} STRATEGY file_copy"
    )
    await admin.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    await admin.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {APP}")


@pytest.fixture(scope="session")
async def template(server: Running, admin: asyncpg.Connection[asyncpg.Record]) -> str:
    """Name of a database with all migrations applied."""
    name = "earful_template"
    await _create(admin, name, "template0")
    owner = await asyncpg.connect(socket_uri(server.socket_dir, OWNER, name))
    try:
        await migrate(owner)
        seeded = await owner.fetch(SEEDED)
        assert not seeded, "a sweep would delete what migrations put into tables"
    finally:
        await owner.close()
    return name


@pytest.fixture(scope="session")
def swept() -> list[str]:
    """Names of clean databases to use again."""
    return []


@pytest.fixture
async def make_addresses(
    server: Running, admin: asyncpg.Connection[asyncpg.Record]
) -> AsyncIterator[Callable[[str], Awaitable[Addresses]]]:
    """Makes a database from a template (`template0` is empty) that ends with the test."""
    names = []

    async def make(template: str) -> Addresses:
        name = f"test_{next(_numbers)}"
        await _create(admin, name, template)
        names.append(name)
        return embedded_addresses(server.socket_dir, name)

    yield make
    for name in names:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def _sweep(server: Running, name: str) -> None:
    """Delete all rows, whatever refers to them."""
    connection = await asyncpg.connect(socket_uri(server.socket_dir, ADMIN, name))
    try:
        await connection.execute("SET session_replication_role = replica; SET lock_timeout = '2s'")
        await connection.execute(SWEEP)
    finally:
        await connection.close()


@pytest.fixture
async def addresses(
    request: pytest.FixtureRequest,
    server: Running,
    admin: asyncpg.Connection[asyncpg.Record],
    template: str,
    swept: list[str],
) -> AsyncIterator[Addresses]:
    """Addresses of a migrated, empty database."""
    if swept:
        name = swept.pop()
    else:
        name = f"test_{next(_numbers)}"
        await _create(admin, name, template)
    yield embedded_addresses(server.socket_dir, name)
    if "owner" in request.fixturenames:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    else:
        await _sweep(server, name)
        swept.append(name)


@pytest.fixture
async def database(addresses: Addresses) -> AsyncIterator[Database]:
    """A fresh, migrated, empty database, as the app role."""
    opened = await Database.connect(addresses, size=6)
    yield opened
    await opened.close()


@pytest.fixture
async def owner(addresses: Addresses) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """The owner of the tables, on the same database as `database`."""
    connection = await asyncpg.connect(addresses.owner_or_refuse())
    yield connection
    await connection.close()
