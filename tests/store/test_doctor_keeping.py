"""The doctor on what outlives the desk: backups, their copies, and what upgrades need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from earful.kit.bucket import Place
from earful.settings import Settings
from earful.store.backup_checks import check_backups
from earful.store.findings import Check, State
from earful.store.off_machine import copy_away
from earful.store.records import BackupRecord, write_record
from earful.store.upgrade_checks import check_upgrades
from tests.bucket_server import bucket_server
from tests.store.machine import needs_small_disk, small_disk

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
OK, WARN, FAIL = State.OK, State.WARN, State.FAIL


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A desk with a shelf for its backups, on the same disk, and a passphrase elsewhere."""
    for name in ("data", "shelf"):
        (tmp_path / name).mkdir()
    (tmp_path / "secret").write_text("correct horse battery\n")
    return Settings(
        data_dir=tmp_path / "data",
        backup_dir=tmp_path / "shelf",
        backup_passphrase_file=tmp_path / "secret",
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with bucket_server(tmp_path_factory.mktemp("bucket")) as place:
        yield place


def look(settings: Settings, name: str) -> Check:
    found = [*check_backups(settings, NOW), *check_upgrades(settings)]
    return next(check for check in found if check.name == name)


def test_a_backup_that_was_made_and_proved_is_well(settings: Settings) -> None:
    made = NOW - timedelta(hours=5)
    write_record(settings.data_dir, BackupRecord(made, "/b", held_key=True,
                                                 last_restore_test_at=made))  # fmt: skip
    assert look(settings, "backup").words == (
        "The last one is 5 hours old (/b; the secret key is inside)."
    )
    assert look(settings, "restore test").state == OK
    assert look(settings, "backup schedule").state == OK


@pytest.mark.parametrize(
    ("secret", "state", "words"),
    [("gone", FAIL, "can't be read"), ("short", FAIL, "at least 12"), ("shelf/p", WARN, "beside")],
)
def test_a_schedule_that_can_not_work_is_found(
    settings: Settings, tmp_path: Path, secret: str, state: State, words: str
) -> None:
    (tmp_path / "short").write_text("short")
    (tmp_path / "shelf" / "p").write_text("correct horse battery")
    found = look(replace(settings, backup_passphrase_file=tmp_path / secret), "backup schedule")
    assert (found.state, words in found.words) == (state, True)


def test_no_schedule_and_a_shelf_that_is_gone_are_found(settings: Settings) -> None:
    none = replace(settings, backup_dir=None, backup_passphrase_file=None)
    assert look(none, "backup schedule").state == WARN
    assert look(none, "backup away").state == WARN
    gone = replace(settings, backup_dir=settings.data_dir / "gone")
    assert look(gone, "backup schedule").state == FAIL


def test_backups_on_the_same_disk_are_no_safety(settings: Settings) -> None:
    found = look(settings, "backup away")
    assert (found.state, "same disk" in found.words) == (WARN, True)


@needs_small_disk
def test_backups_on_another_disk_are(settings: Settings, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 1) as disk:
        assert look(replace(settings, backup_dir=disk), "backup away").state == OK


def test_the_bucket_is_asked(settings: Settings, place: Place) -> None:
    copied = replace(
        settings,
        backup_bucket=f"{place.endpoint}/{place.bucket}",
        backup_bucket_key_id=place.key_id,
        backup_bucket_secret=place.secret,
    )
    assert settings.backup_dir is not None
    (settings.backup_dir / "earful-1.earful").write_text("x")
    assert look(copied, "backup away").words.startswith("Nothing was copied")
    copy_away(copied, now=NOW - timedelta(hours=1))
    assert look(copied, "backup away").words == (
        "The bucket holds 1 files; it was brought in line 1 hours ago."
    )
    write_record(settings.data_dir, BackupRecord(copy_error="then: no."))
    assert look(copied, "backup away").words == "The last copy failed. then: no."
    away = replace(copied, backup_bucket_secret="of another")
    assert look(away, "backup away").state == FAIL


def test_what_upgrades_need_and_leave_is_told(settings: Settings) -> None:
    home = settings.data_dir / "pg"
    for major in ("17", "18"):
        (home / major).mkdir(parents=True)
        (home / major / "PG_VERSION").write_text(major)
    assert look(settings, "kept programs").state == WARN
    left = look(settings, "old data 17")
    assert (left.state, f"rm -r {home / '17'}" in left.words) == (WARN, True)
    programs = home / "programs" / "18"
    programs.mkdir(parents=True)
    (programs / "postgres").touch(0o755)
    assert look(settings, "kept programs").state == OK
    assert look(settings, "upgrade").words == "No upgrade has needed a backup yet."
