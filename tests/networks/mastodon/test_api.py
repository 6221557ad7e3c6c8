"""What a server's answers mean: refusals in words, limits in either form, lengths of all kinds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from earful.kit.clock import system_clock
from earful.kit.ids import new_id
from earful.networks.conformance import Fault
from earful.networks.contract import (
    Draft,
    NetworkError,
    Reauthorize,
    Rejected,
    RetryLater,
    Uncertain,
)
from earful.networks.mastodon import NETWORK
from earful.networks.mastodon.errors import from_answer, resets_at
from earful.networks.mastodon.instance import to_instance
from earful.networks.mastodon.network import place
from tests.networks.faulty_line import FaultyLine
from tests.networks.mastodon.bench import Bench
from tests.networks.mastodon.samples import AT
from tests.networks.mastodon.server import Account, MockServer, mock_server


@pytest.mark.parametrize(
    ("status", "words", "writing", "kind"),
    [
        (429, "", True, RetryLater),
        (503, "", True, RetryLater),
        (500, "", True, Uncertain),
        (502, "", False, RetryLater),
        (401, "The access token is invalid", True, Reauthorize),
        (403, "Your login is currently disabled", True, Reauthorize),
        (403, "This action is not allowed", True, Rejected),
        (404, "Record not found", True, Rejected),
        (422, "Validation failed: Text can't be blank", True, Rejected),
        (413, "", True, Rejected),
        (302, "", True, Rejected),
        (418, "", False, Rejected),
    ],
)
def test_each_refusal_carries_its_decision(
    status: int, words: str, writing: bool, kind: type[NetworkError]
) -> None:
    error = from_answer(status, {}, words, now=AT, writing=writing)
    assert type(error) is kind or isinstance(error, kind)
    assert len(str(error).split()) > 3
    assert words in str(error) or status == 429


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ({"x-ratelimit-reset": "2026-11-22T12:05:00.000Z"}, 300.0),
        ({"x-ratelimit-reset": str(int(AT.timestamp()) + 90)}, 90.0),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:20 GMT"}, 20.0),
        ({"x-ratelimit-reset": "soon"}, 60.0),
        ({"x-ratelimit-reset": "2020-01-01T00:00:00Z"}, 1.0),
        ({"x-ratelimit-reset": "9" * 30}, 60.0),
        ({"retry-after": "999999999"}, 3600.0),
        ({}, 60.0),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], after: float) -> None:
    error = from_answer(429, headers, "", now=AT, writing=True)
    assert isinstance(error, RetryLater)
    assert error.after == after


def test_both_forms_of_a_reset_are_one_instant() -> None:
    forms = ("2026-11-22T12:00:00.000Z", "2026-11-22T12:00:00", str(AT.timestamp()))
    assert {resets_at({"x-ratelimit-reset": form}, AT) for form in forms} == {AT}


async def test_the_budget_learns_from_headers(tmp_path: Any) -> None:
    """A server with a small budget: what is left is noted, and its end waited for."""
    config = "[ratelimit]\nenabled = true\nlimit = 40\nwindow_seconds = 60\n"
    async with mock_server(tmp_path, config) as running:
        brand = await running.account("northwind")
        bench = Bench(running.url, brand.token)
        await bench.connector.probe()
        left, reset = bench.budget.learned["calls"]
        assert 0 < left < 40
        for _ in range(left):
            await running.http.get("/api/v1/notifications", headers=brand.headers)
        with pytest.raises(RetryLater) as later:
            await bench.connector.probe()
        await bench.close()
    assert timedelta() < reset - system_clock() <= timedelta(seconds=61)
    assert 0 < later.value.after <= 61


async def test_what_the_server_says_of_a_fault(mastodon: MockServer, brand: Account) -> None:
    """Faults that the server itself makes: each becomes its decision, and nothing is published."""
    bench = Bench(mastodon.url, brand.token)
    await bench.connector.probe()
    match = {"methods": ["POST"], "path": "/api/v1/statuses"}
    for effect, kind in (
        ({"type": "status", "status": 503}, RetryLater),
        ({"type": "status", "status": 500}, Uncertain),
        ({"type": "ratelimit"}, RetryLater),
        ({"type": "malformed"}, Uncertain),
        ({"type": "status", "status": 422, "body": {"error": "No such language"}}, Rejected),
    ):
        fault = {"match": match, "effect": effect, "count": 1}
        (await mastodon.http.post("/api/v1/_mock/faults", json=fault)).raise_for_status()
        with pytest.raises(kind):
            await bench.connector.send(Draft(text="hello"), new_id())
    assert await brand.posts() == []
    await bench.close()


async def test_a_limit_on_the_line(mastodon: MockServer, brand: Account) -> None:
    line = FaultyLine(mastodon.url, strikes="POST /api/v1/statuses")
    await line.open()
    bench = Bench(line.url, brand.token)
    async with line.fault(Fault.LIMITED):
        with pytest.raises(RetryLater) as later:
            await bench.connector.send(Draft(text="too fast"), new_id())
    await bench.close()
    await line.close()
    assert later.value.after == 60.0  # this line's headers are another network's


@pytest.mark.parametrize("said", [None, [], "x", {}, {"configuration": 7, "urls": []},
                                  {"configuration": {"statuses": {"max_characters": -1}}},
                                  {"configuration": {"statuses": {"max_characters": "many"}}},
                                  {"domain": "  "}])  # fmt: skip
def test_a_server_that_says_nothing_of_use_has_the_usual_limits(said: Any) -> None:
    found = to_instance(said, "a.example")
    assert (found.domain, found.length, found.link_length, found.images) == (
        "a.example",
        500,
        23,
        4,
    )


def test_limits_in_every_dialect() -> None:
    statuses = {"max_characters": 1000, "characters_reserved_per_url": 30}
    v2 = {
        "domain": "A.example",
        "configuration": {
            "statuses": statuses,
            "urls": {"streaming": "wss://stream.a.example"},
            "media_attachments": {
                "image_size_limit": 5,
                "supported_mime_types": ["image/png", "x/y"],
            },
        },
    }
    found = to_instance(v2, "www.a.example")
    assert (found.domain, found.length, found.link_length) == ("a.example", 1000, 30)
    assert (found.image_bytes, found.image_types) == (5, ("image/png",))
    assert found.streaming == "https://stream.a.example"
    pleroma = {
        "uri": "https://b.example",
        "max_toot_chars": 7777,
        "upload_limit": 99,
        "max_media_attachments": 1000,
        "urls": {"streaming_api": "wss://b.example"},
    }
    found = to_instance(pleroma, "b.example")
    assert (found.domain, found.length, found.image_bytes) == ("b.example", 7777, 99)
    assert found.images == 1000


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("mastodon.social", "https://mastodon.social"),
        (" https://Mastodon.Social/ ", "https://mastodon.social"),
        ("@northwind@mastodon.social", "https://mastodon.social"),
        ("http://10.0.0.5:3000/about", "http://10.0.0.5:3000"),
    ],
)
def test_what_may_be_typed(typed: str, origin: str) -> None:
    assert place({"instance": typed}, {}).origin == origin
    assert NETWORK.origins({"instance": typed}) == (origin,)


@pytest.mark.parametrize("typed", ["", "  ", "ftp://a.example", "https://", "https://u:p@a.example",
                                   "https://a.example:port", "https://[::1"])  # fmt: skip
def test_what_may_not(typed: str) -> None:
    with pytest.raises(Rejected, match="no address"):
        place({"instance": typed}, {})


async def test_what_our_profile_says(mastodon: MockServer, brand: Account) -> None:
    note = {"note": "Mon-Fri 9-17"}
    changed = await mastodon.http.patch(
        "/api/v1/accounts/update_credentials", data=note, headers=brand.headers
    )
    assert changed.is_success
    bench = Bench(mastodon.url, brand.token)
    assert "9-17" in await bench.connector.describe()
    await bench.connector.close()
