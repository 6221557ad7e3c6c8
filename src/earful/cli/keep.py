"""doctor, backup, restore: keeping a desk whole."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import click
import msgspec

from earful.cli.options import NO_BACKUP
from earful.kit.clock import system_clock
from earful.settings import Settings
from earful.store.errors import StoreError
from earful.store.findings import Check, fail, ok

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
PASSPHRASE_FILE = click.Path(path_type=Path, exists=True)


@click.command()
@AS_JSON
def doctor(as_json: bool) -> None:
    """Check the desk and say what to mend. Ends with status 1 when something fails."""
    from earful.store.doctor import examine  # noqa: PLC0415 - loaded when called

    settings = Settings.from_env(os.environ)
    findings = asyncio.run(examine(settings, now=system_clock()))
    findings.append(asyncio.run(_look_at_keys(settings)))
    if as_json:
        click.echo(msgspec.json.encode({"findings": findings}))
    else:
        for finding in findings:
            click.echo(f"{finding.state:<5} {finding.name}: {finding.words}")
    sys.exit(1 if any(finding.state == "fail" for finding in findings) else 0)


async def _look_at_keys(settings: Settings) -> Check:
    """Whether the key at hand opens what the database holds. Changes nothing."""
    from earful.accounts.keys import check_keys, keyring_of  # noqa: PLC0415
    from earful.accounts.secrets import SecretError  # noqa: PLC0415
    from earful.store.opening import serving  # noqa: PLC0415
    from earful.store.pool import Database  # noqa: PLC0415

    try:
        keyring = keyring_of(settings)
        async with serving(settings) as (addresses, _):
            database = await Database.connect(addresses, size=1)
            try:
                async with database.acquire() as db:
                    if not await db.fetchval("SELECT to_regclass('key_fingerprint') IS NOT NULL"):
                        return ok("key fingerprint", "The database is empty: any key will do.")
                    trial = db.transaction()
                    await trial.start()
                    try:
                        await check_keys(db, keyring, now=system_clock())
                    finally:
                        await trial.rollback()
            finally:
                await database.close()
    except (SecretError, StoreError) as error:
        return fail("key fingerprint", str(error))
    return ok("key fingerprint", "The key at hand is the one this database was used with.")


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--passphrase-file",
    type=PASSPHRASE_FILE,
    required=True,
    help="A file whose first line encrypts the backup.",
)
@click.option("--with-key", is_flag=True, help="Put the secret key inside as well.")
@click.option("--to-bucket", is_flag=True, help="Copy it to EARFUL_BACKUP_BUCKET as well.")
@AS_JSON
def backup(
    target: Path,
    passphrase_file: Path,
    with_key: bool,
    to_bucket: bool,
    as_json: bool,
) -> None:
    """Write everything, media included, to one encrypted file, beside a working desk."""
    from earful.store import backup as backups  # noqa: PLC0415
    from earful.store.off_machine import copy_one, refuse_taken  # noqa: PLC0415
    from earful.store.passphrases import read_passphrase  # noqa: PLC0415

    settings, secret = Settings.from_env(os.environ), read_passphrase(passphrase_file)
    now = system_clock()
    if to_bucket:
        refuse_taken(settings, target.name)  # before the long work
    done = asyncio.run(backups.backup(settings, target, secret, now=now, with_key=with_key))
    if to_bucket:
        done = msgspec.structs.replace(done, in_bucket=copy_one(settings, target, now=now))
    words = [done.path, done.in_bucket, done.words]
    click.echo(msgspec.json.encode(done) if as_json else "\n".join(filter(None, words)))


@click.command()
@click.argument("source")
@click.option(
    "--passphrase-file",
    type=PASSPHRASE_FILE,
    help="A file whose first line encrypted the backup; not needed for one that was made before an "
    "upgrade, which the secret key opens.",
)
@click.option("--test", is_flag=True, help="Restore to a folder that is thrown away: a proof.")
@click.option(
    "--erasures",
    type=click.Path(path_type=Path, exists=True),
    help="erasures.jsonl of the lost data folder. Those beside the backup, in this data folder, in "
    "EARFUL_BACKUP_DIR and in the bucket are always read.",
)
@AS_JSON
def restore(
    source: str, passphrase_file: Path | None, test: bool, erasures: Path | None, as_json: bool
) -> None:
    """Restore a backup into an empty data folder. Channels start held until an owner confirms.

    SOURCE is a file, or bucket:NAME for one in EARFUL_BACKUP_BUCKET. Whom the desk had erased since
    the backup is erased again.
    """
    from earful.desk.erasures import replay_of  # noqa: PLC0415
    from earful.store.contents import media_store  # noqa: PLC0415
    from earful.store.erasure_copies import gather  # noqa: PLC0415
    from earful.store.off_machine import IN_BUCKET, at_hand  # noqa: PLC0415
    from earful.store.passphrases import passphrases_of_keys, read_passphrase  # noqa: PLC0415
    from earful.store.restore import passphrase_of, prove_restore, tell_of_list  # noqa: PLC0415
    from earful.store.restore import restore as bring_back  # noqa: PLC0415
    from earful.store.secret_key import has_key, secret_key  # noqa: PLC0415

    settings, now = Settings.from_env(os.environ), system_clock()
    known = [read_passphrase(passphrase_file)] if passphrase_file else passphrases_of_keys(settings)
    with at_hand(settings, source) as file:
        secret = passphrase_of(file, known)
        if test:
            done = asyncio.run(prove_restore(settings, file, secret, now=now))
        else:
            name = Path(source.removeprefix(IN_BUCKET)).name
            media = media_store(settings)
            key = secret_key(settings) if has_key(settings) else None
            beside = None if source.startswith(IN_BUCKET) else file
            found = gather(settings, beside, erasures)
            replay = replay_of(
                settings.data_dir, media, found.lists, name=name, secret=key, now=now
            )
            done = asyncio.run(bring_back(settings, file, secret, replay=replay))
            done = tell_of_list(settings.data_dir, done, found)
    click.echo(msgspec.json.encode(done) if as_json else done.words)


@click.command()
@NO_BACKUP
@AS_JSON
def migrate(no_backup: bool, as_json: bool) -> None:
    """Bring the database up to date, as the role that owns the tables.

    A contract waits while processes of an older version are at work; then run it again.
    """
    from earful.store.opening import open_store  # noqa: PLC0415

    said: list[str] = []

    def say(words: str) -> None:
        said.append(words)
        click.echo(words, err=True)

    async def run() -> dict[str, list[str]]:
        settings = Settings.from_env(os.environ)
        async with open_store(settings, size=2, backup_first=not no_backup, say=say) as store:
            done = store.upgraded
            return {
                "applied": [each.label for each in done.applied] if done else [],
                "waiting": [each.label for each in done.waiting] if done else [],
                "words": said,
            }

    answer = asyncio.run(run())
    if as_json:
        click.echo(msgspec.json.encode(answer))
    elif not answer["waiting"]:  # what waits was said
        click.echo("The database is up to date.")
