"""Sessions and bearer tokens: who is recognised, until when, and where not."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from earful.accounts.api_tokens import create_token, list_tokens, revoke_token
from earful.accounts.csrf import csrf_for, csrf_matches
from earful.accounts.errors import Invalid
from earful.accounts.identify import Principal, identify, refresh
from earful.accounts.links import make_link
from earful.accounts.sessions import list_sessions, open_session, revoke, revoke_all
from earful.accounts.standing import disable_agent
from earful.accounts.throttle import attempt
from earful.accounts.tidy import tidy
from earful.accounts.tokens import digest
from earful.store.pool import Connection
from tests.accounts.conftest import Cast

DAY = timedelta(days=1)


async def enter(db: Connection, cast: Cast, now: datetime) -> str:
    return await open_session(
        db, cast.ours, cast.bob.id, user_agent="Firefox\r\nSet-Cookie: x", address="::1", now=now
    )


async def who(db: Connection, cookie: str | None, now: datetime) -> Principal | None:
    return await identify(db, cookie=cookie, bearer=None, now=now)


async def test_a_session_names_its_agent(db: Connection, cast: Cast, now: datetime) -> None:
    token = await enter(db, cast, now)
    principal = await who(db, token, now)
    assert principal is not None
    assert (principal.workspace_id, principal.agent_id) == (cast.ours, cast.bob.id)
    assert (principal.role, principal.name) == ("agent", "Bob Cole")
    assert principal.csrf == csrf_for(token)
    assert not principal.stale
    assert principal.ends_at == now + 14 * DAY


async def test_the_token_itself_is_not_stored(db: Connection, cast: Cast, now: datetime) -> None:
    token = await enter(db, cast, now)
    stored = await db.fetchval("SELECT session::text FROM session")
    assert token not in stored
    assert digest(token).hex() in stored


async def test_idling_and_age_end_a_session(db: Connection, cast: Cast, now: datetime) -> None:
    token = await enter(db, cast, now)
    assert await who(db, token, now + 14 * DAY - timedelta(seconds=1))
    assert await who(db, token, now + 14 * DAY) is None
    for days in (10, 20, 29):
        principal = await who(db, token, now + days * DAY)
        assert principal is not None
        assert principal.stale
        await refresh(db, principal, now=now + days * DAY)
    assert await who(db, token, now + 30 * DAY) is None


@pytest.mark.parametrize(
    "rubbish", [None, "", "x", "\x00" * 43, "é" * 43, "a" * 43, "a" * 1_000_000, "\ud800" * 43]
)
async def test_rubbish_is_nobody(db: Connection, now: datetime, rubbish: str | None) -> None:
    assert await who(db, rubbish, now) is None
    assert await identify(db, cookie=None, bearer=rubbish, now=now) is None
    if rubbish is not None:
        assert await identify(db, cookie=None, bearer=f"earful_{rubbish}", now=now) is None


async def test_sessions_are_listed_and_revoked_by_their_agent_only(
    db: Connection, cast: Cast, now: datetime
) -> None:
    token = await enter(db, cast, now)
    (listed,) = await list_sessions(db, cast.ours, cast.bob.id, now=now)
    assert (listed.user_agent, listed.address) == ("Firefox Set-Cookie: x", "::1")
    assert not await revoke(db, cast.ours, cast.alice.id, listed.id, now=now)
    assert not await revoke(db, cast.theirs, cast.bob.id, listed.id, now=now)
    assert not await revoke(db, cast.ours, cast.bob.id, "no id", now=now)
    assert await who(db, token, now)
    assert await revoke(db, cast.ours, cast.bob.id, listed.id, now=now)
    assert await who(db, token, now) is None
    assert await list_sessions(db, cast.ours, cast.bob.id, now=now) == []


async def test_all_but_one_can_be_revoked(db: Connection, cast: Cast, now: datetime) -> None:
    here, there = await enter(db, cast, now), await enter(db, cast, now)
    kept = await who(db, here, now)
    assert kept is not None
    assert await revoke_all(db, cast.ours, cast.bob.id, now=now, keep=kept.session_id) == 1
    assert await who(db, here, now)
    assert await who(db, there, now) is None


async def test_a_disabled_agent_is_out_at_once(db: Connection, cast: Cast, now: datetime) -> None:
    token = await enter(db, cast, now)
    ids = (cast.ours, cast.bob.id)
    _, bearer = await create_token(db, *ids, name="script", scopes=["read"], now=now)
    await disable_agent(db, *ids, by="owner", now=now)
    assert await who(db, token, now) is None
    assert await identify(db, cookie=None, bearer=bearer, now=now) is None


def test_csrf_belongs_to_one_cookie() -> None:
    assert csrf_matches("cookie", csrf_for("cookie"))
    for cookie, token in [("other", csrf_for("cookie")), (None, csrf_for("")), ("", csrf_for(""))]:
        assert not csrf_matches(cookie, token)
    assert not csrf_matches("cookie", None)
    assert not csrf_matches("cookie", "\ud800é\x00")


async def test_a_bearer_token_acts_as_its_agent_within_its_scopes(
    db: Connection, cast: Cast, now: datetime
) -> None:
    made, text = await create_token(
        db, cast.ours, cast.lea.id, name=" reports\n", scopes=["read"], now=now
    )
    assert text.startswith("earful_")
    assert text not in await db.fetchval("SELECT api_token::text FROM api_token")
    principal = await identify(db, cookie="ignored", bearer=text, now=now)
    assert principal is not None
    assert (principal.workspace_id, principal.agent_id) == (cast.ours, cast.lea.id)
    assert (principal.token_id, principal.session_id, principal.csrf) == (made.id, None, None)
    assert principal.may("desk.read")
    assert not principal.may("conversation.reply")
    assert not principal.may("channel.change")
    assert principal.stale
    await refresh(db, principal, now=now)
    (listed,) = await list_tokens(db, cast.ours)
    assert (listed.name, listed.used_at) == ("reports", now)
    assert await list_tokens(db, cast.theirs) == []


async def test_bearer_tokens_end(db: Connection, cast: Cast, now: datetime) -> None:
    made, text = await create_token(
        db, cast.ours, cast.lea.id, name="x", scopes=["admin"], now=now, expires_at=now + DAY
    )
    assert await identify(db, cookie=None, bearer=text, now=now)
    assert await identify(db, cookie=None, bearer=text, now=now + DAY) is None
    assert not await revoke_token(db, cast.theirs, made.id, now=now)
    assert await revoke_token(db, cast.ours, made.id, now=now)
    assert await identify(db, cookie=None, bearer=text, now=now) is None


@pytest.mark.parametrize(("name", "scopes"), [("", ["read"]), ("x", []), ("x", ["read", "root"])])
async def test_a_token_needs_a_name_and_known_scopes(
    db: Connection, cast: Cast, now: datetime, name: str, scopes: list[str]
) -> None:
    with pytest.raises(Invalid):
        await create_token(db, cast.ours, cast.lea.id, name=name, scopes=scopes, now=now)


async def test_a_bearer_that_is_wrong_is_not_saved_by_a_cookie(
    db: Connection, cast: Cast, now: datetime
) -> None:
    token = await enter(db, cast, now)
    assert await identify(db, cookie=token, bearer="earful_" + "a" * 43, now=now) is None


async def test_what_ended_long_ago_is_deleted(db: Connection, cast: Cast, now: datetime) -> None:
    async def counts() -> list[int]:
        row = await db.fetchrow(
            "SELECT (SELECT count(*) FROM session), (SELECT count(*) FROM link),"
            " (SELECT count(*) FROM throttle)"
        )
        return list(row or ())

    await enter(db, cast, now)
    await make_link(db, cast.ours, cast.bob.id, "invitation", now=now)
    await attempt(db, purpose="sign-in", account="a", address="b", now=now)
    await tidy(db, now=now)
    assert await counts() == [1, 1, 2]
    await tidy(db, now=now + 2 * DAY)
    assert await counts() == [1, 1, 0]
    await tidy(db, now=now + 61 * DAY)
    assert await counts() == [0, 0, 0]


async def test_identifying_is_one_query(db: Connection, cast: Cast, now: datetime) -> None:
    token = await enter(db, cast, now)
    await who(db, token, now)  # a fresh connection asks for its types first
    queries: list[str] = []
    with db.query_logger(lambda record: queries.append(record.query)):
        await who(db, token, now)
        await asyncio.sleep(0)  # the logger is called by the loop
    assert len(queries) == 1
