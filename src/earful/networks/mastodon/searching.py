"""What a Mastodon server can be asked for: tags from their timelines, words from its search.

Words are found only where the server has full-text search, and of those only posts whose authors
agreed to be found; a server without it finds none, and is no error.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from earful.networks.contract import Batch, Ports, Post, Sought
from earful.networks.contract.searching import quoted
from earful.networks.mastodon.api import Call
from earful.networks.mastodon.session import Session
from earful.networks.mastodon.translate import to_change

PAGE = 40
PAGES = 5
"""Of one way of a search, at once; what is older is left for the next look."""
LATE = timedelta(minutes=5)
"""Posts of other servers arrive so much later, under an id of when they were written."""


class Searching:
    """Searches on one server."""

    def __init__(self, session: Session, ports: Ports) -> None:
        self._session, self._ports = session, ports

    async def search(self, sought: Sought, since: Mapping[str, Any] | None) -> Batch:
        """Posts since the cursor. Raises a NetworkError."""
        known, left = _place(since or {})
        where = await self._session.where()
        found: dict[str, Post] = {}
        newest, cuts = known, []
        for after, before in [(_earlier(known), ""), *left]:
            for way in sought.ways:
                statuses, lowest = await self._down(way, after, before)
                if lowest:
                    cuts.append((after, lowest))
                for status in statuses:
                    newest = max(newest, str(status["id"]), key=_rank)
                    change = to_change(status, where, self._ports.now())
                    if isinstance(change, Post):
                        found[change.external_id] = change
        cursor: dict[str, Any] = {"newest": newest}
        if cuts:
            after = min((cut[0] for cut in cuts), key=_rank)
            cursor["left"] = [after, max((cut[1] for cut in cuts), key=_rank)]
        return Batch(tuple(found.values()), cursor)

    async def _down(
        self, way: tuple[str, ...], after: str, before: str
    ) -> tuple[list[dict[str, Any]], str]:
        """The statuses between two ids, the newest first; and the lowest read where more are left.

        Without an `after` one page is enough: nobody asked for what was before.
        """
        found: list[dict[str, Any]] = []
        for _ in range(PAGES if after else 1):
            page = await self._page(way, after, before)
            found += page
            lowest = min((str(status["id"]) for status in page), key=_rank, default="")
            # A server that can't go further down answers with the same page again.
            stuck = bool(before) and _rank(lowest) >= _rank(before)
            if len(page) < PAGE or stuck:
                return found, ""
            before = lowest
        return found, before if after else ""

    async def _page(self, way: tuple[str, ...], after: str, before: str) -> list[dict[str, Any]]:
        params, path = asked(way)
        if after:
            # On timelines `min_id` would begin from below.
            params.append(("since_id" if path != SEARCH else "min_id", after))
        if before:
            params.append(("max_id", before))
        said = (await self._session.call(Call(path=path, params=params))).said
        if path == SEARCH:
            said = said.get("statuses") if isinstance(said, dict) else None
        return [one for one in said or () if isinstance(one, dict) and one.get("id")]


SEARCH = "/api/v2/search"


def asked(way: tuple[str, ...]) -> tuple[list[tuple[str, str]], str]:
    """Mastodon's words for a way: a tag alone has a timeline, all else is searched for."""
    params = [("limit", str(PAGE))]
    if len(way) == 1 and way[0].startswith("#"):
        return params, f"/api/v1/timelines/tag/{quote(way[0][1:], safe='')}"
    return [*params, ("q", " ".join(map(quoted, way))), ("type", "statuses")], SEARCH


def _place(since: Mapping[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    left = since.get("left")
    return str(since.get("newest", "")), [(str(left[0]), str(left[1]))] if left else []


def _rank(local: str) -> tuple[int, str]:
    """Ids are numbers of any length, on some servers words of one length that sort."""
    return len(local), local


def _earlier(local: str) -> str:
    """The id LATE before; Mastodon's begin with milliseconds, 16 bits from their end."""
    if not local.isdecimal() or len(local) < 15:
        return local
    return str(int(local) - (int(LATE.total_seconds() * 1000) << 16))
