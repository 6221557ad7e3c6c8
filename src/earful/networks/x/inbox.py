"""Private messages by asking: the fall-back, and what fills the gap after an outage."""

from __future__ import annotations

from earful.networks.contract import Change, Ports
from earful.networks.x.api import Call
from earful.networks.x.asking import message_fields
from earful.networks.x.messages import from_event, message_id
from earful.networks.x.prices import Item
from earful.networks.x.session import Session
from earful.networks.x.spending import Spending
from earful.networks.x.walking import Walk
from earful.networks.x.wire import pieces, read_included

_PAGES = 15
"""X takes fifteen questions in fifteen minutes."""


class Inbox:
    """Reads private messages back to the last known."""

    def __init__(self, session: Session, spending: Spending, ports: Ports, names: str) -> None:
        self._session, self._spending, self._ports = session, spending, ports
        self._names = names

    async def since(self, known: int, path: str = "/2/dm_events") -> Walk:
        """Messages younger than the event `known`, oldest first. Raises NetworkError."""
        us, now = await self._session.us(), self._ports.now()
        # A known place is met sooner on a short page: each message read costs.
        params = {**message_fields(self._names), "max_results": "20"}
        found: list[Change] = []
        newest, met = known, False
        for _ in range(_PAGES):
            page = await self._session.call(Call(path=path, bucket="dm_read", params=params))
            included = read_included(page.includes)
            numbers = []
            for raw in pieces(page.data):
                change = from_event(raw, included, us, now)
                if change is None:
                    continue
                number = _number(change)
                numbers.append(number)
                if number > known:
                    found.append(change)
            await self._spending.read(Item.READ_DM, map(str, numbers))
            newest = max([newest, *numbers])
            token = page.meta.next_token if page.meta else ""
            met = not token or (bool(numbers) and min(numbers) <= known)
            if met:
                break
            params["pagination_token"] = token
        return Walk(tuple(reversed(found)), newest if met else known, met)


def _number(change: Change) -> int:
    told = message_id(change.external_id)
    return int(told) if told.isdigit() else 0
