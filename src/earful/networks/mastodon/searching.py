"""What a Mastodon server can be asked for: tags from their timelines, words from its search.

Words are found only where the server has full-text search, and of those only posts whose authors
agreed to be found; a server without it finds none, and is no error.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from earful.networks.contract import Batch, Ports, Post, Sought
from earful.networks.mastodon.api import Call
from earful.networks.mastodon.session import Session
from earful.networks.mastodon.translate import to_change

PAGE = 40


class Searching:
    """Searches on one server."""

    def __init__(self, session: Session, ports: Ports) -> None:
        self._session, self._ports = session, ports

    async def search(self, sought: Sought, since: Mapping[str, Any] | None) -> Batch:
        """Posts since the cursor. Raises a NetworkError."""
        known = str((since or {}).get("newest", ""))
        where = await self._session.where()
        found: dict[str, Post] = {}
        newest = known
        for way in sought.ways:
            for status in await self._statuses(way, known):
                newest = max(newest, str(status.get("id", "")), key=lambda one: (len(one), one))
                change = to_change(status, where, self._ports.now())
                if isinstance(change, Post):
                    found[change.external_id] = change
        return Batch(tuple(found.values()), {"newest": newest})

    async def _statuses(self, way: tuple[str, ...], known: str) -> list[dict[str, Any]]:
        params = [("limit", str(PAGE))]
        if len(way) == 1 and way[0].startswith("#"):
            if known:
                params.append(("min_id", known))
            path = f"/api/v1/timelines/tag/{quote(way[0][1:], safe='')}"
            said = (await self._session.call(Call(path=path, params=params))).said
        else:
            words = " ".join(_quoted(word) for word in way)
            params += [("q", words), ("type", "statuses")]
            if known:
                params.append(("min_id", known))
            said = (await self._session.call(Call(path="/api/v2/search", params=params))).said
            said = said.get("statuses") if isinstance(said, dict) else None
        return [one for one in said or () if isinstance(one, dict) and one.get("id")]


def _quoted(word: str) -> str:
    return word if word.startswith("#") or word.isalnum() else f'"{word}"'
