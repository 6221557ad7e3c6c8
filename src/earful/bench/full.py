"""A desk full of messages of the past, which can be kept for the next run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import click
import msgspec

from earful.accounts.keys import keyring_of
from earful.bench.existing import fill
from earful.bench.ground import (
    Ground,
    connect_channel,
    environ_of,
    folder_of_its_own,
    settle_in,
)
from earful.kit.clock import system_clock
from earful.settings import Settings
from earful.store.cluster import LOCAL_FILE
from earful.store.opening import open_store
from earful.store.place import find_place
from earful.store.running import start
from earful.stream.work import Works

FILLED = "filled.json"
QUICK = """\
fsync = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
shared_buffers = 256MB
autovacuum = off
"""
"""Settings of the server while the past is filled in; nothing is measured on it."""


class Filled(msgspec.Struct, frozen=True):
    """What `filled.json` of a kept folder says: whom and what a later run finds in it."""

    messages: int
    workspace_id: str
    agent_id: str
    token: str
    inbox_id: str


@asynccontextmanager
async def full_ground(
    messages: int, *, port: int = 8420, keep: Path | None = None
) -> AsyncIterator[Ground]:
    """A desk with `messages` of the past. With `keep` it stays there, and serves again."""
    with _in(keep, port) if keep else folder_of_its_own(port) as (settings, environ):
        if keep is None or not (keep / FILLED).exists():
            await _fill(settings, environ, messages)
        filled = msgspec.json.decode((settings.data_dir / FILLED).read_bytes(), type=Filled)
        if filled.messages != messages:
            raise click.ClickException(f"{keep} holds {filled.messages:,} messages; keep another.")
        running = await asyncio.to_thread(start, settings)
        try:
            async with open_store(settings) as store:
                who = (filled.workspace_id, filled.agent_id, filled.token, filled.inbox_id)
                works = Works(store.database, system_clock)
                yield Ground(settings, environ, running, store, works, keyring_of(settings), *who)
        finally:
            await asyncio.to_thread(running.stop)


async def _fill(settings: Settings, environ: dict[str, str], messages: int) -> None:
    """Fill a fresh desk on a server that is quick and not durable; it ends when that is done."""
    quick = find_place(settings).home / LOCAL_FILE
    quick.write_text(QUICK)
    quick.chmod(0o644)
    try:
        running = await asyncio.to_thread(start, settings)
        try:
            async with open_store(settings) as store:
                on = await settle_in(settings, environ, running, store)
                channel = await connect_channel(on, "Northwind", {"rate": "0", "backlog": "0"})
                await fill(on, channel, messages)
        finally:
            await asyncio.to_thread(running.stop)
    finally:
        quick.unlink()
    filled = Filled(messages, on.workspace_id, on.agent_id, on.token, on.inbox_id)
    (settings.data_dir / FILLED).write_bytes(msgspec.json.encode(filled))


@contextmanager
def _in(folder: Path, port: int) -> Iterator[tuple[Settings, dict[str, str]]]:
    """Settings of a desk in a folder that stays."""
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    environ = environ_of(folder, port)
    yield Settings.from_env(environ), environ
