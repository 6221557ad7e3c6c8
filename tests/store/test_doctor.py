"""The doctor sees what is wrong, and says it in words."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from earful.settings import Settings
from earful.store.database_checks import check_database
from earful.store.doctor import State, examine
from earful.store.findings import Check
from earful.store.pool import Database
from earful.store.records import BackupRecord, write_record
from earful.store.secret_key import key_path, secret_key


@pytest.fixture
def settings() -> Iterator[Settings]:
    made = Path(tempfile.mkdtemp(prefix="ef-", dir="/tmp"))
    made.chmod(0o711)
    yield Settings.from_env({"EARFUL_DATA_DIR": str(made)})
    shutil.rmtree(made)


async def now_of(database: Database) -> datetime:
    async with database.acquire() as db:
        now: datetime = await db.fetchval("SELECT clock_timestamp()")
    return now


async def findings(database: Database, now: datetime) -> dict[str, Check]:
    async with database.acquire() as db:
        return {check.name: check for check in await check_database(db, now)}


async def test_a_healthy_database_passes(database: Database) -> None:
    found = await findings(database, await now_of(database))
    # The tests' server runs without fsync, which must not pass unnoticed.
    assert found.pop("durability").state == State.FAIL
    assert {name: check.state for name, check in found.items()} == dict.fromkeys(found, State.OK)


@pytest.mark.parametrize(
    ("sql", "name", "words"),
    [
        ("GRANT DELETE ON audit TO earful_app", "audit log", "must not: DELETE FROM audit"),
        ("GRANT UPDATE ON event TO earful_app", "event log", "must not: UPDATE event"),
        ("GRANT CREATE ON SCHEMA public TO earful_app", "app role", "owns tables or may do"),
        ("DELETE FROM schema_version WHERE version = 1", "schema", "1 migrations are not"),
        (
            "INSERT INTO schema_version VALUES (9000, 'drops', 'x', true)",
            "schema",
            "older versions can't use it any more",
        ),
    ],
)
async def test_what_is_wrong_is_found(
    database: Database,
    owner: asyncpg.Connection[asyncpg.Record],
    sql: str,
    name: str,
    words: str,
) -> None:
    await owner.execute(sql)
    check = (await findings(database, await now_of(database)))[name]
    assert check.state == State.FAIL
    assert words in check.words


async def test_a_larger_model_that_is_asked_and_its_trouble_are_told(
    database: Database, owner: asyncpg.Connection[asyncpg.Record]
) -> None:
    await owner.execute(
        "INSERT INTO triage_endpoint (workspace_id, url, model, since)"
        " VALUES (gen_random_uuid(), 'http://x/v1', 'small', now())"
    )
    check = (await findings(database, await now_of(database)))["triage"]
    assert (check.state, check.words.partition(". ")[2]) == (
        State.OK, "small at http://x/v1 is asked, too.",
    )  # fmt: skip
    await owner.execute("UPDATE triage_endpoint SET trouble = 'It answers 500.'")
    check = (await findings(database, await now_of(database)))["triage"]
    assert check.state == State.WARN
    assert "is asked, too: It answers 500. What it does not answer stays" in check.words


async def test_a_newer_database_that_still_works_is_told(
    database: Database, owner: asyncpg.Connection[asyncpg.Record]
) -> None:
    await owner.execute("INSERT INTO schema_version VALUES (9000, 'adds', 'x', false)")
    check = (await findings(database, await now_of(database)))["schema"]
    assert check.state == State.WARN
    assert "1 migrations that this one does not know" in check.words


async def test_clocks_that_disagree_are_found(database: Database) -> None:
    found = await findings(database, await now_of(database) - timedelta(minutes=2))
    assert "120 s apart" in found["clock"].words


async def test_a_whole_desk_is_examined(settings: Settings) -> None:
    now = datetime.now(UTC)
    write_record(settings.data_dir, BackupRecord(last_backup_at=now - timedelta(days=9)))
    secret_key(settings)
    key_path(settings).chmod(0o644)
    found = {check.name: check for check in await examine(settings, now=now)}
    assert found["durability"].state == State.OK
    assert found["schema"].words == "The database is empty: earful migrate."
    assert (found["backup"].state, found["restore test"].state) == (State.WARN, State.WARN)
    assert "9 days old" in found["backup"].words
    assert "chmod 600" in found["secret key"].words


async def test_an_unreachable_database_is_a_finding_and_no_crash(settings: Settings) -> None:
    away = Settings.from_env(
        {
            "EARFUL_DATA_DIR": str(settings.data_dir),
            "EARFUL_DATABASE_URL": "postgresql://nobody@/none?host=/nonexistent",
            "EARFUL_SECRET_KEY": "k" * 32,
        }
    )
    found = await examine(away, now=datetime.now(UTC))
    assert found[0].state == State.FAIL
    assert "can't be reached" in found[0].words


async def test_posts_that_wait_set_aside_are_told_with_the_oldest(
    database: Database, owner: asyncpg.Connection[asyncpg.Record]
) -> None:
    now = await now_of(database)
    workspace = await owner.fetchval(
        "INSERT INTO workspace (id, name, created_at) VALUES (uuidv7(), 'N', now()) RETURNING id"
    )
    for hours, over in ((2, None), (50, None), (90, now)):
        await owner.execute(
            """INSERT INTO set_aside
                 (workspace_id, id, channel_id, external_id, reason, payload, at, replayed_at)
               VALUES ($1, uuidv7(), uuidv7(), $2, '', '{}', $3, $4)""",
            workspace,
            str(hours),
            now - timedelta(hours=hours),
            over,
        )
    check = (await findings(database, now))["set aside"]
    assert check.state == State.WARN
    assert check.words.startswith("2 posts could not be taken in; the oldest waits for 50 hours")
    assert "earful set-aside replay --all" in check.words
