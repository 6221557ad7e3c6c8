"""doctor, backup, restore: keeping a desk whole."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import timedelta
from pathlib import Path

import click
import msgspec

from earful.kit.clock import system_clock
from earful.settings import Settings

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
PASSPHRASE = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path, exists=True),
    required=True,
    help="A file with the passphrase that encrypts the backup.",
)


def _passphrase(path: Path) -> str:
    return path.read_text().strip()


@click.command()
@AS_JSON
def doctor(as_json: bool) -> None:
    """Check the desk and say what to mend. Ends with status 1 when something fails."""
    from earful.store.doctor import examine  # noqa: PLC0415 - loaded when called

    findings = asyncio.run(examine(Settings.from_env(os.environ), now=system_clock()))
    if as_json:
        click.echo(msgspec.json.encode({"findings": findings}))
    else:
        for finding in findings:
            click.echo(f"{finding.state:<5} {finding.name}: {finding.words}")
    sys.exit(1 if any(finding.state == "fail" for finding in findings) else 0)


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@PASSPHRASE
@click.option("--with-key", is_flag=True, help="Put the secret key inside as well.")
@click.option("--every-hours", type=float, help="TARGET is a folder; only if one is due.")
@click.option("--keep", type=int, help="With --every-hours: how many to keep.")
@AS_JSON
def backup(
    target: Path,
    passphrase_file: Path,
    with_key: bool,
    every_hours: float | None,
    keep: int | None,
    as_json: bool,
) -> None:
    """Write everything, media included, to one encrypted file, beside a working desk."""
    from earful.store import backup as backups  # noqa: PLC0415

    settings, secret = Settings.from_env(os.environ), _passphrase(passphrase_file)
    now = system_clock()
    if every_hours is None:
        done = asyncio.run(
            backups.backup(settings, target, secret, now=now, with_key=with_key)
        )
    else:
        length = timedelta(hours=every_hours)
        made = asyncio.run(
            backups.scheduled_backup(settings, target, secret, now=now, every_for=length)
        )
        if keep is not None:
            backups.prune(target, keep=keep)
        if made is None:
            click.echo('{"due": false}' if as_json else "No backup is due yet.")
            return
        done = made
    click.echo(msgspec.json.encode(done) if as_json else f"{done.path}\n{done.words}")


@click.command()
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@PASSPHRASE
@click.option("--test", is_flag=True, help="Restore to a folder that is thrown away: a proof.")
@AS_JSON
def restore(source: Path, passphrase_file: Path, test: bool, as_json: bool) -> None:
    """Restore a backup into an empty data folder. Channels start held until an owner confirms."""
    from earful.store.restore import prove_restore  # noqa: PLC0415
    from earful.store.restore import restore as bring_back  # noqa: PLC0415

    settings, secret = Settings.from_env(os.environ), _passphrase(passphrase_file)
    if test:
        done = asyncio.run(prove_restore(settings, source, secret, now=system_clock()))
    else:
        done = asyncio.run(bring_back(settings, source, secret))
    click.echo(msgspec.json.encode(done) if as_json else done.words)
