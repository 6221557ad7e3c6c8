"""What is ready to be said in a conversation."""

from __future__ import annotations

from typing import Any

import pytest

from earful.judgements.hearing import AT_ONCE, KINDS, READER, hear
from earful.stream.reader import read_on
from tests.api.client import Client
from tests.cast import Cast, post
from tests.desk.acts import home_of, rows, take


async def opened(cast: Cast, *texts: str) -> str:
    for number, text in enumerate(texts):
        await take(cast, post(f"p{number}", text))
    async with cast.works.open(cast.workspace_id) as work:
        await hear(work, await read_on(work, READER, KINDS, AT_ONCE) or [])
    return f"/conversations/{await home_of(cast, 'p0')}/prepared"


async def prepare(alice: Client, name: str, offered_for: str) -> dict[str, Any]:
    body = {"name": name, "text": f"About {name}.", "offered_for": offered_for}
    answer = await alice.post("/macros", body)
    assert answer.status_code in (200, 201), answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_answers_that_fit_are_offered(
    cast: Cast, alice: Client, bob: Client, eve: Client
) -> None:
    north = await prepare(alice, "Outage in the north", "internet NEAR/6 down")
    await prepare(alice, "Late trains", "train late")
    await prepare(alice, "Hello", "")
    path = await opened(cast, "@Northwind my internet has been down since noon")
    told = (await bob.get(path)).json()
    assert told == {
        "answers": [{name: north[name] for name in ("id", "name", "text")}],
        "ask_back": "",
    }
    assert (await eve.get(path)).status_code == 404
    # Left out it stays as it is, empty it is offered nowhere.
    changed = await alice.ask("PATCH", f"/macros/{north['id']}", {"name": "North", "text": "Soon."})
    assert changed.json()["offered_for"] == "internet NEAR/6 down"
    assert (await bob.get(path)).json()["answers"][0]["name"] == "North"
    body = {"name": "North", "text": "Soon.", "offered_for": " "}
    assert (await alice.ask("PATCH", f"/macros/{north['id']}", body)).json()["offered_for"] == ""
    assert (await bob.get(path)).json()["answers"] == []


async def test_what_says_too_little_is_asked_back_until_it_says_more(
    cast: Cast, bob: Client
) -> None:
    path = await opened(cast, "@Northwind worst company ever")
    assert (await bob.get(path)).json()["ask_back"].startswith("I'm sorry to hear that.")
    await opened(cast, "@Northwind worst company ever", "@Northwind my router is broken")
    assert (await bob.get(path)).json()["ask_back"] == ""


async def test_with_a_picture_or_before_it_was_judged_nothing_is_asked_back(
    cast: Cast, bob: Client
) -> None:
    await take(cast, post("p0", "@Northwind worst company ever"))
    path = f"/conversations/{await home_of(cast, 'p0')}/prepared"
    assert (await bob.get(path)).json() == {"answers": [], "ask_back": ""}
    await opened(cast, "@Northwind worst company ever")
    assert (await bob.get(path)).json()["ask_back"]
    await rows(cast, """UPDATE message SET media = '[{"id": "x"}]' WHERE external_id = 'p0'""")
    assert (await bob.get(path)).json()["ask_back"] == ""


async def test_in_sensitive_talk_nothing_is_offered(cast: Cast, alice: Client, bob: Client) -> None:
    await prepare(alice, "Closing an account", "account")
    path = await opened(cast, "@Northwind my mum died last week, please close her account")
    assert (await bob.get(path)).json() == {"answers": [], "ask_back": ""}


async def test_at_most_five_by_name(cast: Cast, alice: Client, bob: Client) -> None:
    for number in range(8):
        await prepare(alice, f"Answer {number}", "router")
    path = await opened(cast, "@Northwind my router is broken")
    names = [one["name"] for one in (await bob.get(path)).json()["answers"]]
    assert names == [f"Answer {number}" for number in range(5)]


@pytest.mark.parametrize(
    "search", ["the", "(router", "NOT router", "x" * 2000, "NEAR", "lang:en", "\x00", "((((((("]
)
async def test_a_search_that_can_not_be_used_is_refused(
    cast: Cast, alice: Client, search: str
) -> None:
    body = {"name": "A", "text": "B", "offered_for": search}
    answer = await alice.post("/macros", body)
    if search == "\x00":
        assert answer.json()["offered_for"] == ""
        return
    assert answer.status_code == 422, answer.text
    assert answer.json()["type"] == "query"
    assert await rows(cast, "SELECT 1 FROM macro") == []


async def test_so_many_and_no_more_are_offered(
    cast: Cast, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earful.api.macros.MOST_OFFERED", 2)
    for name in ("A", "B"):
        await prepare(alice, name, "router")
    for search, status in (("router", 422), ("", 201)):
        body = {"name": "C", "text": "C", "offered_for": search}
        assert (await alice.post("/macros", body)).status_code == status
    assert len(await rows(cast, "SELECT 1 FROM macro")) == 3
