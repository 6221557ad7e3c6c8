"""A look at what a search would find, where looking costs money, and where there is none."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import Any

import pytest

from earful.kit.refusal import Refused
from earful.listening.previewing import Ask, preview
from earful.listening.searches import BadQuery, Search, checked
from tests.cast import START


def never(row: Any) -> Any:
    raise AssertionError(f"{row['network']} was asked")


async def test_a_network_that_charges_is_not_asked_and_says_what_to_reckon_with() -> None:
    told = await preview(Ask(query="northwind OR acme -job"), [{"network": "x"}], never, START)
    [volume] = told.per_network
    assert "100 posts a day are 15.20 USD a month" in volume.problem
    assert "parentheses" in told.warnings[0]
    assert (volume.found, volume.price_month, told.items) == (0, None, [])


async def test_a_preview_is_refused_as_saving_would_be() -> None:
    with pytest.raises(BadQuery) as refused:
        await preview(Ask(query="  northwind ~ab"), [], never, START)
    assert refused.value.extra == {"at": 12}
    with pytest.raises(BadQuery) as refused:
        checked(Search(name="Ours", query="  northwind ~ab"))
    assert refused.value.extra == {"at": 12}
    for languages in (["x"], ["english"], ["e1"], ["en"] * 21):
        with pytest.raises(Refused, match="codes such as en"):
            await preview(Ask(query="northwind", languages=languages), [], never, START)


@asynccontextmanager
async def without_search(_: Any) -> Any:
    yield object()


async def test_a_mailbox_is_not_missed_unless_somebody_chose_it() -> None:
    rows = [{"network": "email"}]
    told = await preview(Ask(query="northwind"), rows, without_search, START)
    assert told.per_network == []
    assert told.warnings == ["No connected channel can search. Connect one, or turn one on."]
    chosen = await preview(Ask(query="northwind", channels=["x"]), rows, without_search, START)
    assert [one.problem for one in chosen.per_network] == ["This network has no search."]
