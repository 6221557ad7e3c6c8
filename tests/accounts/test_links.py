"""Setup, invitations, new passwords: each link once, for one person, not for long."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from earful.accounts.audit import verify
from earful.accounts.errors import AlreadySetUp, Invalid, NoSuchAgent, NotAllowed
from earful.accounts.identify import identify
from earful.accounts.invitations import invite
from earful.accounts.links import LASTS_FOR, Link, look_at_link, make_link, use_link
from earful.accounts.new_password import change_password, choose_by_link, reset
from earful.accounts.passwords import hash_of, matches, set_password
from earful.accounts.sessions import list_sessions, open_session
from earful.accounts.setup import anybody, create_workspace, needs_setup, set_up
from earful.accounts.standing import disable_agent
from earful.store.pool import Connection, Database
from tests.accounts.conftest import Cast

ALICE = {
    "workspace": " Northwind\n",
    "name": "Alice Baker",
    "email": "Alice@Northwind.example",
    "password": "three tall ships",
}


async def test_the_first_owner_sets_up_and_nobody_after(db: Connection, now: datetime) -> None:
    await create_workspace(db, name="Rehearsal", now=now, rehearsal=True)
    assert await needs_setup(db), "a rehearsal is not a desk"
    workspace_id, owner = await set_up(db, **ALICE, now=now)
    assert (owner.role, owner.email) == ("owner", "alice@northwind.example")
    assert await matches("three tall ships", await hash_of(db, workspace_id, owner.id))
    assert (
        await db.fetchval("SELECT name FROM workspace WHERE id = $1", workspace_id) == "Northwind"
    )
    inboxes = await db.fetch("SELECT workspace_id FROM inbox")
    assert [row["workspace_id"] for row in inboxes] == [workspace_id]
    assert not await needs_setup(db)
    assert await anybody(db)
    with pytest.raises(AlreadySetUp):
        await set_up(db, **{**ALICE, "email": "eve@x.example"}, now=now)


async def test_of_two_who_set_up_at_once_one_does(database: Database, now: datetime) -> None:
    async def one(email: str) -> None:
        async with database.transaction() as db:
            await set_up(db, **{**ALICE, "email": email}, now=now)

    results = await asyncio.gather(
        one("alice@x.example"), one("eve@x.example"), return_exceptions=True
    )
    assert [type(r) for r in results].count(AlreadySetUp) == 1
    async with database.acquire() as db:
        assert await db.fetchval("SELECT count(*) FROM workspace") == 1


@pytest.mark.parametrize("field", ["workspace", "name", "email", "password"])
async def test_setup_needs_every_field(db: Connection, now: datetime, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        async with db.transaction():
            await set_up(db, **{**ALICE, field: " \x00"}, now=now)
    assert caught.value.field == field
    assert await needs_setup(db)


async def test_a_link_works_once_for_its_purpose_until_it_expires(
    db: Connection, cast: Cast, now: datetime
) -> None:
    token = await make_link(db, cast.ours, cast.bob.id, "invitation", now=now)
    assert token not in await db.fetchval("SELECT link::text FROM link")
    found = await look_at_link(db, token, "invitation", now=now)
    assert isinstance(found, Link)
    assert (found.workspace_name, found.name) == ("Northwind", "Bob Cole")
    assert await look_at_link(db, token, "password", now=now) is None
    end = now + LASTS_FOR["invitation"]
    assert await look_at_link(db, token, "invitation", now=end) is None
    assert await use_link(db, token, "invitation", now=end - timedelta(seconds=1))
    assert await use_link(db, token, "invitation", now=now) is None


@pytest.mark.parametrize("rubbish", [None, "", "x", "\x00" * 43, "a" * 43, "é" * 43, "a" * 10**6])
async def test_rubbish_is_no_link(db: Connection, now: datetime, rubbish: str | None) -> None:
    assert await look_at_link(db, rubbish, "password", now=now) is None
    assert await use_link(db, rubbish, "password", now=now) is None


async def test_a_newer_link_replaces_the_older(db: Connection, cast: Cast, now: datetime) -> None:
    first = await make_link(db, cast.ours, cast.bob.id, "password", now=now)
    other = await make_link(db, cast.ours, cast.vic.id, "password", now=now)
    second = await make_link(db, cast.ours, cast.bob.id, "password", now=now)
    assert await look_at_link(db, first, "password", now=now) is None
    assert await look_at_link(db, other, "password", now=now)
    assert await look_at_link(db, second, "password", now=now)


async def test_of_two_who_use_a_link_at_once_one_does(
    database: Database, db: Connection, cast: Cast, now: datetime
) -> None:
    token = await make_link(db, cast.ours, cast.bob.id, "invitation", now=now)

    async def one(password: str) -> Link | None:
        async with database.transaction() as own:
            return await choose_by_link(own, token, "invitation", password, now=now)

    results = await asyncio.gather(one("three tall ships"), one("four tall ships"))
    assert results.count(None) == 1


async def test_an_invitation_gives_a_password_and_is_written_down(
    db: Connection, cast: Cast, now: datetime
) -> None:
    path = await invite(db, cast.ours, cast.bob.id, by="lead", by_id=cast.lea.id, now=now)
    assert path.startswith("/invitation/")
    token = path.removeprefix("/invitation/")
    assert await choose_by_link(db, token, "invitation", "three tall ships", now=now)
    assert await matches("three tall ships", await hash_of(db, cast.ours, cast.bob.id))
    acts = [r["act"] for r in await db.fetch("SELECT act FROM audit ORDER BY seq")]
    assert acts == ["invitation.link_made", "invitation.accepted"]
    assert (await verify(db, cast.ours)).whole
    again = await invite(db, cast.ours, cast.bob.id, by="lead", by_id=cast.lea.id, now=now)
    assert again.startswith("/password/"), "who has a password gets a link for a new one"


async def test_links_into_an_owners_account_are_made_by_owners_only(
    db: Connection, cast: Cast, now: datetime
) -> None:
    with pytest.raises(NotAllowed):
        await invite(db, cast.ours, cast.alice.id, by="lead", by_id=cast.lea.id, now=now)
    with pytest.raises(NotAllowed):
        await invite(db, cast.ours, cast.vic.id, by="agent", by_id=cast.bob.id, now=now)
    with pytest.raises(NoSuchAgent):
        await invite(db, cast.ours, cast.mallory.id, by="owner", by_id=cast.alice.id, now=now)
    await disable_agent(db, cast.ours, cast.vic.id, by="owner", now=now)
    with pytest.raises(Invalid):
        await invite(db, cast.ours, cast.vic.id, by="owner", by_id=cast.alice.id, now=now)


async def test_a_link_of_somebody_disabled_does_not_work(
    db: Connection, cast: Cast, now: datetime
) -> None:
    token = await make_link(db, cast.ours, cast.bob.id, "invitation", now=now)
    await disable_agent(db, cast.ours, cast.bob.id, by="owner", now=now)
    assert await choose_by_link(db, token, "invitation", "three tall ships", now=now) is None
    assert await hash_of(db, cast.ours, cast.bob.id) is None


async def test_a_new_password_ends_every_session_and_link(
    db: Connection, cast: Cast, now: datetime
) -> None:
    ids = (cast.ours, cast.bob.id)
    await set_password(db, *ids, "three tall ships", now=now)
    cookie = await open_session(db, *ids, user_agent="", address="", now=now)
    link, token = await reset(db, email="Bob@northwind.example", now=now)
    assert link.agent_id == cast.bob.id
    step = await make_link(db, *ids, "step", now=now)
    with pytest.raises(Invalid):
        await choose_by_link(db, token, "password", "short", now=now)
    assert await choose_by_link(db, token, "password", "four tall ships", now=now)
    assert await identify(db, cookie=cookie, bearer=None, now=now) is None
    assert await look_at_link(db, step, "step", now=now) is None
    with pytest.raises(NoSuchAgent):
        await reset(db, email="nobody@northwind.example", now=now)


async def test_changing_a_password_keeps_this_session_only(
    db: Connection, cast: Cast, now: datetime
) -> None:
    ids = (cast.ours, cast.bob.id)
    await set_password(db, *ids, "three tall ships", now=now)
    here = await open_session(db, *ids, user_agent="", address="", now=now)
    await open_session(db, *ids, user_agent="", address="", now=now)
    me = await identify(db, cookie=here, bearer=None, now=now)
    assert me is not None
    new = {"new": "four tall ships", "keep_session": me.session_id, "now": now}
    with pytest.raises(Invalid) as caught:
        await change_password(db, *ids, current="wrong", **new)  # type: ignore[arg-type]
    assert caught.value.field == "current"
    assert len(await list_sessions(db, *ids, now=now)) == 2
    await change_password(db, *ids, current="three tall ships", **new)  # type: ignore[arg-type]
    assert [s.id for s in await list_sessions(db, *ids, now=now)] == [me.session_id]
