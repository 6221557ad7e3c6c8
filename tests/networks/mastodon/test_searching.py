"""Posts of anybody on a server: tags from their timelines, words from its search."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest

from earful.networks.contract import Post, Searches, Sought
from earful.networks.mastodon import searching
from tests.networks.mastodon.bench import Bench
from tests.networks.mastodon.server import Account, MockServer


def ids(changes: object) -> list[str]:
    return [one.external_id for one in changes if isinstance(one, Post)]  # type: ignore[attr-defined]


async def test_tags_and_words_and_only_what_is_new(
    mastodon: MockServer, brand: Account, carol: Account
) -> None:
    bench = Bench(mastodon.url, brand.token)
    connector = bench.open()
    assert isinstance(connector, Searches)
    host = urlsplit(mastodon.url).netloc
    tagged = await carol.post("So this again. #NorthwindFail")
    said = await carol.post("The zephyrline parcel shop is shut")
    sought = Sought(ways=(("#northwindfail",), ("zephyrline",)))
    first = await connector.search(sought, None)
    assert set(ids(first.changes)) == {f"{host}/{tagged['id']}", f"{host}/{said['id']}"}
    assert all(isinstance(one, Post) and not one.addressed for one in first.changes)
    later = await carol.post("And again #northwindfail")
    second = await connector.search(sought, first.cursor)
    assert f"{host}/{later['id']}" in ids(second.changes)
    await bench.close()


async def test_more_than_is_read_at_once_is_read_later(
    mastodon: MockServer, brand: Account, carol: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "PAGE", 2)
    monkeypatch.setattr(searching, "PAGES", 2)
    bench = Bench(mastodon.url, brand.token)
    connector = bench.open()
    assert isinstance(connector, Searches)
    sought = Sought(ways=(("#quillwrightflood",),))
    first = await carol.post("It begins #quillwrightflood")
    batch = await connector.search(sought, None)
    assert len(batch.changes) == 1
    host = urlsplit(mastodon.url).netloc
    made = {f"{host}/{(await carol.post(f'{n} #quillwrightflood'))['id']}" for n in range(11)}
    found: set[str] = set()
    for _ in range(6):
        batch = await connector.search(sought, batch.cursor)
        found |= set(ids(batch.changes))
        if not (batch.cursor or {}).get("left"):
            break
    assert found - {f"{host}/{first['id']}"} == made
    await bench.close()


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        "nothing",
        {"statuses": None},
        {"statuses": [None, 7, {"id": 1}, {"id": "1", "account": []}]},
        [{"id": 1}, {"id": None}, "x"] * 40,
        [{"id": "9" * 400, "account": {}, "content": 7}] * 40,
    ],
)
async def test_an_odd_server_is_borne(said: Any) -> None:
    """Nothing is found, and it ends, also where the server answers the same for ever."""
    asked: list[Any] = []

    async def call(one: Any) -> Any:
        asked.append(one)
        return SimpleNamespace(said=said)

    async def where() -> Any:
        return SimpleNamespace(host="town.example", domain="town.example", account_id="1")

    session: Any = SimpleNamespace(call=call, where=where)
    ports: Any = SimpleNamespace(now=lambda: datetime(2026, 5, 4, tzinfo=UTC))
    searcher = searching.Searching(session, ports)
    sought = Sought(ways=(("acme",), ("#fail",)))
    batch = await searcher.search(sought, {"newest": "5", "left": ["1", "4"]})
    assert not [one for one in batch.changes if isinstance(one, Post)]
    assert 1 <= len(asked) <= 4 * searching.PAGES


def test_what_mastodon_is_asked() -> None:
    words = searching.asked(("#fail", "north wind", "url:northwind.example"))
    assert words[1] == "/api/v2/search"
    assert ("q", '#fail "north wind" "northwind.example"') in words[0]
    assert searching.asked(("#Fäil",)) == ([("limit", "40")], "/api/v1/timelines/tag/F%C3%A4il")
