"""figures: count what the lead's page shows anew, from the conversations themselves."""

from __future__ import annotations

import asyncio
import os

import click
import msgspec

from earful.settings import Settings


@click.group()
def figures() -> None:
    """What the lead's page is counted from."""


@figures.command("rebuild")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def rebuild(as_json: bool) -> None:
    """Count all waits for a first answer anew; the desk may go on meanwhile."""
    done = asyncio.run(_rebuild(Settings.from_env(os.environ), quiet=as_json))
    if as_json:
        click.echo(msgspec.json.encode({"workspaces": done}))
        return
    for one in done:
        click.echo(f"{one['name']}: {one['waits']} waits counted")


async def _rebuild(settings: Settings, *, quiet: bool) -> list[dict[str, object]]:
    from earful.figures import counting  # noqa: PLC0415 - loaded when called
    from earful.kit.clock import system_clock  # noqa: PLC0415
    from earful.store.opening import open_store  # noqa: PLC0415
    from earful.stream.work import Works  # noqa: PLC0415

    said: list[dict[str, object]] = []
    async with open_store(settings, size=2) as store:
        works = Works(store.database, system_clock)
        async with store.database.acquire() as db:
            rows = await db.fetch("SELECT id, name FROM workspace ORDER BY id")
        for row in rows:
            after, total, begun = None, 0, False
            while after is not None or not begun:
                begun = True
                async with works.open(row["id"]) as work:
                    after, kept = await counting.rebuild(work, after)
                total += kept
                if not quiet and after is not None:
                    click.echo(f"{row['name']}: {total} so far", err=True)
            said.append({"id": row["id"], "name": row["name"], "waits": total})
    return said
