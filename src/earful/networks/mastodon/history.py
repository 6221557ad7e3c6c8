"""What a server keeps in lists: walked from the last known id on, until nothing newer is there.

A list is sorted by the ids that the server itself gave out, so what claims an old time stands where
it arrived. Ids may become visible slightly out of order, so the place that is remembered lags some
seconds behind the newest; what is read twice is told once.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.networks.contract import RetryLater
from earful.networks.mastodon.api import Call
from earful.networks.mastodon.session import Session
from earful.networks.mastodon.translate import instant

LAG = timedelta(seconds=15)
_PAGE = 40
_SHORTEST = 10
"""Fewer are no full page, however little a server gives at once."""
_LIKELY = 20
"""What servers give at once that give less than is asked for."""
_PAGES = 5_000
Item = dict[str, Any]


class List(msgspec.Struct, frozen=True):
    """A list of the API."""

    path: str
    params: Sequence[tuple[str, str]] = ()


class Page(msgspec.Struct, frozen=True):
    """Items, oldest first, and the id from which to read on once they are kept."""

    items: list[Item]
    floor: str


class History:
    """Walks lists for one account."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._adjacent: bool | None = None

    async def since(
        self, what: List, floor: str, after: datetime, now: datetime
    ) -> AsyncGenerator[Page, None]:
        """Pages of all that came after the id `floor`, or, without one, after a time."""
        if not floor:
            yield await self._back(what, after, now)
            return
        last = floor
        for _ in range(_PAGES):
            items = await self._page(what, ("min_id", last))
            items = [item for item in items if order(str(item["id"])) > order(last)]
            if not items:
                return
            if self._adjacent is not True and len(items) >= _SHORTEST:
                items = await self._filled(what, last, items)
            floor = _settled(items, floor, now)
            yield Page(items, floor)
            last = str(items[-1]["id"])

    async def _filled(self, what: List, last: str, items: list[Item]) -> list[Item]:
        """A full page, and what lies between it and `last`: some servers give the newest of what is
        newer than `min_id`, where Mastodon gives the next."""
        found = items
        while True:
            page = await self._page(what, ("max_id", str(found[0]["id"])))
            between = [item for item in page if order(last) < order(str(item["id"]))
                       < order(str(found[0]["id"]))]  # fmt: skip
            if not between:
                break
            found = [*between, *found]
        if len(found) > len(items):
            self._adjacent = False
        elif self._adjacent is None and len(items) >= _LIKELY:
            self._adjacent = await self._gives_the_next(what, last) or None
        return found

    async def _gives_the_next(self, what: List, last: str) -> bool:
        """Whether a page from `last` on ends below what was the newest before it was asked for.
        Where all that is newer fits on a page, nothing is proved."""
        newest = await self._page(what, None)
        page = await self._page(what, ("min_id", last))
        return bool(newest and page) and order(str(page[-1]["id"])) < order(str(newest[-1]["id"]))

    async def newest(self, what: List) -> list[Item]:
        """The newest page, oldest first."""
        return await self._page(what, None)

    async def _back(self, what: List, after: datetime, now: datetime) -> Page:
        """All since a time: from the newest back."""
        found: list[Item] = []
        older: tuple[str, str] | None = None
        for _ in range(_PAGES):
            items = await self._page(what, older)
            found = [*items, *found]
            if not items or instant(items[0].get("created_at"), after) < after:
                break
            if older == ("max_id", str(items[0]["id"])):
                break
            older = ("max_id", str(items[0]["id"]))
        floor = _settled(found, "", now)
        return Page([each for each in found if instant(each.get("created_at"), after) >= after],
                    floor)  # fmt: skip

    async def _page(self, what: List, place: tuple[str, str] | None) -> list[Item]:
        """A page, oldest first."""
        params = [*what.params, ("limit", str(_PAGE)), *([place] if place else [])]
        said = (await self._session.call(Call(path=what.path, params=params))).said
        if not isinstance(said, list):
            raise RetryLater("The server's list could not be read.", after=30.0)
        items = [each for each in said if isinstance(each, dict) and each.get("id")]
        return sorted(items, key=lambda item: order(str(item["id"])))


def order(id_: str) -> tuple[int, str]:
    """Ids in their order: numbers of any length, or codes of one length that sort as text."""
    return len(id_), id_


def _settled(items: list[Item], floor: str, now: datetime) -> str:
    """The newest id that is old enough that none can still appear before it."""
    for item in reversed(items):
        if instant(item.get("created_at"), now) <= now - LAG:
            return max(str(item["id"]), floor, key=order) if floor else str(item["id"])
    return floor
