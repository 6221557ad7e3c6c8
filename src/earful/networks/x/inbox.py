"""Private messages by asking: the fall-back, and what fills the gap after an outage."""

from __future__ import annotations

from earful.networks.contract import Change, Ports
from earful.networks.x.api import Call
from earful.networks.x.asking import message_fields
from earful.networks.x.messages import from_event, message_id
from earful.networks.x.payloads import pieces, read_included
from earful.networks.x.prices import Item
from earful.networks.x.session import Session
from earful.networks.x.spending import Spending
from earful.networks.x.times import id_at, number
from earful.networks.x.walking import MARGIN, Walk, answered

_PAGE = 20
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
        params = {**message_fields(self._names), "max_results": str(_PAGE)}
        found: list[Change] = []
        newest, met = known, False
        for _ in range(_PAGES):
            call = Call(path=path, bucket="dm_read", params=params)
            page = answered(await self._session.call(call))
            included = read_included(page.includes)
            told = [from_event(raw, included, us, now) for raw in pieces(page.data)]
            changes = [each for each in told if each is not None]
            # One that can't be read may have no number: it is told, and proves nothing.
            found += [each for each in changes if not 0 < _number(each) <= known]
            numbers = [_number(each) for each in changes if _number(each)]
            await self._spending.read(Item.READ_DM, map(str, numbers))
            newest = max([newest, *numbers])
            token = page.meta.next_token if page.meta else ""
            ended = not token and (page.meta is not None or len(changes) < _PAGE)
            met = ended or (bool(numbers) and min(numbers) <= known)
            if met or not token or token == params.get("pagination_token"):
                break
            params["pagination_token"] = token
        # X may tell one late: the next walk begins a little before the last.
        place = max(known, min(newest, id_at(now - MARGIN))) if met else known
        return Walk(tuple(reversed(found)), place, met)


def _number(change: Change) -> int:
    return number(message_id(change.external_id))
