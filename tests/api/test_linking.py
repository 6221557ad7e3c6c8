"""One person over the API: codes, proposals, agreement, parting, and a story across networks."""

from __future__ import annotations

from typing import Any

import pytest

from earful.intake.channel import Channel
from earful.intake.receive import receive
from earful.kit.ids import new_id
from earful.networks.contract import Published, Receipt, Visibility
from earful.outbox import outcome
from tests.api.client import Client
from tests.cast import CAROL, DAVE, Cast, batch, post
from tests.desk.acts import answer, home_of, rows
from tests.desk.salon import move_in
from tests.networks.salon import NAME

DIRECT: dict[str, Any] = {"visibility": Visibility.DIRECT}


@pytest.fixture(autouse=True)
async def salon(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Any:
    return await move_in(cast, monkeypatch)


async def elsewhere(cast: Cast, *posts: Any) -> str:
    """Posts that come by a channel whose inbox only Alice sees. Returns that inbox."""
    inbox, channel = new_id(), new_id()
    async with cast.database.transaction() as db:
        await db.execute(
            "INSERT INTO inbox (workspace_id, id, name, created_at) VALUES ($1, $2, 'VIP', $3)",
            cast.workspace_id,
            inbox,
            cast.time(),
        )
        await db.execute(
            """INSERT INTO channel (workspace_id, id, network, external_id, handle, name, inbox_id,
                 created_at) VALUES ($1, $2, $3, 'vip', 'vip', 'vip', $4, $5)""",
            cast.workspace_id,
            channel,
            NAME,
            inbox,
            cast.time(),
        )
        await db.execute(
            "INSERT INTO inbox_member (workspace_id, inbox_id, agent_id) VALUES ($1, $2, $3)",
            cast.workspace_id,
            inbox,
            cast.alice.id,
        )
    there = Channel(channel, NAME, inbox, "vip", "vip")
    await receive(cast.works, cast.workspace_id, there, batch(*posts))
    return inbox


async def come(cast: Cast, *posts: Any) -> None:
    await receive(cast.works, cast.workspace_id, cast.channel, batch(*posts))


async def prove(cast: Cast, asks: Client) -> tuple[str, str]:
    """Carol is sent a code, which comes back from Dave. Returns their conversations."""
    await come(cast, post("c", "hello", **DIRECT), post("d", "hello", DAVE, **DIRECT))
    home = await home_of(cast, "c")
    made = (await asks.post(f"/conversations/{home}/link-codes")).json()
    sent = await answer(cast, home, f"Send us {made['code']}")
    async with cast.works.open(cast.workspace_id) as work:
        await outcome.sent(work, sent, Receipt((Published("o-1", "", "", {}),)))
    await come(cast, post("d2", made["code"], DAVE, **DIRECT))
    return home, await home_of(cast, "d")


async def whole(asks: Client, home: str) -> Any:
    return (await asks.get(f"/conversations/{home}")).json()["contact"]


async def test_a_code_links_and_the_story_goes_across(
    cast: Cast, alice: Client, bob: Client
) -> None:
    carol, dave = await prove(cast, bob)
    person = await whole(bob, carol)
    assert [one["handle"] for one in person["handles"]] == ["carol.example", "dave.example"]
    assert [card["id"] for card in person["history"]] == [dave]
    [link] = person["links"]
    assert (link["state"], link["how"], link["words"]) == ("linked", "code", [])
    told = (await bob.get(f"/contacts/{person['id']}")).json()
    assert (told["handles"], told["hidden"]) == (person["handles"], 0)
    first = (await bob.get(f"/contacts/{person['id']}/conversations?limit=1")).json()
    second = (
        await bob.get(f"/contacts/{person['id']}/conversations?limit=1&after={first['next']}")
    ).json()
    found = [card["id"] for card in first["items"] + second["items"]]
    assert (sorted(found), second["next"]) == (sorted([carol, dave]), None)
    bad = await bob.get(f"/contacts/{person['id']}/conversations?after=nonsense")
    assert bad.status_code == 422
    wish = await bob.put(f"/contacts/{person['id']}/preference", {"network": NAME})
    assert wish.json()["preferred"] == NAME
    assert (await whole(bob, dave))["preferred"] == NAME
    assert (await bob.delete(f"/links/{link['id']}")).status_code == 403
    assert (await alice.delete(f"/links/{link['id']}")).json()["state"] == "parted"
    assert (await whole(bob, carol))["history"] == []


async def test_a_code_is_shown_once(cast: Cast, bob: Client) -> None:
    await come(cast, post("c", "hello", **DIRECT), post("p", "in public"))
    path = f"/conversations/{await home_of(cast, 'c')}/link-codes"
    made = await bob.post(path, headers={"idempotency-key": "k"})
    assert len(made.json()["code"]) == 9
    again = await bob.post(path, headers={"idempotency-key": "k"})
    assert (again.status_code, again.json()["type"]) == (409, "already-made")
    kept = await rows(cast, "SELECT position($1::bytea IN answer) AS at FROM idempotency",
                      made.json()["code"].encode())  # fmt: skip
    assert [row["at"] for row in kept] == [0]
    public = await bob.post(f"/conversations/{await home_of(cast, 'p')}/link-codes")
    assert (public.status_code, public.json()["type"]) == (409, "public")


async def test_an_agent_proposes_and_a_lead_confirms(
    cast: Cast, alice: Client, bob: Client
) -> None:
    await come(cast, post("c", "I am dave.example", **DIRECT), post("d", "yes", DAVE, **DIRECT))
    home = await home_of(cast, "c")
    words = {
        row["external_id"]: row["id"]
        for row in await rows(cast, "SELECT external_id, id FROM message")
    }
    asked = {"network": NAME, "handle": "@Dave.Example", "message_ids": [words["c"]]}
    path = f"/conversations/{home}/links"
    nobody = await bob.post(path, asked | {"handle": "dave"})
    assert (nobody.status_code, nobody.json()["type"]) == (404, "not-found")
    assert (await bob.post(path, asked | {"message_ids": []})).status_code == 422
    made = (await bob.post(path, asked)).json()
    [link] = (await whole(bob, home))["links"]
    assert (link["state"], link["agreed"]) == ("proposed", False)
    assert [one["text"] for one in link["words"]] == ["I am dave.example"]
    assert [one["handle"] for one in link["handles"]] == ["dave.example"]
    assert (await bob.put(f"/links/{made['id']}/agreement")).status_code == 403
    assert (await alice.put(f"/links/{made['id']}/agreement")).json()["type"] == "one-sided"
    await bob.post(path, asked | {"message_ids": [words["d"]]})
    assert (await whole(bob, home))["links"][0]["agreed"]
    confirmed = (await alice.put(f"/links/{made['id']}/agreement")).json()
    assert (confirmed["state"], confirmed["confirmed_by"]) == ("linked", cast.alice.id)
    again = (await bob.post(path, asked)).json()
    assert again["type"] == "linked"


async def test_a_proposal_is_withdrawn_by_an_agent(cast: Cast, bob: Client) -> None:
    await come(cast, post("c", "I am dave.example", **DIRECT), post("d", "yes", DAVE, **DIRECT))
    home = await home_of(cast, "c")
    [row] = await rows(cast, "SELECT id FROM message WHERE external_id = 'c'")
    asked = {"network": NAME, "handle": "dave.example", "message_ids": [row["id"]]}
    made = (await bob.post(f"/conversations/{home}/links", asked)).json()
    assert (await bob.delete(f"/links/{made['id']}")).json()["state"] == "withdrawn"
    assert (await whole(bob, home))["links"] == []


async def test_what_stands_in_inboxes_she_does_not_see_is_absent(
    cast: Cast, alice: Client, bob: Client
) -> None:
    carol, _ = await prove(cast, bob)
    inbox = await elsewhere(cast, post("v", "secret", CAROL, **DIRECT))
    vip = await home_of(cast, "v")
    assert vip in [card["id"] for card in (await whole(alice, carol))["history"]]
    assert vip not in [card["id"] for card in (await whole(bob, carol))["history"]]
    async with cast.database.acquire() as db:
        await db.execute(
            """UPDATE conversation SET inbox_id = $1 WHERE contact_id =
                 (SELECT author_id FROM message WHERE external_id = 'd')""",
            inbox,
        )
    person = await whole(bob, carol)
    assert [one["handle"] for one in person["handles"]] == ["carol.example"]
    assert (person["links"], person["hidden"], person["history"]) == ([], 1, [])
    [dave] = await rows(cast, "SELECT author_id FROM message WHERE external_id = 'd'")
    for path in ("", "/conversations"):
        assert (await bob.get(f"/contacts/{dave['author_id']}{path}")).status_code == 404
    story = (await bob.get(f"/contacts/{person['id']}/conversations")).json()
    assert [card["id"] for card in story["items"]] == [carol]
    asked = {"network": NAME, "handle": "dave.example", "message_ids": [dave["author_id"]]}
    hidden = await bob.post(f"/conversations/{carol}/links", asked)
    assert (hidden.status_code, hidden.json()["type"]) == (404, "not-found")


async def test_all_of_a_person_is_handed_over_and_erased(cast: Cast, alice: Client) -> None:
    carol, _ = await prove(cast, alice)
    key = (await whole(alice, carol))["id"]
    one = (await alice.get(f"/contacts/{key}/export")).json()
    assert (len(one["links"]), "others" in one) == (1, False)
    told = (await alice.get(f"/contacts/{key}/export?all=true")).json()
    assert [other["handles"][0]["handle"] for other in told["others"]] == ["dave.example"]
    erased = (await alice.delete(f"/contacts/{key}?all=true")).json()
    assert (erased["handles"], erased["conversations"]) == (2, 2)
    assert await rows(cast, "SELECT * FROM contact_handle") == []
    acts = [row["act"] for row in await rows(cast, "SELECT act FROM audit ORDER BY seq")]
    assert acts.count("contact.exported") == 3
    assert acts.count("contact.erased") == 2
