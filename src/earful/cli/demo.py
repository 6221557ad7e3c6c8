"""Makes the rehearsal workspace: three agents with random passwords, two brand handles, a past."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, cast

import asyncpg
import click
import msgspec

from earful.accounts.errors import Taken
from earful.accounts.keys import keyring_of
from earful.accounts.passwords import set_password
from earful.accounts.people import add_agent
from earful.accounts.setup import add_first_inbox, create_workspace
from earful.cli.past_plan import LASTED, zone_here
from earful.desk import connect
from earful.kit.clock import system_clock
from earful.kit.ids import new_id
from earful.listening.searches import Search, keep_search
from earful.settings import Settings
from earful.store.errors import StoreError
from earful.store.opening import open_store
from earful.store.pool import Database
from earful.stream.work import SYSTEM, Work

NOTE = "demo.json"
PEOPLE = (("Alice Brown", "alice", "owner"), ("Bob Castro", "bob", "agent"),
          ("Priya Nair", "priya", "lead"))  # fmt: skip
HEARD = "(northwind OR ~northwind) -hiring"
"""What the demo listens for from its first day on."""
MACROS = (
    ("Ask for details", "Hi {{customer.name}}, sorry about this. Which device and version is it?"),
    ("Thank", "Thank you, {{customer.name}}. That made our day."),
    ("Looked into", "Hi {{customer.name}}, I looked into it: "),
)


class Account(msgspec.Struct, frozen=True):
    """A way in."""

    email: str
    password: str
    role: str


class Note(msgspec.Struct, frozen=True):
    """What the demo remembers, in the data folder, readable by its owner alone."""

    workspace_id: str
    accounts: list[Account]


async def make_demo(
    settings: Settings, *, backup_first: bool = True, bare: bool = False
) -> list[Account]:
    """The demo's accounts; the workspace is made the first time, with four weeks behind it unless
    it is to be `bare`. Raises StoreError in words where its people belong to a desk that it did
    not make, or can't know any more."""
    path = settings.data_dir / NOTE
    say = partial(click.echo, err=True)
    async with open_store(settings, size=2, backup_first=backup_first, say=say) as store:
        if (known := await _known(store.database, path)) is not None:
            return known
        now, keyring = system_clock(), keyring_of(settings)
        accounts, began = await _probed(settings, now), now if bare else now - LASTED
        # All of it or nothing: a demo that is stopped here leaves no half of a workspace.
        async with store.database.transaction() as db:
            workspace_id = await create_workspace(db, name="Northwind", now=began, rehearsal=True)
            connection = cast("asyncpg.Connection[Any]", db)  # as Works does
            work = Work(connection, workspace_id, SYSTEM, began, keyring)
            people = await _people(work, settings.data_dir)
            inbox_id = await _inbox(work)
            for account in accounts:
                await connect.add_channel(work, keyring, account, inbox_id)
            await work.append_events()
            if not bare:
                await _play(work, settings, accounts[0].config, now)
            _remember(path, Note(workspace_id, people))
    return people


async def _play(work: Work, settings: Settings, config: Mapping[str, str], now: datetime) -> None:
    from earful.cli.past import Town, play_past  # noqa: PLC0415 - only the first time

    town = Town(Path(config["ledger"]), int(config["seed"]), tuple(config["handles"].split()))
    await play_past(work, town, now=now, zone=zone_here(), link=settings.base_url)
    await work.append_events()
    listening = Work(work.db, work.workspace_id, SYSTEM, now, work.vault)
    await keep_search(listening, Search(name="Northwind, however spelled", query=HEARD))
    await listening.append_events()


async def _known(database: Database, path: Path) -> list[Account] | None:
    """The accounts that are noted down, if their workspace is still there."""
    if (note := _note(path)) is None:
        return None
    async with database.acquire() as db:
        there = await db.fetchval("SELECT 1 FROM workspace WHERE id = $1", note.workspace_id)
    return note.accounts if there else None


async def _people(work: Work, data_dir: Path) -> list[Account]:
    try:
        return await _added(work)
    except Taken:
        raise StoreError(
            f"There is a desk in {data_dir} already, and nothing tells how to get in: its {NOTE} "
            "is missing, as after a restore. `earful serve` runs it, and `earful user reset "
            "alice@northwind.example` lets you in. Or give the demo a folder of its own with "
            "EARFUL_DATA_DIR."
        ) from None


async def _added(work: Work) -> list[Account]:
    accounts = []
    for name, handle, role in PEOPLE:
        account = Account(f"{handle}@northwind.example", secrets.token_urlsafe(9), role)
        agent = await add_agent(
            work.db,
            work.workspace_id,
            name=name,
            email=account.email,
            role=role,
            handle=handle,
            now=work.now,
        )
        await set_password(work.db, work.workspace_id, agent.id, account.password, now=work.now)
        accounts.append(account)
    return accounts


async def _inbox(work: Work) -> str:
    inbox_id = await add_first_inbox(work.db, work.workspace_id, now=work.now)
    for name, text in MACROS:
        await work.db.execute(
            "INSERT INTO macro (workspace_id, id, name, text) VALUES ($1, $2, $3, $4)",
            work.workspace_id,
            new_id(),
            name,
            text,
        )
    return inbox_id


async def _probed(settings: Settings, now: datetime) -> list[connect.Account]:
    handles = ("Northwind", "NorthwindCare")
    ledger = settings.data_dir / f"rehearsal-{new_id()}.jsonl"
    found = []
    for handle in handles:
        fields = {
            "handle": handle,
            "handles": " ".join(handles),
            "ledger": str(ledger),
            "seed": str(secrets.randbelow(10_000)),
        }
        found.append(await connect.probe("rehearsal", fields, lambda: now))
    return found


def _note(path: Path) -> Note | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Note)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _remember(path: Path, note: Note) -> None:
    path.touch(0o600)
    path.write_bytes(msgspec.json.encode(note))
