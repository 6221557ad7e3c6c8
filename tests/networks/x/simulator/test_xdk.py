"""X's own Python client drives the simulator: a stranger who knows nothing of us."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import xdk

from earful.networks.x.simulator import Plan, stage

from .client import Brand


@pytest.fixture
def plan() -> Plan:
    """The client speaks the newer words."""
    return Plan(brands=("Northwind", "NorthwindHelp"), keep_alive=0.05, names="post")


class Stranger:
    """The client, in a thread of its own: it knows no asyncio."""

    def __init__(self, brand: Brand) -> None:
        token = brand.keys["users"]["Northwind"]["access_token"]
        self.user = xdk.Client(base_url=brand.state.service, access_token=token)
        self.app = xdk.Client(base_url=brand.state.service, bearer_token=brand.keys["bearer"])

    async def does(self, act: Callable[..., Any], *given: Any, **named: Any) -> Any:
        return await asyncio.to_thread(act, *given, **named)

    def close(self) -> None:
        self.user.session.close()
        self.app.session.close()


@pytest.fixture
async def stranger(brand: Brand) -> AsyncIterator[Stranger]:
    client = Stranger(brand)
    yield client
    client.close()


async def test_posts_replies_reads_and_deletes(brand: Brand, stranger: Stranger) -> None:
    posts, users = stranger.user.posts, stranger.user.users
    me = (await stranger.does(users.get_me)).data
    assert _get(me, "username") == "Northwind"
    asked = brand.says("@Northwind where is it?")
    pages = await stranger.does(
        lambda: list(users.get_mentions(_get(me, "id"), expansions=["author_id"]))
    )
    (found,) = [post for page in pages for post in page.data]
    assert (_get(found, "id"), _get(found, "author_id")) == (asked.id, asked.author_id)
    body = {"text": "On its way", "reply": {"in_reply_to_tweet_id": asked.id}}
    made = (await stranger.does(posts.create, body)).data
    looked = await stranger.does(posts.get_by_id, _get(made, "id"))
    assert _get(looked.data, "text") == "@dana On its way"
    recent = await stranger.does(lambda: list(posts.search_recent("@northwind")))
    assert [_get(post, "id") for page in recent for post in page.data] == [asked.id]
    gone = (await stranger.does(posts.delete, _get(made, "id"))).data
    assert _get(gone, "deleted") is True


async def test_direct_messages(brand: Brand, stranger: Stranger) -> None:
    got = stage.dm(brand.state, stage.Word(by="dana", to="Northwind", text="psst"))
    messages = stranger.user.direct_messages
    sent = await stranger.does(messages.create_by_participant_id, got.sender_id, {"text": "Yes?"})
    assert _get(sent.data, "dm_conversation_id") == got.conversation_id
    pages = await stranger.does(lambda: list(messages.get_events()))
    assert [_get(dm, "text") for page in pages for dm in page.data] == ["Yes?", "psst"]


async def test_rules_stream_and_subscriptions(brand: Brand, stranger: Stranger) -> None:
    stream = stranger.app.stream
    await stranger.does(stream.update_rules, {"add": [{"value": "@northwind", "tag": "us"}]})
    told = iter(stream.posts())
    first = asyncio.ensure_future(stranger.does(next, told))
    async with asyncio.timeout(5):
        await brand.state.hub.streams.opened.wait()
    asked = brand.says("@Northwind live")
    assert _get((await first).data, "id") == asked.id
    killed = await stranger.does(stranger.app.connections.delete_all)
    assert _get(killed.data, "successful_kills") == 1
    await stranger.does(told.close)
    wish = {"event_type": "post.mention.create", "filter": {"user_id": brand.id}}
    await stranger.does(stranger.app.activity.create_subscription, wish)
    assert [one.event_type for one in brand.state.hub.subscriptions.values()] == [
        "post.mention.create"
    ]


def _get(thing: Any, name: str) -> Any:
    """The client hands out objects here and dictionaries there."""
    return thing[name] if isinstance(thing, dict) else getattr(thing, name)
