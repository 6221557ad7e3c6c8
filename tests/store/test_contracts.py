"""Contracts wait for the processes of the version before, which go on working meanwhile."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from click.testing import CliRunner

from earful.cli.keep import migrate as migrate_command
from earful.settings import Settings
from earful.store import database_checks, older, opening
from earful.store.address import Addresses
from earful.store.database_checks import check_database
from earful.store.errors import OlderAtWork
from earful.store.findings import State
from earful.store.migrations import FOLDER, migrate, read_migrations
from earful.store.older import Older, connection_name, in_words
from earful.store.opening import open_store
from earful.store.pool import Database
from tests.store.test_data_of_before import up_to

Made = Callable[[str], Awaitable[Addresses]]
KEY = "k" * 32
NEXT = len(read_migrations()) + 1
W = "00000000-0000-7000-8000-000000000001"
DESK = f"""
INSERT INTO workspace (id, name, created_at) VALUES ('{W}', 'Northwind', now())
"""  # noqa: S608 - a constant of this file

INTAKE_OF_BEFORE = """
INSERT INTO conversation (workspace_id, inbox_id, channel_id, network, opened_at, waiting_since,
  clock_started_at, id, contact_id, contact_name, contact_handle, visibility, severity,
  severity_reason, preview, unanswered, people, last_message_at, due_at)
SELECT $1, $2, $2, 'bluesky', now(), now(), now(), n.*
FROM unnest($3::uuid[], $4::uuid[], '{Ana}'::text[], '{ana}'::text[], '{public}'::text[],
  '{4}'::smallint[], '{why}'::text[], '{Where?}'::text[], '{1}'::integer[], '{1}'::integer[],
  '{now}'::timestamptz[], '{now}'::timestamptz[]) AS n
ON CONFLICT (workspace_id, inbox_id, contact_id) WHERE status <> 'resolved' DO NOTHING
RETURNING id
"""
"""The statement by which workers up to migration 0022 open conversations for new people."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(older, "PATIENCE", ())


async def at(addresses: Addresses, name: str) -> asyncpg.Connection[asyncpg.Record]:
    """A connection of a process, as its version calls it."""
    return await asyncpg.connect(addresses.app, server_settings={"application_name": name})


async def takes_in(worker: asyncpg.Connection[asyncpg.Record]) -> bool:
    """Whether the worker of before opens a conversation for somebody new."""
    inbox, contact = uuid4(), uuid4()
    return bool(await worker.fetch(INTAKE_OF_BEFORE, W, inbox, [uuid4()], [contact]))


def settings_for(addresses: Addresses, folder: Path) -> Settings:
    folder.mkdir(exist_ok=True)
    return Settings(
        data_dir=folder,
        database_url=addresses.app,
        database_owner_url=addresses.owner,
        secret_key=KEY,
    )


async def test_workers_of_before_go_on_taking_posts_in_while_the_upgrade_waits_for_them(
    make_addresses: Made, tmp_path: Path
) -> None:
    addresses = await make_addresses("template0")
    owner = await asyncpg.connect(addresses.owner_or_refuse())
    (tmp_path / "before").mkdir()
    await migrate(owner, up_to("0023", tmp_path / "before"))  # up to 0022_...
    await owner.execute(DESK)
    worker = await at(addresses, "earful")
    assert await takes_in(worker)
    settings = settings_for(addresses, tmp_path / "data")
    for _ in range(2):
        with pytest.raises(OlderAtWork, match="0024_one_open_each is a contract") as told:
            async with open_store(settings):
                pass
        assert "(1 connection)" in str(told.value)
        assert "Stop them all, then start again" in str(told.value)
        assert await owner.fetchval("SELECT max(version) FROM schema_version") == 23
        assert await takes_in(worker)
    looking = await at(addresses, connection_name())
    schema = (await check_database(looking, datetime.now(UTC)))[1]
    await looking.close()
    assert schema.words.endswith(
        "Stop the processes of the version before (1 connection), then: earful migrate."
    )
    await worker.close()
    async with open_store(settings):
        assert await owner.fetchval("SELECT max(version) FROM schema_version") == NEXT - 1
    late = await at(addresses, "earful")
    with pytest.raises(asyncpg.InvalidColumnReferenceError):
        await takes_in(late)
    await late.close()
    await owner.close()


