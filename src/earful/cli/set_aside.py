"""set-aside: the posts that could not be taken in, and another try."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import click
import msgspec

from earful.cli.operate import AS_JSON, WORKSPACE, find_workspace
from earful.kit.refusal import Refused
from earful.settings import Settings


@click.group("set-aside")
def set_aside() -> None:
    """Posts that could not be taken in."""


@set_aside.command("list")
@WORKSPACE
@AS_JSON
def list_(workspace: str | None, as_json: bool) -> None:
    """Say what waits, newest first, and why."""
    found = asyncio.run(_list(Settings.from_env(os.environ), workspace))
    if as_json:
        click.echo(msgspec.json.encode({"items": found}))
        return
    for one in found:
        click.echo(f"{one.id}  @{one.handle} on {one.network}, {one.at:%Y-%m-%d %H:%M}")
        click.echo(f"  {one.external_id}\n  {one.reason}")
    click.echo(f"{len(found)} set aside")


@set_aside.command("replay")
@click.argument("ids", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All that wait.")
@WORKSPACE
@AS_JSON
def replay(ids: tuple[str, ...], every: bool, workspace: str | None, as_json: bool) -> None:
    """Take posts in after all; a second time is harmless. Status 1 when one still fails."""
    if every == bool(ids):
        raise click.UsageError("Name posts by their id, or say --all.")
    done = asyncio.run(_replay(Settings.from_env(os.environ), workspace, ids))
    failed = [one for one in done if one["trouble"]]
    if as_json:
        click.echo(msgspec.json.encode({"done": done, "failed": len(failed)}))
    else:
        for one in done:
            click.echo(f"{one['id']}  {one['trouble'] or 'taken in'}")
    raise SystemExit(1 if failed else 0)


async def _list(settings: Settings, workspace: str | None) -> list[Any]:
    from earful.kit.clock import system_clock  # noqa: PLC0415 - loaded when called
    from earful.store.opening import open_store  # noqa: PLC0415
    from earful.stream.work import Works  # noqa: PLC0415

    async with open_store(settings, size=2) as store:
        works = Works(store.database, system_clock)
        async with store.database.acquire() as db:
            key = await find_workspace(db, workspace)
        return await _waiting(works, key)


async def _waiting(works: Any, key: str) -> list[Any]:
    from earful.intake.aside import MOST, list_aside  # noqa: PLC0415 - loaded when called

    found: list[Any] = []
    after: str | None = None
    while True:
        async with works.database.acquire() as db:
            page = await list_aside(db, key, limit=MOST, after=after)
        found += page.items
        after = page.next
        if after is None:
            return found


async def _replay(
    settings: Settings, workspace: str | None, ids: tuple[str, ...]
) -> list[dict[str, Any]]:
    from earful.accounts.keys import keyring_of  # noqa: PLC0415 - loaded when called
    from earful.intake.asking_again import take_in  # noqa: PLC0415
    from earful.kit.clock import system_clock  # noqa: PLC0415
    from earful.kit.ids import is_id  # noqa: PLC0415
    from earful.store.opening import open_store  # noqa: PLC0415
    from earful.stream.work import SYSTEM, Works  # noqa: PLC0415

    said: list[dict[str, Any]] = []
    async with open_store(settings, size=2) as store:
        keyring = keyring_of(settings)
        works = Works(store.database, system_clock, keyring)
        async with store.database.acquire() as db:
            key = await find_workspace(db, workspace)
        # Oldest first, as they came.
        wanted = list(ids) or [one.id for one in reversed(await _waiting(works, key))]
        for one in wanted:
            answer: dict[str, Any] = {"id": one, "new": False, "trouble": ""}
            try:
                if not is_id(one):
                    raise Refused("not-found", "There is no such post here.")
                answer |= msgspec.to_builtins(await take_in(works, keyring, key, one, SYSTEM))
            except Refused as error:
                answer["trouble"] = error.detail
            said.append(answer)
    return said
