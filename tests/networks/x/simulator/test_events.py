"""Webhooks, activity events and streams: told, told twice, in disorder, late, lost, again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from earful.networks.x.simulator import control, stage
from earful.networks.x.simulator.streams import Spoiling as StreamSpoiling
from earful.networks.x.simulator.webhooks import Spoiling

from ..samples import xs_own
from .client import Brand, reading
from .receiver import Receiver

KINDS = (
    "post.delete", "post.mention.create", "post.reply.create", "post.quote.create", "dm.sent",
    "dm.received", "oauth.revoke",
)  # fmt: skip


async def subscribed(brand: Brand, *kinds: str, url: str = "") -> str:
    """The webhook's id; without a url the events go to the stream."""
    hook: dict[str, str] = {}
    if url:
        made = await brand.app.post("/2/webhooks", json={"url": url})
        assert made.status_code == 200, made.text
        hook = {"webhook_id": made.json()["data"]["id"]}
    for kind in kinds:
        wish = {"event_type": kind, "filter": {"user_id": brand.id}, "tag": "us", **hook}
        answer = await brand.app.post("/2/activity/subscriptions", json=wish)
        assert answer.status_code == 200, answer.text
    return hook.get("webhook_id", "")


def paths(thing: Any, at: str = "") -> Iterator[str]:
    """Where everything stands in an event; user ids as names count as one."""
    if isinstance(thing, dict):
        for name, value in thing.items():
            here = f"{at}.{'*' if name.isdecimal() else name}"
            yield here
            yield from paths(value, here)
    elif isinstance(thing, list):
        for one in thing:
            yield from paths(one, f"{at}[]")


async def test_events_have_the_shape_of_x_s_samples(brand: Brand) -> None:
    """Nothing stands in our events that does not stand there in X's, and the core all does."""
    samples = list(xs_own("activity").values())
    async with Receiver(brand.keys["consumer_secret"]) as receiver:
        await subscribed(brand, *KINDS, url=receiver.url)
        asked = brand.says("hey @Northwind")
        sent = await brand.reply(asked, "Hello")
        ours = sent.json()["data"]["id"]
        brand.says("thanks for sharing!", reply_to=ours)
        brand.says("context", quote=ours)
        stage.dm(brand.state, stage.Word(by="dana", to="Northwind", text="hello!"))
        body = {"text": "Hi"}
        await brand.user.post(f"/2/dm_conversations/with/{asked.author_id}/messages", json=body)
        await brand.user.delete(f"/2/tweets/{ours}")
        control.revoke(brand.state, "Northwind")
        await brand.state.webhooks.settled()
    assert sorted(receiver.types()) == sorted(KINDS)
    samples = [each for each in samples if each["data"]["event_type"] in KINDS]
    everywhere = {path for sample in samples for path in paths(sample)}
    for event in receiver.told:
        kind = event["data"]["event_type"]
        sample = next(each for each in samples if each["data"]["event_type"] == kind)
        assert event["data"].keys() == sample["data"].keys(), kind
        assert set(paths(event)) - set(paths(sample)) - everywhere == set(), kind
        payload = event["data"]["payload"]
        # A sample's links and places depend on what was written.
        needed = sample["data"]["payload"].keys() - {"entities", "in_reply_to_user_id"}
        assert needed - payload.keys() == set(), kind


async def test_a_stranger_gets_no_webhook(brand: Brand) -> None:
    async with Receiver(brand.keys["consumer_secret"]) as receiver:
        receiver.honest = False
        answer = await brand.app.post("/2/webhooks", json={"url": receiver.url})
        assert (answer.status_code, "CRC" in answer.text) == (400, True)
        receiver.honest = True
        hook = await subscribed(brand, url=receiver.url)
        receiver.honest = False
        told = await brand.app.put(f"/2/webhooks/{hook}")
        assert told.json()["data"]["valid"] is False
    for url in ("http://desk.example/x", "https://desk.example:8443/x", "https://desk.example/x"):
        assert (await brand.app.post("/2/webhooks", json={"url": url})).status_code == 400


async def test_a_real_address_can_stand_for_a_local_one(brand: Brand) -> None:
    async with Receiver(brand.keys["consumer_secret"]) as receiver:
        origin, _, _ = receiver.url.partition("/hooks")
        brand.state.plan.hosts = {"desk.example": origin}
        await subscribed(brand, "post.mention.create", url="https://desk.example/hooks/x")
        brand.says("@Northwind hi")
        await brand.state.webhooks.settled()
        assert (receiver.types(), receiver.forged) == (["post.mention.create"], 0)


async def test_deliveries_go_wrong_on_request_and_are_replayed(brand: Brand) -> None:
    """Twice, backwards, late, lost; a redirect ends it; a replay tells all again."""
    webhooks = brand.state.webhooks
    async with Receiver(brand.keys["consumer_secret"]) as receiver:
        hook = await subscribed(brand, "post.mention.create", url=receiver.url)

        async def texts() -> list[str]:
            await webhooks.settled()
            told, receiver.told = receiver.told, []
            return [body["data"]["payload"]["text"][-1] for body in told if "data" in body]

        webhooks.spoil(Spoiling(repeat=1))
        brand.says("@Northwind 1")
        assert await texts() == ["1", "1"]
        webhooks.spoil(Spoiling(reorder=2))
        brand.says("@Northwind 2")
        brand.says("@Northwind 3")
        assert await texts() == ["3", "2"]
        webhooks.spoil(Spoiling(late=True))
        brand.says("@Northwind 4")
        assert await texts() == []
        webhooks.spoil(Spoiling(lose=1))
        brand.says("@Northwind 5")
        assert await texts() == ["4"]
        dates = {"from_date": "202611020859", "to_date": "202611020901"}
        await brand.app.post("/2/webhooks/replay", json={**dates, "webhook_id": hook})
        await webhooks.settled()
        assert "replay_job_status" in receiver.told[-1]
        assert await texts() == ["1", "2", "3", "4", "5"]
        receiver.answers = [302]
        brand.says("@Northwind 6")
        brand.says("@Northwind 7")
        assert await texts() == []
        (left,) = (await brand.app.get("/2/webhooks")).json()["data"]
        assert left["valid"] is False


