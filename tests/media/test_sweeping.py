"""Content without a row goes after a day; what a row names stays, whatever its age."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from earful.accounts.secrets import Keyring
from earful.kit.bucket import Bucket, Place
from earful.kit.clock import system_clock
from earful.kit.ids import new_id
from earful.media import sweeping
from earful.media.keeping import hold
from earful.media.sweeping import Swept, sweep
from earful.store.contents import MediaBucket, MediaFiles, MediaStore, path_of
from earful.store.pool import Database
from earful.worker.desk import Shared
from earful.worker.retention import sweep_media
from tests.bucket_server import bucket_server
from tests.cast import START, Cast, gather

SOON, TOMORROW = timedelta(hours=23), timedelta(hours=25)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with bucket_server(tmp_path_factory.mktemp("bucket")) as place:
        yield place


@pytest.fixture(params=["files", "bucket"])
def store(request: pytest.FixtureRequest, place: Place, tmp_path: Path) -> MediaStore:
    if request.param == "files":
        return MediaFiles(tmp_path)
    return MediaBucket(Bucket(msgspec.structs.replace(place, prefix=tmp_path.name)))


@pytest.fixture
async def cast(database: Database) -> Cast:
    return await gather(database)


async def name(cast: Cast, digest: bytes) -> None:
    """A row that refers to `digest`."""
    async with cast.database.acquire() as db:
        await db.execute(
            "INSERT INTO media VALUES ($1, $2, $3, 'image/png', 9, 1, 1, $4)",
            cast.workspace_id,
            new_id(),
            digest,
            START,
        )


async def swept(cast: Cast, store: MediaStore, later: timedelta) -> Swept:
    return await sweep(cast.database, store, now=system_clock() + later)


async def test_what_a_crash_left_behind_goes_after_a_day(cast: Cast, store: MediaStore) -> None:
    named, left = store.write(b"of a message"), store.write(b"of a crash")
    await name(cast, named)
    assert await swept(cast, store, SOON) == Swept()
    assert await swept(cast, store, TOMORROW) == Swept(looked=2, left_behind=1, deleted=1)
    assert (store.has(named), store.has(left)) == (True, False)
    assert await swept(cast, store, TOMORROW) == Swept(looked=1)


async def test_a_night_deletes_so_much_and_the_next_the_rest(
    cast: Cast, store: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "MOST", 3)
    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    for number in range(5):
        store.write(b"%d" % number)
    assert [(await swept(cast, store, TOMORROW)).deleted for _ in range(3)] == [3, 2, 0]
    assert list(store.digests()) == []


async def test_a_place_full_of_unknown_content_is_another_desks(
    cast: Cast, store: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "FEW", 1)
    for number in range(4):
        digest = store.write(b"%d" % number)
    await name(cast, digest)
    assert await swept(cast, store, TOMORROW) == Swept(looked=4, left_behind=3, refused=True)
    assert len(list(store.digests())) == 4


async def test_content_that_is_wanted_again_meanwhile_stays(
    cast: Cast, store: MediaStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody sends the same picture while the sweep has it on its list."""
    digest = store.write(b"the same")
    honest = sweeping._unknown

    async def named_just_after(*args: Any) -> Any:
        found = await honest(*args)
        store.write(b"the same")
        await name(cast, digest)
        return found

    monkeypatch.setattr(sweeping, "_unknown", named_just_after)
    await swept(cast, store, TOMORROW)
    assert store.has(digest)


async def test_the_row_that_comes_too_late_brings_its_content_back(
    cast: Cast, store: MediaStore
) -> None:
    digest = store.write(b"the same")
    await swept(cast, store, TOMORROW)
    assert not store.has(digest)
    await name(cast, digest)
    await hold(cast.database, store, b"the same", digest)
    assert store.has(digest)


async def test_half_a_file_of_a_crash_goes_and_what_is_not_ours_stays(
    cast: Cast, tmp_path: Path
) -> None:
    store = MediaFiles(tmp_path)
    folder = (tmp_path / path_of(hashlib.sha256(b"x").digest())).parent
    folder.mkdir(parents=True)
    half, young, theirs = folder / "tmpabc", folder / "tmpdef", folder / "README"
    for path in (half, young, theirs):
        path.write_bytes(b"half")
    for path in (half, theirs):
        long_ago = (system_clock() - TOMORROW).timestamp()
        os.utime(path, (long_ago, long_ago))
    assert await sweep(cast.database, store, now=system_clock()) == Swept()
    assert [path.exists() for path in (half, young, theirs)] == [False, True, True]


async def test_a_store_that_cannot_be_read_is_told_and_tried_the_next_night(
    cast: Cast, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = MediaBucket(Bucket(msgspec.structs.replace(place, secret="of another")))
    keyring = Keyring(["a key for the tests of sweeping, long enough"])
    assert await sweep_media(Shared(cast.database, cast.time, keyring, wrong)) == Swept()
    assert "sweeping pictures failed" in capsys.readouterr().out
