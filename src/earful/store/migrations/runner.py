"""Applies the numbered SQL files in order, each in one transaction, as the owner of the tables.

A file is `NNNN_name.sql`; grants for the app role stand in the files themselves. Expand and
contract: a file may only add what older code ignores, so that a rolling update (or going back one
version) works; what older code can't live with says `-- contract` in a line of its own, and from
then on code that does not know that file refuses to start. So that a failure never leaves a
contract without the rest of its upgrade, all from the first contract on is one transaction.

A contract is never applied while a process that does not know it is connected. One that says
`-- contract that can wait` is left out then, and comes with a later start: the code of its version
works without it, and no later file may need it. At any other the upgrade stops, after what comes
before it: the version before works on, and the new one waits for its end.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from earful.store.errors import MigrationError, OlderAtWork
from earful.store.older import Older, after_patience, in_words
from earful.store.pool import Connection, refuse_old_server

FOLDER = Path(__file__).parent
NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
CONTRACT = re.compile(r"^-- contract(?: that can wait)?$", re.MULTILINE)
CAN_WAIT = re.compile(r"^-- contract that can wait$", re.MULTILINE)
ONE_AT_A_TIME = 0x4561_7266_756C  # "Earful": the advisory lock of migrators
LOCK_FOR = "3s"
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)  # seconds between tries when a table is locked

SCHEMA_VERSION = """
CREATE TABLE IF NOT EXISTS schema_version (
  version int PRIMARY KEY,
  name text NOT NULL,
  sha256 text NOT NULL,
  contract boolean NOT NULL DEFAULT false,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT ON schema_version TO earful_app;
"""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Migration:
    """One file. `contract` tells that code without it can't use the schema any more."""

    version: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Fingerprint of the text, to notice a file changed after it was applied."""
        return hashlib.sha256(self.sql.encode()).hexdigest()

    @property
    def contract(self) -> bool:
        """Whether older code must not run after it."""
        return CONTRACT.search(self.sql) is not None

    @property
    def can_wait(self) -> bool:
        """Whether the code of its version works before it, so that it may come later."""
        return CAN_WAIT.search(self.sql) is not None

    @property
    def label(self) -> str:
        """As it is called in words: 0024_one_open_each."""
        return f"{self.version:04}_{self.name}"


First = Callable[[list[Migration]], Awaitable[None]]
"""What is done before migrations are applied."""


def read_migrations(folder: Path = FOLDER) -> list[Migration]:
    """All migrations in `folder`, in order. Raises MigrationError for a gap or a strange name."""
    found = []
    for path in sorted(folder.glob("*.sql")):
        match = NAME.fullmatch(path.name)
        if not match:
            raise MigrationError(f"{path.name} is not called like 0001_name.sql.")
        found.append(Migration(int(match[1]), match[2], path.read_text(encoding="utf-8")))
    for expected, migration in enumerate(found, start=1):
        if migration.version != expected:
            raise MigrationError(f"Migration {expected:04} is missing or there twice.")
    return found


async def nothing_first(_todo: list[Migration]) -> None:
    """For a database that needs no preparation."""


async def migrate(
    owner: Connection, folder: Path = FOLDER, *, first: First = nothing_first
) -> list[Migration]:
    """Apply what is not applied yet, over the owner's connection. Returns what was applied.

    `first` is awaited before anything is changed, while no other process can migrate; what it
    raises stops the migration. Not called when there is nothing to apply. A contract that can wait
    is left out while older processes are at work. Raises OlderAtWork at one that can't, after what
    stands before it was applied.
    """
    refuse_old_server(owner)
    migrations = read_migrations(folder)
    await owner.execute("SELECT pg_advisory_lock($1)", ONE_AT_A_TIME)
    try:
        await owner.execute(SCHEMA_VERSION)
        todo = await pending(owner, migrations)
        free, stop = await _sorted_out(owner, todo)
        if free:
            await first(free)
            free, stop = await _sorted_out(owner, todo)  # it may have taken long
        for step in _steps(free):
            await _apply(owner, step)
        if stop:
            raise OlderAtWork(stop)
        for each in todo:
            if each not in free:
                log.warning("migration %s waits for the end of older processes", each.label)
        return free
    finally:
        await owner.execute("SELECT pg_advisory_unlock($1)", ONE_AT_A_TIME)


async def _sorted_out(owner: Connection, todo: list[Migration]) -> tuple[list[Migration], str]:
    """What may be applied now, and, in words, what stops the rest if something does.

    Whoever does not know a contract knows none that follows it either.
    """
    contracts = [each.version for each in todo if each.contract]
    older = await after_patience(owner, contracts[-1]) if contracts else []
    free = []
    for each in todo:
        if not (each.contract and any(one.knows < each.version for one in older)):
            free.append(each)
        elif not each.can_wait:
            return free, _stopped(each, older)
    return free, ""


def _stopped(contract: Migration, older: list[Older]) -> str:
    return (
        f"Migration {contract.label} is a contract: processes of the version before would fail "
        f"after it, and some are at work ({in_words(older)}). They work on, and this version can't "
        "start beside them. Stop them all, then start again, or run: earful migrate"
    )


def _steps(todo: list[Migration]) -> list[list[Migration]]:
    """What is one transaction: each file by itself, and all from the first contract on."""
    alone = list(itertools.takewhile(lambda each: not each.contract, todo))
    together = todo[len(alone) :]
    return [[each] for each in alone] + ([together] if together else [])


async def pending(connection: Connection, migrations: list[Migration]) -> list[Migration]:
    """Which of `migrations` are not applied yet.

    Raises MigrationError if an applied file was changed, or if the database has gone through a
    contract that this version of Earful does not know.
    """
    known = {migration.version: migration for migration in migrations}
    applied = set()
    for row in await connection.fetch("SELECT version, name, sha256, contract FROM schema_version"):
        mine = known.get(row["version"])
        if mine is None and row["contract"]:
            raise MigrationError(
                f"The database is newer than this Earful (migration {row['version']:04} "
                f"{row['name']}), and older versions can't use it any more. Start the newer "
                "Earful, or restore the backup from before its upgrade into an empty database."
            )
        if mine is not None and mine.sha256 != row["sha256"]:
            raise MigrationError(
                f"Migration {mine.label} was changed after it was applied. "
                "Restore the file, and write what you want changed into a new one."
            )
        applied.add(row["version"])
    return [migration for migration in migrations if migration.version not in applied]


async def _apply(owner: Connection, step: list[Migration]) -> None:
    for pause in (*PAUSES, None):
        at = step[0]
        try:
            async with owner.transaction():
                await owner.execute(f"SET LOCAL lock_timeout = '{LOCK_FOR}'")
                await owner.execute("SET LOCAL statement_timeout = 0")
                for at in step:
                    await _apply_one(owner, at)
        except asyncpg.LockNotAvailableError as error:
            if pause is None:
                raise MigrationError(
                    f"Migration {at.label} could not get its locks: something "
                    "holds a table for long. It changed nothing; try again."
                ) from error
            log.warning("migration %04d waits for a lock; again in %s s", at.version, pause)
            await asyncio.sleep(pause)
        except asyncpg.PostgresError as error:
            raise MigrationError(
                f"Migration {at.label} failed: {str(error).rstrip('.')}."
            ) from error
        else:
            return


async def _apply_one(owner: Connection, migration: Migration) -> None:
    await owner.execute(migration.sql)
    await owner.execute(
        "INSERT INTO schema_version (version, name, sha256, contract) VALUES ($1, $2, $3, $4)",
        migration.version,
        migration.name,
        migration.sha256,
        migration.contract,
    )
    log.info("migration %s applied", migration.label)
