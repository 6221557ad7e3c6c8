"""Media in a bucket: kept, listed, backed up and brought back like files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from earful.kit.bucket import Bucket, Place
from earful.settings import Settings, SettingsError
from earful.store.contents import MediaBucket, MediaFiles, MediaStore, media_store, path_of
from tests.bucket_server import bucket_server

HELLO = hashlib.sha256(b"hello").digest()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A bucket of this module's own."""
    with bucket_server(tmp_path_factory.mktemp("bucket")) as place:
        yield place


def in_bucket(place: Place, folder: Path, **more: str) -> dict[str, str]:
    """Settings of a desk that keeps its media in the bucket."""
    return {
        "EARFUL_DATA_DIR": str(folder),
        "EARFUL_MEDIA_BUCKET": f"{place.endpoint}/{place.bucket}/{folder.name}",
        "EARFUL_MEDIA_BUCKET_KEY_ID": place.key_id,
        "EARFUL_MEDIA_BUCKET_SECRET": place.secret,
    } | more


@pytest.mark.parametrize("kind", ["files", "bucket"])
def test_both_kinds_keep_content_by_its_digest(kind: str, place: Place, tmp_path: Path) -> None:
    named = in_bucket(place, tmp_path) if kind == "bucket" else {"EARFUL_DATA_DIR": str(tmp_path)}
    store: MediaStore = media_store(Settings.from_env(named))
    assert isinstance(store, MediaBucket if kind == "bucket" else MediaFiles)
    assert (store.write(b"hello"), store.write(b"hello")) == (HELLO, HELLO)
    assert (store.has(HELLO), store.read(HELLO)) == (True, b"hello")
    other = store.write(b"more")
    assert list(store.digests()) == sorted([HELLO, other])
    store.delete(HELLO)
    store.delete(HELLO)
    assert (store.has(HELLO), list(store.digests())) == (False, [other])
    with pytest.raises(FileNotFoundError):
        store.read(HELLO)


def test_the_bucket_has_the_same_names_as_the_folder(place: Place, tmp_path: Path) -> None:
    """So any tool that copies folders to buckets carries media over."""
    media_store(Settings.from_env(in_bucket(place, tmp_path))).write(b"hello")
    assert Bucket(place).get(f"{tmp_path.name}/{path_of(HELLO)}") == b"hello"
    MediaFiles(tmp_path).write(b"hello")
    assert (tmp_path / path_of(HELLO)).read_bytes() == b"hello"


def test_the_secret_may_stand_in_a_file(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{place.secret}\nignored\n")
    given = in_bucket(place, tmp_path, EARFUL_MEDIA_BUCKET_SECRET_FILE=str(file))
    with pytest.raises(SettingsError, match="one of EARFUL_MEDIA_BUCKET_SECRET and"):
        Settings.from_env(given)
    del given["EARFUL_MEDIA_BUCKET_SECRET"]
    assert media_store(Settings.from_env(given)).write(b"hello") == HELLO


def of_before(place: Place, folder: Path) -> dict[str, str]:
    """The same settings by the names they had before."""
    return {
        "EARFUL_DATA_DIR": str(folder),
        "EARFUL_MEDIA_S3_ENDPOINT": f"{place.endpoint}/",
        "EARFUL_MEDIA_S3_BUCKET": f"{place.bucket}/{folder.name}",
        "EARFUL_MEDIA_S3_REGION": "eu-central-1",
        "EARFUL_MEDIA_S3_KEY_ID": place.key_id,
        "EARFUL_MEDIA_S3_SECRET": place.secret,
    }


def test_the_names_of_before_still_work(place: Place, tmp_path: Path) -> None:
    old, new = of_before(place, tmp_path), in_bucket(place, tmp_path)
    region = {"EARFUL_MEDIA_BUCKET_REGION": "eu-central-1"}
    assert Settings.from_env(old) == Settings.from_env(new | region)
    newest = Settings.from_env(old | {"EARFUL_MEDIA_BUCKET_KEY_ID": "another"})
    assert newest.media_bucket_key_id == "another"


@pytest.mark.parametrize("missing", ["", "_KEY_ID", "_SECRET"])
def test_half_a_bucket_is_refused(place: Place, tmp_path: Path, missing: str) -> None:
    given = in_bucket(place, tmp_path)
    del given[f"EARFUL_MEDIA_BUCKET{missing}"]
    with pytest.raises(SettingsError, match="belong together"):
        Settings.from_env(given)


@pytest.mark.parametrize("missing", ["ENDPOINT", "BUCKET"])
def test_half_a_bucket_of_before_is_refused(place: Place, tmp_path: Path, missing: str) -> None:
    given = of_before(place, tmp_path)
    del given[f"EARFUL_MEDIA_S3_{missing}"]
    with pytest.raises(SettingsError, match="must look like"):
        Settings.from_env(given)