async def test_the_activity_stream_tells_what_has_no_webhook(brand: Brand) -> None:
    await subscribed(brand, "post.mention.create", "dm.received")
    async with reading(brand.app, "/2/activity/stream") as (_, reader):
        assert await reader.line() is None
        brand.says("@Northwind hi")
        stage.dm(brand.state, stage.Word(by="dana", to="Northwind", text="psst"))
        events = [await reader.next() for _ in range(2)]
    kinds = [event["data"]["event_type"] for event in events]
    assert kinds == ["post.mention.create", "dm.received"]
    (day,) = brand.state.spend.told().values()
    assert day["items"] == {"event_post": 1, "event_dm": 1}


async def rule(brand: Brand, value: str, **query: str) -> Any:
    body = {"add": [{"value": value, "tag": "t"}]}
    where = "/2/tweets/search/stream/rules"
    return (await brand.app.post(where, json=body, params=query)).json()


@pytest.mark.parametrize(
    ("value", "meets"),
    [
        ("@northwind", "abc"),
        ("northwind -@northwind", "d"),
        ("(late OR lost) -is:quote", "bd"),
        ('"very late" lang:en', "b"),
        ("from:tom", "cd"),
        ("@northwind -(late OR from:tom)", "a"),
        ("to:northwind", ""),
        ("late has:links", "d"),
        ("late point_radius:[1 2 16km]", ""),
        ("late place_country:DE", ""),
        ("late has:geo", ""),
        ("late -has:geo -is:nullcast", "bd"),
        ("retweets_of:northwind", ""),
        ("quotes_of_tweet_id:77 OR conversation_id:77", ""),
    ],
)
async def test_rules_let_through_what_they_say(brand: Brand, value: str, meets: str) -> None:
    assert "errors" not in await rule(brand, value)
    async with reading(brand.app, "/2/tweets/search/stream") as (_, reader):
        assert await reader.line() is None
        sent = {
            brand.says("hi @Northwind").id: "a",
            brand.says("@northwind very late").id: "b",
            brand.says("@Northwind yes", by="tom").id: "c",
            brand.says("northwind late lost https://example.com", by="tom").id: "d",
            brand.says("end").id: "e",
        }
        brand.state.hub.rules.clear()
        await rule(brand, "from:end")
        brand.says("over", by="end")
        seen = ""
        while (line := await reader.next())["data"]["text"] != "over":
            seen += sent[line["data"]["id"]]
    assert seen == meets


@pytest.mark.parametrize(
    "value",
    [
        "x" * 1025,
        "(open",
        "is:reply",
        "-cats",
        "shoe:size",
        "has:shoes",
        "a OR",
        "-has:geo",
        '"half',
        "",
    ],
)
async def test_what_is_no_rule_is_refused_with_a_reason(brand: Brand, value: str) -> None:
    told = await rule(brand, value)
    assert told["meta"]["summary"]["invalid"] == 1
    assert told["errors"][0]["details"]
    assert brand.state.hub.rules == {}


async def test_a_dry_run_changes_nothing_and_twins_are_named(brand: Brand) -> None:
    assert (await rule(brand, "cats", dry_run="true"))["meta"]["summary"]["created"] == 1
    assert brand.state.hub.rules == {}
    made = (await rule(brand, "cats"))["data"][0]["id"]
    (error,) = (await rule(brand, "cats"))["errors"]
    assert (error["title"], error["id"]) == ("DuplicateRule", made)


async def test_one_connection_and_how_to_be_rid_of_it(brand: Brand) -> None:
    path = "/2/tweets/search/stream"
    async with reading(brand.app, path) as (_, reader):
        assert await reader.line() is None
        refused = await brand.app.get(path)
        assert refused.status_code == 429
        assert refused.json()["connection_issue"] == "TooManyConnections"
        killed = await brand.app.delete("/2/connections/all")
        assert killed.json()["data"]["successful_kills"] == 1
        assert await reader.ended()
    async with reading(brand.app, path) as (status, reader):
        assert status == 200
        assert await reader.line() is None


async def test_streams_go_wrong_on_request(brand: Brand) -> None:
    """Twice, backwards, silent, and with X's last words."""
    await rule(brand, "number")
    streams = brand.state.hub.streams
    async with reading(brand.app, "/2/tweets/search/stream") as (_, reader):
        assert await reader.line() is None
        streams.spoil(StreamSpoiling(repeat=1))
        brand.says("number 1")
        streams.spoil(StreamSpoiling(reorder=2))
        brand.says("number 2")
        brand.says("number 3")
        told = [(await reader.next())["data"]["text"][-1] for _ in range(4)]
        assert told == ["1", "1", "3", "2"]
        streams.spoil(StreamSpoiling(silent=True))
        brand.says("number 4")
        silence = asyncio.ensure_future(reader.line())
        await asyncio.wait({silence}, timeout=0.3)  # six times what it says between signs of life
        assert not silence.done()
        streams.spoil(StreamSpoiling())
        assert await silence is None
        brand.says("number 5")
        assert (await reader.next())["data"]["text"] == "number 5"
        streams.end(streams.active()[0], "upstream", said=True)
        assert "operational-disconnect" in msgspec.json.encode(await reader.next()).decode()
