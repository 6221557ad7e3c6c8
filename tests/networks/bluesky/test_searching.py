"""Posts of anybody by their words: asked of the real network's AppView."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from earful.networks.bluesky import searching
from earful.networks.bluesky.xrpc import Call
from earful.networks.contract import Identity, Post, Searches, Sought
from tests.networks.bluesky.bench import WITHIN, Bench
from tests.networks.bluesky.network import Account


async def test_words_are_found_and_the_cursor_goes_on(
    bench: Bench, carol: Account, brand: Account
) -> None:
    assert isinstance(bench.connector, Searches)
    made = await carol.post("The zephyrline parcel shop is shut again")
    sought = Sought(ways=(("zephyrline",), ("quillwright",)))
    async with asyncio.timeout(WITHIN):
        batch = await bench.connector.search(sought, None)
        while not batch.changes:  # the index is a moment behind
            await asyncio.sleep(0.3)
            batch = await bench.connector.search(sought, None)
    [found] = batch.changes
    assert isinstance(found, Post)
    assert (found.external_id, found.addressed, found.own) == (made["uri"], False, False)
    assert found.author.followers == 0, "the AppView counts them"
    assert batch.cursor
    assert batch.cursor["until"]


async def test_an_index_is_read_in_pages(
    bench: Bench, carol: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "PAGE", 2)
    assert isinstance(bench.connector, Searches)
    texts = {f"The quillwright flood, number {n}" for n in range(7)}
    for text in texts:
        await carol.post(text)
    found: set[str] = set()
    async with asyncio.timeout(WITHIN):
        while found != texts:  # the index is a moment behind
            batch = await bench.connector.search(Sought(ways=(("quillwright",),)), None)
            found = {one.text for one in batch.changes if isinstance(one, Post)}
            await asyncio.sleep(0.2)
    assert set(batch.cursor or {}) == {"until"}


async def nothing(_: list[str]) -> None:
    """Nobody is asked about who writes."""


class Index:
    """An index that holds so many posts of so many seconds ago, and is asked for them."""

    def __init__(self, now: datetime, ago: list[int]) -> None:
        self.held = [(now - timedelta(seconds=back)).isoformat() for back in sorted(ago)]

    async def who(self) -> Identity:
        return Identity("did:plc:us", "us", "Us")

    async def call(self, call: Call) -> dict[str, Any]:
        params = dict(call.params)
        until = str(params.get("until", "9")).replace("Z", "+00:00")
        since = str(params["since"]).replace("Z", "+00:00")
        found = [at for at in self.held if since <= at < until]
        first = int(params.get("cursor", 0))
        last = first + int(params["limit"])
        page = [
            {"uri": at, "indexedAt": at, "record": {"createdAt": at}} for at in found[first:last]
        ]
        return {"posts": page} | ({"cursor": str(last)} if last < len(found) else {})


async def test_what_more_there_is_comes_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "PAGE", 3)
    monkeypatch.setattr(searching, "PAGES", 2)
    now = datetime(2026, 5, 4, 12, tzinfo=UTC)
    ports: Any = SimpleNamespace(now=lambda: now, weigh=nothing)
    session: Any = Index(now, [600 + 40 * n for n in range(50)])
    searcher = searching.Searching(session, ports, ports, ports)
    found: list[str] = []
    monkeypatch.setattr(searcher, "_post", lambda view, _: found.append(view["uri"]))
    cursor, looks = None, 0
    while looks < 20:
        batch = await searcher.search(Sought(ways=(("acme",), ("zephyrline",))), cursor)
        cursor, looks = batch.cursor, looks + 1
        if "left" not in (cursor or {}):
            break
    assert set(found) == set(session.held)
    assert looks < 12  # six at once, and the last of each twice


ODD: list[dict[str, Any]] = [
    {},
    {"posts": None, "cursor": "1"},
    {"posts": "none", "cursor": "1"},
    {"posts": [None, 1, [], {}], "cursor": {"a": 1}},
    {"posts": [{"uri": 3, "indexedAt": "9999-99-99", "record": []}], "cursor": "1"},
    {"posts": [{"indexedAt": "0001-01-01T00:00:00Z", "record": {"createdAt": 1e99}}]},
]


@pytest.mark.parametrize("answer", ODD)
async def test_an_odd_index_is_borne(answer: dict[str, Any]) -> None:
    """Nothing is found, and it ends, also where the index answers the same for ever."""
    asked: list[Call] = []

    async def call(one: Call) -> dict[str, Any]:
        asked.append(one)
        return answer

    now = datetime(2026, 5, 4, 12, tzinfo=UTC)
    ports: Any = SimpleNamespace(now=lambda: now, note=lambda _: None, weigh=nothing)
    session: Any = SimpleNamespace(who=Index(now, []).who, call=call)
    searcher = searching.Searching(session, ports, ports, ports)
    batch = await searcher.search(Sought(ways=(("acme",),)), {"until": 5, "left": ["x", None]})
    assert batch.changes == ()
    assert 1 <= len(asked) <= 2 * searching.PAGES


def test_what_bluesky_is_asked() -> None:
    asked = searching.asked(("#fail", "north wind", "url:northwind.example"), ("en",))
    assert asked["q"] == '#fail "north wind" "northwind.example"'
    assert asked["lang"] == "en"
    assert "lang" not in searching.asked(("acme",), ("en", "de"))
