"""Restores a backup into an empty place, and proves that one can be restored."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from io import BufferedReader
from pathlib import Path

import msgspec

from earful.settings import Settings
from earful.store.address import Addresses
from earful.store.after_restore import hold_everything
from earful.store.archive import Archive, End, Manifest
from earful.store.binaries import find_binaries
from earful.store.contents import media_store
from earful.store.dump import load
from earful.store.erasure_copies import FILE, MISSING, Found, known_until, lines_of
from earful.store.errors import StoreError
from earful.store.folder import make_data_dir
from earful.store.migrations import migrate
from earful.store.opening import RESTORING, owner_connection, serving
from earful.store.pool import Connection
from earful.store.records import read_record, write_record
from earful.store.running import start
from earful.store.sealed import Unreadable
from earful.store.secret_key import key_path, write_key

Replay = Callable[[Connection, Archive], Awaitable[None]]
"""Erases again, in the given transaction, whom the desk had erased after the backup."""


class Restored(msgspec.Struct, frozen=True):
    """A restored backup. `words` tells the operator what to do next; `erased` whether there was a
    list of erasures to go by that is as new as any backup."""

    created_at: datetime
    database_bytes: int
    media_files: int
    words: str
    erased: bool = False


NO_LIST = (
    "WARNING: no list of erasures was found, so whoever was erased since this backup is here "
    f"again. Erase them anew, then delete {MISSING} in the data folder."
)
OLD_LIST = (
    "WARNING: the list of erasures is known to be complete until {until} only, and there is a "
    "backup of {newest}: whoever was erased since may be here again. Restore again with a newer "
    f"{FILE} (--erasures), or erase them anew; then delete {MISSING} in the data folder."
)


def read_through(source: Path, passphrase: str) -> tuple[Manifest, End]:
    """Read the whole backup without keeping anything. Raises Unreadable if it is not whole."""
    with _open(source) as file:
        archive = Archive(file, passphrase)
        for _ in archive.database():
            pass
        for _ in archive.media():
            pass
        return archive.manifest, archive.end()


def passphrase_of(source: Path, known: list[str]) -> str:
    """Which of the passphrases opens the backup. Raises Unreadable if none does."""
    for at, passphrase in enumerate(known, start=1):
        try:
            with _open(source) as file:
                Archive(file, passphrase)
        except Unreadable:
            if at == len(known):
                raise
        else:
            return passphrase
    raise Unreadable("There is no passphrase to try.")


async def restore(
    settings: Settings, source: Path, passphrase: str, *, replay: Replay | None = None
) -> Restored:
    """Restore `source` into the empty database and data folder of `settings`.

    Reads the whole file first; a damaged one changes nothing. Raises StoreError.
    """
    manifest, _ = await asyncio.to_thread(read_through, source, passphrase)
    in_files = manifest.with_media and not settings.media_bucket
    if in_files and any(settings.media_dir.glob("*")):
        raise StoreError(f"{settings.media_dir} is not empty. Restore into a fresh data folder.")
    try:
        archive = await _fill(settings, source, passphrase, replay, in_files=in_files)
    except OSError as error:
        raise StoreError(f"The backup can't be restored: {error}.") from error
    return Restored(
        created_at=archive.manifest.created_at,
        database_bytes=archive.database_bytes,
        media_files=archive.media_files,
        words=_keep_key(settings, archive.key),
    )


async def _fill(
    settings: Settings, source: Path, passphrase: str, replay: Replay | None, *, in_files: bool
) -> Archive:
    """`in_files`: the backup has media, and they are kept as files, which a failure removes."""
    async with _alone(settings) as (addresses, bin_dir):
        async with owner_connection(addresses) as owner:
            await _refuse_full(owner)
        async with _all_or_nothing(settings, addresses, with_media=in_files):
            archive = await asyncio.to_thread(
                _unpack, settings, source, passphrase, bin_dir, addresses.owner_or_refuse()
            )
            await _settle(addresses, archive, replay)
    return archive


async def prove_restore(
    settings: Settings, source: Path, passphrase: str, *, now: datetime
) -> Restored:
    """Restore `source` into a folder that is thrown away, and remember that it worked."""
    folder = _passable_folder()
    trial = replace(
        settings,
        data_dir=folder,
        database_url=None,
        database_owner_url=None,
        database_listen_url=None,
        media_bucket=None,
    )
    try:
        restored = await restore(trial, source, passphrase)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    record = msgspec.structs.replace(read_record(settings.data_dir), last_restore_test_at=now)
    write_record(settings.data_dir, record)
    return restored


async def _settle(addresses: Addresses, archive: Archive, replay: Replay | None) -> None:
    async with owner_connection(addresses) as owner:
        await migrate(owner)
        async with owner.transaction():
            await hold_everything(owner)
            if replay:
                await replay(owner, archive)


@asynccontextmanager
async def _all_or_nothing(
    settings: Settings, addresses: Addresses, *, with_media: bool
) -> AsyncIterator[None]:
    """Until the block ends well, no start is allowed; if it fails, the place is empty again."""
    mark = settings.data_dir / RESTORING
    mark.touch()
    try:
        yield
    except BaseException:
        async with owner_connection(addresses) as owner:
            await owner.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        if with_media:
            await asyncio.to_thread(shutil.rmtree, settings.media_dir, ignore_errors=True)
        mark.unlink()
        raise
    mark.unlink()


@asynccontextmanager
async def _alone(settings: Settings) -> AsyncIterator[tuple[Addresses, Path]]:
    """The server, which nobody can join before the restore is complete."""
    make_data_dir(settings.data_dir)
    if not settings.embedded:
        async with serving(settings) as (addresses, _):
            yield addresses, find_binaries(settings.pg_bin)
        return
    running = await asyncio.to_thread(start, settings, announce=False)
    try:
        yield running.addresses, running.bin_dir
    finally:
        await asyncio.to_thread(running.stop)


async def _refuse_full(owner: Connection) -> None:
    tables: int = await owner.fetchval(
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "AND relkind IN ('r', 'p')"
    )
    if tables:
        raise StoreError(
            f"The database already has {tables} tables. A backup is only restored into an empty "
            "one: choose another data folder or database."
        )


def _unpack(
    settings: Settings, source: Path, passphrase: str, bin_dir: Path, owner_uri: str
) -> Archive:
    with _open(source) as file:
        archive = Archive(file, passphrase)
        load(bin_dir, owner_uri, archive.database())
        media = media_store(settings)
        for data in archive.media():
            media.write(data)
        archive.end()
    return archive


def _passable_folder() -> Path:
    """A fresh folder that the user who runs the database can pass through."""
    folder = Path(tempfile.mkdtemp(prefix="earful-proof-", dir="/tmp"))
    folder.chmod(0o711)
    return folder


def _keep_key(settings: Settings, key: str | None) -> str:
    """Put the key in its place, and say what the operator has to do about it."""
    channels = (
        "Channels are held and webhooks paused: look at each before you start it again. Everybody "
        "signs in anew, and API tokens have to be made again."
    )
    if key is None and (settings.secret_key or key_path(settings).exists()):
        return (
            "The secret key was not in the backup; whether the one at hand fits, earful doctor "
            f"tells. {channels}"
        )
    if key is None:
        return (
            "The secret key was not in the backup: before the first start, set EARFUL_SECRET_KEY "
            f"to it or put it into {key_path(settings)}. {channels}"
        )
    if settings.secret_key:
        if settings.secret_key == key:
            return channels
        beside = key_path(settings).with_name("secret.key.from-backup")
        write_key(beside, key)
        return (
            "The backup was made with another secret key. Add that to EARFUL_SECRET_KEY after "
            f"your own, with a comma, then delete {beside}. {channels}"
        )
    if write_key(key_path(settings), key) != key:
        return f"{key_path(settings)} holds another key than the backup and was left. {channels}"
    return f"The secret key is back in {key_path(settings)}. {channels}"


def tell_of_list(data_dir: Path, done: Restored, found: Found) -> Restored:
    """Say what was known of those who were erased since; what was not is also noted down."""
    if found.lists is None:
        warning, told = NO_LIST, NO_LIST
    else:
        until, newest = (
            known_until(found.lists),
            max(found.newest or done.created_at, done.created_at),
        )
        old = not found.own and (until is None or until < newest.replace(microsecond=0))
        warning = OLD_LIST.format(until=_day(until), newest=_day(newest)) if old else ""
        number = len(lines_of(found.lists))
        told = f"Whom the list of erasures names ({number}) was erased again."
        if until:
            told += f" It was complete on {_day(until)}."
        told = f"{told}\n{warning}".rstrip()
    if warning:
        (data_dir / MISSING).write_text(warning + "\n", encoding="utf-8")
    return msgspec.structs.replace(done, words=f"{done.words}\n{told}", erased=not warning)


def _day(when: datetime | None) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if when else "an unknown day"


def _open(source: Path) -> BufferedReader:
    try:
        return source.open("rb")
    except OSError as error:
        raise StoreError(f"The backup can't be read: {error}.") from None
