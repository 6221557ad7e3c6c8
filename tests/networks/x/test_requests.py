"""What we ask X is what its descriptions say, in the words that the channel's field names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from earful.kit.ids import new_id
from earful.networks.contract import Draft, Post, Target, Upload, Visibility
from earful.networks.x.simulator.faults import Fault
from earful.networks.x.simulator.service import Service
from earful.networks.x.simulator.state import State
from earful.networks.x.simulator.wire import Answer, Request
from tests.networks.x.bench import Bench
from tests.networks.x.simulator.described import Description, description
from tests.networks.x.test_listening import listening, until
from tests.networks.x.test_sending import png
from tests.networks.x.test_webhook import Door

ELSEWHERE = "/2/oauth2/"
"""Signing in is no part of the descriptions."""

UNDESCRIBED = ("oauth.revoke", "post.reply.create", "post.quote.create")
"""X's guides and samples have these events; the descriptions lack the first, the older one all."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    """Every request that X got."""
    told: list[Request] = []
    handle = Service.handle

    async def noted(self: Service, request: Request) -> Answer:
        told.append(request)
        return await handle(self, request)

    monkeypatch.setattr(Service, "handle", noted)
    return told


@pytest.fixture
async def called(asked: list[Request], state: State, names: str) -> AsyncIterator[Bench]:
    """A bench whose channel X can call."""
    door = Door()
    bench = Bench(state, hook=await door.server.open(0) + "/hooks/x", names=names)
    door.connector = bench.open()
    yield bench
    await bench.close()
    await door.server.close()


async def everything(bench: Bench) -> None:
    """All that a channel does."""
    connector = bench.open()
    await connector.probe()
    await connector.describe()
    await connector.check()
    async with listening(bench, search="parcel", daily_cap="100") as heard:
        asked = bench.says("@Northwind my parcel?")
        private = bench.writes("psst", alts=("a label",))
        await until(lambda: {asked, f"dm:{private}"} <= set(heard.ids()))
    [post] = [each for each in heard.changes if each.external_id == f"dm:{private}"]
    assert isinstance(post, Post)
    [label] = post.attachments
    assert await connector.picture(label.url)
    picture = Upload(png(), "image/png", "A red card", 40, 30)
    carol = bench.world.users[bench.world.posts[asked].author_id]
    whom = Target(asked, carol.username, {"id": asked}, carol.id)
    key = new_id()
    draft = Draft(text="Here: example.com", reply_to=whom, uploads=(picture,))
    [part] = (await connector.send(draft, key)).parts
    await connector.settle(draft, key)
    await connector.reach(Target(asked, carol.username, {}))
    secret = msgspec.structs.replace(draft, visibility=Visibility.DIRECT)
    await connector.send(secret, key)
    await connector.settle(secret, key)
    rude = bench.says("fools", reply_to=bench.says("@Northwind x", by="Northwind"))
    await connector.hide(rude, hidden=True)
    await connector.look(asked)
    await connector.revisit([asked])
    bench.state.faults.add(Fault("403", "compliance", 0))
    await connector.revisit([asked])
    await connector.remove(part.external_id)


@pytest.mark.parametrize("names", ["tweet", "post"])
async def test_every_request_is_described(called: Bench, asked: list[Request], names: str) -> None:
    what = description(names)
    await everything(called)
    to_x = [each for each in asked if each.path.startswith("/2/")]
    to_x = [each for each in to_x if not each.path.startswith(ELSEWHERE)]
    assert {wrong for each in to_x for wrong in faults(what, each)} == set()
    other = "post.fields" if names == "tweet" else "tweet.fields"
    wrong = {each.path for each in to_x if other in each.query}
    assert wrong == ({"/2/tweets/search/stream"} if names == "post" else set())
    wishes = {wish for each in to_x for part in each.query.values() for wish in part.split(",")}
    assert not {wish for wish in wishes if "geo" in wish or "place" in wish}
    assert "place.fields" not in {name for each in to_x for name in each.query}
    ways = {each.path for each in to_x}
    assert {"/2/activity/subscriptions", "/2/activity/stream", "/2/tweets/search/stream"} <= ways
    assert {"/2/tweets/search/recent", "/2/dm_events", "/2/webhooks"} <= ways


def faults(what: Description, request: Request) -> list[str]:
    """What is wrong with a request."""
    operation = what.operation(request.method, request.path)
    known = {each["name"]: each for each in what.parameters(request.method, request.path)}
    where = f"{request.method} {request.path}"
    found = []
    for name, value in request.query.items():
        if name not in known or known[name]["in"] != "query":
            found.append(f"{where}: {name} is not described")
            continue
        found += [f"{where}: {name}: {wrong}" for wrong in _value(what, known[name], value)]
    for name, each in known.items():
        if each.get("required") and each["in"] == "query" and name not in request.query:
            found.append(f"{where}: {name} is missing")
    kind = request.headers.get("content-type", "").partition(";")[0]
    if request.body and kind == "application/json":
        schema = operation["requestBody"]["content"][kind]["schema"]
        body = msgspec.json.decode(request.body)
        if body.get("event_type") in UNDESCRIBED:
            body["event_type"] = "post.mention.create"
        found += [f"{where}: {each}" for each in what.wrong(schema, body)]
    return found


def _value(what: Description, parameter: dict[str, Any], value: str) -> list[str]:
    schema = what.meant(parameter["schema"])
    given: Any = value
    if schema.get("type") == "array":
        given = value.split(",")
    elif schema.get("type") == "integer":
        given = int(value) if value.lstrip("-").isdecimal() else value
    return what.wrong(schema, given)
