"""Any desk that takes a webhook, and tells us by one.

What goes out is signed as our other webhooks are; what comes back is signed in the same way with
the same secret, and is the truth, for nothing can be looked up there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import httpx
import msgspec

from earful.handoff.reading import decoded, text_at
from earful.handoff.ticket import Forged, Line, Remote, Status, Ticket, Trouble
from earful.kit.signed_post import signed_post, verify

_STATUS: tuple[Status, ...] = ("open", "pending", "closed")


class Webhook:
    """An address of somebody's own; `secret` signs both ways."""

    repeatable = True  # it is told each id once and more, and says so

    def __init__(
        self, client: httpx.AsyncClient, url: str, fields: Mapping[str, str], now: datetime
    ) -> None:
        self._client, self._url = client, url
        self._secret, self._now = fields["secret"].encode(), now

    async def probe(self) -> None:
        """See OtherDesk."""
        await self._post("probe", {"kind": "probe"})

    async def create(self, ticket: Ticket) -> Remote:
        """See OtherDesk."""
        said = {"kind": "handed", "ticket": msgspec.to_builtins(ticket)}
        await self._post(ticket.id, said | {"text": ticket.words})
        return Remote(id=ticket.id)

    async def find(self, ticket: Ticket) -> Remote | None:  # noqa: ARG002 - it can't be asked
        """See OtherDesk: it is simply told again."""
        return None

    async def append(self, remote_id: str, line: Line) -> None:
        """See OtherDesk."""
        said = {"kind": "written", "ticket": {"id": remote_id}, "line": msgspec.to_builtins(line)}
        await self._post(line.id, said)

    async def holds(self, remote_id: str, line: Line) -> bool:  # noqa: ARG002 - as above
        """See OtherDesk."""
        return False

    async def look(self, remote_id: str) -> Remote | None:  # noqa: ARG002 - as above
        """See OtherDesk."""
        return None

    async def _post(self, key: str, said: dict[str, Any]) -> None:
        body = msgspec.json.encode(said)
        words = await signed_post(
            self._client, self._url, self._secret, key, body=body, at=self._now
        )
        if words:
            raise Trouble(words, passing=True)


def told(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> Remote:
    """What a call says of one of our tickets: `id`, `status`, and perhaps `number`, `url`, `owner`
    and `closing_line`. Raises Forged."""
    if not verify(headers, body, secret.encode(), now=now):
        raise Forged("the signature is not made with the secret, or is too old")
    said = decoded(body)
    status = text_at(said, "status")
    found = [one for one in _STATUS if one == status]
    if not found or not text_at(said, "id"):
        raise Forged("it needs an id, and a status that is open, pending or closed")
    url = text_at(said, "url")
    return Remote(
        id=text_at(said, "id")[:200],
        number=text_at(said, "number")[:100],
        url=url[:1000] if url.startswith("https://") else "",
        status=found[0],
        owner=text_at(said, "owner")[:200],
        closing_line=text_at(said, "closing_line")[:5000],
    )
