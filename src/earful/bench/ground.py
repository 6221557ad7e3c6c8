"""A desk to measure on: a folder, a database server and a workspace that end with the bench."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import msgspec

from earful.accounts.api_tokens import create_token
from earful.accounts.keys import keyring_of
from earful.accounts.people import add_agent
from earful.accounts.secrets import Keyring
from earful.accounts.setup import create_workspace
from earful.desk.connect import Account, add_channel
from earful.intake.channel import Channel
from earful.kit.clock import system_clock
from earful.kit.ids import new_id
from earful.networks.contract import Identity
from earful.settings import Settings
from earful.store.opening import Store, open_store
from earful.store.running import Running, start
from earful.stream.work import Works


class Ground(msgspec.Struct):
    """Where a bench runs. `environ` is what child processes of the desk are started with."""

    settings: Settings
    environ: dict[str, str]
    running: Running
    store: Store
    works: Works
    keyring: Keyring
    workspace_id: str
    agent_id: str
    token: str
    inbox_id: str


@asynccontextmanager
async def ground(*, port: int = 8420) -> AsyncIterator[Ground]:
    """A fresh desk with an owner and one inbox, as durable as a real one. Deleted at the end."""
    with folder_of_its_own(port) as (settings, environ):
        running = await asyncio.to_thread(start, settings)
        try:
            async with open_store(settings) as store:
                yield await settle_in(settings, environ, running, store)
        finally:
            await asyncio.to_thread(running.stop)


def environ_of(folder: Path, port: int) -> dict[str, str]:
    """What gives a process of the desk its folder and port, and nothing of ours beside."""
    mine = {key: value for key, value in os.environ.items() if not key.startswith("EARFUL_")}
    environ = mine | {"EARFUL_DATA_DIR": str(folder), "EARFUL_PORT": str(port)}
    for kept in ("EARFUL_PG_BIN", "EARFUL_PG_RUN_AS"):
        environ |= {kept: os.environ[kept]} if kept in os.environ else {}
    return environ


@contextmanager
def folder_of_its_own(port: int) -> Iterator[tuple[Settings, dict[str, str]]]:
    """Settings of a desk in a new folder, and the environment that gives them to a process."""
    folder = _folder()
    environ = environ_of(folder, port)
    try:
        yield Settings.from_env(environ), environ
    finally:
        if (folder / "pg").is_symlink():
            shutil.rmtree((folder / "pg").resolve(), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _folder() -> Path:
    """A folder with a short name, because a socket's path must be short."""
    folder = Path(tempfile.mkdtemp(prefix="efb-"))
    folder.chmod(0o711)
    return folder


async def settle_in(
    settings: Settings, environ: dict[str, str], running: Running, store: Store
) -> Ground:
    """A workspace with an owner, her token, and one inbox."""
    works = Works(store.database, system_clock)
    now = system_clock()
    async with store.database.transaction() as db:
        workspace_id = await create_workspace(db, name="Bench", now=now)
        agent = await add_agent(
            db, workspace_id, name="Alice Brown", email="alice@bench.example", role="owner", now=now
        )
        _, token = await create_token(
            db, workspace_id, agent.id, name="bench", scopes=("read", "write", "admin"), now=now
        )
        await db.execute(
            "UPDATE agent SET undo_for = 0 WHERE workspace_id = $1 AND id = $2",
            workspace_id,
            agent.id,
        )
    keyring = keyring_of(settings)
    made = Ground(
        settings, environ, running, store, works, keyring, workspace_id, agent.id, token, ""
    )
    made.inbox_id = await add_inbox(made, "Care")
    return made


async def add_inbox(on: Ground, name: str) -> str:
    """One more inbox. Returns its id."""
    inbox_id = new_id()
    async with on.store.database.transaction() as db:
        await db.execute(
            "INSERT INTO inbox (workspace_id, id, name, created_at) VALUES ($1, $2, $3, $4)",
            on.workspace_id,
            inbox_id,
            name,
            system_clock(),
        )
    return inbox_id


async def connect_channel(
    on: Ground, handle: str, config: dict[str, str] | None = None, inbox_id: str | None = None
) -> Channel:
    """A channel of the rehearsal network; nobody is asked whether it exists."""
    identity = Identity(f"brand-{handle.casefold()}", handle, handle)
    account = Account("rehearsal", {"handle": handle, **(config or {})}, {}, identity)
    inbox_id = inbox_id or on.inbox_id
    async with on.works.open(on.workspace_id) as work:
        made = await add_channel(work, on.keyring, account, inbox_id)
    return Channel(made["id"], "rehearsal", inbox_id, handle, identity.external_id)
