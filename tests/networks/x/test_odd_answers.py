"""Answers that X has not given us yet: what is read goes on, and what is not is told in words."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from earful.networks.contract import (
    Call,
    Post,
    Reauthorize,
    Rejected,
    RetryLater,
    Target,
    Unreadable,
)  # fmt: skip
from earful.networks.x import NETWORK, hook
from earful.networks.x.connector import XConnector
from earful.networks.x.ears import ended
from earful.networks.x.errors import Refused
from earful.networks.x.follow import Crowded
from earful.networks.x.simulator.wire import Answer, Listening, Request
from earful.networks.x.times import id_at
from tests.networks.x.bench import Heard, listen
from tests.networks.x.memory import Memory
from tests.networks.x.samples import CAROL, REPLY, US, body, users, xs_own

MENTIONS = f"/2/users/{US.id}/mentions"
EMPTY: dict[str, Any] = {"meta": {"result_count": 0}}


class StandIn:
    """Answers by path, as it was told: the first answer once, the last for ever."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.says: dict[str, list[Answer]] = {}
        self.asked: list[Request] = []

    async def handle(self, request: Request) -> Answer:
        """The next answer."""
        self.asked.append(request)
        told = self.says.get(request.path) or [Answer(200, EMPTY)]
        return told.pop(0) if len(told) > 1 else told[0]

    def will(self, path: str, *bodies: Any, status: int = 200, **headers: str) -> None:
        """What is said at a path."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.says[path] = [
            Answer(status, body if isinstance(body, bytes) else json.dumps(body).encode(), named)
            for body in bodies
        ]

    def id(self, number: int) -> str:
        """An id made just now."""
        return str(id_at(self.memory.ports.now()) + number)


@pytest.fixture
async def x() -> StandIn:
    made = StandIn()
    session = {"access_token": "a", "id": US.id, "handle": US.handle}
    await made.memory.tokens.save(session)
    return made


@pytest.fixture
async def connector(x: StandIn) -> AsyncIterator[XConnector]:
    server = Listening(x.handle)
    config = {"api": await server.open(0), "listen": "mentions,messages"}
    made = NETWORK.open(config, {}, x.memory.ports)
    assert isinstance(made, XConnector)
    yield made
    await made.close()
    await server.close()


def mention(id_: str, **more: Any) -> dict[str, Any]:
    """A post to us; its author named."""
    return {"id": id_, "text": f"@{US.handle} hello {id_}", "author_id": CAROL, **more}


def page(*posts: Any, token: Any = None, **more: Any) -> dict[str, Any]:
    """A page of a listing."""
    meta = {"result_count": len(posts)} | ({"next_token": token} if token else {})
    return {"data": list(posts), "includes": {"users": users(CAROL)}, "meta": meta, **more}


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


async def test_recorded_mentions_through_the_connector(x: StandIn, connector: XConnector) -> None:
    exchange = xs_own("recorded")["test_asyncclient_get_users_mentions_00"]
    told = exchange["json"] | {"meta": {"result_count": len(exchange["json"]["data"])}}
    ids = {each["id"] for each in told["data"]}
    headers = {name.replace("-", "_"): value[0] for name, value in exchange["headers"].items()}
    x.will(MENTIONS, told, **headers)
    x.will("/2/tweets", page(*({**each, "author_id": CAROL} for each in told["data"])))
    heard = await listen(connector, lambda found: ids <= set(found.ids()))
    assert all(isinstance(each, Post) for each in heard.changes)
    assert "mentions:user" in x.memory.budget.learned


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


def message(id_: str, **more: Any) -> dict[str, Any]:
    """A private message to us."""
    return {"id": id_, "event_type": "MessageCreate", "text": "psst", "sender_id": CAROL, **more}


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


@pytest.mark.parametrize("body", [b"", b"{}", b'{"data":null}', b'{"data":[]}', b'{"errors":[{}]}'])
async def test_nobody_is_no_account(x: StandIn, connector: XConnector, body: bytes) -> None:
    """X says nothing of somebody: refused in words, never an error of ours."""
    x.will("/2/users/by/username/carol", body)
    whom = Target("5", "carol", {})
    assert not (await connector.reach(whom)).can
    with pytest.raises(Rejected):
        await connector.hide("dm:1", hidden=True)
    assert await connector.look("5") is None


async def test_one_field_that_x_may_not_tell_takes_no_post_away(
    x: StandIn, connector: XConnector
) -> None:
    """Only what is gone, or not for us to see, is deleted here."""
    x.will("/2/tweets", page(mention("5"), errors=[
        {"resource_id": "5", "type": "https://api.x.com/2/problems/not-authorized-for-field"},
        {"resource_id": 6, "type": "https://api.x.com/2/problems/not-authorized-for-resource"},
        {"value": "7", "type": "https://api.x.com/2/problems/resource-not-found"},
        {"value": "8", "title": "Not Found Error"}, {"value": "9", "title": "Odd"},
    ]))  # fmt: skip
    gone = await connector.revisit(["5", "6", "7", "8", "9"])
    assert [each.external_id for each in gone] == ["6", "7", "8"]


@pytest.mark.parametrize(
    ("remaining", "seconds"), [("9" * 30, 60), ("5", 90_000_000), ("-3", 60)], ids=str
)
async def test_limits_without_sense_shut_nothing(
    x: StandIn, connector: XConnector, remaining: str, seconds: int
) -> None:
    """A negative rest is none; one that no database holds, or for years, is not learned."""
    resets = str(int(x.memory.ports.now().timestamp()) + seconds)
    me = {"data": {"id": US.id, "username": US.handle}}
    x.will("/2/users/me", me, x_rate_limit_remaining=remaining, x_rate_limit_reset=resets)
    await connector.probe()
    assert {kind: left for kind, (left, _) in x.memory.budget.learned.items()} == (
        {"me:user": 0} if remaining == "-3" else {}
    )


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"errors": [{"detail": "Account suspended."}]}, Reauthorize),
        ({}, RetryLater),
        ({"data": {"id": "5", "username": None}}, RetryLater),
    ],
    ids=["with a reason", "nothing", "no name"],
)
async def test_an_account_that_x_does_not_tell(
    x: StandIn, connector: XConnector, body: Any, error: type[Exception]
) -> None:
    """Only a reason that stands holds the channel."""
    x.will("/2/users/me", body)
    with pytest.raises(error, match="whose account"):
        await connector.probe()


async def test_a_renewed_pair_in_odd_shape_is_not_lost(x: StandIn, connector: XConnector) -> None:
    """The old pair is used up by then."""
    kept = {"access_token": "old", "refresh_token": "r", "id": US.id, "handle": US.handle}
    await x.memory.tokens.save({**kept, "expires_at": "2001-01-01T00:00:00+00:00"})
    x.will("/2/oauth2/token", {"access_token": "new", "refresh_token": "s", "expires_in": "7200",
                               "scope": ["a"], "token_type": None})  # fmt: skip
    x.will("/2/users/me", {"data": {"id": US.id, "username": US.handle}})
    await connector.probe()
    assert x.memory.tokens.saved[-1]["refresh_token"] == "s"
    assert x.asked[-1].headers["authorization"] == "Bearer new"


async def test_x_is_not_kept_waiting_for_what_it_does_not_tell(
    x: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event without names, while X's API hangs: taken in before X gives up."""
    monkeypatch.setattr(hook, "LOOKS_FOR", 0.2)
    x.says["/2/users"] = [Answer(200, b"", broken="hang")]
    server = Listening(x.handle)
    made: Any = NETWORK.open(
        {"api": await server.open(0)}, {"consumer_secret": "s"}, x.memory.ports
    )
    told = body(REPLY)
    said = await made.hear(Call("POST", {hook.SIGNATURE: hook.sign(b"s", told)}, {}, told))
    assert said.status == 200
    [post] = said.batch.changes
    assert post.author.handle == CAROL
    await made.close()
    await server.close()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (b'{"title":"ConnectionException","detail":"This stream is currently at the maximum '
         b'allowed connection limit.","connection_issue":"TooManyConnections"}', Crowded),
        (b'{"errors":[{"title":"operational-disconnect","detail":"For operational reasons."}]}',
         Refused),
        (b'{"data":null}', Refused),
    ],
    ids=["crowded", "ended", "nothing"],
)  # fmt: skip
def test_last_words_on_a_stream(line: bytes, kind: type[Exception]) -> None:
    assert type(ended(line)) is kind
