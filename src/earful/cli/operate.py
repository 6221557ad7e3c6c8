"""user, token: what the screen does, for scripts."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import click

from earful.accounts import api_tokens, audit, links, people
from earful.accounts.acts import Act
from earful.accounts.keys import keyring_of
from earful.accounts.new_password import reset
from earful.accounts.passwords import check_new, set_password
from earful.accounts.setup import add_first_inbox, create_workspace
from earful.api.people import show
from earful.kit.clock import system_clock
from earful.kit.refusal import NotFound, Refused
from earful.settings import Settings
from earful.store.opening import open_store
from earful.stream.work import Work, Works

BY_COMMAND = "system"
"""Who the audit log says it was: whoever may run commands on the machine, by no account."""

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
WORKSPACE = click.option("--workspace", help="Name or id; needed when there are several.")


def say(as_json: bool, answer: dict[str, Any], words: str) -> None:
    """Print the answer for a program or for a person."""
    click.echo(json.dumps(answer, default=str) if as_json else words)


async def find_workspace(db: Any, asked: str | None) -> str:
    """The id of the workspace of that name or id, or the only one. Raises Refused."""
    rows = await db.fetch("SELECT id, name FROM workspace ORDER BY created_at")
    found = [row["id"] for row in rows if asked in (None, row["name"], row["id"])]
    if len(found) != 1:
        names = ", ".join(row["name"] for row in rows) or "none"
        raise Refused("invalid", f"Say which workspace with --workspace; there are: {names}.")
    return str(found[0])


def in_workspace(
    workspace: str | None, act: Callable[[Work], Awaitable[Any]], *, secrets: bool = False
) -> Any:
    """One unit of work of the desk, with its vault where it keeps `secrets`.

    What is refused ends the command, in words.
    """

    async def run() -> Any:
        settings = Settings.from_env(os.environ)
        async with open_store(settings, size=2) as store:
            async with store.database.acquire() as db:
                key = await find_workspace(db, workspace)
            vault = keyring_of(settings) if secrets else None
            async with Works(store.database, system_clock, vault).open(key) as work:
                return await act(work)

    try:
        return asyncio.run(run())
    except Refused as error:
        raise click.ClickException(str(error)) from None


@click.group()
def user() -> None:
    """People who work at the desk."""


@user.command("add")
@click.option("--name", required=True)
@click.option("--email", required=True)
@click.option("--role", default="agent", show_default=True)
@click.option("--password-file", type=click.Path(path_type=Path, exists=True))
@click.option("--new-workspace", help="Make a workspace of this name first.")
@WORKSPACE
@AS_JSON
def user_add(
    *,
    name: str,
    email: str,
    role: str,
    password_file: Path | None,
    new_workspace: str | None,
    workspace: str | None,
    as_json: bool,
) -> None:
    """Add somebody, with a password from a file or a link to choose one."""
    password = password_file.read_text().strip() if password_file else ""

    async def run() -> dict[str, Any]:
        settings = Settings.from_env(os.environ)
        async with open_store(settings, size=2) as store:
            works = Works(store.database, system_clock)
            async with store.database.transaction() as db:
                key = await _workspace(db, new_workspace, workspace)
            async with works.open(key) as work:
                agent = await people.add_agent(
                    work.db, key, name=name, email=email, role=role, now=work.now
                )
                answer = {"workspace_id": key, "agent_id": agent.id, "email": agent.email}
                if password:
                    check_new(password, email=agent.email)
                    await set_password(work.db, key, agent.id, password, now=work.now)
                else:
                    token = await links.make_link(
                        work.db, key, agent.id, "invitation", now=work.now
                    )
                    answer["url"] = f"{settings.base_url}/invitation/{token}"
                work.emit("agent.added", {"agent": show(agent)})
                await _audit(work.db, key, "agent.added", "agent", agent.id, agent.role)
        return answer

    answer = asyncio.run(run())
    say(as_json, answer, answer.get("url") or f"{email} can sign in.")


async def _audit(db: Any, key: str, act: Act, kind: str, thing: str, *texts: str) -> None:
    line = audit.Line(
        actor_kind=BY_COMMAND, act=act, object_kind=kind, object_id=thing, texts=texts
    )
    await audit.append(db, key, line, now=system_clock())


async def _workspace(db: Any, new: str | None, asked: str | None) -> str:
    if new is None:
        return await find_workspace(db, asked)
    now = system_clock()
    key = await create_workspace(db, name=new, now=now)
    await add_first_inbox(db, key, now=now)
    return key


@user.command("reset")
@click.option("--email", required=True)
@AS_JSON
def user_reset(email: str, as_json: bool) -> None:
    """A link by which somebody chooses a new password."""

    async def run() -> dict[str, Any]:
        settings = Settings.from_env(os.environ)
        async with open_store(settings, size=2) as store, store.database.transaction() as db:
            link, token = await reset(db, email=email, now=system_clock())
        return {"agent_id": link.agent_id, "url": f"{settings.base_url}/password/{token}"}

    answer = asyncio.run(run())
    say(as_json, answer, answer["url"])


@click.group()
def token() -> None:
    """API tokens."""


@token.command("create")
@click.option("--email", required=True, help="Whose token it is.")
@click.option("--name", required=True)
@click.option("--scope", "scopes", multiple=True, default=("read", "write"), show_default=True)
@AS_JSON
def token_create(email: str, name: str, scopes: tuple[str, ...], as_json: bool) -> None:
    """Make a token; it is shown once."""

    async def run() -> dict[str, Any]:
        settings = Settings.from_env(os.environ)
        async with open_store(settings, size=2) as store, store.database.transaction() as db:
            row = await db.fetchrow(
                "SELECT workspace_id, id FROM agent WHERE lower(email) = lower($1)", email
            )
            if row is None:
                raise NotFound("agent with that address")
            kept, text = await api_tokens.create_token(
                db, row["workspace_id"], row["id"], name=name, scopes=scopes, now=system_clock()
            )
            await _audit(db, row["workspace_id"], "token.created", "token", kept.id)
        return {"id": kept.id, "token": text}

    answer = asyncio.run(run())
    say(as_json, answer, answer["token"])
