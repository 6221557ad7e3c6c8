"""Brings the schema of a desk that has data up to date: first a backup, then the migrations.

The backup holds the database alone: migrations don't touch media, which stay where they are.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from earful.settings import Settings
from earful.store.address import Addresses
from earful.store.backup_file import SUFFIX, prune, sweep, write_backup
from earful.store.binaries import find_binaries
from earful.store.erasure_copies import lay_beside
from earful.store.errors import MigrationError, OlderAtWork, StoreError
from earful.store.migrations import Migration, migrate, pending, read_migrations
from earful.store.older import at_work, in_words
from earful.store.passphrases import passphrase_of_key, read_passphrase
from earful.store.pool import Connection

KEPT = 3
"""How many backups from before upgrades are kept."""

PATTERN = f"upgrade-*{SUFFIX}"
SPARE = 50 << 20  # bytes left free beside the backup


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What was applied, and which contracts wait for processes of older versions to end."""

    applied: list[Migration]
    waiting: list[Migration]


Say = Callable[[str], None]
"""Tells the operator something, in a sentence."""


def upgrades_dir(settings: Settings) -> Path:
    """Where backups from before upgrades go."""
    return settings.backup_dir or settings.data_dir / "upgrades"


async def upgrade(
    owner: Connection,
    settings: Settings,
    addresses: Addresses,
    bin_dir: Path | None,
    *,
    folder: Path,
    backup_first: bool,
    say: Say,
) -> Upgraded:
    """Apply the migrations of `folder` that are pending.

    Raises StoreError, and then the version before works as it did: the text tells what to do.
    """
    made: list[Path] = []

    async def first(todo: list[Migration]) -> None:
        if backup_first and await _holds_data(owner):
            say(f"The database gets {len(todo)} migrations. A backup comes first.")
            programs = bin_dir or find_binaries(settings.pg_bin)
            made.append(await _back_up(owner, settings, addresses, programs, todo[0]))
            say(f"The backup from before the upgrade: {made[0]}")

    try:
        done = await migrate(owner, folder, first=first)
    except OlderAtWork:
        raise
    except MigrationError as error:
        raise MigrationError(f"{error} {_afterwards(made)}".rstrip()) from error
    await asyncio.to_thread(prune, upgrades_dir(settings), PATTERN, keep=KEPT)
    if made:
        say(f"Applied: {', '.join(each.label for each in done)}.")
    waiting = await pending(owner, read_migrations(folder))
    if waiting:
        say(await words_of_waiting(owner, waiting))
    return Upgraded(done, waiting)


async def words_of_waiting(db: Connection, waiting: list[Migration]) -> str:
    """That contracts are held back, for whom, and what to do."""
    names = ", ".join(each.label for each in waiting)
    older = [one for one in await at_work(db) if one.knows < waiting[-1].version]
    who = f"until processes of older versions end ({in_words(older)})" if older else "for a start"
    return (
        f"Held back {who}: {names}. This version works without it. When they have ended, it comes "
        "with the next start, or with: earful migrate"
    )


def _afterwards(made: list[Path]) -> str:
    if not made:
        return ""
    return (
        "Nothing that the version before needs was changed: start that one again, it works on. "
        f"The backup from before the upgrade is {made[0]}."
    )


async def _holds_data(owner: Connection) -> bool:
    """Whether there is a desk to lose."""
    if await owner.fetchval("SELECT to_regclass('workspace')") is None:
        return False
    return bool(await owner.fetchval("SELECT EXISTS (SELECT FROM workspace)"))


async def _back_up(
    owner: Connection, settings: Settings, addresses: Addresses, bin_dir: Path, next_: Migration
) -> Path:
    target_dir = upgrades_dir(settings)
    now: datetime = await owner.fetchval("SELECT date_trunc('second', clock_timestamp())")
    target = target_dir / f"upgrade-{now:%Y%m%dT%H%M%SZ}-before-{next_.version:04}{SUFFIX}"
    size: int = await owner.fetchval(
        "SELECT coalesce(sum(pg_table_size(oid)), 0)::bigint FROM pg_class "
        "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )

    def work() -> None:
        if settings.backup_dir is None:  # one that is set may be a disk that is not mounted now
            target_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        sweep(target_dir, PATTERN)  # the migrators' lock is ours
        _refuse_little_room(target_dir, size + SPARE)
        passphrase = (
            read_passphrase(settings.backup_passphrase_file)
            if settings.backup_passphrase_file
            else passphrase_of_key(settings)
        )
        write_backup(
            target,
            passphrase,
            bin_dir=bin_dir,
            owner_uri=addresses.owner_or_refuse(),
            media=None,
            key=None,
            now=now,
        )
        lay_beside(settings, target_dir, now)

    try:
        await asyncio.to_thread(work)
    except (StoreError, OSError) as error:
        raise StoreError(
            f"The backup before the upgrade failed, so nothing was changed: {error} Mend that and "
            "start again, or, if you have a backup of your own, upgrade with: earful migrate "
            "--no-backup"
        ) from error
    return target


def _refuse_little_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StoreError(
            f"It may need {needed / (1 << 20):,.0f} MB in {folder}, and {free / (1 << 20):,.0f} MB "
            "are free. Make room there, or set EARFUL_BACKUP_DIR to a place with more."
        )
