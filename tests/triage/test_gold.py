"""How much of what posts name is found, on a hundred invented ones (gold.tsv).

They were written before anything was measured on them. The figures stand in the model's card; here
are the bounds below which they would no longer be true.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from earful.triage.found import find

POSTS = [
    line.split("\t")
    for line in Path(__file__).with_name("gold.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def share(part: Counter[str], whole: Counter[str]) -> float:
    """How much of the whole the part is."""
    return sum(part.values()) / sum(whole.values())


@pytest.fixture(scope="module")
def counted() -> tuple[Counter[str], Counter[str], Counter[str]]:
    """By kind, what is named, what was found, and what of it is right."""
    named, found, right = Counter[str](), Counter[str](), Counter[str]()
    for text, said, *_ in POSTS:
        wanted = {tuple(one.split("=", 1)) for one in said.split(";") if one}
        told = {(one.kind, one.text) for one in find(text).entities}
        named.update(kind for kind, _ in wanted)
        found.update(kind for kind, _ in told)
        right.update(kind for kind, _ in told & wanted)
    return named, found, right


def test_what_is_found_is_right_and_most_is_found(
    counted: tuple[Counter[str], Counter[str], Counter[str]],
) -> None:
    named, found, right = counted
    assert sum(named.values()) > 70
    assert share(right, found) > 0.95
    assert share(right, named) > 0.78


@pytest.mark.parametrize("kind", ["order", "parcel", "flight", "phone"])
def test_hardly_a_number_is_missed(
    counted: tuple[Counter[str], Counter[str], Counter[str]], kind: str
) -> None:
    named, found, right = counted
    assert right[kind] / named[kind] > 0.9
    assert right[kind] / found[kind] >= 0.75


def test_nobody_is_hurried_by_chance() -> None:
    told = Counter((urgency, find(text).urgency) for text, _, urgency, *_ in POSTS)
    assert told["none", "now"] == 0
    assert told["now", "now"] >= told["now", "none"]
