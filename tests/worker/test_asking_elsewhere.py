"""A judge elsewhere is asked after our own judged, where an operator says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from earful.judgements import endpoints
from earful.judgements.second import keep_second, to_ask
from earful.kit.addresses import HOME
from earful.kit.safe_http import guarded_client
from earful.triage.asking import Endpoint, client
from earful.worker.asking import ask_on
from earful.worker.desk import Shared
from earful.worker.judging import judge_on
from tests.cast import DAVE, Cast, post
from tests.desk.acts import card_of, home_of, rows, take
from tests.triage.endpoint import Stand, complaint, standing

SECRET = "sk-never-shown"


@pytest.fixture
async def stand() -> AsyncIterator[Stand]:
    """Somebody to ask."""
    async with standing() as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """What asks."""
    async with client() as one:
        yield one


async def turn_on(cast: Cast, shared: Shared, url: str) -> None:
    async with shared.works.open(cast.workspace_id) as work:
        await endpoints.set_endpoint(work, Endpoint(url, "small", SECRET))


async def kinds(cast: Cast) -> list[tuple[str, str]]:
    found = await rows(
        cast,
        "SELECT j.kind, j.model FROM judgement j JOIN message m ON m.id = j.message_id"
        " ORDER BY m.external_id",
    )
    return [(row["kind"], row["model"]) for row in found]


async def test_nobody_is_asked_unless_an_operator_says_so(
    cast: Cast, shared: Shared, stand: Stand, http: httpx.AsyncClient
) -> None:
    await take(cast, post("p1", "@Northwind lovely day"))
    assert await judge_on(shared) == 1
    assert await endpoints.asking(cast.database) == []
    assert await ask_on(shared, cast.workspace_id, http) == 0
    assert stand.asked == []


async def test_it_is_asked_once_and_its_word_stands(
    cast: Cast, shared: Shared, stand: Stand, http: httpx.AsyncClient
) -> None:
    await take(cast, post("old", "@Northwind what nice weather"))
    await judge_on(shared)
    await turn_on(cast, shared, stand.url)
    assert await endpoints.asking(cast.database) == [(cast.workspace_id, False)]
    await take(cast, post("p1", "@Northwind oh lovely, the train is a bus again", DAVE))
    assert await judge_on(shared) == 1
    assert await ask_on(shared, cast.workspace_id, http) == 1
    assert await ask_on(shared, cast.workspace_id, http) == 0
    assert stand.texts == ["[…] oh lovely, the train is a bus again"]
    assert stand.headers[0]["authorization"] == f"Bearer {SECRET}"
    assert (await kinds(cast))[1] == ("complaint", "endpoint small")
    assert (await kinds(cast))[0][1] == "shipped"
    told = await rows(cast, "SELECT data FROM event WHERE kind = 'message.judged' ORDER BY seq")
    assert [row["data"].get("asked", False) for row in told] == [False, False, True]
    [kept] = await rows(cast, "SELECT key FROM triage_endpoint")
    assert SECRET.encode() not in kept["key"]


async def test_it_never_lowers_and_what_an_agent_said_stays(
    cast: Cast, shared: Shared, stand: Stand, http: httpx.AsyncClient
) -> None:
    await turn_on(cast, shared, stand.url)
    stand.say = lambda _: complaint("") | {"kind": "chatter", "complaint": 0, "sentiment": 1}
    await take(cast, post("p1", "@Northwind third time I call, #northwindfail"))
    await take(cast, post("p2", "@Northwind what a day", DAVE))
    home = await home_of(cast, "p1")
    await judge_on(shared)
    before = (await card_of(cast, home)).severity
    await rows(
        cast,
        "UPDATE judgement SET kind = 'spam', corrected = '{kind}' FROM message m"
        " WHERE m.id = message_id AND m.external_id = 'p2'",
    )
    assert await ask_on(shared, cast.workspace_id, http) == 1
    assert len(stand.asked) == 1
    assert (await card_of(cast, home)).severity == before == 3
    assert await kinds(cast) == [("complaint", "endpoint small"), ("spam", "shipped")]


async def test_what_is_sensitive_is_told_to_nobody(
    cast: Cast, shared: Shared, stand: Stand, http: httpx.AsyncClient
) -> None:
    await turn_on(cast, shared, stand.url)
    await take(cast, post("p1", "@Northwind my mum died last week, please close her account"))
    await judge_on(shared)
    assert await ask_on(shared, cast.workspace_id, http) == 0
    assert stand.asked == []


async def test_words_that_changed_meanwhile_keep_their_own_judgement(
    cast: Cast, shared: Shared, stand: Stand
) -> None:
    await turn_on(cast, shared, stand.url)
    await take(cast, post("p1", "@Northwind what a day"))
    await judge_on(shared)
    async with shared.works.open(cast.workspace_id) as work:
        [asked] = await to_ask(work) or []
    opinion: Any = object()
    for change in ("text = 'something else'", "text = '', deleted_at = now()"):
        await rows(cast, f"UPDATE message SET {change} WHERE external_id = 'p1'")  # noqa: S608
        async with shared.works.open(cast.workspace_id) as work:
            said = {asked.message_id: opinion}
            assert await keep_second(work, Endpoint("", "small"), [asked], said) == 0
    assert [model for _, model in await kinds(cast)] == ["shipped"]


async def test_who_does_not_answer_is_noted_and_nothing_is_lost(
    cast: Cast, shared: Shared, stand: Stand, http: httpx.AsyncClient
) -> None:
    await turn_on(cast, shared, stand.url)
    stand.statuses = [500] * 40
    await take(cast, *(post(f"p{n}", f"@Northwind where is my parcel {n}?") for n in range(9)))
    await judge_on(shared)
    assert await ask_on(shared, cast.workspace_id, http) is None
    assert len(stand.asked) < 9
    async with cast.database.acquire() as db:
        shown = await endpoints.show_endpoint(db, cast.workspace_id)
    assert shown is not None
    assert (shown.trouble, shown.has_key) == ("The endpoint answers 500.", True)
    assert {model for _, model in await kinds(cast)} == {"shipped"}
    stand.statuses = []
    await take(cast, post("p10", "@Northwind hello?", DAVE))
    await judge_on(shared)
    assert await ask_on(shared, cast.workspace_id, http) == 1
    async with cast.database.acquire() as db:
        shown = await endpoints.show_endpoint(db, cast.workspace_id)
    assert shown is not None
    assert (shown.trouble, shown.trouble_at) == ("", None)


async def test_of_what_is_long_past_nobody_is_asked(
    cast: Cast, shared: Shared, stand: Stand, http: httpx.AsyncClient
) -> None:
    await turn_on(cast, shared, stand.url)
    await take(cast, post("p1", "@Northwind what a day"))
    await judge_on(shared)
    cast.time.pass_(hours=2)
    assert await ask_on(shared, cast.workspace_id, http) == 0
    assert stand.asked == []


async def test_a_rehearsal_asks_nobody_but_this_machine(
    cast: Cast, shared: Shared, stand: Stand
) -> None:
    await turn_on(cast, shared, "https://models.example/v1")
    await take(cast, post("p1", "@Northwind what a day"))
    await judge_on(shared)
    async with guarded_client(HOME) as tame:
        assert await ask_on(shared, cast.workspace_id, tame) is None
        async with cast.database.acquire() as db:
            shown = await endpoints.show_endpoint(db, cast.workspace_id)
        assert shown is not None
        assert shown.trouble == "A rehearsal asks nobody but this machine."
        await turn_on(cast, shared, stand.url)
        await take(cast, post("p2", "@Northwind what a week", DAVE))
        await judge_on(shared)
        assert await ask_on(shared, cast.workspace_id, tame) == 1
