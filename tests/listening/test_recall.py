"""S16: posts that speak of a brand without naming its account are planted on a network that has a
search of its own; how many of them a saved search finds there, and what else."""

from __future__ import annotations

from earful.listening.finding import hunt, those_of
from earful.networks.contract import Post, Searches
from tests.networks.x.bench import Bench
from tests.networks.x.conftest import *  # noqa: F403 - the bench of X

QUERY = (
    '(northwind OR ~northwind OR "north wind telecom" OR #northwindfail OR url:northwind.example '
    'OR fiberbox OR "jane northgate" OR (router NEAR/4 northy) OR 노스윈드 OR "nórdwind") '
    "-from:northwindjobs"
)
PLANTED = (
    "Third time I call Northwind this week",
    "northwind's app is down again",
    "NORTHWIND!!! answer me",
    "is nortwhind down for anyone else",
    "my norhtwind bill doubled",
    "Northwnd never again",
    "honestly nothwind is fine",
    "switching away from North Wind Telecom, finally",
    "so #NorthwindFail it hurts",
    "read this first https://northwind.example/outage",
    "their help page shop.northwind.example/help says nothing",
    "my fiberbox blinks red",
    "The FiberBox, a love story",
    "Jane Northgate on the radio about prices",
    "this router from northy is broken",
    "northy sent me a second router, unasked",
    "오늘도 노스윈드 느려요",
    "Nórdwind ist langsam",
    "nordwind geht nicht",
    "“Northwind” they said, “fast” they said",
)
NOISE = (
    "the north wind blows cold tonight",
    "a router from somebody else",
    "northern lights and the wind",
    "southwind is down",
    "Jane and Northgate went shopping",
    "router, a long story about many other things and then northy",
    "northwest by north",
    "fiber boxes for sale",
    "#northwindfailing is another tag",
    "see notnorthwind.example/now",
)


async def test_what_is_planted_is_found_and_nothing_else(bench: Bench) -> None:
    planted = {bench.says(text, by=f"carol{n}"): text for n, text in enumerate(PLANTED)}
    for number, text in enumerate(NOISE):
        bench.says(text, by=f"dave{number}")
    bench.says("We are hiring at Northwind", by="northwindjobs")
    connector = bench.open()
    assert isinstance(connector, Searches)
    wanted = hunt("", QUERY, ())
    batch = await connector.search(wanted.sought, None)
    found = {post.external_id: post.text for post, _ in those_of(wanted, batch)}
    assert found == planted
    # What was read besides, and paid for, is what X can't tell apart: nearness alone.
    read = [one for one in batch.changes if isinstance(one, Post)]
    assert len(read) <= len(planted) + 2
