"""What is spent at X, each resource once a UTC day, and how listening shrinks as the cap nears."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import IntEnum

from earful.networks.contract import Change, Ports, Post, Visibility
from earful.networks.x.prices import PRICES, Item

_MICROS = 1_000_000
_LOOK_EVERY = timedelta(seconds=10)


class Level(IntEnum):
    """How much listening the day's money still allows: each step leaves out what it names."""

    ALL = 0
    NO_SEARCH = 1
    NO_DUPLICATES = 2
    SLOW = 3


_STEPS = ((1.0, Level.SLOW), (0.85, Level.NO_DUPLICATES), (0.7, Level.NO_SEARCH))
WORDS = {
    Level.ALL: "",
    Level.NO_SEARCH: "70 % of today's cap at X is spent: searches rest until midnight UTC.",
    Level.NO_DUPLICATES: "85 % of today's cap at X is spent: searches and the streams of posts "
    "rest until midnight UTC; mentions are asked for, messages still come at once.",
    Level.SLOW: "Today's cap at X is spent: mentions are asked for every ten minutes only, until "
    "midnight UTC. Replies are sent as ever.",
}


class Spending:
    """Charges what is read and written. `cap` is in millionths of a dollar a day, 0 for none."""

    def __init__(self, ports: Ports, cap: int, *, own_app: bool) -> None:
        self._ports, self._cap = ports, cap
        self._mention = Item.READ_MENTION if own_app else Item.READ_POST
        self._day: date | None = None
        self._charged: set[str] = set()
        self._level, self._looked_at = Level.ALL, ports.now() - _LOOK_EVERY

    async def mentions(self, ids: Iterable[str]) -> None:
        """Mentions of us were read."""
        await self.read(self._mention, ids)

    async def read(self, item: Item, ids: Iterable[str]) -> None:
        """Resources were read; what was read today already costs nothing."""
        today = self._ports.now().date()
        if today != self._day:
            self._day, self._charged = today, set()
        # One post costs once, whichever way it came.
        kind = "user" if item is Item.READ_USER else "dm" if "dm" in item else "post"
        fresh = {f"{kind}:{id_}" for id_ in ids} - self._charged
        self._charged |= fresh
        if fresh:
            await self.charge(item, len(fresh))

    async def charge(self, item: Item, count: int = 1) -> None:
        """Something was done `count` times."""
        await self._ports.spend.charge(item, int(PRICES[item] * _MICROS) * count, count)

    async def level(self, *, anew: bool = False) -> Level:
        """How much listening is left for today; as it was some seconds ago, unless `anew`."""
        now = self._ports.now()
        if self._cap and (anew or now >= self._looked_at + _LOOK_EVERY):
            part = await self._ports.spend.today() / self._cap
            self._looked_at = now
            self._level = next((level for least, level in _STEPS if part >= least), Level.ALL)
        return self._level


async def charge(spending: Spending, changes: tuple[Change, ...]) -> None:
    """What events cost."""
    posts = [each for each in changes if isinstance(each, Post)]
    direct = [each.external_id for each in posts if each.visibility is Visibility.DIRECT]
    public = [str(each.ref.get("id")) for each in posts if each.visibility is Visibility.PUBLIC]
    await spending.read(Item.EVENT_DM, direct)
    await spending.read(Item.EVENT_POST, public)
