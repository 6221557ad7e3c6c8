"""What a search would find, before it is saved: a look at each network, nothing kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

import msgspec

from earful.kit.refusal import Refused
from earful.listening.finding import hunt, rate_of, those_of
from earful.listening.matching import found_words
from earful.listening.query import BadSearch
from earful.listening.searches import BadQuery, Price, codes, price_of
from earful.listening.ways import doubts
from earful.networks.contract import Charges, Connector, Post, Searches
from earful.networks.registry import network

SHOWN = 20
CHANNELS = 8
"""Looked at for a preview: one of each network comes first."""
Open = Callable[[Any], AbstractAsyncContextManager[Connector]]


class Ask(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to look for; without `channels` on one of each network."""

    query: str
    channels: list[str] = msgspec.field(default_factory=list)
    languages: list[str] = msgspec.field(default_factory=list)


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """A post that would be found; `words` are those it was found by."""

    network: str
    external_id: str
    url: str
    author: dict[str, str]
    text: str
    words: list[str]
    published_at: datetime


class Volume(msgspec.Struct, frozen=True, kw_only=True):
    """How much there is of it on one network: `found` in `hours`, so many a day, and what reading
    it costs a month; `problem` in words where it could not be asked."""

    network: str
    found: int = 0
    hours: float = 0.0
    per_day: float = 0.0
    price_month: Price | None = None
    problem: str = ""


class Preview(msgspec.Struct, frozen=True):
    """The newest samples, how much of it there is by network, and what to mind."""

    items: list[Sample]
    per_network: list[Volume]
    warnings: list[str]


async def preview(ask: Ask, rows: list[Any], connect: Open, now: datetime) -> Preview:
    """Look once. Networks that charge are not asked: it would cost money. Raises Refused."""
    try:
        wanted = hunt("", ask.query, codes(ask.languages))
    except BadSearch as error:
        raise BadQuery(error) from error

    async def look(row: Any) -> tuple[Volume, list[Sample]]:
        name = row["network"]
        if isinstance(network(name), Charges):
            return Volume(network=name, problem=_paid(name)), []
        try:
            async with connect(row) as connector:
                if not isinstance(connector, Searches):
                    return Volume(network=name, problem=_NONE), []
                batch = await connector.search(wanted.sought, None)
        except Refused as error:
            return Volume(network=name, problem=error.detail), []
        posts = [one for one in batch.changes if isinstance(one, Post)]
        found = those_of(wanted, batch)
        rate = rate_of(posts, len(found), now, whole=not posts)
        samples = [
            Sample(
                network=name,
                external_id=post.external_id,
                url=post.uri,
                author={"name": post.author.name, "handle": post.author.handle},
                text=post.text,
                words=found_words(wanted.node, text),
                published_at=post.published_at,
            )
            for post, text in found
        ]
        price = price_of({name: rate.per_day})
        return Volume(
            network=name,
            found=rate.found,
            hours=rate.hours,
            per_day=rate.per_day,
            price_month=price,
        ), samples

    looks = await asyncio.gather(*map(look, _chosen(rows)))
    # Nobody misses a search of mailboxes and portals; who chose one is told.
    told = [one for one in looks if ask.channels or one[0].problem != _NONE]
    items = sorted((one for _, some in told for one in some), key=lambda s: s.published_at)[::-1]
    volumes = [one for one, _ in told]
    return Preview(items[:SHOWN], volumes, doubts(wanted.node) + _warnings(volumes))


def _paid(name: str) -> str:
    """Why a network that charges is not asked, and what to reckon with instead."""
    price = price_of({name: _RECKONED})
    asks = (
        f" {_RECKONED} posts a day are {price.amount:,.2f} {price.currency} a month."
        if price
        else ""
    )
    return (
        f"A look would cost money here, so none is taken.{asks} What a search finds is counted, "
        "with its price, once it is saved."
    )


_NONE = "This network has no search."
_RECKONED = 100
"""Posts a day by which a price is told where nobody looked."""


def _chosen(rows: list[Any]) -> list[Any]:
    """One of each network, where no channels were named."""
    first: dict[str, Any] = {}
    for row in rows:
        first.setdefault(row["network"], row)
    return list(first.values())[:CHANNELS]


def _warnings(volumes: list[Volume]) -> list[str]:
    busy = sum(one.per_day for one in volumes)
    found = []
    if busy > 500:
        found.append(f"About {busy:,.0f} posts a day: more than people can skim. Narrow it down.")
    if not volumes:
        found.append("No connected channel can search. Connect one, or turn one on.")
    return found
