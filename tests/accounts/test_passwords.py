"""Passwords: what is taken, what is kept, what is proven."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import pytest
from argon2 import PasswordHasher

from earful.accounts import passwords
from earful.accounts.errors import Invalid
from earful.accounts.passwords import check_new, hash_of, matches, rehash_if_old, set_password
from earful.store.pool import Connection
from tests.accounts.conftest import Cast


@pytest.mark.parametrize(
    "bad",
    ["short", "aaaaaaaaaaaaaaaa", "x" * 600, "alice@northwind.example", "lone \ud800 surrogate"],
)
def test_a_bad_password_is_refused_in_words(bad: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_new(bad, email="Alice@northwind.example")
    assert caught.value.field == "password"
    assert bad not in str(caught.value)


async def test_only_the_right_password_matches_and_only_a_hash_is_kept(
    db: Connection, cast: Cast, now: datetime
) -> None:
    await set_password(db, cast.ours, cast.alice.id, "three tall ships", now=now)
    kept = await hash_of(db, cast.ours, cast.alice.id)
    assert kept is not None
    assert kept.startswith("$argon2id$")
    assert "ships" not in kept
    assert await matches("three tall ships", kept)
    assert not await matches("three tall shipz", kept)
    assert await hash_of(db, cast.theirs, cast.alice.id) is None


async def test_hostile_passwords_are_wrong_not_errors(
    db: Connection, cast: Cast, now: datetime
) -> None:
    await set_password(db, cast.ours, cast.alice.id, "three tall ships", now=now)
    kept = await hash_of(db, cast.ours, cast.alice.id)
    for hostile in ("three tall ships\x00", "\x00", "", "x" * 1_000_000, "\ud800", "' OR 1=1 --"):
        assert not await matches(hostile, kept)
        assert not await matches(hostile, None)
    assert not await matches("three tall ships", "no hash at all")


async def test_a_password_typed_on_another_keyboard_is_the_same(
    db: Connection, cast: Cast, now: datetime
) -> None:
    await set_password(db, cast.ours, cast.alice.id, "drei große Schiffe, \u00fcber", now=now)
    kept = await hash_of(db, cast.ours, cast.alice.id)
    assert await matches("drei große Schiffe, u\u0308ber", kept)


async def test_nobody_costs_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            verified.append(str(hash))
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "HASHER", Counting())
    somebody = passwords.HASHER.hash("three tall ships")
    await matches("wrong password", somebody)
    await matches("wrong password", None)
    assert len(verified) == 2
    assert [h.split("$")[1:4] for h in verified] == [somebody.split("$")[1:4]] * 2


async def test_a_hash_of_old_parameters_is_made_anew(
    db: Connection, cast: Cast, now: datetime
) -> None:
    ids = (cast.ours, cast.alice.id)
    await set_password(db, *ids, "three tall ships", now=now)
    assert not await rehash_if_old(db, *ids, "three tall ships", str(await hash_of(db, *ids)))
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("three tall ships")
    await db.execute("UPDATE credential SET hash = $1", old)
    assert await rehash_if_old(db, *ids, "three tall ships", old)
    fresh = await hash_of(db, *ids)
    assert fresh != old
    assert await matches("three tall ships", fresh)


async def test_a_rehash_does_not_bring_back_a_password_changed_meanwhile(
    db: Connection, cast: Cast, now: datetime
) -> None:
    ids = (cast.ours, cast.alice.id)
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("three tall ships")
    await set_password(db, *ids, "four tall ships!", now=now)
    await rehash_if_old(db, *ids, "three tall ships", old)
    assert await matches("four tall ships!", await hash_of(db, *ids))
