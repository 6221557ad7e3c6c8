"""Makes the rehearsal workspace: three agents with random passwords, two brand handles."""

from __future__ import annotations

import secrets
from functools import partial
from pathlib import Path

import click
import msgspec

from earful.accounts.keys import keyring_of
from earful.accounts.passwords import set_password
from earful.accounts.people import add_agent
from earful.accounts.setup import add_first_inbox, create_workspace
from earful.desk.connect import add_channel, probe
from earful.kit.clock import system_clock
from earful.kit.ids import new_id
from earful.settings import Settings
from earful.store.opening import open_store
from earful.stream.work import Work, Works

NOTE = "demo.json"
PEOPLE = (("Alice Brown", "alice", "owner"), ("Bob Castro", "bob", "agent"),
          ("Priya Nair", "priya", "lead"))  # fmt: skip
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


async def make_demo(settings: Settings, *, backup_first: bool = True) -> list[Account]:
    """The demo's accounts; the workspace is made the first time."""
    path = settings.data_dir / NOTE
    say = partial(click.echo, err=True)
    async with open_store(settings, size=2, backup_first=backup_first, say=say) as store:
        works = Works(store.database, system_clock)
        if path.exists():
            note = msgspec.json.decode(path.read_bytes(), type=Note)
            async with store.database.acquire() as db:
                if await db.fetchval("SELECT 1 FROM workspace WHERE id = $1", note.workspace_id):
                    return note.accounts
        async with store.database.acquire() as db:
            now = system_clock()
            workspace_id = await create_workspace(db, name="Northwind", now=now, rehearsal=True)
        async with works.open(workspace_id) as work:
            accounts = await _people(work)
            inbox_id = await _inbox(work)
        await _channels(works, settings, workspace_id, inbox_id)
    _remember(path, Note(workspace_id, accounts))
    return accounts


async def _people(work: Work) -> list[Account]:
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


async def _channels(works: Works, settings: Settings, workspace_id: str, inbox_id: str) -> None:
    keyring = keyring_of(settings)
    handles = ("Northwind", "NorthwindCare")
    for handle in handles:
        fields = {
            "handle": handle,
            "handles": " ".join(handles),
            "ledger": str(settings.data_dir / f"rehearsal-{workspace_id}.jsonl"),
            "seed": str(secrets.randbelow(10_000)),
        }
        account = await probe("rehearsal", fields, works.clock)
        async with works.open(workspace_id) as work:
            await add_channel(work, keyring, account, inbox_id)


def _remember(path: Path, note: Note) -> None:
    path.touch(0o600)
    path.write_bytes(msgspec.json.encode(note))
