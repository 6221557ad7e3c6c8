"""Notifications: the second ear, and what fills the gap after an outage.

They are sorted by the time that the posts themselves claim, so a back-dated post never shows
among the newest: paging goes a margin past the last known time, and never stops at a known item.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earful.networks.bluesky.blobs import CDN, Pictures
from earful.networks.bluesky.people import People
from earful.networks.bluesky.session import Session
from earful.networks.bluesky.translate import Found, instant, to_change
from earful.networks.bluesky.xrpc import Call
from earful.networks.contract import Change, Ports, Unreadable

_PAGE = 100
_PAGES = 200
_REASONS = ("mention", "reply", "quote")


class Notifications:
    """Reads the account's notifications back to a time."""

    def __init__(
        self,
        session: Session,
        people: People,
        ports: Ports,
        our_did: str,
        pictures: Pictures = CDN,
    ) -> None:
        self._session, self._people, self._ports = session, people, ports
        self._our_did, self._pictures = our_did, pictures

    async def since(self, after: datetime) -> tuple[list[Change], datetime]:
        """All that addresses us and claims a time later than `after`, oldest first; and the newest
        time that was claimed."""
        items: list[dict[str, Any]] = []
        page: str | None = None
        for _ in range(_PAGES):
            said = await self._page(page)
            found = said.get("notifications") or []
            items += found
            page = said.get("cursor")
            if not found or not page or self._time(found[-1]) < after:
                break
        kept = [item for item in items if self._time(item) >= after]
        newest = max((self._time(item) for item in kept), default=after)
        return [self._change(item) for item in reversed(kept)], min(newest, self._ports.now())

    async def _page(self, cursor: str | None) -> dict[str, Any]:
        params: dict[str, Any] = {"limit": _PAGE, "reasons": list(_REASONS)}
        if cursor:
            params["cursor"] = cursor
        return await self._session.call(
            Call(name="app.bsky.notification.listNotifications", params=params)
        )

    def _time(self, item: dict[str, Any]) -> datetime:
        return instant(item.get("indexedAt"), self._ports.now())

    def _change(self, item: dict[str, Any]) -> Change:
        uri = str(item.get("uri", "unknown"))
        try:
            author = self._people.note(item["author"])
        except (KeyError, TypeError) as error:
            reason = f"no author: {type(error).__name__}"
            return Unreadable(external_id=uri, reason=reason, payload=repr(item))
        found = Found(
            uri=uri,
            cid=str(item.get("cid", "")),
            record=item.get("record"),
            author=author,
            seen_at=self._time(item),
        )
        return to_change(found, self._our_did, addressed=True, pictures=self._pictures)
