"""Makes a database ready before the desk runs, and prints what a person is told then.

A process of its own (`python -m earful.cli.prepare`): what it imports would stay in the parent's
memory for as long as the desk runs.
"""

from __future__ import annotations

import asyncio
import os
from functools import partial

import click

from earful.accounts.keys import keyring_of
from earful.accounts.setup import needs_setup
from earful.cli.options import BARE, NO_BACKUP
from earful.cli.parent import die_with
from earful.cli.root import main
from earful.kit.logs import configure
from earful.settings import Settings
from earful.store.opening import open_store


@click.command()
@click.argument("what", type=click.Choice(["desk", "demo"]))
@click.option("--parent", type=int)
@NO_BACKUP
@BARE
def prepare(what: str, parent: int | None, no_backup: bool, bare: bool) -> None:
    """Bring the database up to date; make what a demo needs."""
    die_with(parent)
    settings = Settings.from_env(os.environ)
    configure(settings.log_level)
    words = partial(demo_words, bare=bare) if what == "demo" else first_words
    click.echo(asyncio.run(words(settings, backup_first=not no_backup)))


async def first_words(settings: Settings, *, backup_first: bool) -> str:
    """What a person does first: set the desk up, or just open it."""
    say = partial(click.echo, err=True)
    async with (
        open_store(settings, size=2, backup_first=backup_first, say=say) as store,
        store.database.acquire() as db,
    ):
        if await needs_setup(db):
            key = keyring_of(settings).setup_key
            return f"Set the desk up at\n{settings.base_url}/setup?key={key}"
    return settings.base_url


async def demo_words(settings: Settings, *, backup_first: bool, bare: bool) -> str:
    """Who can sign in to the demo."""
    from earful.cli.demo import make_demo  # noqa: PLC0415 - a desk has none

    accounts = await make_demo(settings, backup_first=backup_first, bare=bare)
    ways_in = [f"  {one.email:<28} {one.password}   ({one.role})" for one in accounts]
    words = "Earful rehearses: nothing leaves this machine. Sign in as"
    return "\n".join([words, *ways_in, settings.base_url])


if __name__ == "__main__":
    main(prepare)
