"""The demo is made whole or not at all, and says what to do where it can't be made."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from earful.cli import demo
from earful.cli.demo import NOTE, make_demo
from earful.settings import Settings
from earful.store.errors import StoreError
from earful.store.opening import open_store

COUNTS = "SELECT (SELECT count(*) FROM workspace), (SELECT count(*) FROM channel)"


@pytest.fixture
def settings() -> Iterator[Settings]:
    folder = Path(tempfile.mkdtemp(prefix="ef-", dir="/tmp"))
    folder.chmod(0o711)
    yield Settings.from_env({"EARFUL_DATA_DIR": str(folder)})
    shutil.rmtree(folder)


async def _counts(settings: Settings) -> tuple[int, int]:
    async with open_store(settings, size=2) as store, store.database.acquire() as db:
        row = await db.fetchrow(COUNTS)
        assert row is not None
        return row[0], row[1]


async def test_it_is_made_once_and_its_note_lets_in(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any) -> None:
        raise SystemExit("killed before the commit")

    with monkeypatch.context() as patched:
        patched.setattr(demo, "_remember", killed)
        with pytest.raises(SystemExit):
            await make_demo(settings)
    assert await _counts(settings) == (0, 0)
    first = await make_demo(settings)
    assert await make_demo(settings) == first
    assert await _counts(settings) == (1, 2)
    # A restored desk has its people, and no note of their passwords.
    for lost in (None, "{damaged"):
        (settings.data_dir / NOTE).unlink()
        if lost:
            (settings.data_dir / NOTE).write_text(lost)
        with pytest.raises(StoreError, match=r"earful user reset alice@northwind\.example"):
            await make_demo(settings)
        assert await _counts(settings) == (1, 2)
        (settings.data_dir / NOTE).touch()
