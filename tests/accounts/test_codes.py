"""Codes of an authenticator app, and what to do without it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pyotp
import pytest

from earful.accounts.errors import NotAllowed
from earful.accounts.identify import identify
from earful.accounts.recovery import codes_left, make_codes, use_code
from earful.accounts.secrets import Broken, Keyring
from earful.accounts.sessions import open_session
from earful.accounts.standing import reset_codes
from earful.accounts.totp import (
    begin_enrolment,
    check_code,
    confirm_enrolment,
    has_codes,
    turn_off,
)
from earful.store.pool import Connection, Database
from tests.accounts.conftest import Cast

STEP = timedelta(seconds=30)


class Phone:
    """Bob's authenticator app."""

    def __init__(self, db: Connection, keyring: Keyring, cast: Cast) -> None:
        self.db, self.keyring, self.ids = db, keyring, (cast.ours, cast.bob.id)
        self.secret = ""

    async def scan(self, now: datetime) -> bool:
        found = await begin_enrolment(
            self.db, self.keyring, *self.ids, email="bob@x.example", issuer="Earful", now=now
        )
        self.secret = found.secret if found else self.secret
        return found is not None

    def shows(self, now: datetime) -> str:
        return pyotp.TOTP(self.secret).at(now)

    async def confirm(self, code: str, now: datetime) -> list[str] | None:
        return await confirm_enrolment(self.db, self.keyring, *self.ids, code, now=now)

    async def check(self, code: str, now: datetime) -> bool:
        return await check_code(self.db, self.keyring, *self.ids, code, now=now)


@pytest.fixture
async def phone(db: Connection, keyring: Keyring, cast: Cast, now: datetime) -> Phone:
    phone = Phone(db, keyring, cast)
    assert await phone.scan(now)
    return phone


async def test_codes_are_on_only_after_the_first_right_one(phone: Phone, now: datetime) -> None:
    assert not await phone.check(phone.shows(now), now)
    assert await phone.confirm("000000", now) is None
    assert not await has_codes(phone.db, *phone.ids)
    codes = await phone.confirm(phone.shows(now), now)
    assert codes is not None
    assert len(set(codes)) == 10
    assert await has_codes(phone.db, *phone.ids)
    assert not await phone.scan(now), "a confirmed secret is never shown again"


async def test_loading_the_page_again_shows_the_same_secret(phone: Phone, now: datetime) -> None:
    before = phone.secret
    await phone.scan(now)
    assert phone.secret == before


async def test_a_code_works_once_and_never_an_earlier_one(phone: Phone, now: datetime) -> None:
    await phone.confirm(phone.shows(now), now)
    assert not await phone.check(phone.shows(now), now), "the one that confirmed is spent"
    later = now + 4 * STEP
    code = phone.shows(later)
    assert await phone.check(f" {code[:3]} {code[3:]} ", later)
    assert not await phone.check(code, later)
    assert not await phone.check(code, later + STEP)
    assert not await phone.check(phone.shows(later - STEP), later)
    assert await phone.check(phone.shows(later + STEP), later), "clocks differ a little"


async def test_codes_from_further_away_are_wrong(phone: Phone, now: datetime) -> None:
    await phone.confirm(phone.shows(now), now)
    later = now + 10 * STEP
    assert not await phone.check(phone.shows(later - 2 * STEP), later)
    assert not await phone.check(phone.shows(later + 2 * STEP), later)


@pytest.mark.parametrize("hostile", ["", "\x00", "1" * 1_000_000, "١٢٣٤٥٦", "\ud800", "12345"])
async def test_hostile_codes_are_wrong(
    phone: Phone, cast: Cast, now: datetime, hostile: str
) -> None:
    await phone.confirm(phone.shows(now), now)
    assert not await phone.check(hostile, now)
    assert not await use_code(phone.db, *phone.ids, hostile, now=now)


async def test_of_two_with_the_same_code_one_gets_in(
    database: Database, phone: Phone, now: datetime
) -> None:
    await phone.confirm(phone.shows(now), now)
    later = now + 4 * STEP

    async def one() -> bool:
        async with database.transaction() as db:
            return await check_code(db, phone.keyring, *phone.ids, phone.shows(later), now=later)

    assert sorted(await asyncio.gather(one(), one(), one())) == [False, False, True]


async def test_the_secret_is_encrypted_for_its_row(phone: Phone, cast: Cast, now: datetime) -> None:
    sealed = await phone.db.fetchval("SELECT secret FROM totp")
    assert phone.secret.encode() not in sealed
    await phone.confirm(phone.shows(now), now)
    await phone.db.execute(
        "INSERT INTO totp SELECT workspace_id, $1, secret, created_at, confirmed_at, 0 FROM totp",
        cast.alice.id,
    )
    with pytest.raises(Broken):
        await check_code(phone.db, phone.keyring, cast.ours, cast.alice.id, "123456", now=now)


async def test_recovery_codes_work_once_each_and_only_for_their_owner(
    db: Connection, cast: Cast, now: datetime
) -> None:
    codes = await make_codes(db, cast.ours, cast.bob.id, now=now)
    assert not await use_code(db, cast.ours, cast.alice.id, codes[0], now=now)
    assert await use_code(db, cast.ours, cast.bob.id, codes[0].upper().replace("-", " "), now=now)
    assert not await use_code(db, cast.ours, cast.bob.id, codes[0], now=now)
    assert await codes_left(db, cast.ours, cast.bob.id) == 9
    fresh = await make_codes(db, cast.ours, cast.bob.id, now=now)
    assert not await use_code(db, cast.ours, cast.bob.id, codes[1], now=now)
    assert await use_code(db, cast.ours, cast.bob.id, fresh[1], now=now)
    kept = await db.fetchval("SELECT string_agg(recovery_code::text, '') FROM recovery_code")
    assert fresh[2] not in kept


async def test_an_owner_can_reset_the_codes_of_somebody_who_lost_theirs(
    phone: Phone, cast: Cast, now: datetime
) -> None:
    await phone.confirm(phone.shows(now), now)
    cookie = await open_session(phone.db, *phone.ids, user_agent="", address="", now=now)
    with pytest.raises(NotAllowed):
        await reset_codes(phone.db, *phone.ids, by="agent", by_id=cast.bob.id, now=now)
    assert await reset_codes(phone.db, *phone.ids, by="owner", by_id=cast.alice.id, now=now)
    assert not await has_codes(phone.db, *phone.ids)
    assert await identify(phone.db, cookie=cookie, bearer=None, now=now) is None


async def test_turning_codes_off_forgets_everything(phone: Phone, now: datetime) -> None:
    await phone.confirm(phone.shows(now), now)
    assert await turn_off(phone.db, *phone.ids)
    assert not await has_codes(phone.db, *phone.ids)
    assert await codes_left(phone.db, *phone.ids) == 0
    assert not await turn_off(phone.db, *phone.ids)
