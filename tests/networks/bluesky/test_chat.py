"""Private messages, through the account's own server to a chat service (a strict, small one)."""

from __future__ import annotations

import pytest

from earful.kit.ids import new_id
from earful.networks.bluesky.chat import UNPRIVILEGED
from earful.networks.bluesky.connector import BlueskyConnector
from earful.networks.contract import (
    Change,
    Draft,
    Post,
    Rejected,
    Target,
    Uncertain,
    Upload,
    Visibility,
)
from tests.networks.bluesky.bench import Bench, listen
from tests.networks.bluesky.network import Account, BlueskyNetwork

DIRECT = Visibility.DIRECT


@pytest.fixture
async def channel(network: BlueskyNetwork, bench: Bench) -> BlueskyConnector:
    return bench.open(chat=network.chat)


def to(account: Account, **more: str) -> Target:
    """A public post of theirs."""
    return Target("at://x/y/z", account.handle, more, author_id=account.did)


def said(changes: list[Change]) -> list[Post]:
    return [one for one in changes if isinstance(one, Post) and one.visibility is DIRECT]


async def test_a_message_goes_out_and_is_settled_by_looking(
    network: BlueskyNetwork, channel: BlueskyConnector, carol: Account, brand: Account
) -> None:
    key = new_id()
    draft = Draft(text="Which number are you on?", reply_to=to(carol), visibility=DIRECT)
    assert await channel.settle(draft, key) is None
    receipt = await channel.send(draft, key)
    [convo] = [c for c in network.messages.convos.values() if carol.did in c["dids"]]
    assert set(convo["dids"]) == {carol.did, brand.did}
    assert receipt.parts[0].external_id == f"{convo['id']}/{convo['messages'][0]['id']}"
    assert await channel.settle(draft, key) == receipt
    later = Draft(text="And your street?", reply_to=to(carol, convo=convo["id"]), visibility=DIRECT)
    await channel.send(later, new_id())
    assert [m["text"] for m in convo["messages"]] == [draft.text, later.text]
    assert await channel.settle(later, new_id()) is not None


async def test_a_lost_answer_is_uncertain_and_found(
    network: BlueskyNetwork, channel: BlueskyConnector, carol: Account
) -> None:
    key, draft = new_id(), Draft(text="Are you there?", reply_to=to(carol), visibility=DIRECT)
    network.messages.drop_answers = 1
    with pytest.raises(Uncertain):
        await channel.send(draft, key)
    assert await channel.settle(draft, key) is not None


async def test_what_they_write_is_told_and_what_we_write_elsewhere_says_for_whom(
    network: BlueskyNetwork, channel: BlueskyConnector, carol: Account, brand: Account
) -> None:
    network.messages.say(carol.did, brand.did, "My number is 0815")
    heard = await listen(channel, lambda changes: bool(said(changes)))
    [first] = said(heard.changes)
    assert (first.text, first.author.external_id, first.own) == (
        "My number is 0815", carol.did, False,
    )  # fmt: skip
    assert (first.author.name, first.ref["convo"] in first.external_id) == ("Carol 🌻", True)
    network.messages.say(brand.did, carol.did, "Said in the app")
    network.messages.say(carol.did, brand.did, "Thank you")
    more = await listen(channel, lambda c: len(said(c)) >= 2, since=heard.cursor)
    [ours, theirs] = said(more.changes)
    assert (ours.own, ours.to and ours.to.external_id) == (True, carol.did)
    assert (theirs.own, theirs.text) == (False, "Thank you")
    assert more.cursor["chat"] > heard.cursor["chat"]


async def test_who_can_be_reached(
    network: BlueskyNetwork, channel: BlueskyConnector, carol: Account, brand: Account
) -> None:
    assert (await channel.reach(to(carol))).can
    network.messages.incoming[carol.did] = "following"
    refused = await channel.reach(to(carol))
    assert (refused.can, refused.why) == (
        False, "They take private messages only from people they follow.",
    )  # fmt: skip
    with pytest.raises(Rejected, match="only from people they follow"):
        await channel.send(Draft(text="hello", reply_to=to(carol), visibility=DIRECT), new_id())
    network.messages.say(carol.did, brand.did, "I begin")
    assert (await channel.reach(to(carol))).can


async def test_somebody_whom_the_index_does_not_know_is_refused_in_words(
    network: BlueskyNetwork, channel: BlueskyConnector
) -> None:
    nobody = Target("at://x/y/z", "gone.test", {}, author_id="did:plc:aaaaaaaaaaaaaaaaaaaaaaaa")
    network.messages.incoming[nobody.author_id] = "following"
    reach = await channel.reach(nobody)
    assert (reach.can, "only from people they follow" in reach.why) == (False, True)


async def test_an_app_password_that_allows_none_is_said_and_the_posts_go_on(
    network: BlueskyNetwork, bench: Bench, carol: Account, brand: Account
) -> None:
    made = await brand.call("com.atproto.server.createAppPassword", name="desk", privileged=False)
    channel = bench.open(password=made["password"], chat=network.chat)
    network.messages.say(carol.did, brand.did, "unheard")
    await listen(channel, lambda _: True)
    assert bench.told == [UNPRIVILEGED]
    assert (await channel.reach(to(carol))).why == UNPRIVILEGED
    with pytest.raises(Rejected, match="app password"):
        await channel.send(Draft(text="hello", reply_to=to(carol), visibility=DIRECT), new_id())
    assert (await channel.send(Draft(text="in public"), new_id())).parts


async def test_a_privileged_app_password_opens_them(
    network: BlueskyNetwork, bench: Bench, carol: Account, brand: Account
) -> None:
    made = await brand.call("com.atproto.server.createAppPassword", name="desk", privileged=True)
    channel = bench.open(password=made["password"], chat=network.chat)
    assert (await channel.reach(to(carol))).can
    await listen(channel, lambda _: True)
    assert bench.told == [""]


async def test_pictures_and_nobody_are_refused(channel: BlueskyConnector, carol: Account) -> None:
    picture = Upload(b"x", "image/png", "a line", 1, 1)
    with pytest.raises(Rejected, match="no pictures"):
        await channel.send(
            Draft(text="look", reply_to=to(carol), uploads=(picture,), visibility=DIRECT), new_id()
        )
    with pytest.raises(Rejected, match="for somebody"):
        await channel.send(Draft(text="look", visibility=DIRECT), new_id())
