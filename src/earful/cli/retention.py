"""retention: forget now what is too old, or say what would be."""

from __future__ import annotations

import asyncio
import os

import click
import msgspec

from earful.settings import Settings


@click.group()
def retention() -> None:
    """How long things are kept."""


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would be forgotten.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def run(dry_run: bool, as_json: bool) -> None:
    """Forget what is older than the workspace keeps it; the worker does so each night."""
    done = asyncio.run(_run(Settings.from_env(os.environ), dry_run))
    if as_json:
        click.echo(msgspec.json.encode({"dry_run": dry_run, "workspaces": done}))
        return
    for one in done:
        words = ", ".join(f"{one[kind]} {kind}" for kind in ("messages", *_REST))
        click.echo(f"{one['name']}: {words} {'would be' if dry_run else ''} forgotten")


_REST = ("revisions", "media", "talks", "events")


async def _run(settings: Settings, dry_run: bool) -> list[dict[str, object]]:
    from earful.desk.retention import forget  # noqa: PLC0415 - loaded when called
    from earful.kit.clock import system_clock  # noqa: PLC0415
    from earful.media.files import media_store  # noqa: PLC0415
    from earful.store.opening import open_store  # noqa: PLC0415
    from earful.stream.work import Works  # noqa: PLC0415
    from earful.worker.retention import forget_all  # noqa: PLC0415

    said: list[dict[str, object]] = []
    async with open_store(settings, size=2) as store:
        works = Works(store.database, system_clock)
        async with store.database.acquire() as db:
            rows = await db.fetch("SELECT id, name FROM workspace ORDER BY id")
        for row in rows:
            if dry_run:
                async with works.open(row["id"]) as work:
                    done = await forget(work, dry_run=True)
            else:
                done = await forget_all(works, media_store(settings), row["id"])
            counts = {kind: getattr(done, kind) for kind in ("messages", *_REST)}
            said.append({"id": row["id"], "name": row["name"], **counts})
    return said
