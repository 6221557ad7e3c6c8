"""Zammad: tickets by its REST API, told of changes by the webhook of a trigger.

https://docs.zammad.org/en/latest/api/ticket/index.html and, for webhooks signed with HMAC-SHA1,
https://admin-docs.zammad.org/en/latest/manage/webhook/payload.html.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import httpx

from earful.handoff.calls import Calls
from earful.handoff.reading import decoded, equal, text_at
from earful.handoff.ticket import Forged, Line, Remote, Status, Ticket, mark
from earful.kit.html_text import text_of

_CLOSED = ("closed", "merged", "removed")


class Zammad:
    """One Zammad; `token` signs us in, `group` takes the tickets, `customer` is who files them."""

    repeatable = False  # what was made just now may not be found yet

    def __init__(self, client: httpx.AsyncClient, url: str, fields: Mapping[str, str]) -> None:
        headers = {"Authorization": f"Token token={fields['token']}"}
        self._url = url.rstrip("/")
        self._group, self._customer = fields["group"], fields["customer"]
        self._calls = Calls(client, "Zammad", f"{self._url}/api/v1", headers)

    async def probe(self) -> None:
        """See OtherDesk."""
        await self._calls.ask("/users/me")

    async def create(self, ticket: Ticket) -> Remote:
        """See OtherDesk."""
        said = await self._calls.tell(
            "POST",
            "/tickets",
            {
                "title": f"{ticket.title[:180]} {mark(ticket.id)}",
                "group": self._group,
                "customer": self._customer,
                "article": {
                    "subject": ticket.title[:200],
                    "body": ticket.words,
                    "type": "note",
                    "content_type": "text/plain",
                    "internal": True,
                },
            },
        )
        return self._remote(said)

    async def find(self, ticket: Ticket) -> Remote | None:
        """See OtherDesk."""
        said = await self._calls.ask("/tickets/search", query=f'title:"{ticket.id}"', expand="true")
        found = said if isinstance(said, list) else []
        ours = [one for one in found if mark(ticket.id) in text_at(one, "title")]
        return self._remote(ours[0]) if ours else None

    async def append(self, remote_id: str, line: Line) -> None:
        """See OtherDesk."""
        await self._calls.tell(
            "POST",
            "/ticket_articles",
            {
                "ticket_id": int(remote_id),
                "body": line.words,
                "type": "note",
                "content_type": "text/plain",
                "internal": True,
            },
        )

    async def holds(self, remote_id: str, line: Line) -> bool:
        """See OtherDesk."""
        return any(mark(line.id) in text_at(one, "body") for one in await self._articles(remote_id))

    async def look(self, remote_id: str) -> Remote | None:
        """See OtherDesk."""
        said = await self._calls.ask(f"/tickets/{remote_id}", expand="true")
        if said is None:
            return Remote(id=remote_id, status="closed")
        remote = self._remote(said)
        if remote.status != "closed":
            return remote
        answers = [
            one
            for one in await self._articles(remote_id)
            if not one.get("internal") and text_at(one, "sender") == "Agent"
        ]
        return self._remote(said, _plain(answers[-1]) if answers else "")

    async def _articles(self, remote_id: str) -> list[Any]:
        path = f"/ticket_articles/by_ticket/{remote_id}"
        said = await self._calls.ask(path, expand="true")
        return said if isinstance(said, list) else []

    def _remote(self, said: Mapping[str, Any], closing_line: str = "") -> Remote:
        id_, state = str(said["id"]), text_at(said, "state").lower()
        owner = text_at(said, "owner")
        status: Status = "pending" if state.startswith("pending") else "open"
        return Remote(
            id=id_,
            number=text_at(said, "number"),
            url=f"{self._url}/#ticket/zoom/{id_}",
            status="closed" if state in _CLOSED else status,
            owner="" if owner == "-" else owner,
            closing_line=closing_line,
        )


def _plain(article: Mapping[str, Any]) -> str:
    body = text_at(article, "body")
    return text_of(body) if "html" in text_at(article, "content_type") else body


def named(headers: Mapping[str, str], body: bytes, secret: str) -> list[str]:
    """The tickets that a webhook's call is about. Raises Forged."""
    digest = hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    if not equal(f"sha1={digest}", headers.get("x-hub-signature", "")):
        raise Forged("the signature is not Zammad's")
    id_ = text_at(decoded(body), "ticket", "id")
    if not id_.isdigit():
        raise Forged("it is about no ticket")
    return [id_]
