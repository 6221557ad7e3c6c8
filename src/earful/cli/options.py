"""Options that several commands take."""

from __future__ import annotations

import click

NO_BACKUP = click.option(
    "--no-backup",
    is_flag=True,
    help="When the database needs migrations, don't back it up before: you have a backup.",
)

BARE = click.option(
    "--bare",
    is_flag=True,
    help="Make the rehearsal with nothing behind it: no hours, no roster, no weeks of history.",
)
