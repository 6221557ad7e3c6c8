"""S16: posts that speak of a brand without naming its account are planted among others; how many of
them the saved searches find, and what else, by what is read and on a network that has a search of
its own. The documentation states the same figures."""

from __future__ import annotations

import re
from pathlib import Path

from earful.listening.finding import Hunt, hunt, those_of
from earful.listening.matching import matches, prepare
from earful.networks.contract import Post, Searches
from tests.listening.planted import NOISE, PLANTED, SEARCHES, texts
from tests.networks.x.bench import Bench
from tests.networks.x.conftest import *  # noqa: F403 - the bench of X

BEYOND = "beyond the searches"
NOT_GIVEN = {
    "by name": ["North-Wind Telecom sent me somebody else's bill"],
    "misspelled": [
        "northwimd support is a joke",
        "cancelled northwiind today",
        "norrthwind why",
        "northwinf typed in anger",
        "n0rthwind is what I call them",
        "onrthwind, sorry, fat fingers",
        "northvind broke my weekend",
    ],
    "in other scripts": [
        "노스윈드는 왜 이래",
        "ノースウインドが遅い",
        "またノースウインドか",
        "ＮＯＲＴＨＷＩＮＤ in wide letters",
        "𝗡𝗼𝗿𝘁𝗵𝘄𝗶𝗻𝗱 in bold",
        "N̷o̷r̷t̷h̷w̷i̷n̷d̷ struck through",
    ],
    "products": ["fiberboxx reset how", "who else has a #fiberbox"],
}
"""What a network that knows whole words only does not give us to match: misspellings beside the
sixteen likeliest of a name, words written in other signs or without spaces, tags nobody named."""
HOW_TO = Path(__file__).parents[2] / "docs/how-to/listen-beyond-the-at.md"


def hunts() -> list[Hunt]:
    return [hunt("", query, ()) for query in SEARCHES]


def figures(found: set[str]) -> tuple[str, str]:
    """Recall and precision, as they are written."""
    hits = len(found & set(texts(PLANTED)))
    return f"{hits / len(texts(PLANTED)):.2f}", f"{hits / len(found):.2f}"


def stated() -> tuple[str, ...]:
    """The figures of the documentation."""
    said = re.search(
        r"(\d+) planted posts .* (\d+) others .* recall of (\S+) and a precision of (\S+?)[;.,] "
        r".* recall of (\S+) and a precision of (\S+?)[;.,]? ",
        " ".join(HOW_TO.read_text("utf-8").split()),
    )
    assert said is not None
    return said.groups()


def test_of_all_that_is_read() -> None:
    nodes = [one.node for one in hunts()]

    def met(text: str) -> bool:
        return any(matches(node, prepare(text)) for node in nodes)

    missed = {why: [one for one in some if not met(one)] for why, some in PLANTED.items()}
    false = {why: [one for one in some if met(one)] for why, some in NOISE.items()}
    assert {why for why, some in missed.items() if some} == {BEYOND}
    assert {why for why, some in false.items() if some} == {BEYOND}
    found = {one for one in (*texts(PLANTED), *texts(NOISE)) if met(one)}
    told = str(len(texts(PLANTED))), str(len(texts(NOISE)))
    assert (*told, *figures(found)) == stated()[:4]


async def test_through_a_network_that_knows_whole_words(bench: Bench) -> None:
    said = {
        bench.says(text, by=f"carol{number}"): text
        for number, text in enumerate((*texts(PLANTED), *texts(NOISE)))
    }
    bench.says("We are hiring at Northwind", by="northwindjobs")
    connector = bench.open()
    assert isinstance(connector, Searches)
    found, read = set[str](), set[str]()
    for wanted in hunts():
        batch = await connector.search(wanted.sought, None)
        found |= {said[post.external_id] for post, _ in those_of(wanted, batch)}
        read |= {one.external_id for one in batch.changes if isinstance(one, Post)}
    missed = {why: [one for one in some if one not in found] for why, some in PLANTED.items()}
    assert {why: some for why, some in missed.items() if some and why != BEYOND} == NOT_GIVEN
    assert figures(found) == stated()[4:]
    # What was read besides, and paid for, is what X can't tell apart: nearness alone.
    assert len(read) <= len(found) + 6
