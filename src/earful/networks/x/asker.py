"""The ear that asks: mentions, our own posts, searches, messages. Slow and sure: it proves that
nothing is missing, whatever the quick ears heard."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import msgspec

from earful.networks.contract import Change, Rejected, RetryLater
from earful.networks.x.errors import NotAllowed, Spent
from earful.networks.x.means import Means
from earful.networks.x.prices import Item
from earful.networks.x.spending import WORDS, Level
from earful.networks.x.times import id_at, made_at
from earful.networks.x.translate import Us
from earful.networks.x.walking import Listing, Walk

TICK = 10.0  # seconds
_LASTS = 600.0
"""Seconds: what takes longer (no credit left, a cap reached) is told, for a person may end it."""

FIRST_LOOK_BACK = timedelta(minutes=15)
Put = Callable[[tuple[Change, ...], dict[str, Any]], Awaitable[None]]


class Live(msgspec.Struct):
    """Which of the quick ears hear, and whether one was deaf for a while."""

    stream: bool = False
    activity: bool = False
    gap: bool = True


class Source(msgspec.Struct):
    """Something to ask for: every `quick` rounds, or every `calm` ones while quick ears hear."""

    name: str
    quick: int
    calm: int
    due: int = 0
    listing: Listing | None = None
    slow: int = 0
    """Rounds when the day's money is spent; 0 as ever."""


class Asker:
    """Asks round by round."""

    def __init__(self, means: Means, live: Live, cursor: Mapping[str, Any], put: Put) -> None:
        self._where, self._ports = means.place, means.ports
        self._walker, self._inbox = means.walker, means.inbox
        self._spending, self._notices = means.spending, means.notices
        self._live, self._cursor, self._put = live, cursor, put
        self._first = id_at(self._ports.now() - FIRST_LOOK_BACK)

    async def run(self, us: Us) -> None:
        """Ask for ever. Raises what a person must know (Reauthorize)."""
        sources, rounds = self._sources(us), 0
        while True:
            level = await self._level()
            if self._live.gap:
                self._live.gap = False
                for each in sources:
                    each.due = 0
            for source in [each for each in sources if rounds >= each.due]:
                if source.name.startswith("search") and level >= Level.NO_SEARCH:
                    continue
                source.due = rounds + await self._ask(source, level)
            rounds += 1
            await self._ports.wait(TICK)

    def _sources(self, us: Us) -> list[Source]:
        found = [
            Source("mentions", 1, 3, slow=60, listing=Listing(
                name="mentions", path=f"/2/users/{us.id}/mentions", bucket="mentions", item=None,
                deepest=800)),
            Source("own", 6, 60, slow=60, listing=Listing(
                name="own", path=f"/2/users/{us.id}/tweets", bucket="timeline", deepest=3200)),
        ]  # fmt: skip
        if "messages" in self._where.ways:
            found.append(Source("messages", 7, 90))
        if "search" in self._where.ways:
            for query in self._where.searches:
                listing = Listing(
                    name=f"search {query}",
                    path="/2/tweets/search/recent",
                    bucket="search",
                    params={"query": query},
                    recent=True,
                )
                found.append(Source(f"search {query}", 6, 30, listing=listing))
        return found

    async def _level(self) -> Level:
        level = await self._spending.level()
        await self._notices.say("spend", WORDS[level])
        return level

    async def _ask(self, source: Source, level: Level) -> int:
        """Ask once; how many rounds to let pass until the next time."""
        known = int(self._cursor.get(source.name, self._first))
        try:
            walk = await self._walk(source, known)
        except NotAllowed as error:
            await self._notices.say(source.name, f"No {source.name} from X: {error}")
            return 360
        except RetryLater as error:
            if error.after >= _LASTS and not isinstance(error, Spent):
                await self._notices.say(source.name, f"No {source.name} from X for now: {error}")
            return max(1, min(360, round(error.after / TICK)))
        except Rejected as error:
            await self._notices.say(source.name, f"X does not answer for {source.name}: {error}")
            return 60
        await self._notices.say(source.name, self._doubt(source, walk, known))
        heard = {"heard_at": self._ports.now().isoformat()}
        if walk.changes or str(walk.newest) != self._cursor.get(source.name):
            await self._put(walk.changes, {source.name: str(walk.newest), **heard})
        if level is Level.SLOW and source.slow:
            return source.slow
        quick = self._live.activity or (source.listing is not None and self._live.stream)
        return source.calm if quick else source.quick

    async def _walk(self, source: Source, known: int) -> Walk:
        if source.listing is None:
            return await self._inbox.since(known)
        walk = await self._walker.since(source.listing, known)
        if walk.proven or source.name != "mentions":
            return walk
        # X lists no more of them: the search of recent posts goes further.
        us = await self._walker.us()
        listing = Listing(name="gap", path="/2/tweets/search/recent", bucket="search",
                          params={"query": f"@{us.handle} -is:retweet"}, item=Item.READ_POST,
                          recent=True)  # fmt: skip
        more = await self._walker.since(listing, known)
        newest = max(walk.newest, more.newest)
        return Walk((*more.changes, *walk.changes), newest, more.proven)

    def _doubt(self, source: Source, walk: Walk, known: int) -> str:
        since = made_at(str(known))
        if walk.proven or since is None:
            return ""
        return (
            f"X lists {source.name} only so far back: after {since:%Y-%m-%d %H:%M} UTC some may be "
            "missing. Look on X."
        )
