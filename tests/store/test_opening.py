"""Opening the store: one's own server, the schema, the key, the programs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from earful.settings import Settings
from earful.store.address import Addresses
from earful.store.backup import backup
from earful.store.binaries import find_binaries
from earful.store.errors import MigrationError, StoreError, Unusable
from earful.store.opening import open_store
from earful.store.restore import restore
from earful.store.secret_key import key_path, secret_key

MakeAddresses = Callable[[str], Awaitable[Addresses]]


def own(addresses: Addresses, data_dir: Path, *, owner: bool = True) -> Settings:
    environ = {
        "EARFUL_DATA_DIR": str(data_dir),
        "EARFUL_DATABASE_URL": addresses.app,
        "EARFUL_SECRET_KEY": "k" * 32,
    }
    if owner:
        environ["EARFUL_DATABASE_OWNER_URL"] = addresses.owner_or_refuse()
    return Settings.from_env(environ)


async def test_ones_own_server_is_migrated_by_the_owner_alone(
    make_addresses: MakeAddresses, tmp_path: Path
) -> None:
    addresses = await make_addresses("template0")
    with pytest.raises(MigrationError, match="earful migrate"):
        async with open_store(own(addresses, tmp_path, owner=False)):
            pass
    async with open_store(own(addresses, tmp_path)):
        pass
    async with open_store(own(addresses, tmp_path, owner=False)) as store:
        assert store.running is None
        assert await store.database.is_up()


async def test_a_backup_moves_from_ones_own_server_to_another(
    make_addresses: MakeAddresses, addresses: Addresses, tmp_path: Path
) -> None:
    target = tmp_path / "one.earful"
    passphrase = "correct horse battery"
    here = own(addresses, tmp_path / "here")
    here.data_dir.mkdir()
    async with open_store(here) as store, store.database.transaction() as db:
        await db.execute(
            "INSERT INTO workspace (id, name, created_at) VALUES (gen_random_uuid(), 'A', now())"
        )
    with pytest.raises(StoreError, match="EARFUL_DATABASE_OWNER_URL"):
        await backup(
            own(addresses, tmp_path / "here", owner=False),
            target,
            passphrase,
            now=datetime(2026, 11, 22, tzinfo=UTC),
        )
    await backup(here, target, passphrase, now=datetime(2026, 11, 22, tzinfo=UTC), with_key=True)
    there = own(await make_addresses("template0"), tmp_path / "there")
    await restore(there, target, passphrase)
    async with open_store(there) as store, store.database.acquire() as db:
        assert await db.fetchval("SELECT name FROM workspace") == "A"


def test_a_key_is_made_once_and_is_ours_alone(tmp_path: Path) -> None:
    settings = Settings.from_env({"EARFUL_DATA_DIR": str(tmp_path / "data")})
    made = secret_key(settings)
    assert len(made) >= 32
    assert secret_key(settings) == made
    assert key_path(settings).stat().st_mode & 0o777 == 0o600
    assert settings.data_dir.stat().st_mode & 0o066 == 0


def test_a_key_that_is_set_makes_no_file(tmp_path: Path) -> None:
    settings = Settings.from_env(
        {"EARFUL_DATA_DIR": str(tmp_path / "data"), "EARFUL_SECRET_KEY": "k" * 32}
    )
    assert secret_key(settings) == "k" * 32
    assert not settings.data_dir.exists()


def test_missing_programs_are_named(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"EARFUL_PG_BIN \(.*\) lacks postgres, initdb"):
        find_binaries(tmp_path)
