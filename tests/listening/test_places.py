"""Places that a search may name: towns of the world as people write them, and no others."""

from __future__ import annotations

import pytest

from earful.listening.places import known
from earful.listening.query import BadSearch, read
from earful.listening.words import words_of


@pytest.mark.parametrize(
    "name",
    [
        "Leeds", "Stoke-on-Trent", "Newcastle upon Tyne", "Saint-Étienne", "München", "Munich",
        "Monachium", "Cologne", "Köln", "Wrocław", "São Paulo", "Reykjavík", "Norway", "Norwegen",
        "Москва", "東京", "القاهرة", "Ho Chi Minh City", "New York", "Perth",
    ],
)  # fmt: skip
def test_towns_and_countries_are_known(name: str) -> None:
    assert known(" ".join(words_of(name)))


@pytest.mark.parametrize(
    "name", ["Nowheresville", "", "a", "\n", "leeds\nlondon", "x" * 10_000, "the", "#", "🏠"]
)
def test_what_is_no_place_is_not(name: str) -> None:
    assert not known(name)


def test_a_search_by_a_town_finds_who_names_it() -> None:
    read("plumber (place:Leeds OR place:Stoke-on-Trent OR place:Newcastle_upon_Tyne)")
    with pytest.raises(BadSearch, match="a town of 15,000 people"):
        read("plumber place:Nowheresville")
