"""Guessing gets slower: per account, per address, in all processes."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from earful.accounts.throttle import attempt, forgive, in_words, network_of, succeeded, wait_after
from earful.store.pool import Connection, Database

SECOND = timedelta(seconds=1)


async def guess(
    db: Connection, now: datetime, account: str = "alice@x.example", address: str = "192.0.2.1"
) -> timedelta | None:
    return await attempt(db, purpose="sign-in", account=account, address=address, now=now)


async def test_the_sixth_failure_waits_and_each_wait_doubles(db: Connection, now: datetime) -> None:
    for _ in range(5):
        assert await guess(db, now) is None
    assert await guess(db, now) == 2 * SECOND
    assert await guess(db, now, " ALICE@x.example") == 2 * SECOND, "spelling is no way around"
    assert await guess(db, now, address="192.0.2.9") == 2 * SECOND, "nor is another address"
    assert await guess(db, now + 2 * SECOND) is None
    assert await guess(db, now + 2 * SECOND) == 4 * SECOND
    assert await guess(db, now, "bob@x.example") is None


async def test_one_address_at_many_accounts_waits_too(db: Connection, now: datetime) -> None:
    for n in range(20):
        assert await guess(db, now, f"a{n}@x.example") is None
    assert await guess(db, now, "fresh@x.example") == 2 * SECOND
    assert await guess(db, now, "fresh@x.example", "192.0.2.2") is None


async def test_success_clears_the_account_but_not_what_the_address_guessed(
    db: Connection, now: datetime
) -> None:
    for n in range(19):
        await guess(db, now, f"a{n}@x.example")
    assert await guess(db, now, "mine@x.example") is None
    await succeeded(db, purpose="sign-in", account="mine@x.example", address="192.0.2.1")
    assert await guess(db, now, "victim@x.example") is None
    assert await guess(db, now, "victim@x.example") == 2 * SECOND


async def test_forgiving_and_a_day_of_peace_clear_an_account(db: Connection, now: datetime) -> None:
    for _ in range(5):
        await guess(db, now)
    await forgive(db, purpose="sign-in", account="alice@x.example")
    for _ in range(5):
        assert await guess(db, now) is None
    later = now + timedelta(days=1, seconds=1)
    for _ in range(5):
        assert await guess(db, later) is None


async def test_guesses_at_the_same_instant_are_all_counted(
    database: Database, now: datetime
) -> None:
    async def one() -> timedelta | None:
        async with database.transaction() as db:
            return await guess(db, now)

    waits = await asyncio.gather(*(one() for _ in range(12)))
    assert waits.count(None) == 5
    assert waits.count(2 * SECOND) == 7


def test_no_wait_is_longer_than_a_quarter_of_an_hour() -> None:
    assert wait_after(4, "account") == timedelta(0)
    assert wait_after(5, "account") == 2 * SECOND
    assert wait_after(1_000_000, "account") == timedelta(minutes=15)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 second"), (40, "40 seconds"), (60, "1 minute"), (61, "2 minutes")],
)
def test_waits_are_said_in_words(seconds: float, words: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == words


def test_an_ipv6_customer_is_one_address() -> None:
    assert network_of("2001:db8:1:2:aaaa::1") == network_of("2001:db8:1:2:bbbb::2")
    assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:192.0.2.1") == "192.0.2.1"
    assert network_of("not an address") == "not an address"


async def test_what_was_typed_is_not_stored(db: Connection, now: datetime) -> None:
    await guess(db, now, "my secret password \x00\ud800")
    assert b"secret" not in b"".join(r["key"] for r in await db.fetch("SELECT key FROM throttle"))
