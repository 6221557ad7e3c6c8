"""Housekeeping as a worker does it: the backup is made when due, and copied off the machine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from earful.kit.bucket import Place
from earful.settings import Settings
from earful.store import sealed
from earful.store.address import Addresses
from earful.store.off_machine import bucket_of
from earful.store.records import read_record
from earful.worker.desk import Shared
from earful.worker.tidying import keep_tidy
from tests.bucket_server import bucket_server
from tests.worker.waiting import eventually


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with bucket_server(tmp_path / "bucket") as place:
        yield place


async def tidied(shared: Shared, settings: Settings, holds: Callable[[], bool]) -> None:
    """Keep tidy until it holds."""

    async def looked() -> bool:
        return holds()

    keeping = asyncio.create_task(keep_tidy(shared, settings))
    await eventually(looked)
    shared.stopping.set()
    await keeping
    shared.stopping.clear()


async def test_a_due_backup_is_made_and_copied_to_the_bucket(
    shared: Shared,
    addresses: Addresses,
    place: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealed, "COST", 1 << 4)
    (tmp_path / "shelf").mkdir()
    (tmp_path / "secret").write_text("correct horse battery")
    settings = Settings(
        data_dir=tmp_path,
        database_url=addresses.app,
        database_owner_url=addresses.owner,
        backup_dir=tmp_path / "shelf",
        backup_passphrase_file=tmp_path / "secret",
        backup_bucket=f"{place.endpoint}/{place.bucket}",
        backup_bucket_key_id=place.key_id,
        backup_bucket_secret="of another",
    )
    await tidied(shared, settings, lambda: "refuses" in read_record(tmp_path).copy_error)
    name = f"earful-{shared.clock():%Y%m%dT%H%M%SZ}.earful"
    assert read_record(tmp_path).last_backup.endswith(name)

    mended = replace(settings, backup_bucket_secret=place.secret)
    await tidied(shared, mended, lambda: read_record(tmp_path).last_copy_at is not None)
    assert sorted(found for found, _ in bucket_of(mended).names()) == [name, "erasures.jsonl"]
    assert read_record(tmp_path).copy_error == ""
