"""Walks a listing of posts back to what is known: only a walk that met it proves that nothing is
missing, and only then may the cursor move."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import msgspec

from earful.networks.contract import Change, NetworkError, Ports, Post, Rejected, Unreadable
from earful.networks.x.api import Call
from earful.networks.x.asking import post_fields
from earful.networks.x.payloads import pieces
from earful.networks.x.prices import Item
from earful.networks.x.session import Session
from earful.networks.x.spending import Level, Spending
from earful.networks.x.times import id_at, number
from earful.networks.x.translate import NOBODYS, Us, to_changes
from earful.networks.x.wire import Page

MARGIN = timedelta(minutes=2)
"""Posts may show up this much later than younger ones: each walk reads so far past the last."""

PAGE = 100
_DAY = timedelta(days=1)
_WEEK = timedelta(days=6, hours=23)


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """Where posts are listed, newest first. `deepest`: X lists no more than so many, 0 for all;
    `recent`: it lists those of the last seven days only. `item` None: mentions of us. `rests`: no
    further page is read once the day's money for searches is spent."""

    name: str
    path: str
    bucket: str
    params: Mapping[str, str] = {}
    item: Item | None = Item.READ_POST
    deepest: int = 0
    recent: bool = False
    app: bool = False
    rests: bool = False
    pages: int = 200


class Walk(msgspec.Struct, frozen=True):
    """What a walk found, oldest first. `newest`: the place to go on from; `proven`: nothing is
    missing between the last place and this one. `ended`: the listing was read to its end."""

    changes: tuple[Change, ...]
    newest: int
    proven: bool
    ended: bool = True


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
        marker = "next_token" if listing.recent else "pagination_token"
        for _ in range(listing.pages):
            if listing.rests and await self._spending.level(anew=True) >= Level.NO_SEARCH:
                break
            page = await self._session.call(
                Call(path=listing.path, bucket=listing.bucket, params=params, app=listing.app)
            )
            changes = to_changes(answered(page), us, now)
            await self._charge(listing, changes)
            found += await self._signed(changes, us)
            count += page.meta.result_count if page.meta else len(changes)
            newest = max([newest, *map(version, changes)])
            token = page.meta.next_token if page.meta else ""
            # A full page that does not say whether there is more proves nothing.
            ended = not token and (page.meta is not None or len(changes) < PAGE)
            if not token or token == params.get(marker):
                break
            params[marker] = token
        cut = listing.deepest and count >= listing.deepest - PAGE // 10
        proven = ended and not cut and start == known
        # What came late may be older than what is known: the next walk begins a little before it.
        # Where nothing comes for long the place moves all the same, allowing for a wrong clock.
        place = max(min(newest, id_at(now - MARGIN)), id_at(now - _DAY))
        return Walk(tuple(reversed(found)), max(known, place), proven, ended)

    async def _signed(self, changes: list[Change], us: Us) -> list[Change]:
        """The changes; posts of which X did not say who wrote them are asked for once more."""
        bare = [each.external_id for each in changes if _unsigned(each)][:PAGE]
        if not bare:
            return changes
        params = {"ids": ",".join(bare), **post_fields(self._names)}
        try:
            page = await self._session.call(Call(path="/2/tweets", bucket="posts", params=params))
        except NetworkError:
            return changes
        again = to_changes(page, us, self._ports.now())
        told = {str(version(each)): each for each in again if isinstance(each, Post)}
        await self._spending.read(Item.READ_POST, list(told))
        return [told.get(each.external_id, each) if _unsigned(each) else each for each in changes]

    async def _charge(self, listing: Listing, changes: list[Change]) -> None:
        ids = [str(version(change) or change.external_id) for change in changes]
        if listing.item is None:
            await self._spending.mentions(ids)
        else:
            await self._spending.read(listing.item, ids)


def version(change: Change) -> int:
    """The id under which X lists it: an edit has one of its own."""
    return number(str(change.ref.get("id", "")) if isinstance(change, Post) else change.external_id)


def _unsigned(change: Change) -> bool:
    return isinstance(change, Unreadable) and NOBODYS in change.reason and version(change) > 0


def answered(page: Page) -> Page:
    """The page. Raises Rejected where X only says what went wrong: silence is no empty listing."""
    if page.errors and page.meta is None and not pieces(page.data):
        problem = page.errors[0]
        raise Rejected(f"X refused: {problem.detail or problem.message or problem.title}")
    return page
