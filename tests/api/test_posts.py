"""Verbs on single posts, and asking whether and where somebody can be written to in private."""

from __future__ import annotations

from typing import Any

import pytest

from earful.networks.contract import Reach, Rejected, RetryLater, Uncertain
from tests.api.client import Client
from tests.cast import DAVE, Cast, post
from tests.desk.acts import answer, balanced, card_of, home_of, rows, take
from tests.desk.salon import move_in

BARRED = "Only who was called may answer."


@pytest.fixture(autouse=True)
async def salon(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Any:
    return await move_in(cast, monkeypatch)


async def message(cast: Cast, external_id: str) -> Any:
    [row] = await rows(cast, "SELECT * FROM message WHERE external_id = $1", external_id)
    return row


async def acts(cast: Cast) -> list[str]:
    return [row["act"] for row in await rows(cast, "SELECT act FROM audit ORDER BY seq")]


async def ours(cast: Cast) -> str:
    """A reply of ours that stands. Its message's id."""
    sent = await answer(cast, await home_of(cast, "1"))
    async with cast.database.acquire() as db:
        await db.execute("UPDATE message SET external_id = 'ours' WHERE id = $1", sent.message_id)
        await db.execute("UPDATE delivery SET state = 'sent'")
    return sent.message_id


async def test_a_reply_is_hidden_and_shown_again(cast: Cast, bob: Client, salon: Any) -> None:
    await take(cast, post("1"))
    path = f"/messages/{(await message(cast, '1'))['id']}/hidden"
    hidden = await bob.put(path, {"hidden": True})
    assert hidden.json()["extra"] == {"hidden": True}
    shown = await bob.put(path, {"hidden": False})
    assert "extra" not in shown.json()
    assert salon.asked.calls == [("hide", "1"), ("show", "1")]
    assert await acts(cast) == ["post.hidden", "post.shown"]


async def test_a_post_of_ours_is_taken_away_once(cast: Cast, bob: Client, salon: Any) -> None:
    await take(cast, post("1"))
    path = f"/messages/{await ours(cast)}"
    first = await bob.delete(path)
    assert first.json()["deleted_at"]
    again = await bob.delete(path)
    assert again.json()["deleted_at"] == first.json()["deleted_at"]
    assert salon.asked.calls == [("remove", "ours")] * 2
    theirs = await bob.delete(f"/messages/{(await message(cast, '1'))['id']}")
    assert theirs.status_code == 422


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Rejected("it is not ours"), "it is not ours"),
        (RetryLater("try in a minute"), "try in a minute"),
        (Uncertain("silence"), "Look there whether it was done"),
    ],
)
async def test_what_the_network_refuses_changes_nothing(
    cast: Cast, bob: Client, salon: Any, error: Any, words: str
) -> None:
    await take(cast, post("1"))
    found = await message(cast, "1")
    salon.asked.error = error
    refused = await bob.put(f"/messages/{found['id']}/hidden", {"hidden": True})
    assert (refused.status_code, refused.json()["type"]) == (409, "network")
    assert words in refused.json()["detail"]
    assert (await message(cast, "1"))["extra"] is None
    assert await acts(cast) == []


async def test_whether_they_can_be_reached_is_asked_once_an_hour(
    cast: Cast, bob: Client, salon: Any
) -> None:
    await take(cast, post("1"))
    path = f"/conversations/{await home_of(cast, '1')}/reach"
    salon.asked.reach = Reach(False, "They follow nobody.")
    for _ in range(2):
        assert (await bob.get(path)).json() == {"can": False, "why": "They follow nobody."}
    [(_, target)] = salon.asked.calls
    assert (target.author_id, target.handle) == ("did:carol", "carol.example")
    salon.asked.reach = Reach(True)
    cast.time.pass_(minutes=61)
    assert (await bob.get(path)).json()["can"] is True


