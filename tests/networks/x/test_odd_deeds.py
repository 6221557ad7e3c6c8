"""Answers that X has not given us yet to what we do: told in words, nothing taken for done."""

from __future__ import annotations

from typing import Any

import pytest

from earful.kit.ids import new_id
from earful.networks.contract import (
    Call,
    Draft,
    Post,
    Reauthorize,
    Rejected,
    RetryLater,
    Target,
    Uncertain,
    Upload,
)
from earful.networks.x import NETWORK, hook
from earful.networks.x.connector import XConnector
from earful.networks.x.ears import ended
from earful.networks.x.errors import Refused
from earful.networks.x.follow import Crowded
from earful.networks.x.simulator.wire import Answer, Listening
from tests.networks.x.bench import listen
from tests.networks.x.samples import CAROL, REPLY, US, body, users
from tests.networks.x.standin import MENTIONS, StandIn, mention, page


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


async def test_one_id_that_is_none_spoils_no_question(x: StandIn, connector: XConnector) -> None:
    """X refuses a question for the sake of one odd id in it."""
    odd, good = x.id(1), x.id(2)
    nobody = {"id": odd, "text": f"@{US.handle} hi", "author_id": "no-number"}
    x.will(MENTIONS, {"data": [nobody, mention(good)], "meta": {"result_count": 2}})
    x.will("/2/users", {"data": users(CAROL)})
    heard = await listen(connector, lambda told: {odd, good} <= set(told.ids()))
    [named] = [each for each in heard.changes if each.external_id == good]
    assert isinstance(named, Post)
    assert named.author.handle == "OtherUser"
    x.will("/2/tweets", page(mention(good)))
    await connector.revisit([good, "x", "9" * 25])
    asked = [each.query["ids"] for each in x.asked if "ids" in each.query]
    assert asked == [CAROL, good]


async def test_a_yes_that_is_a_no(x: StandIn, connector: XConnector) -> None:
    """X says 200, and in the answer that it did not do it."""
    refused = {"errors": [{"title": "Forbidden", "detail": "Not your conversation."}]}
    x.will("/2/tweets/5/hidden", refused)
    x.will("/2/tweets/5", refused)
    x.will("/2/tweets", refused)
    with pytest.raises(Rejected, match="Not your conversation"):
        await connector.hide("5", hidden=True)
    with pytest.raises(Rejected, match="Not your conversation"):
        await connector.remove("5")
    with pytest.raises(Uncertain):  # what may have been published is looked for
        await connector.send(Draft(text="hello"), new_id())


@pytest.mark.parametrize("after", [0, -1, 10**9, "soon"], ids=str)
async def test_a_picture_that_x_works_on_for_ever(
    x: StandIn, connector: XConnector, after: Any
) -> None:
    """Asked for now and then, and put off in the end, whatever X proposes."""
    working = {"state": "in_progress", "check_after_secs": after}
    x.will("/2/media/upload/initialize", {"data": {"id": 7}})
    x.will("/2/media/upload/7/append", {})
    x.will("/2/media/upload/7/finalize", {"data": {"id": 7, "processing_info": working}})
    x.will("/2/media/upload", {"data": {"processing_info": working}})
    x.memory.longest_wait = 0.0
    picture = Upload(b"GIF89a", "image/gif", "A loop", 1, 1)
    with pytest.raises(RetryLater, match="not done with the picture"):
        await connector.send(Draft(text="see", uploads=(picture,)), new_id())
    assert all(1 <= wait <= 30 for wait in x.memory.waits)


async def test_somebody_elses_sign_in_is_not_ours(x: StandIn, connector: XConnector) -> None:
    """Nothing is said in another account's name; a new handle of the same one is fine."""
    x.will("/2/users/me", {"data": {"id": US.id, "username": "NewName"}})
    assert (await connector.probe()).handle == "NewName"
    x.will("/2/users/me", {"data": {"id": "5", "username": "Other"}})
    with pytest.raises(Reauthorize, match="@Other's, and not @NewName's"):
        await connector.probe()
    assert x.memory.tokens.saved[-1]["id"] == US.id
