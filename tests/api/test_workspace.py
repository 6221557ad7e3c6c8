"""The rules of a workspace: codes for everybody, and what colleagues see of one another."""

from __future__ import annotations

from typing import Any

import pyotp
import pytest
from litestar import Litestar

from earful.accounts.totp import begin_enrolment, confirm_enrolment
from earful.stream.work import Actor
from tests.api.client import Client
from tests.cast import Cast, post
from tests.desk.acts import home_of, rows, take

OFF: dict[str, dict[str, bool]] = {
    "nothing": {},
    "typing": {"typing": False},
    "presence": {"presence": False},
    "both": {"presence": False, "typing": False},
}


async def enrol(app: Litestar, cast: Cast, who: Actor) -> None:
    """Turn codes on for somebody."""
    ids = (cast.workspace_id, str(who.id))
    keyring, now = app.state.keyring, cast.time()
    async with cast.database.transaction() as db:
        made = await begin_enrolment(db, keyring, *ids, email="a@x", issuer="Earful", now=now)
        assert made is not None
        code = pyotp.TOTP(made.secret).at(now)
        assert await confirm_enrolment(db, keyring, *ids, code, now=now)


async def ask_rules(alice: Client, **rules: bool) -> Any:
    answer = await alice.ask("PATCH", "/workspace", rules)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_requiring_codes_signs_out_at_once_who_has_none(
    app: Litestar, cast: Cast, alice: Client, bob: Client
) -> None:
    refused = await alice.ask("PATCH", "/workspace", {"codes_required": True})
    assert refused.json()["type"] == "no-codes", "an owner does not lock herself out"
    await enrol(app, cast, cast.alice)
    start = (await bob.get("/snapshot")).json()["cursor"]
    async with bob.stream(f"after={start}") as stream:
        await stream.next("")
        await ask_rules(alice, codes_required=True)
        assert (await stream.next())[0] == "bye"
    assert (await bob.get("/me")).status_code == 401
    assert (await alice.get("/me")).json()["rules"]["codes_required"] is True
    lines = await rows(cast, "SELECT act, object_id FROM audit ORDER BY seq")
    assert [(line["act"], line["object_id"]) for line in lines] == [
        ("workspace.changed", cast.workspace_id),
        ("session.revoked", str(cast.bob.id)),
    ]


async def test_another_workspace_is_not_asked_for_codes(
    app: Litestar, cast: Cast, alice: Client, eve: Client
) -> None:
    await enrol(app, cast, cast.alice)
    await ask_rules(alice, codes_required=True)
    assert (await eve.get("/me")).status_code == 200


async def test_a_session_without_codes_is_not_let_in_while_they_are_required(
    app: Litestar, cast: Cast, alice: Client, sign_in: Any
) -> None:
    await enrol(app, cast, cast.alice)
    await ask_rules(alice, codes_required=True)
    late: Client = await sign_in(cast, cast.bob)  # opened at the very moment of the change
    assert (await late.get("/me")).status_code == 401
    await enrol(app, cast, cast.bob)
    assert (await late.get("/me")).status_code == 200
    await ask_rules(alice, codes_required=False)
    async with cast.database.acquire() as db:
        await db.execute("DELETE FROM totp WHERE agent_id = $1", cast.bob.id)
    assert (await late.get("/me")).status_code == 200


@pytest.mark.parametrize(
    ("off", "heard"),
    [
        # What is heard after each of: viewing, typing, viewing, gone; "" for nothing.
        ("nothing", ["viewing", "typing", "viewing", "gone"]),
        ("typing", ["viewing", "viewing", "viewing", "gone"]),
        ("presence", ["", "typing", "gone", ""]),
        ("both", ["", "", "", ""]),
    ],
)
async def test_what_is_turned_off_is_not_told(
    cast: Cast, alice: Client, bob: Client, off: str, heard: list[str]
) -> None:
    await take(cast, post("0"))
    path = f"/conversations/{await home_of(cast, '0')}"
    await ask_rules(alice, **OFF[off])
    start = (await alice.get("/snapshot")).json()["cursor"]
    async with alice.stream(f"after={start}") as stream:
        await stream.next("")
        for state, told in zip(("viewing", "typing", "viewing", "gone"), heard, strict=True):
            await bob.put(f"{path}/presence", {"state": state})
            if told:
                _, _, [said] = await stream.next("presence")
                assert said["state"] == told
            shown = (await alice.get(path)).json()["presence"]
            assert [one["state"] for one in shown] == [told] * (told not in ("", "gone"))
        await alice.put(f"{path}/severity", {"severity": 2})
        assert (await stream.next())[0] == "events", "and nothing else was told"


async def test_turning_presence_off_forgets_who_is_there(
    cast: Cast, alice: Client, bob: Client
) -> None:
    await take(cast, post("0"))
    path = f"/conversations/{await home_of(cast, '0')}"
    async with alice.stream("after=1") as stream:
        await stream.next("")
        await bob.put(f"{path}/presence", {"state": "viewing"})
        await stream.next("presence")
        await ask_rules(alice, presence=False)
        await stream.next("reset")
    assert (await alice.get(path)).json()["presence"] == []