async def test_a_network_that_fails_is_asked_again(cast: Cast, bob: Client, salon: Any) -> None:
    await take(cast, post("1"))
    path = f"/conversations/{await home_of(cast, '1')}/reach"
    salon.asked.error = RetryLater("too many questions")
    assert "too many questions" in (await bob.get(path)).json()["why"]
    salon.asked.error = None
    assert (await bob.get(path)).json()["can"] is True


async def test_a_barred_post_is_answered_there(cast: Cast, bob: Client) -> None:
    await take(cast, post("1", barred=BARRED, uri="https://salon.example/carol/status/1"))
    await take(cast, post("2"), post("3", author=DAVE, parent_id="1"))
    home, found = await home_of(cast, "1"), await message(cast, "1")
    body = {"text": "hello", "force": True, "in_reply_to": found["id"]}
    refused = await bob.post(f"/conversations/{home}/replies", body)
    assert (refused.status_code, refused.json()["type"]) == (409, "barred")
    path = f"/messages/{found['id']}/answer-there"
    opened = await bob.get(f"{path}?text=Hello")
    assert opened.json()["url"].startswith("https://salon.example/reply?to=1")
    uri = "https://salon.example/Northwind/status/77"
    said = await bob.post(path, {"text": "We look into it", "uri": uri})
    assert said.json()["extra"] == {"there": True}
    assert (said.json()["delivery"], said.json()["uri"]) == (None, uri)
    # Carol is answered; Dave, who waits too, is not.
    assert [(await message(cast, each))["disposition"] for each in "123"] == [
        "answered", "answered", None,
    ]  # fmt: skip
    assert (await card_of(cast, home)).unanswered == 1
    assert await acts(cast) == ["reply.recorded"]
    assert (await bob.post(path, {})).json()["type"] == "answered"
    # What is told of it later is known already.
    await take(cast, post("77", "We look into it", own=True, parent_id="1"))
    assert len(await rows(cast, "SELECT 1 FROM message WHERE external_id = '77'")) == 1
    await balanced(cast)


@pytest.mark.parametrize(
    "uri",
    ["https://salon.example/carol/status/88", "https://elsewhere.example/Northwind/status/88", ""],
)
async def test_an_address_that_is_not_ours_claims_nothing(
    cast: Cast, bob: Client, uri: str
) -> None:
    await take(cast, post("1", uri="https://salon.example/carol/status/1"))
    path = f"/messages/{(await message(cast, '1'))['id']}/answer-there"
    assert (await bob.post(path, {"uri": uri})).status_code == 201
    await take(cast, post("88", "another post"))
    assert (await message(cast, "88"))["disposition"] is None


async def test_an_address_must_be_one(cast: Cast, bob: Client) -> None:
    await take(cast, post("1"))
    path = f"/messages/{(await message(cast, '1'))['id']}/answer-there"
    refused = await bob.post(path, {"uri": "javascript:alert(1)"})
    assert refused.status_code == 422


async def test_invitations_have_a_link_and_by_mail_a_code(cast: Cast, bob: Client) -> None:
    await take(cast, post("1"))
    path = f"/conversations/{await home_of(cast, '1')}/moves"
    direct = (await bob.post(path, {"by": "direct"})).json()
    assert direct["link"] == "https://salon.example/talk/Northwind"
    mailed = (await bob.post(path, {"by": "email"})).json()
    [kept] = await rows(cast, "SELECT code, state FROM move WHERE id = $1", mailed["id"])
    code = mailed["link"].removeprefix("care-").partition("@")[0]
    assert len(code) == 10
    assert kept["code"] is not None
    assert code.encode() not in bytes(kept["code"])
    assert (await bob.post(path, {"by": "portal"})).status_code == 422
    assert (await bob.get("/moves/counts")).json() == []


async def test_a_content_warning_goes_along(cast: Cast, bob: Client) -> None:
    await take(cast, post("1", warning="spiders"))
    home = await home_of(cast, "1")
    body = {"text": "hello", "warning": "spiders", "force": True}
    assert (await bob.post(f"/conversations/{home}/replies", body)).status_code == 201
    [row] = await rows(cast, "SELECT draft FROM delivery")
    assert row["draft"]["warning"] == "spiders"
