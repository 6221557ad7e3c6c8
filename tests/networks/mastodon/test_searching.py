"""Posts of anybody on a server: tags from their timelines, words from its search."""

from __future__ import annotations

from urllib.parse import urlsplit

from earful.networks.contract import Post, Searches, Sought
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
    assert f"{host}/{tagged['id']}" not in ids(second.changes)
    await bench.close()
