"""A rating is asked for once, in private, of whom it may be asked; the answer is kept."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from earful.desk.merge import merge
from earful.desk.privacy import erase_person, export_person
from earful.desk.resolve import reopen, resolve
from earful.desk.severity import set_severity
from earful.following import ratings
from earful.following.rules import Rules, check_rules, worded
from earful.kit.refusal import NotFound, Refused
from earful.networks.contract import Visibility
from tests.cast import DAVE
from tests.desk.acts import card_of, rows
from tests.following.conftest import Care

ON = {"ask": True, "text": "Hello {name}, how was {brand}? {link}"}


async def _resolve(care: Care, home: str, disposition: str = "solved") -> None:
    async with care.cast.works.open(care.cast.workspace_id, care.cast.bob) as work:
        await resolve(work, home, disposition, "It is sorted out")


async def _asked(care: Care) -> list[Any]:
    care.cast.time.pass_(hours=1)
    await care.follow()
    return await rows(care.cast, "SELECT text FROM message WHERE author_kind = 'system' "
                      "AND direction = 'outgoing' ORDER BY published_at")  # fmt: skip


def _token(text: str) -> str:
    found = re.search(r"https://care\.example/rate/(\S+)", text)
    assert found, text
    return found[1]


async def _answer(care: Care, token: str, score: int, words: str = "") -> ratings.Rating:
    async with care.cast.database.acquire() as db:
        found = await ratings.look(db, token, care.cast.time())
    assert found is not None
    async with care.cast.works.open(found.workspace_id, ratings.customer()) as work:
        return await ratings.answer(work, found.id, score, words)


async def test_who_was_helped_in_private_is_asked_once_after_a_while(care: Care) -> None:
    await care.rules(**ON)
    home = await care.asked()
    await _resolve(care, home)
    await care.follow()
    assert await rows(care.cast, "SELECT 1 FROM message WHERE author_kind = 'system' "
                      "AND direction = 'outgoing'") == []  # fmt: skip
    [message] = await _asked(care)
    assert message["text"].startswith("Hello Carol Diaz, how was Northwind? https://")
    card = await card_of(care.cast, home)
    assert (card.status, card.unanswered) == ("resolved", 0)
    async with care.cast.works.open(care.cast.workspace_id, care.cast.bob) as work:
        await reopen(work, home)
    await _resolve(care, home)
    care.cast.time.pass_(days=60)
    assert len(await _asked(care)) == 1


@pytest.mark.parametrize(
    ("more", "disposition", "severity"),
    [
        ({"visibility": Visibility.PUBLIC}, "solved", 3),
        ({}, "spam", 3),
        ({}, "no_reply_needed", 3),
        ({}, "solved", 1),
    ],
    ids=["in public", "spam", "not solved", "grave"],
)
async def test_who_is_not_asked(
    care: Care, more: dict[str, Any], disposition: str, severity: int
) -> None:
    await care.rules(**ON)
    home = await care.asked(**more)
    async with care.cast.works.open(care.cast.workspace_id, care.cast.bob) as work:
        await set_severity(work, home, severity, "for the test")
    await _resolve(care, home, disposition)
    assert await _asked(care) == []
    assert await rows(care.cast, "SELECT 1 FROM rating") == []


async def test_nobody_is_asked_where_it_is_off_and_that_is_the_default(care: Care) -> None:
    await _resolve(care, await care.asked())
    assert await _asked(care) == []


async def test_one_person_is_not_asked_again_soon_and_others_are(care: Care) -> None:
    await care.rules(**ON)
    await _resolve(care, await care.asked("1"))
    assert len(await _asked(care)) == 1
    await _resolve(care, await care.asked("2"))
    assert len(await _asked(care)) == 1
    await _resolve(care, await care.asked("3", author=DAVE))
    assert len(await _asked(care)) == 2
    care.cast.time.pass_(days=30)
    await _resolve(care, await care.asked("4"))
    assert len(await _asked(care)) == 3


async def test_who_wrote_again_meanwhile_is_not_asked_until_that_is_over(care: Care) -> None:
    await care.rules(**ON)
    home = await care.asked()
    await _resolve(care, home)
    await care.follow()
    async with care.cast.works.open(care.cast.workspace_id, care.cast.bob) as work:
        await reopen(work, home)
    assert await _asked(care) == []
    await _resolve(care, home)
    await care.follow()
    assert await rows(care.cast, "SELECT 1 FROM rating WHERE state <> 'due'") == []
    assert len(await _asked(care)) == 1


async def test_the_answer_lands_in_the_conversation_and_a_bad_one_opens_it(care: Care) -> None:
    await care.rules(**ON)
    home = await care.asked()
    await _resolve(care, home)
    [message] = await _asked(care)
    token = _token(message["text"])
    kept = await _answer(care, token, 5, "Quick\x00 and kind")
    assert (kept.state, kept.score, kept.words) == ("answered", 5, "Quick and kind")
    assert (await card_of(care.cast, home)).status == "resolved"
    await _answer(care, token, 1, "It broke again")
    assert (await card_of(care.cast, home)).status == "open"
    lines = await rows(care.cast, "SELECT text FROM message WHERE text LIKE 'The customer rated%' "
                       "ORDER BY id")  # fmt: skip
    assert [line["text"] for line in lines] == [
        "The customer rated it 5 of 5",
        "The customer rated it 1 of 5",
    ]
    kinds = await rows(care.cast, "SELECT kind FROM event WHERE kind LIKE 'rating.%' ORDER BY seq")
    assert [row["kind"] for row in kinds] == ["rating.asked", "rating.answered", "rating.answered"]


async def test_merged_away_the_answer_lands_where_it_is_read_now(care: Care) -> None:
    await care.rules(**ON)
    home = await care.asked()
    await _resolve(care, home)
    [message] = await _asked(care)
    other = await care.asked("2", author=DAVE)
    async with care.cast.works.open(care.cast.workspace_id, care.cast.bob) as work:
        await merge(work, home, other)
        await resolve(work, other, "solved", "Both told")
    kept = await _answer(care, _token(message["text"]), 1, "No")
    assert (await card_of(care.cast, other)).status == "open"
    [line] = await rows(
        care.cast, "SELECT conversation_id FROM message WHERE text LIKE 'The customer rated%'"
    )
    assert line["conversation_id"] == other
    async with care.cast.database.acquire() as db:
        found = await ratings.rating_for(db, care.cast.workspace_id, other)
    assert (found and found.id, found and found.score) == (kept.id, 1)


@pytest.mark.parametrize("score", [0, 6, -1])
async def test_no_other_score_is_kept(care: Care, score: int) -> None:
    await care.rules(**ON)
    await _resolve(care, await care.asked())
    [message] = await _asked(care)
    with pytest.raises(Refused):
        await _answer(care, _token(message["text"]), score)
    with pytest.raises(Refused, match="2000"):
        await _answer(care, _token(message["text"]), 3, "x" * 2001)


async def test_a_link_ends_and_a_made_up_one_leads_nowhere(care: Care) -> None:
    await care.rules(**ON)
    await _resolve(care, await care.asked())
    [message] = await _asked(care)
    token = _token(message["text"])
    care.cast.time.pass_(days=31)
    async with care.cast.database.acquire() as db:
        for wrong in (token, token[:-1] + "_", "x", "", "a" * 43):
            assert await ratings.look(db, wrong, care.cast.time()) is None
    async with care.cast.works.open(care.cast.workspace_id) as work:
        [row] = await rows(care.cast, "SELECT id FROM rating")
        with pytest.raises(NotFound):
            await ratings.answer(work, row["id"], 5, "")


async def test_without_a_public_address_or_a_channel_it_is_dropped_with_the_reason(
    care: Care,
) -> None:
    await care.rules(**ON)
    await _resolve(care, await care.asked("1"))
    await _resolve(care, await care.asked("2", author=DAVE))
    await care.follow()
    await rows(care.cast, "UPDATE channel SET state = 'held', state_reason = 'Restored.'")
    assert await _asked(care) == []
    dropped = await rows(care.cast, "SELECT state, reason FROM rating")
    assert {row["state"] for row in dropped} == {"dropped"}
    assert all("held" in row["reason"] for row in dropped)


async def test_what_she_said_is_hers_to_see_and_to_have_erased(care: Care) -> None:
    await care.rules(**ON)
    home = await care.asked()
    await _resolve(care, home)
    [message] = await _asked(care)
    token = _token(message["text"])
    await _answer(care, token, 4, "secret words")
    contact = (await card_of(care.cast, home)).contact.id
    async with care.cast.works.open(care.cast.workspace_id, care.cast.alice) as work:
        told = await export_person(work.db, work.workspace_id, contact)
        assert told["ratings"][0]["words"] == "secret words"
        await erase_person(work, contact)
    async with care.cast.database.acquire() as db:
        assert await ratings.look(db, token, care.cast.time()) is None
        [left] = await db.fetch("SELECT score, words FROM rating")
    assert (left["score"], left["words"]) == (4, "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "How was it?"},
        {"text": "x" * 1001 + "{link}"},
        {"ask_after": -1},
        {"ask_again_after": 400 * 86_400},
        {"silence_for": -5},
        {"reopen_at": 5},
    ],
)
def test_odd_rules_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        check_rules(Rules(**wrong))


def test_what_somebody_calls_herself_is_no_variable() -> None:
    assert worded("{name}: {link}", link="L", brand="B", name="{brand}") == "{brand}: L"
    assert timedelta(seconds=Rules().silence_for) == timedelta(days=7)
