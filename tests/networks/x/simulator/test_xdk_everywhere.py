"""X's own Python client calls on every endpoint that the simulator has."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from earful.networks.x.simulator import Plan, stage
from earful.networks.x.simulator.service import ROUTES, Service
from earful.networks.x.simulator.wire import Answer, Request

from .client import Brand
from .receiver import Receiver
from .test_xdk import Stranger, _get

ABSENT = {
    ("POST", "/2/oauth2/token"),  # it signs in by another library, at addresses of its own
    ("POST", "/2/oauth2/revoke"),
}


@pytest.fixture
def plan() -> Plan:
    """The client speaks the newer words."""
    return Plan(brands=("Northwind", "NorthwindHelp"), keep_alive=0.05, names="post")


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Request, Answer]]:
    """Every request, and what was said."""
    told: list[tuple[Request, Answer]] = []
    handle = Service.handle

    async def noted(self: Service, request: Request) -> Answer:
        answer = await handle(self, request)
        told.append((request, answer))
        return answer

    monkeypatch.setattr(Service, "handle", noted)
    return told


@pytest.fixture
async def stranger(answered: list[Any], brand: Brand) -> AsyncIterator[Stranger]:
    client = Stranger(brand)
    yield client
    client.close()


@pytest.mark.usefixtures("answered")
async def test_every_endpoint(
    answered: list[tuple[Request, Answer]], brand: Brand, stranger: Stranger
) -> None:
    drive = Drive(brand, stranger)
    await drive.people_and_posts()
    await drive.media_and_messages()
    await drive.streams()
    async with Receiver(brand.keys["consumer_secret"]) as receiver:
        await drive.hooks(receiver.url)
    await drive.keeping()
    called = {
        (route.method, route.path)
        for request, answer in answered
        for route in ROUTES
        if answer.status < 300 and route.match(request.method, request.path) is not None
    }
    wanted = {(route.method, route.path) for route in ROUTES if route.path.startswith("/2/")}
    assert wanted - called == ABSENT
    assert [(r.method, r.path, a.body) for r, a in answered if a.status >= 300] == []


class Drive:
    """The client's calls, each in a thread of its own."""

    def __init__(self, brand: Brand, stranger: Stranger) -> None:
        self.brand, self.user, self.app = brand, stranger.user, stranger.app
        self.does = stranger.does

    async def pages(self, act: Callable[..., Any], *given: Any, **named: Any) -> list[Any]:
        """All that a listing holds."""
        pages = await self.does(lambda: list(act(*given, **named)))
        return [each for page in pages for each in page.data or ()]

    async def people_and_posts(self) -> None:
        users, posts, brand = self.user.users, self.user.posts, self.brand
        asked = brand.says("@Northwind where is it?")
        dana = asked.author_id
        for act, given in (
            (users.get_me, ()),
            (users.get_by_id, (dana,)),
            (users.get_by_ids, ([dana],)),
            (users.get_by_username, ("dana",)),
            (users.get_by_usernames, (["dana"],)),
        ):
            assert (await self.does(act, *given)).data
        assert [_get(each, "id") for each in await self.pages(users.get_mentions, brand.id)] == [
            asked.id
        ]
        made = _get((await self.does(posts.create, {"text": "News"})).data, "id")
        rude = brand.says("fools", reply_to=made)
        brand.says("look", quote=made, by="tom")
        assert _get((await self.does(posts.hide_reply, rude.id, {"hidden": True})).data, "hidden")
        assert len(await self.pages(users.get_posts, brand.id)) == 1
        assert len(await self.pages(posts.get_quoted, made)) == 1
        assert len(await self.pages(posts.search_recent, "@northwind")) == 2
        assert len((await self.does(posts.get_by_ids, [made, rude.id])).data) == 2
        assert (await self.does(posts.get_by_id, made)).data
        assert _get((await self.does(posts.delete, made)).data, "deleted")

    async def media_and_messages(self) -> None:
        media, messages = self.user.media, self.user.direct_messages
        begin = {"media_type": "image/png", "total_bytes": 3, "media_category": "dm_image"}
        made = _get((await self.does(media.initialize_upload, begin)).data, "id")
        part = {"media": base64.b64encode(b"abc").decode(), "segment_index": 0}
        await self.does(media.append_upload, made, part)
        await self.does(media.finalize_upload, made)
        await self.does(media.get_upload_status, made, "STATUS")
        alt = {"id": made, "metadata": {"alt_text": {"text": "a box"}}}
        await self.does(media.create_metadata, alt)
        await self.does(media.upload, {"media": part["media"], "media_category": "tweet_image"})
        got = stage.dm(self.brand.state, stage.Word(by="dana", to="Northwind", text="psst"))
        body = {"text": "Yes?", "attachments": [{"media_id": made}]}
        sent = (await self.does(messages.create_by_participant_id, got.sender_id, body)).data
        where, event = got.conversation_id, _get(sent, "dm_event_id")
        await self.does(messages.create_by_conversation_id, where, {"text": "Bye"})
        assert len(await self.pages(messages.get_events)) == 3
        assert len(await self.pages(messages.get_events_by_participant_id, got.sender_id)) == 3
        assert len(await self.pages(messages.get_events_by_conversation_id, where)) == 3
        assert (await self.does(messages.get_events_by_id, event)).data
        file = (event, made, f"{made}.png")
        assert await self.does(messages.dm_conversations_media_download, *file) == b"abc"
        assert (await self.does(messages.delete_events, event)).data

    async def streams(self) -> None:
        stream, connections = self.app.stream, self.app.connections
        await self.does(stream.update_rules, {"add": [{"value": "@northwind", "tag": "us"}]})
        assert [_get(each, "tag") for each in await self.pages(stream.get_rules)] == ["us"]
        wish = {"event_type": "post.mention.create", "filter": {"user_id": self.brand.id}}
        await self.does(self.app.activity.create_subscription, wish)
        for listing, end in (
            (stream.posts, lambda: connections.delete_by_endpoint("filtered_stream")),
            (stream.activity, lambda: connections.delete_by_uuids({"uuids": self._open()})),
            (stream.posts, connections.delete_all),
        ):
            self.brand.state.hub.streams.opened.clear()
            told = iter(listing())
            first = asyncio.ensure_future(self.does(next, told))
            async with asyncio.timeout(5):
                await self.brand.state.hub.streams.opened.wait()
            self.brand.says("@Northwind live")
            assert (await first).data
            assert await self.pages(connections.get_connection_history, status="active")
            await self.does(end)
            await self.does(told.close)

    def _open(self) -> list[str]:
        return [each.id for each in self.brand.state.hub.streams.active()]

    async def hooks(self, url: str) -> None:
        webhooks, activity = self.app.webhooks, self.app.activity
        await self.does(webhooks.create, {"url": url})
        [hook] = (await self.does(webhooks.get)).data
        name = _get(hook, "id")
        assert _get((await self.does(webhooks.validate, name)).data, "valid")
        [old] = await self.pages(activity.get_subscriptions)
        kept = _get(old, "subscription_id")
        await self.does(activity.update_subscription, kept, {"tag": "we"})
        wish = {"event_type": "post.delete", "filter": {"user_id": self.brand.id}}
        made = await self.does(activity.create_subscription, {**wish, "webhook_id": name})
        other = _get(_get(made.data, "subscription"), "subscription_id")
        await self.does(activity.delete_subscription, other)
        await self.does(activity.delete_subscriptions_by_ids, [kept])
        again = {"webhook_id": name, "from_date": "202611020000", "to_date": "202611030000"}
        await self.does(webhooks.create_webhook_replay_job, again)
        await self.does(webhooks.delete, name)

    async def keeping(self) -> None:
        compliance = self.app.compliance
        job = _get((await self.does(compliance.create_jobs, {"type": "tweets"})).data, "id")
        assert len((await self.does(compliance.get_jobs, "tweets")).data) == 1
        assert (await self.does(compliance.get_jobs_by_id, job)).data
        assert (await self.does(self.app.usage.get)).data
