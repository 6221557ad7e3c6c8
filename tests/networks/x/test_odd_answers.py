"""Answers to questions that X has not given us yet: what can be read goes on, the rest is told."""

from __future__ import annotations

from typing import Any

import pytest

from earful.networks.contract import Post, Unreadable
from earful.networks.x.connector import XConnector
from tests.networks.x.bench import Heard, listen
from tests.networks.x.samples import US
from tests.networks.x.standin import MENTIONS, StandIn, mention, message, page


async def test_the_author_is_asked_for_where_x_left_her_out(
    x: StandIn, connector: XConnector
) -> None:
    bare, full = x.id(1), x.id(2)
    x.will(MENTIONS, page({"id": bare, "text": f"@{US.handle} who am I"}, mention(full)))
    x.will("/2/tweets", page(mention(bare)))
    heard = await listen(connector, lambda told: {bare, full} <= set(told.ids()))
    assert all(isinstance(each, Post) and each.author.handle for each in heard.changes)


async def test_who_stays_unknown_is_set_aside_and_hides_nobody(
    x: StandIn, connector: XConnector
) -> None:
    bare, full = x.id(1), x.id(2)
    x.will(MENTIONS, page({"id": bare, "text": "hi"}, {"text": "no id"}, mention(full)))
    x.will("/2/tweets", {"errors": [{"title": "Not Found Error"}]})
    heard = await listen(connector, lambda told: len(told.changes) == 3)
    aside = [each for each in heard.changes if isinstance(each, Unreadable)]
    assert {each.reason for each in aside} == {
        "X does not say who wrote it", "it has no id that can be read",
    }  # fmt: skip
    assert int(heard.cursor["mentions"]) > 0


@pytest.mark.parametrize(
    ("body", "status", "sign"),
    [
        ({"errors": [{"detail": "User has been suspended", "title": "Forbidden"}]}, 200,
         "User has been suspended"),
        ({"title": "CreditsDepleted", "detail": "no credits left"}, 402, "no credits left"),
        ({"title": "Unavailable For Legal Reasons"}, 451, "Legal Reasons"),
        ({"title": "Gone"}, 410, "Gone"),
        ({"detail": "Conflict"}, 409, "Conflict"),
    ],
    ids=["errors alone", "no credit", "legal reasons", "gone", "conflict"],
)  # fmt: skip
async def test_no_answer_about_mentions_is_told_in_words(
    x: StandIn, connector: XConnector, body: Any, status: int, sign: str
) -> None:
    """Silence is no empty listing: a person must know, and the rest goes on."""
    dm = x.id(5)
    x.will(MENTIONS, body, status=status)
    x.will("/2/dm_events", page(message(dm)))
    heard = await listen(connector, lambda told: f"dm:{dm}" in told.ids())
    assert heard.changes
    assert sign in " ".join(x.memory.words)


@pytest.mark.parametrize("token", ["same", 7], ids=["told again", "a number"])
async def test_a_listing_that_turns_in_a_circle_ends(
    x: StandIn, connector: XConnector, token: Any
) -> None:
    """It proves nothing, and recent search goes on."""
    first, second = x.id(1), x.id(2)
    x.will(MENTIONS, page(mention(first), token=token))
    x.will("/2/tweets/search/recent", page(mention(second)))
    heard = await listen(connector, lambda told: {first, second} <= set(told.ids()))
    assert set(heard.ids()) == {first, second}
    assert sum(each.path == MENTIONS for each in x.asked) == 2


async def test_an_empty_page_is_not_the_last(x: StandIn, connector: XConnector) -> None:
    """X leaves out what it may not show; the next page holds more."""
    told = x.id(1)
    x.will(MENTIONS, {"meta": {"result_count": 0, "next_token": "more"}}, page(mention(told)))
    await listen(connector, lambda heard: told in heard.ids())


async def test_a_message_that_can_not_be_read_ends_no_walk(
    x: StandIn, connector: XConnector
) -> None:
    """Without a number it proves nothing: the pages behind it are read, too."""
    ids = [x.id(number) for number in (4, 3, 2)]
    x.will("/2/dm_events", page(message(ids[0]), {"text": "?"}, token="more" * 4),
           page(message(ids[1], text=None), message(ids[2], sender_id=5)))  # fmt: skip
    heard = await listen(connector, lambda told: len(told.changes) >= 4)
    posts = [each.external_id for each in heard.changes if isinstance(each, Post)]
    assert set(posts) == {f"dm:{id_}" for id_ in ids}
    [aside] = [each for each in heard.changes if isinstance(each, Unreadable)]
    assert aside.external_id.startswith("dm:unknown:")


async def test_a_message_told_late_is_heard(x: StandIn, connector: XConnector) -> None:
    """X tells out of order: one a little older than the last is not passed over."""
    late, first = x.id(1), x.id(2)
    x.will("/2/dm_events", page(message(first)), page(message(first), message(late)))
    heard = Heard()
    heard = await listen(connector, lambda told: {f"dm:{first}", f"dm:{late}"} <= set(told.ids()))
    assert heard.ids().count(f"dm:{first}") == 1


async def test_odd_headers_disturb_nothing(x: StandIn, connector: XConnector) -> None:
    told = x.id(1)
    x.will(MENTIONS, page(mention(told)), x_rate_limit_remaining="many", x_rate_limit_reset="never")
    await listen(connector, lambda heard: told in heard.ids())
    assert "mentions:user" not in x.memory.budget.learned


@pytest.mark.parametrize("connector", ["mentions,stream"], ids=["both"], indirect=True)
@pytest.mark.parametrize(
    ("status", "body", "sign"),
    [
        (400, {"detail": "The query parameter [post.fields] is not one of them."}, "X refuses its"),
        (403, {"title": "Client Forbidden", "type": "x/client-forbidden"}, "is not open to us"),
    ],
    ids=["refused", "not open"],
)
async def test_a_stream_that_x_refuses_is_told_and_asking_goes_on(
    x: StandIn, connector: XConnector, status: int, body: Any, sign: str
) -> None:
    told = x.id(1)
    x.will("/2/tweets/search/stream", body, status=status)
    x.will(MENTIONS, page(mention(told)))

    def said(heard: Heard) -> bool:
        return told in heard.ids() and any(sign in words for words in x.memory.words)

    heard = await listen(connector, said)
    assert set(heard.ids()) == {told}
