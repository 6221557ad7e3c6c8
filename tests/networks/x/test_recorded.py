"""X's recorded exchanges, served as they were, to the connector itself."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

from earful.networks.contract import NetworkError, Post
from earful.networks.x.connector import XConnector
from tests.networks.x.bench import listen
from tests.networks.x.samples import CAROL, US, xs_own
from tests.networks.x.standin import StandIn, page

LISTINGS = ("mentions", "tweets", "search/recent", "search/all", "liked_tweets", "bookmarks",
            "quote_tweets")  # fmt: skip


def recorded(*ends: str) -> list[dict[str, Any]]:
    """Those that asked at such paths."""
    exchanges = xs_own("recorded").values()
    return [each for each in exchanges if path(each).endswith(ends)]


def path(exchange: dict[str, Any]) -> str:
    """Where was asked."""
    return urlsplit(str(exchange["request"]["uri"])).path


def served(x: StandIn, exchange: dict[str, Any], where: str) -> None:
    """The exchange's answer, at a path of ours."""
    headers = {name.replace("-", "_"): value[0] for name, value in exchange["headers"].items()}
    x.will(where, exchange["json"], status=exchange["status"]["code"], **headers)


async def test_every_listing_is_heard_whole(x: StandIn, connector: XConnector) -> None:
    """They were asked without authors, who are asked for; pages that go on are walked on."""
    exchanges = recorded(*LISTINGS)
    assert exchanges
    for exchange in exchanges:
        data = (exchange["json"] or {}).get("data")
        told = data if isinstance(data, list) else []
        posts = {each["id"]: each for each in told if "text" in each and not _reposts(each)}
        if not posts:
            continue
        x.asked.clear()
        served(x, exchange, f"/2/users/{US.id}/mentions")
        x.will("/2/tweets", page(*({**each, "author_id": CAROL} for each in posts.values())))
        heard = await listen(connector, lambda told: set(posts) <= set(told.ids()))  # noqa: B023
        assert {each.external_id for each in heard.changes if isinstance(each, Post)} >= set(posts)
    limited = {each.partition(":")[0] for each in x.memory.budget.learned}
    assert "mentions" in limited


def _reposts(told: dict[str, Any]) -> bool:
    kinds = {each["type"] for each in told.get("referenced_tweets") or ()}
    return bool(kinds & {"retweeted", "reposted"})


async def test_single_answers(x: StandIn, connector: XConnector) -> None:
    """Whatever was recorded: an answer that the connector understands, or a refusal in words."""
    for exchange in xs_own("recorded").values():
        for where in ("/2/users/me", "/2/tweets/5", "/2/tweets/5/hidden", "/2/tweets"):
            served(x, exchange, where)
        deeds = (
            connector.probe(),
            connector.look("5"),
            connector.hide("5", hidden=True),
            connector.remove("5"),
            connector.revisit(["5"]),
        )
        for said in await asyncio.gather(*deeds, return_exceptions=True):
            assert not isinstance(said, BaseException) or isinstance(said, NetworkError), said
