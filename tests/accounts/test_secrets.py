"""Secrets: sealed for one row, by a key that is known; keys change without a gap."""

from __future__ import annotations

from datetime import datetime

import pytest

from earful.accounts.keys import PLACES, Place, WrongKey, check_keys, retire_keys, rotate_batch
from earful.accounts.mail_server import Wanted, keep_server, load_server
from earful.accounts.secrets import (
    Broken,
    Keyring,
    SecretError,
    UnknownKey,
    context_of,
    key_id_of,
)
from earful.accounts.stored_secrets import delete_secret, get_secret, put_secret
from earful.kit.ids import new_id
from earful.store.pool import Connection
from tests.accounts.conftest import Cast

OLD = "the old key of this desk: 32 characters or more"
NEW = "the new key of this desk: 32 characters or more"
STORED = Place("secret", "ciphertext", key_column="key_id")


def test_what_is_sealed_opens_only_in_its_row_and_unchanged() -> None:
    keyring = Keyring([OLD])
    sealed = keyring.seal(b"app password", context="a")
    assert keyring.open(sealed, context="a") == b"app password"
    assert b"app password" not in sealed
    assert keyring.seal(b"app password", context="a") != sealed, "each has its own nonce"
    with pytest.raises(Broken):
        keyring.open(sealed, context="b")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(SecretError):
            keyring.open(bytes(changed), context="a")
    for length in range(0, len(sealed)):
        with pytest.raises(SecretError):
            keyring.open(sealed[:length], context="a")


def test_an_unknown_key_is_named_without_telling_any() -> None:
    sealed = Keyring([OLD]).seal(b"x", context="a")
    with pytest.raises(UnknownKey, match=key_id_of(sealed)) as caught:
        Keyring([NEW]).open(sealed, context="a")
    assert NEW not in str(caught.value)


def test_several_keys_open_and_the_first_seals() -> None:
    both = Keyring.from_setting(f" {NEW} , {OLD},")
    assert both.current_id == Keyring([NEW]).current_id
    assert set(both.fingerprints) == {both.current_id, Keyring([OLD]).current_id}
    sealed = Keyring([OLD]).seal(b"x", context="a")
    assert both.open(sealed, context="a") == b"x"
    assert key_id_of(both.seal(b"x", context="a")) == both.current_id


@pytest.mark.parametrize("keys", [[], ["short"], [OLD, "short"]])
def test_a_weak_key_is_refused(keys: list[str]) -> None:
    with pytest.raises(SecretError, match="32"):
        Keyring(keys)


def test_the_setup_key_belongs_to_the_key() -> None:
    keyring = Keyring([OLD])
    assert keyring.is_setup_key(f" {keyring.setup_key.upper()}\n")
    assert keyring.setup_key != Keyring([NEW]).setup_key
    for wrong in ("", Keyring([NEW]).setup_key, "\ud800", "x" * 1_000_000):
        assert not keyring.is_setup_key(wrong)


async def test_the_wrong_key_is_refused_at_start(db: Connection, now: datetime) -> None:
    await check_keys(db, Keyring([OLD]), now=now)
    await check_keys(db, Keyring([OLD]), now=now)
    with pytest.raises(WrongKey, match=Keyring([OLD]).current_id):
        await check_keys(db, Keyring([NEW]), now=now)
    await check_keys(db, Keyring([NEW, OLD]), now=now)
    with pytest.raises(WrongKey):
        await check_keys(db, Keyring([OLD]), now=now)


async def test_rotation_reseals_in_batches_and_lets_the_old_key_go(
    db: Connection, cast: Cast, now: datetime
) -> None:
    old, both, new = Keyring([OLD]), Keyring([NEW, OLD]), Keyring([NEW])
    await check_keys(db, old, now=now)
    ids = [new_id() for _ in range(5)]
    for n, secret_id in enumerate(ids):
        await put_secret(db, old, cast.ours, secret_id, f"secret {n}".encode(), now=now)
    await check_keys(db, both, now=now)
    assert await retire_keys(db, both) == sorted([old.current_id, new.current_id])
    async with db.transaction():
        assert await rotate_batch(db, both, STORED, limit=3) == 3
    async with db.transaction():
        assert await rotate_batch(db, both, STORED, limit=3) == 2
        assert await rotate_batch(db, both, STORED, limit=3) == 0
    for place in PLACES:
        assert await rotate_batch(db, both, place) == 0
    assert await retire_keys(db, both) == [new.current_id]
    await check_keys(db, new, now=now)
    assert await get_secret(db, new, cast.ours, ids[4]) == b"secret 4"
    assert await db.fetchval("SELECT array_agg(DISTINCT key_id) FROM secret") == [new.current_id]


async def test_channel_and_code_secrets_are_rotated_in_their_own_context(
    db: Connection, cast: Cast, now: datetime
) -> None:
    old, both, new = Keyring([OLD]), Keyring([NEW, OLD]), Keyring([NEW])
    inbox, channel = new_id(), new_id()
    await db.execute(
        "INSERT INTO inbox (workspace_id, id, name, created_at) VALUES ($1, $2, 'all', $3)",
        cast.ours, inbox, now,
    )  # fmt: skip
    context = context_of(cast.ours, "channel.secret", channel)
    await db.execute(
        "INSERT INTO channel (workspace_id, id, network, external_id, handle, name, inbox_id,"
        " secret, created_at) VALUES ($1, $2, 'rehearsal', 'x', 'x', 'x', $3, $4, $5)",
        cast.ours, channel, inbox, old.seal(b"app password", context=context), now,
    )  # fmt: skip
    wanted = Wanted(host="smtp.example", sender="care@x.example", password="mail password")
    await keep_server(db, old, cast.ours, wanted, now=now)
    rotated = {place.name: await rotate_batch(db, both, place) for place in PLACES}
    some = {"channel.secret": 1, "mail_server.password": 1}
    assert rotated == dict.fromkeys(rotated, 0) | some
    server = await load_server(db, new, cast.ours)
    assert server is not None
    assert server.password == "mail password"
    sealed = await db.fetchval("SELECT secret FROM channel")
    assert new.open(sealed, context=context) == b"app password"


async def test_secrets_are_kept_per_workspace(
    db: Connection, cast: Cast, keyring: Keyring, now: datetime
) -> None:
    secret_id = new_id()
    await put_secret(db, keyring, cast.ours, secret_id, b"ours", now=now)
    await put_secret(db, keyring, cast.ours, secret_id, b"ours, newer", now=now)
    assert await get_secret(db, keyring, cast.ours, secret_id) == b"ours, newer"
    assert await get_secret(db, keyring, cast.theirs, secret_id) is None
    await delete_secret(db, cast.theirs, secret_id)
    assert await get_secret(db, keyring, cast.ours, secret_id)
    await delete_secret(db, cast.ours, secret_id)
    assert await get_secret(db, keyring, cast.ours, secret_id) is None
