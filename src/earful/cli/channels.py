"""channel: connect accounts by command, and look them over."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import click
import msgspec

from earful.accounts import audit
from earful.accounts.acts import Act
from earful.accounts.keys import keyring_of
from earful.cli.operate import AS_JSON, BY_COMMAND, WORKSPACE, find_workspace, say
from earful.desk import authorize
from earful.desk.check import look_over
from earful.desk.connect import Account, Typed, add_channel, ask, typed
from earful.desk.home import stay_home
from earful.desk.ports import open_connector
from earful.kit.clock import system_clock
from earful.kit.refusal import NotFound, Refused
from earful.networks.contract import Field, Finding
from earful.networks.registry import networks
from earful.settings import Settings
from earful.store.opening import open_store
from earful.stream.work import Work, Works


@click.group()
def channel() -> None:
    """Connected accounts."""


@channel.group("add")
def channel_add() -> None:
    """Connect an account of a network."""


def _option(field: Field) -> click.Option:
    """A field as an option; a secret comes from a file or a pipe, for arguments are seen by all."""
    flag = field.name.replace("_", "-")
    if not field.secret:
        kind = click.Choice(field.choices) if field.choices else None
        return click.Option([f"--{flag}", field.name], type=kind, help=field.help or field.label)
    return click.Option(
        [f"--{flag}-file", field.name],
        type=click.Path(path_type=Path, exists=True, allow_dash=True, dir_okay=False),
        required=not (field.optional or field.instead),
        help=f"A file with the {field.label}; - for a line of standard input.",
    )


def _add_command(name: str) -> click.Command:
    manifest = networks()[name].manifest
    options: list[click.Parameter] = [_option(field) for field in manifest.fields]
    options += [
        click.Option(["--inbox"], help="Name of the inbox; needed when there are several."),
        click.Option(["--workspace"], help="Name or id; needed when there are several."),
        click.Option(["--json", "as_json"], is_flag=True, help="Print JSON objects."),
    ]

    def run(inbox: str | None, workspace: str | None, as_json: bool, **given: Any) -> None:
        fields = {key: _value(value) for key, value in given.items() if value is not None}
        answer = asyncio.run(_connect(typed(name, fields), inbox, workspace, as_json))
        say(as_json, answer, f"@{answer['handle']} is connected.")

    return click.Command(name, callback=run, params=options, help=f"Connect {manifest.title}.")


def _value(given: str | Path) -> str:
    if isinstance(given, str):
        return given
    return (_line("a secret") if str(given) == "-" else given.read_text()).strip()


def _line(what: str) -> str:
    """A line of standard input. Raises Refused at its end."""
    line = sys.stdin.readline()
    if not line:
        raise Refused("invalid", f"Standard input ended where {what} was expected.")
    return line


async def _connect(
    given: Typed, inbox: str | None, workspace: str | None, as_json: bool
) -> dict[str, Any]:
    settings = Settings.from_env(os.environ)
    async with open_store(settings, size=2) as store:
        works = Works(store.database, system_clock)
        async with store.database.acquire() as db:
            key = await find_workspace(db, workspace)
            await stay_home(db, key, given)
        if authorize.is_needed(given):
            account = await _signed_in(given, settings, as_json)
        else:
            account = await ask(given, system_clock)
        async with works.open(key) as work:
            inbox_id = await _inbox(work, inbox)
            made = await add_channel(work, keyring_of(settings), account, inbox_id)
            await _audit(work, "channel.connected", made["id"])
            return made


async def _signed_in(given: Typed, settings: Settings, as_json: bool) -> Account:
    """Say which page to open, and take the address that it ends at."""
    state = authorize.new_state()
    grant = await authorize.begin(given, settings.callback_url, state)
    words = (
        f"Open this address, sign in and agree:\n\n{grant.url}\n\nThen paste the address of the "
        "page it ends at (also if that page does not load):"
    )
    if as_json:
        click.echo(json.dumps({"url": grant.url}))
    else:
        click.echo(words, err=True)
    said = await asyncio.to_thread(_line, "the address that the sign-in ends at")
    query = dict(parse_qsl(urlsplit(said.strip()).query, keep_blank_values=True))
    if not hmac.compare_digest(query.get("state", "").encode(), state.encode()):
        raise Refused("invalid", "That is not the address at which this sign-in ends.")
    kept = authorize.Kept(given, dict(grant.keep))
    return await authorize.finish(kept, settings.callback_url, query, system_clock)


async def _inbox(work: Work, name: str | None) -> str:
    rows = await work.db.fetch(
        "SELECT id, name FROM inbox WHERE workspace_id = $1 AND deleted_at IS NULL",
        work.workspace_id,
    )
    found = [row["id"] for row in rows if name in (None, row["name"])]
    if len(found) != 1:
        names = ", ".join(row["name"] for row in rows) or "none"
        raise Refused("invalid", f"Say which inbox with --inbox; there are: {names}.")
    return str(found[0])


async def _audit(work: Work, act: Act, channel_id: str) -> None:
    line = audit.Line(actor_kind=BY_COMMAND, act=act, object_kind="channel", object_id=channel_id)
    await audit.append(work.db, work.workspace_id, line, now=work.now)


@channel.command("list")
@WORKSPACE
@AS_JSON
def channel_list(workspace: str | None, as_json: bool) -> None:
    """The connected accounts and how they are."""
    found = asyncio.run(_list(workspace))
    lines = [
        f"{one['id']}  {one['network']}  @{one['handle']}  {one['state']} {one['state_reason']}"
        for one in found
    ]
    say(as_json, {"channels": found}, "\n".join(lines) or "No account is connected.")


async def _list(workspace: str | None) -> list[dict[str, Any]]:
    settings = Settings.from_env(os.environ)
    async with open_store(settings, size=1) as store, store.database.acquire() as db:
        key = await find_workspace(db, workspace)
        rows = await db.fetch(
            """SELECT id, network, handle, state, state_reason, notice FROM channel
               WHERE workspace_id = $1 AND state <> 'off' ORDER BY created_at""",
            key,
        )
    return [dict(row) for row in rows]


@channel.command("check")
@click.argument("channel_id")
@AS_JSON
def channel_check(channel_id: str, as_json: bool) -> None:
    """Look a channel over; status 1 when something is bad."""
    found = asyncio.run(_check(channel_id))
    lines = [f"{one.state:5} {one.title}: {one.words}" for one in found]
    say(as_json, {"findings": msgspec.to_builtins(found)}, "\n".join(lines))
    if any(one.state == "bad" for one in found):
        sys.exit(1)


async def _check(channel_id: str) -> list[Finding]:
    settings = Settings.from_env(os.environ)
    async with open_store(settings, size=2) as store:
        async with store.database.acquire() as db:
            rows = await db.fetch(
                "SELECT * FROM channel WHERE id::text = $1 AND state <> 'off'", channel_id
            )
        if not rows:
            raise NotFound("channel")
        row = dict(rows[0])
        async with Works(store.database, system_clock).open(row["workspace_id"]) as work:
            await _audit(work, "channel.checked", row["id"])
        connector = open_connector(
            store.database, keyring_of(settings), system_clock, row, settings.public_url or ""
        )
        try:
            return await look_over(connector)
        finally:
            with contextlib.suppress(Exception):
                await connector.close()


for _name in networks():
    channel_add.add_command(_add_command(_name))