@pytest.fixture
def to_come(tmp_path: Path) -> Path:
    """A version to come: its contract can wait, and stands between two that add."""
    folder = tmp_path / "migrations"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for number, (name, sql) in enumerate(
        [
            ("adds", "ALTER TABLE workspace ADD COLUMN title text;"),
            ("drops", "-- contract that can wait\nALTER TABLE workspace DROP COLUMN name;"),
            ("adds_more", "ALTER TABLE workspace ADD COLUMN motto text;"),
        ],
        start=NEXT,
    ):
        (folder / f"{number:04}_{name}.sql").write_text(sql)
    return folder


async def test_a_contract_that_can_wait_comes_when_older_processes_have_ended(
    make_addresses: Made, template: str, to_come: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = await make_addresses(template)
    owner = await asyncpg.connect(addresses.owner_or_refuse())
    await owner.execute(DESK)
    settings = settings_for(addresses, to_come.parent / "data")
    worker, newer = await at(addresses, connection_name()), await at(addresses, "earful 9000")
    monkeypatch.setattr(opening, "open_store", partial(open_store, migrations=to_come))
    for module in (database_checks, opening):
        monkeypatch.setattr(module, "read_migrations", partial(read_migrations, to_come))

    async def upgraded() -> dict[str, list[str]]:
        environ = {
            "EARFUL_DATA_DIR": str(settings.data_dir),
            "EARFUL_DATABASE_URL": addresses.app,
            "EARFUL_DATABASE_OWNER_URL": addresses.owner,
            "EARFUL_SECRET_KEY": KEY,
        }
        run = partial(CliRunner(env=environ).invoke, migrate_command, ["--json", "--no-backup"])
        done = await asyncio.to_thread(run)
        assert done.exit_code == 0, done.output
        told: dict[str, list[str]] = json.loads(done.stdout)
        return told

    waits = f"{NEXT + 1:04}_drops"
    first = await upgraded()
    assert first["applied"] == [f"{NEXT:04}_adds", f"{NEXT + 2:04}_adds_more"]
    assert first["waiting"] == [waits]
    assert "until processes of older versions end (1 connection" in first["words"][-1]
    assert await worker.fetchval("SELECT name FROM workspace") == "Northwind"
    found = {one.name: one for one in await check_database(newer, datetime.now(UTC))}
    assert found["schema"].state == State.WARN
    assert f": {waits}. This version works without it" in found["schema"].words
    unowned = Settings(
        data_dir=settings.data_dir, database_url=addresses.app, secret_key=settings.secret_key
    )
    async with open_store(unowned) as store:
        assert store.upgraded is None
    again = await upgraded()
    assert (again["applied"], again["waiting"]) == ([], [waits])

    await worker.close()
    last = await upgraded()
    assert (last["applied"], last["waiting"]) == ([waits], [])
    assert await owner.fetchval("SELECT count(*) FROM schema_version") == NEXT + 2
    await newer.close()
    await owner.close()


async def test_a_process_says_what_it_knows(addresses: Addresses) -> None:
    database = await Database.connect(addresses, size=1)
    listening = await database.listen_connection()
    try:
        async with database.acquire() as db:
            names = await older.at_work(listening), await older.at_work(db)
    finally:
        await listening.close()
        await database.close()
    assert [[one.knows for one in found] for found in names] == [[NEXT - 1], [NEXT - 1]]


def test_who_is_at_work_is_told_in_words() -> None:
    assert in_words([Older(0, None)]) == "1 connection"
    three = [Older(0, "10.0.0.5"), Older(3, "10.0.0.4"), Older(3, None)]
    assert in_words(three) == "3 connections, from 10.0.0.4, 10.0.0.5"
