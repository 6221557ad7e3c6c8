"""Of which sides of the business posts speak, on invented ones (tests/triage/gold.tsv)."""

from __future__ import annotations

from earful.insights.aspects import ASPECTS, aspects_of
from tests.triage.test_gold import POSTS


def test_most_aspects_are_told_and_few_are_wrong() -> None:
    named = found = right = 0
    for text, _, _, said in POSTS:
        wanted, told = set(said.split(";")) - {""}, set(aspects_of(text))
        assert wanted <= set(ASPECTS)
        named, found, right = named + len(wanted), found + len(told), right + len(told & wanted)
    assert named > 80
    assert right / found > 0.83
    assert right / named > 0.68
