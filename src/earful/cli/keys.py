"""keys: change the key that encrypts channel credentials and second factors."""

from __future__ import annotations

import asyncio
import json
import os

import click

from earful.accounts.keys import PLACES, check_keys, keyring_of, retire_keys, rotate_batch
from earful.kit.clock import system_clock
from earful.settings import Settings
from earful.store.opening import open_store


@click.group()
def keys() -> None:
    """The keys in EARFUL_SECRET_KEY, the newest first, with a comma between."""


@keys.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def rotate(as_json: bool) -> None:
    """Encrypt everything with the newest key; beside a working desk, and again after a stop."""

    async def run() -> tuple[int, list[str]]:
        settings = Settings.from_env(os.environ)
        keyring = keyring_of(settings)
        done = 0
        async with open_store(settings, size=2) as store:
            async with store.database.transaction() as db:
                await check_keys(db, keyring, now=system_clock())
            for place in PLACES:
                while True:
                    async with store.database.transaction() as db:
                        count = await rotate_batch(db, keyring, place)
                    done += count
                    if not count:
                        break
            async with store.database.transaction() as db:
                return done, await retire_keys(db, keyring)

    count, needed = asyncio.run(run())
    answer = {"rotated": count, "keys_needed": needed}
    words = f"{count} secrets encrypted anew. Still needed: {', '.join(needed)}."
    click.echo(json.dumps(answer) if as_json else words)
