"""A restore of a real backup does not bring back whom the desk has erased since."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from earful.accounts.audit import sha256_of, verify
from earful.accounts.keys import keyring_of
from earful.cli.keep import restore as restore_command
from earful.desk.erasures import keep_erasure, keep_erasure_and_copy, replay_of
from earful.desk.privacy import erase_person
from earful.media.files import MediaFiles
from earful.settings import Settings
from earful.store import erasure_copies
from earful.store.backup import backup
from earful.store.backup_checks import check_backups
from earful.store.erasure_copies import FILE, MISSING, Found
from earful.store.off_machine import copy_one
from earful.store.opening import open_store
from earful.store.restore import Restored, restore, tell_of_list
from tests.bucket_server import bucket_server
from tests.cast import START, gather, post
from tests.desk.acts import card_of, home_of, rows, take

PASSPHRASE = "a passphrase that is long"


@pytest.fixture
def folders() -> Iterator[Path]:
    """A short-named folder that the database's user can pass through."""
    folder = Path(tempfile.mkdtemp(prefix="ef-", dir="/tmp"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


async def test_a_restored_backup_erases_again(folders: Path) -> None:
    old = Settings.from_env({"EARFUL_DATA_DIR": str(folders / "old")})
    new = Settings.from_env({"EARFUL_DATA_DIR": str(folders / "new")})
    kept = folders / "kept.earful"
    async with open_store(old, size=4) as store:
        cast = await gather(store.database)
        cast.works.vault = keyring_of(old)
        await take(cast, post("p1", "@Northwind where is my parcel"))
        contact_id = (await card_of(cast, await home_of(cast, "p1"))).contact.id
        await backup(old, kept, PASSPHRASE, now=START, with_key=True)
        async with cast.works.open(cast.workspace_id, cast.alice) as work:
            erased = await erase_person(work, contact_id)
        keep_erasure(old.data_dir, erased.erasure)
    # The old folder is lost; what lies beside the backup is not.
    on_shelf = replace(old, backup_dir=folders)
    assert erasure_copies.Copies(on_shelf).bring_in_line(START)
    found = erasure_copies.gather(new, kept, None)
    replay = replay_of(
        new.data_dir,
        MediaFiles(new.media_dir),
        found.lists,
        name="kept.earful",
        now=START,
    )
    done = await restore(new, kept, PASSPHRASE, replay=replay)
    assert tell_of_list(new.data_dir, done, found).erased
    assert not (new.data_dir / MISSING).exists()
    told = tell_of_list(new.data_dir, done, Found(None, own=False, newest=None))
    assert "no list of erasures was found" in told.words
    [warned] = [one for one in check_backups(new, START) if one.name == "erasures"]
    assert warned.state == "warn"
    assert "Erase them anew" in warned.words
    async with open_store(new, size=4) as store:
        cast.works.database = store.database
        [message] = await rows(cast, "SELECT text, author_name FROM message")
        assert (message["text"], message["author_name"]) == ("", "Erased")
        assert await rows(cast, "SELECT 1 FROM contact_handle") == []
        assert await rows(cast, "SELECT 1 FROM event WHERE data::text LIKE '%parcel%'") == []
        [line] = await rows(cast, "SELECT * FROM audit WHERE act = 'backup.restored'")
        assert (line["actor_kind"], line["object_id"]) == ("system", "2026-11-02T09:00:00+00:00")
        assert (line["at"], line["texts"]) == (START, [sha256_of("kept.earful")])
        async with store.database.acquire() as db:
            assert (await verify(db, cast.workspace_id)).whole
    assert (new.data_dir / FILE).read_text() == (old.data_dir / FILE).read_text()


async def test_with_the_data_folder_lost_the_bucket_alone_keeps_them_erased(folders: Path) -> None:
    (folders / "shelf").mkdir()
    (folders / "secret").write_text(PASSPHRASE)
    with bucket_server(folders / "bucket") as place:
        environ = {
            "EARFUL_DATA_DIR": str(folders / "old"),
            "EARFUL_SECRET_KEY": "k" * 32,
            "EARFUL_BACKUP_DIR": str(folders / "shelf"),
            "EARFUL_BACKUP_PASSPHRASE_FILE": str(folders / "secret"),
            "EARFUL_BACKUP_BUCKET": f"{place.endpoint}/{place.bucket}",
            "EARFUL_BACKUP_BUCKET_KEY_ID": place.key_id,
            "EARFUL_BACKUP_BUCKET_SECRET": place.secret,
        }
        old = Settings.from_env(environ)
        async with open_store(old, size=4) as store:
            cast = await gather(store.database)
            cast.works.vault = keyring_of(old)
            await take(cast, post("p1", "@Northwind where is my parcel"))
            contact_id = (await card_of(cast, await home_of(cast, "p1"))).contact.id
            made = await backup(old, folders / "shelf/mine.earful", PASSPHRASE, now=START)
            assert "put beside" not in made.words
            copy_one(old, folders / "shelf/mine.earful", now=START)
            async with cast.works.open(cast.workspace_id, cast.alice) as work:
                erased = await erase_person(work, contact_id)
            keep_erasure_and_copy(old, erased.erasure)
        assert (folders / "shelf" / FILE).read_bytes().count(
            erased.erasure.contact_id.encode()
        ) == 1
        assert erasure_copies.Copies(old).bring_in_line(START)
        for lost in ("old", "shelf"):
            shutil.rmtree(folders / lost)
        (folders / "shelf").mkdir()
        say = CliRunner(env=environ | {"EARFUL_DATA_DIR": str(folders / "new")}).invoke
        words = ["bucket:mine.earful", "--passphrase-file", str(folders / "secret"), "--json"]
        done = await asyncio.to_thread(say, restore_command, words)
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert told["erased"], told["words"]
    async with open_store(replace(old, data_dir=folders / "new"), size=2) as store:
        cast.works.database = store.database
        assert await rows(cast, "SELECT 1 FROM contact_handle") == []
        assert [row["text"] for row in await rows(cast, "SELECT text FROM message")] == [""]


def test_a_list_older_than_the_newest_backup_is_told_and_kept_in_mind(tmp_path: Path) -> None:
    done = Restored(START, 0, 0, "Restored.")
    kept = b'{"known_until": "2026-11-02T09:00:00Z"}\n'
    for found, erased in (
        (Found(kept, own=False, newest=None), True),
        (Found(kept, own=False, newest=START), True),
        (Found(kept, own=True, newest=START + timedelta(days=1)), True),
        (Found(b"", own=True, newest=START), True),
        (Found(b"", own=False, newest=None), False),
        (Found(kept, own=False, newest=START + timedelta(days=1)), False),
    ):
        told = tell_of_list(tmp_path, done, found)
        assert (told.erased, (tmp_path / MISSING).exists()) == (erased, not erased)
    assert "complete until 2026-11-02 09:00 UTC only" in told.words
    assert "a backup of 2026-11-03 09:00 UTC" in told.words
    (tmp_path / "earful-20261103T120000Z.earful").touch()
    (tmp_path / "mine.earful").touch()
    here = Settings.from_env({"EARFUL_DATA_DIR": str(tmp_path)})
    found = erasure_copies.gather(here, tmp_path / "mine.earful", None)
    assert found == Found(None, own=False, newest=datetime(2026, 11, 3, 12, tzinfo=UTC))
    [warned] = [one for one in check_backups(here, START) if one.name == "erasures"]
    assert "whoever was erased since may be here again" in warned.words
