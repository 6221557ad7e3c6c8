"""Walks a listing of posts back to what is known: only a walk that met it proves that nothing is
missing, and only then may the cursor move."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import msgspec

from earful.networks.contract import Change, Ports, Post
from earful.networks.x.api import Call
from earful.networks.x.asking import post_fields
from earful.networks.x.prices import Item
from earful.networks.x.session import Session
from earful.networks.x.spending import Spending
from earful.networks.x.times import id_at
from earful.networks.x.translate import Us, to_changes

MARGIN = timedelta(minutes=2)
"""Posts may show up this much later than younger ones: each walk reads so far past the last."""

PAGE = 100
_PAGES = 200
_DAY = timedelta(days=1)
_WEEK = timedelta(days=6, hours=23)


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """Where posts are listed, newest first. `deepest`: X lists no more than so many, 0 for all;
    `recent`: it lists those of the last seven days only. `item` None: mentions of us."""

    name: str
    path: str
    bucket: str
    params: Mapping[str, str] = {}
    item: Item | None = Item.READ_POST
    deepest: int = 0
    recent: bool = False
    app: bool = False


class Walk(msgspec.Struct, frozen=True):
    """What a walk found, oldest first. `newest`: the place to go on from; `proven`: nothing is
    missing between the last place and this one."""

    changes: tuple[Change, ...]
    newest: int
    proven: bool


class Walker:
    """Walks listings for one account."""

    def __init__(self, session: Session, spending: Spending, ports: Ports, names: str) -> None:
        self._session, self._spending, self._ports = session, spending, ports
        self._names = names

    async def us(self) -> Us:
        """Our account."""
        return await self._session.us()

    async def since(self, listing: Listing, known: int) -> Walk:
        """All that is listed and younger than the id `known`, less a margin. Raises NetworkError,
        and then nothing was proven."""
        us, now = await self._session.us(), self._ports.now()
        start, limit = known, id_at(now - _WEEK)
        if listing.recent:
            start = max(known, limit)
        params = {
            **post_fields(self._names),
            **listing.params,
            "max_results": str(PAGE),
            "since_id": str(max(1, start)),
        }
        found: list[Change] = []
        newest, count, ended = known, 0, False
        for _ in range(_PAGES):
            page = await self._session.call(
                Call(path=listing.path, bucket=listing.bucket, params=params, app=listing.app)
            )
            changes = to_changes(page, us, now)
            await self._charge(listing, changes)
            found += changes
            count += page.meta.result_count if page.meta else len(changes)
            newest = max([newest, *map(_version, changes)])
            token = page.meta.next_token if page.meta else ""
            if not token:
                ended = True
                break
            params["next_token" if listing.recent else "pagination_token"] = token
        cut = listing.deepest and count >= listing.deepest - PAGE // 10
        proven = ended and not cut and start == known
        # What came late may be older than what is known: the next walk begins a little before it.
        # Where nothing comes for long the place moves all the same, allowing for a wrong clock.
        place = max(min(newest, id_at(now - MARGIN)), id_at(now - _DAY))
        return Walk(tuple(reversed(found)), max(known, place), proven)

    async def _charge(self, listing: Listing, changes: list[Change]) -> None:
        ids = [str(_version(change) or change.external_id) for change in changes]
        if listing.item is None:
            await self._spending.mentions(ids)
        else:
            await self._spending.read(listing.item, ids)


def _version(change: Change) -> int:
    """The id under which X lists it: an edit has one of its own."""
    told = change.ref.get("id", "") if isinstance(change, Post) else change.external_id
    return int(told) if str(told).isdigit() else 0
