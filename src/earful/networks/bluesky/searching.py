"""Bluesky's search of posts, asked for words that somebody saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from earful.networks.bluesky.blobs import Pictures
from earful.networks.bluesky.people import People
from earful.networks.bluesky.session import Session
from earful.networks.bluesky.translate import Found, instant, to_change
from earful.networks.bluesky.xrpc import Call
from earful.networks.contract import Batch, Ports, Post, Sought

PAGE = 100
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
        start = instant((since or {}).get("until"), now - FIRST) - MARGIN
        us = (await self._session.who()).external_id
        found: dict[str, Post] = {}
        for way in sought.ways:
            # One language can be asked for at once; of several, all are, and sorted out later.
            params: dict[str, Any] = {
                "q": " ".join(_quoted(word) for word in way),
                "sort": "latest",
                "since": start.isoformat().replace("+00:00", "Z"),
                "limit": min(PAGE, sought.most),
            }
            if len(sought.languages) == 1:
                params["lang"] = sought.languages[0]
            call = Call(name="app.bsky.feed.searchPosts", params=params)
            said = await self._session.call(call)
            for view in said.get("posts") or ():
                post = self._post(view, us)
                if post is not None:
                    found[post.external_id] = post
        return Batch(tuple(found.values()), {"until": now.isoformat()})

    def _post(self, view: Any, us: str) -> Post | None:
        try:
            seen = Found(
                uri=str(view["uri"]),
                cid=str(view["cid"]),
                record=view.get("record"),
                author=self._people.note(view["author"]),
                seen_at=instant(view.get("indexedAt"), self._ports.now()),
            )
        except (KeyError, TypeError):
            return None
        change = to_change(seen, us, pictures=self._pictures)
        return change if isinstance(change, Post) else None


def _quoted(word: str) -> str:
    return word if word.startswith("#") or word.isalnum() else f'"{word}"'
