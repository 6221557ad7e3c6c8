"""Backups in a bucket of a real S3-compatible store: there, thinned out, and back again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from earful.kit.bucket import Place
from earful.settings import Settings, SettingsError
from earful.store.erasure_copies import (
    FILE,
    Copies,
    Found,
    add_beside,
    append_line,
    gather,
    known_until,
    lines_of,
)
from earful.store.errors import StoreError
from earful.store.off_machine import at_hand, bucket_of, copy_away, copy_one, refuse_taken
from earful.store.records import read_record
from tests.bucket_server import bucket_server

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with bucket_server(tmp_path_factory.mktemp("bucket")) as place:
        yield place


@pytest.fixture
def settings(place: Place, tmp_path: Path) -> Settings:
    (tmp_path / "shelf").mkdir()
    (tmp_path / "data").mkdir()
    return Settings(
        data_dir=tmp_path / "data",
        backup_dir=tmp_path / "shelf",
        backup_keep=2,
        backup_bucket=f"{place.endpoint}/{place.bucket}/{tmp_path.name}",
        backup_bucket_key_id=place.key_id,
        backup_bucket_secret=place.secret,
    )


def put(settings: Settings, *names: str) -> None:
    assert settings.backup_dir is not None
    for name in names:
        (settings.backup_dir / f"{name}.earful").write_text(name)


def in_bucket(settings: Settings) -> list[str]:
    return sorted(name.removesuffix(".earful") for name, _ in bucket_of(settings).names())


def test_the_bucket_follows_the_folder(settings: Settings) -> None:
    put(settings, "earful-1", "earful-2", "upgrade-1", "mine")
    bucket_of(settings).put("somebody-elses", b"x")
    copied = ["earful-1.earful", "earful-2.earful", "upgrade-1.earful"]
    assert copy_away(settings, now=NOW) == copied
    assert copy_away(settings, now=NOW) == []
    put(settings, "earful-3")
    assert copy_away(settings, now=NOW + timedelta(hours=1)) == ["earful-3.earful"]
    assert in_bucket(settings) == ["earful-2", "earful-3", "somebody-elses", "upgrade-1"]
    assert read_record(settings.data_dir).last_copy_at == NOW + timedelta(hours=1)


def test_a_half_copied_one_is_copied_again(settings: Settings) -> None:
    put(settings, "earful-1")
    bucket_of(settings).put("earful-1.earful", b"ear")
    assert copy_away(settings, now=NOW) == ["earful-1.earful"]
    assert bucket_of(settings).get("earful-1.earful") == b"earful-1"


def test_a_store_that_refuses_is_told_and_tried_again(settings: Settings) -> None:
    put(settings, "earful-1")
    locked_out = replace(settings, backup_bucket_secret="of another")
    with pytest.raises(StoreError, match="could not be copied"):
        copy_away(locked_out, now=NOW)
    record = read_record(settings.data_dir)
    assert record.last_copy_at is None
    assert record.copy_error.startswith("2026-11-22 12:00 UTC: The bucket refuses")
    assert "of another" not in record.copy_error
    assert copy_away(settings, now=NOW) == ["earful-1.earful"]
    assert read_record(settings.data_dir).copy_error == ""


def test_a_backup_is_fetched_and_not_left_lying_about(settings: Settings) -> None:
    put(settings, "earful-1", "earful-2")
    copy_away(settings, now=NOW)
    fresh = replace(settings, data_dir=settings.data_dir / "fresh")
    with at_hand(fresh, "bucket:earful-1.earful") as file:
        assert file.read_text() == "earful-1"
    assert list(fresh.data_dir.iterdir()) == []
    for name, words in (("bucket:x", "no backup 'x', but"), ("bucket:", "the bucket has")):
        with (
            pytest.raises(StoreError, match=rf"{words} earful-1\.earful, earful-2\.earful\."),
            at_hand(fresh, name),
        ):
            pass
    with at_hand(fresh, "/a/file") as file:
        assert file == Path("/a/file")


def test_one_made_by_hand_goes_there_under_its_own_name_and_over_no_other(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "mine.earful").write_text("mine")
    (tmp_path / "secret").write_text(f"{settings.backup_bucket_secret}\n")
    by_file = replace(
        settings, backup_bucket_secret=None, backup_bucket_secret_file=tmp_path / "secret"
    )
    name = copy_one(by_file, tmp_path / "mine.earful", now=NOW)
    assert known_until(bucket_of(settings).get(FILE)) == NOW
    with at_hand(settings, name) as file:
        assert file.read_text() == "mine"
    with pytest.raises(StoreError, match=r"has a mine\.earful already"):
        refuse_taken(settings, "mine.earful")
    put(settings, "earful-1", "earful-2", "earful-3")
    copy_away(settings, now=NOW)
    assert "mine" in in_bucket(settings), "the schedule thins out its own alone"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"EARFUL_BACKUP_BUCKET": "s3://bucket"}, "must look like https"),
        ({"EARFUL_BACKUP_BUCKET": "https://s3.example.org/"}, "must look like https"),
        ({"EARFUL_BACKUP_DIR": "", "EARFUL_BACKUP_PASSPHRASE_FILE": ""}, "set that too"),
        ({"EARFUL_BACKUP_BUCKET_SECRET": ""}, "belong together"),
    ],
)
def test_settings_that_can_not_work_are_refused(said: dict[str, str], words: str) -> None:
    whole = {
        "EARFUL_BACKUP_DIR": "/backups",
        "EARFUL_BACKUP_PASSPHRASE_FILE": "/passphrase",
        "EARFUL_BACKUP_BUCKET": "https://s3.example.org/bucket",
        "EARFUL_BACKUP_BUCKET_KEY_ID": "id",
        "EARFUL_BACKUP_BUCKET_SECRET": "secret",
    }
    assert Settings.from_env(whole).backup_bucket
    with pytest.raises(SettingsError, match=words):
        Settings.from_env(whole | said)


async def test_the_list_of_erasures_lies_with_the_backups(settings: Settings) -> None:
    assert settings.backup_dir is not None
    assert gather(settings, None, None) == Found(None, own=False, newest=None)
    one, other = b'{"contact_id": "a"}', b'{"contact_id": "b"}'
    copies = Copies(settings)
    assert copies.bring_in_line(NOW)  # nobody was erased: that is known as well
    assert known_until(bucket_of(settings).get(FILE)) == NOW
    append_line(settings.data_dir / FILE, one)
    add_beside(settings, one)
    assert copies.bring_in_line(NOW + timedelta(seconds=30))
    assert not copies.bring_in_line(NOW + timedelta(seconds=60))
    bucket_of(settings).put(FILE, other + b"\n")  # as another machine would leave it
    assert copies.bring_in_line(NOW + timedelta(hours=1, seconds=30))
    assert lines_of(bucket_of(settings).get(FILE)) == [other, one]
    (settings.data_dir / FILE).unlink()
    for lost in (settings.backup_dir / FILE, None):
        found = gather(settings, None, None).lists
        assert found is not None
        assert set(lines_of(found)) == {one, other}
        assert known_until(found) == NOW + timedelta(hours=1, seconds=30)
        if lost:
            lost.unlink()
    away = replace(settings, backup_bucket="http://127.0.0.1:9/none")
    with pytest.raises(StoreError, match="unset EARFUL_BACKUP_BUCKET"):
        gather(away, None, None)


def test_a_damaged_list_keeps_what_can_be_read_and_a_lost_shelf_stops_nothing(
    settings: Settings, tmp_path: Path
) -> None:
    whole = b'{"contact_id": "a"}\nnot json\n[1]\n{"known_until": "2026-11-22T12:00:00Z"}\n{"cut'
    assert lines_of(whole) == [b'{"contact_id": "a"}']
    assert known_until(whole) == NOW
    assert known_until(b"") is None
    here = replace(settings, backup_bucket=None, backup_dir=tmp_path / "away")
    add_beside(here, b"{}")
    with pytest.raises(StoreError):
        Copies(here).bring_in_line(NOW)
    beside = tmp_path / "kept.earful"
    (tmp_path / FILE).write_bytes(whole)
    assert lines_of(gather(here, beside, None).lists or b"") == [b'{"contact_id": "a"}']
