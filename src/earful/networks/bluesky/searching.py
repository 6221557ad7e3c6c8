"""Bluesky's search of posts, asked for words that somebody saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from earful.networks.bluesky.blobs import Pictures
from earful.networks.bluesky.people import People
from earful.networks.bluesky.session import Session
from earful.networks.bluesky.translate import in_view, instant, to_change
from earful.networks.bluesky.xrpc import Call
from earful.networks.contract import Batch, Ports, Post, Sought
from earful.networks.contract.searching import quoted

PAGE = 100
PAGES = 10
"""Of one way of a search, at once; what is older is left for the next look."""
FIRST = timedelta(days=1)
"""How far the first look goes back."""
MARGIN = timedelta(minutes=5)
"""Posts show up in the search so much later than they were written."""


class Searching:
    """Searches for one account."""

    def __init__(self, session: Session, people: People, ports: Ports, pictures: Pictures) -> None:
        self._session, self._people = session, people
        self._ports, self._pictures = ports, pictures

    async def search(self, sought: Sought, since: Mapping[str, Any] | None) -> Batch:
        """Posts since the cursor. Raises a NetworkError."""
        now = self._ports.now()
        us = (await self._session.who()).external_id
        found: dict[str, Post] = {}
        cuts = []
        for after, before in _stretches(since or {}, now):
            for way in sought.ways:
                views, lowest = await self._down(asked(way, sought.languages), after, before)
                if lowest:
                    cuts.append((after, lowest))
                await self._people.weigh(writers(views))
                for view in views:
                    post = self._post(view, us)
                    if post is not None:
                        found[post.external_id] = post
        cursor: dict[str, Any] = {"until": now.isoformat()}
        if cuts:
            ends = min(cut[0] for cut in cuts), max(cut[1] for cut in cuts)
            cursor["left"] = [end.isoformat() for end in ends]
        return Batch(tuple(found.values()), cursor)

    async def _down(
        self, params: dict[str, Any], after: datetime, before: datetime | None
    ) -> tuple[list[Any], datetime | None]:
        """The posts between two times, the newest first; and how far down, where more are left."""
        params = params | {"since": _written(after)}
        if before is not None:
            params["until"] = _written(before)
        found: list[Any] = []
        lowest = after
        for _ in range(PAGES):
            call = Call(name="app.bsky.feed.searchPosts", params=params)
            said = await self._session.call(call)
            held = said.get("posts")
            page = [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []
            found += page
            if not page or not said.get("cursor") or said["cursor"] == params.get("cursor"):
                return found, None
            lowest = _sorted_at(page[-1], after)
            # Not every index knows `since` and `until`: one that doesn't is read as far as it goes.
            if lowest < after or (before is not None and lowest > before):
                return found, None
            params = params | {"cursor": said["cursor"]}
        lowest += SECOND
        # Where one second holds more than can be read, the rest of it is given up.
        return found, lowest if before is None or lowest < before else before - SECOND

    def _post(self, view: Any, us: str) -> Post | None:
        try:
            seen = in_view(view, self._people.note(view["author"]), self._ports.now())
        except (KeyError, TypeError):
            return None
        change = to_change(seen, us, pictures=self._pictures)
        return change if isinstance(change, Post) else None


SECOND = timedelta(seconds=1)


def writers(views: list[Any]) -> list[str]:
    """Who wrote these, where they say so."""
    authors = (view.get("author") for view in views)
    return [str(one["did"]) for one in authors if isinstance(one, dict) and "did" in one]


def asked(way: tuple[str, ...], languages: tuple[str, ...]) -> dict[str, Any]:
    """Bluesky's words for a way of a search.

    One language can be asked for at once; of several, all are, and sorted out later.
    """
    params: dict[str, Any] = {"q": " ".join(map(quoted, way)), "sort": "latest", "limit": PAGE}
    return params | ({"lang": languages[0]} if len(languages) == 1 else {})


def _stretches(since: Mapping[str, Any], now: datetime) -> list[tuple[datetime, datetime | None]]:
    """What is to be read: since the last look, and what that left."""
    known = instant(since.get("until"), now - FIRST)
    found: list[tuple[datetime, datetime | None]] = [(known - MARGIN, None)]
    left = since.get("left")
    if left:
        found.append((instant(left[0], known), instant(left[1], known)))
    return found


def _sorted_at(view: dict[str, Any], default: datetime) -> datetime:
    """What the index sorts by: when it was written or, if that is earlier, seen."""
    record = view.get("record")
    written = record.get("createdAt") if isinstance(record, dict) else None
    seen = instant(view.get("indexedAt"), default)
    return min(seen, instant(written, seen))


def _written(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
