"""What became of posts on X: what was taken away, by batch job, which costs nothing, or post by
post, and what was edited, which only looking tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from earful.networks.contract import Change, Deletion, Post, Rejected
from earful.networks.x.api import Call
from earful.networks.x.asking import post_fields
from earful.networks.x.jobs import Jobs
from earful.networks.x.means import Means
from earful.networks.x.payloads import several
from earful.networks.x.prices import LOOKS_A_DAY, Item
from earful.networks.x.spending import Level
from earful.networks.x.times import number
from earful.networks.x.translate import to_changes
from earful.networks.x.wire import Page, XPost

_PAGE = 100
_MISSING = ("/resource-not-found", "/not-authorized-for-resource")
"""That X may not tell one field of a post is another matter."""

_POST = msgspec.json.Decoder(XPost)
_FEW = (
    "X opens no batch jobs to this channel, so that only the newest posts are looked at for what "
    "was taken away: about {most} a day. X wants whatever is gone there to be gone here within a "
    "day: give the app's bearer token."
)


class Gone:
    """Finds out which posts are gone, or were edited."""

    def __init__(self, means: Means) -> None:
        self._session, self._spending, self._ports = means.session, means.spending, means.ports
        self._names, self._notices, self._jobs = means.place.names, means.notices, Jobs(means)
        self._day: date | None = None
        self._looked: set[str] = set()

    async def among(self, ids: Iterable[str]) -> tuple[Change, ...]:
        """Deletions, and edits where posts are looked at one by one. Raises a NetworkError."""
        known = [each for each in dict.fromkeys(ids) if number(each)]
        if not known:
            return ()
        try:
            gone = await self._jobs.gone(known)
        except Rejected:
            return await self._one_by_one(known)
        await self._notices.say("gone", "")
        return tuple(gone)

    async def edited(self, ids: Iterable[str]) -> tuple[Change, ...] | None:
        """What these say now, where it is not what they said first, and which of them are gone:
        no job tells of edits. None when there is no money left for it. Raises a NetworkError."""
        known = [each for each in dict.fromkeys(ids) if number(each)]
        found: list[Change] = []
        for first in range(0, len(known), _PAGE):
            if await self._spending.level() >= Level.NO_SEARCH:
                return None
            found += await self._looked_at(known[first : first + _PAGE])
        return tuple(found)

    async def _one_by_one(self, ids: Sequence[str]) -> tuple[Change, ...]:
        """The newest of them, as far as a day's looks go. What was looked at today is free."""
        wanted = self._affordable(ids)
        if len(wanted) < len(ids):
            await self._notices.say("gone", _FEW.format(most=LOOKS_A_DAY))
        return await self.edited(wanted) or ()

    def _affordable(self, ids: Sequence[str]) -> list[str]:
        today = self._ports.now().date()
        if today != self._day:
            self._day, self._looked = today, set()
        left = max(0, LOOKS_A_DAY - len(self._looked))
        fresh = sorted((each for each in ids if each not in self._looked), key=number)
        self._looked.update(fresh[-left:] if left else ())
        return [each for each in ids if each in self._looked]

    async def _looked_at(self, ids: Sequence[str]) -> list[Change]:
        page = await self._page(ids)
        now = self._ports.now()
        missing = {
            str(problem.resource_id or problem.value)
            for problem in page.errors or ()
            if problem.type.endswith(_MISSING) or problem.title == "Not Found Error"
        }
        missing -= {id_ for history in _histories(page) for id_ in history}
        gone = [Deletion(external_id=each, at=now) for each in ids if each in missing]
        return [*gone, *await self._edits(page)]

    async def _edits(self, page: Page) -> list[Change]:
        """The newest versions of posts that were edited since: they are asked for by their ids."""
        newest = [history[-1] for history in _histories(page) if len(history) > 1]
        if not newest:
            return []
        us, now = await self._session.us(), self._ports.now()
        found = to_changes(await self._page(newest[:_PAGE]), us, now)
        return [each for each in found if isinstance(each, Post) and each.edited_at]

    async def _page(self, ids: Sequence[str]) -> Page:
        params = {"ids": ",".join(ids), **post_fields(self._names)}
        page = await self._session.call(Call(path="/2/tweets", bucket="posts", params=params))
        await self._spending.read(Item.READ_POST, [each[0] for each in _histories(page)])
        return page


def _histories(page: Page) -> list[list[str]]:
    return [post.history for post in several(page.data, _POST)]
