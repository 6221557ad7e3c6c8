"""A look at what a search would find, where looking costs money, and where there is none."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import Any

from earful.listening.previewing import Ask, preview
from tests.cast import START


def never(row: Any) -> Any:
    raise AssertionError(f"{row['network']} was asked")


async def test_a_network_that_charges_is_not_asked_and_says_what_to_reckon_with() -> None:
    told = await preview(Ask(query="northwind OR acme -job"), [{"network": "x"}], never, START)
    [volume] = told.per_network
    assert "100 posts a day are 15.20 USD a month" in volume.problem
    assert "parentheses" in told.warnings[0]
    assert (volume.found, volume.price_month, told.items) == (0, None, [])


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
