"""People: added, changed, shut out; roles and what they give."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import pytest

from earful.accounts.errors import Invalid, LastOwner, NoSuchAgent, NotAllowed, Taken
from earful.accounts.naming import handle_for, initials_for
from earful.accounts.passwords import set_password
from earful.accounts.people import add_agent, change_agent, get_agent, list_agents
from earful.accounts.roles import LEAST, ROLES, UnknownAct, may, may_manage, scopes_allow
from earful.accounts.standing import change_role, disable_agent, enable_agent
from earful.kit.ids import new_id
from earful.store.pool import Connection, Database
from tests.accounts.conftest import Cast


async def test_somebody_added_has_a_handle_and_initials_of_their_own(
    db: Connection, cast: Cast, now: datetime
) -> None:
    assert (cast.alice.handle, cast.alice.sign_off) == ("alice", "^AB")
    again = await add_agent(
        db, cast.ours, name="Alice Bell", email="ALICE.B@x.example ", role="agent", now=now
    )
    assert (again.handle, again.initials, again.email) == ("alice-bell", "ABE", "alice.b@x.example")
    assert [a.name for a in await list_agents(db, cast.theirs)] == ["Mallory Moe"]


@pytest.mark.parametrize(
    ("name", "initials", "handle"),
    [
        ("Élodie Brûlé", "EB", "elodie"),
        ("Straßmann", "ST", "strassmann"),
        ("李雷", "李雷", "李雷"),
        ("O'Neil, Tom", "OT", "o"),
        ("!!!", "A", "agent"),
    ],
)
def test_names_of_all_kinds_give_something(name: str, initials: str, handle: str) -> None:
    assert initials_for(name, ()) == initials
    assert handle_for(name, ()) == handle


def test_initials_and_handles_never_run_out() -> None:
    taken: set[str] = set()
    for _ in range(50):
        text = initials_for("Alice Baker", taken)
        assert text not in taken
        taken.add(text)
    handles: set[str] = set()
    for _ in range(50):
        handles.add(handle_for("Alice Baker", handles))
    assert len(handles) == 50


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", {"name": " \x00 "}),
        ("email", {"email": "no address"}),
        ("email", {"email": "a@b\r\nBcc: x@y"}),
        ("email", {"email": "a\x00@b.example"}),
        ("email", {"email": "\ud800@b.example"}),
        ("email", {"email": "a" * 300 + "@b.example"}),
        ("role", {"role": "root"}),
        ("handle", {"handle": "two words"}),
        ("initials", {"initials": "TOOLONG"}),
    ],
)
async def test_bad_fields_are_named(
    db: Connection, cast: Cast, now: datetime, field: str, values: dict[str, str]
) -> None:
    whole: dict[str, Any] = {"name": "Dan", "email": "dan@x.example", "role": "agent", **values}
    with pytest.raises(Invalid) as caught:
        await add_agent(db, cast.ours, now=now, **whole)
    assert caught.value.field == field


async def test_an_address_signs_one_person_in_everywhere(
    db: Connection, cast: Cast, now: datetime
) -> None:
    with pytest.raises(Taken) as caught:
        await add_agent(
            db, cast.theirs, name="Bob", email="BOB@northwind.example", role="agent", now=now
        )
    assert caught.value.field == "email"
    with pytest.raises(Taken) as caught:
        await change_agent(db, cast.ours, cast.bob.id, handle="@Alice")
    assert caught.value.field == "handle"


async def test_what_is_given_is_changed(db: Connection, cast: Cast) -> None:
    changed = await change_agent(db, cast.ours, cast.bob.id, initials="^bc", undo_for=20)
    assert (changed.sign_off, changed.undo_for, changed.name) == ("^BC", 20, "Bob Cole")
    with pytest.raises(Invalid):
        await change_agent(db, cast.ours, cast.bob.id, undo_for=61)


async def test_another_workspaces_people_do_not_exist(
    db: Connection, cast: Cast, now: datetime
) -> None:
    for stranger in (cast.mallory.id, new_id(), "", "no id", "\x00"):
        with pytest.raises(NoSuchAgent):
            await get_agent(db, cast.ours, stranger)
        with pytest.raises(NoSuchAgent):
            await change_agent(db, cast.ours, stranger, name="x")
        with pytest.raises(NoSuchAgent):
            await change_role(db, cast.ours, stranger, "viewer", by="owner")
        with pytest.raises(NoSuchAgent):
            await disable_agent(db, cast.ours, stranger, by="owner", now=now)
    assert (await get_agent(db, cast.theirs, cast.mallory.id)).role == "owner"


async def test_the_last_owner_stays(db: Connection, cast: Cast, now: datetime) -> None:
    ids = (cast.ours, cast.alice.id)
    await change_role(db, cast.ours, cast.lea.id, "owner", by="owner")
    for _ in range(2):  # Lea was made an owner but never chose a password: she does not count
        with pytest.raises(LastOwner):
            await change_role(db, *ids, "agent", by="owner")
        with pytest.raises(LastOwner):
            await disable_agent(db, *ids, by="owner", now=now)
    await set_password(db, cast.ours, cast.lea.id, "three tall ships", now=now)
    assert (await disable_agent(db, *ids, by="owner", now=now)).disabled
    with pytest.raises(LastOwner):
        await change_role(db, cast.ours, cast.lea.id, "lead", by="owner")
    assert not (await enable_agent(db, *ids, by="owner")).disabled


async def test_two_owners_cannot_remove_each_other(
    database: Database, db: Connection, cast: Cast, now: datetime
) -> None:
    await change_role(db, cast.ours, cast.lea.id, "owner", by="owner")
    for agent in (cast.alice, cast.lea):
        await set_password(db, cast.ours, agent.id, "three tall ships", now=now)

    async def disable(agent_id: str) -> None:
        async with database.transaction() as own:
            await disable_agent(own, cast.ours, agent_id, by="owner", now=now)

    results = await asyncio.gather(
        disable(cast.alice.id), disable(cast.lea.id), return_exceptions=True
    )
    assert [type(r) for r in results].count(LastOwner) == 1


async def test_a_lead_touches_no_owner(db: Connection, cast: Cast, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        await change_role(db, cast.ours, cast.lea.id, "owner", by="lead")
    with pytest.raises(NotAllowed):
        await disable_agent(db, cast.ours, cast.alice.id, by="lead", now=now)
    with pytest.raises(NotAllowed):
        await add_agent(
            db, cast.ours, name="Eve", email="eve@x.example", role="owner", now=now, by="lead"
        )
    with pytest.raises(NotAllowed):
        await change_role(db, cast.ours, cast.vic.id, "agent", by="agent")
    assert (await change_role(db, cast.ours, cast.vic.id, "agent", by="lead")).role == "agent"


def test_each_role_includes_the_one_below() -> None:
    rights = {role: {act for act in LEAST if may(role, act)} for role in ROLES}
    assert rights["viewer"] < rights["agent"] < rights["lead"] < rights["owner"]
    assert rights["owner"] == set(LEAST)
    assert rights["viewer"] == {"desk.read", "people.read", "own.change"}
    assert "owner.change" not in rights["lead"]
    assert "conversation.reply" in rights["agent"]
    assert not may_manage("lead", "owner", "agent")


def test_an_act_nobody_listed_is_a_mistake_not_a_right() -> None:
    with pytest.raises(UnknownAct):
        may("owner", "world.end")
    with pytest.raises(UnknownAct):
        scopes_allow(("admin",), "world.end")


def test_scopes_narrow_what_a_role_gives() -> None:
    for act, least in LEAST.items():
        assert scopes_allow(("admin",), act)
        assert scopes_allow(("read",), act) == act.endswith(".read")
        expected = act.endswith(".read") or least in ("viewer", "agent")
        # What makes tokens is more than writing: a token would outlive its own end.
        expected = expected and act != "token.make"
        assert scopes_allow(("write",), act) == expected
        assert not scopes_allow((), act)
