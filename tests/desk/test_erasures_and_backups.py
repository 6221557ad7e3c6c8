"""A restore of a real backup does not bring back whom the desk has erased since."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from earful.accounts.audit import sha256_of, verify
from earful.accounts.keys import keyring_of
from earful.desk.erasures import keep_erasure, replay_of
from earful.desk.privacy import erase_person
from earful.media.files import MediaFiles
from earful.settings import Settings
from earful.store import erasure_copies
from earful.store.backup import backup
from earful.store.backup_checks import check_backups
from earful.store.erasure_copies import FILE, MISSING
from earful.store.opening import open_store
from earful.store.restore import restore, tell_of_list
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
    listed = erasure_copies.gather(new, kept, None)
    replay = replay_of(
        new.data_dir,
        MediaFiles(new.media_dir),
        listed,
        name="kept.earful",
        now=START,
    )
    done = await restore(new, kept, PASSPHRASE, replay=replay)
    assert tell_of_list(new.data_dir, done, listed).erased
    assert not (new.data_dir / MISSING).exists()
    told = tell_of_list(new.data_dir, done, None)
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
