"""Zendesk Support: tickets by its REST API, told of changes by its event webhooks.

Ticket API, and webhooks signed with HMAC-SHA256 over the timestamp and the body:
https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/ and
https://developer.zendesk.com/documentation/webhooks/verifying/.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import httpx

from earful.handoff.calls import Calls
from earful.handoff.reading import decoded, equal, text_at
from earful.handoff.ticket import Forged, Line, Remote, Status, Ticket, mark

_STATUS: Mapping[str, Status] = {
    "new": "open",
    "open": "open",
    "pending": "pending",
    "hold": "pending",
    "solved": "closed",
    "closed": "closed",
}


class Zendesk:
    """One Zendesk account; `email` and `token` sign us in, `group` is optional."""

    repeatable = True  # by the external id

    def __init__(self, client: httpx.AsyncClient, url: str, fields: Mapping[str, str]) -> None:
        pair = f"{fields['email']}/token:{fields['token']}".encode()
        headers = {"Authorization": "Basic " + base64.b64encode(pair).decode()}
        self._url, self._group = url.rstrip("/"), fields.get("group", "")
        self._calls = Calls(client, "Zendesk", f"{self._url}/api/v2", headers)

    async def probe(self) -> None:
        """See OtherDesk."""
        await self._calls.ask("/users/me.json")

    async def create(self, ticket: Ticket) -> Remote:
        """See OtherDesk."""
        if found := await self.find(ticket):
            return found
        made: dict[str, Any] = {
            "subject": ticket.title,
            "comment": {"body": ticket.words, "public": False},
            "external_id": ticket.id,
            "tags": ["earful"],
        }
        if self._group:
            made["group_id"] = int(self._group)
        key = {"Idempotency-Key": ticket.id}
        said = await self._calls.tell("POST", "/tickets.json", {"ticket": made}, key)
        return self._remote(said["ticket"])

    async def find(self, ticket: Ticket) -> Remote | None:
        """See OtherDesk."""
        said = await self._calls.ask("/tickets.json", external_id=ticket.id)
        found = (said or {}).get("tickets") or []
        return self._remote(found[0]) if found else None

    async def append(self, remote_id: str, line: Line) -> None:
        """See OtherDesk."""
        body = {"ticket": {"comment": {"body": line.words, "public": False}}}
        await self._calls.tell("PUT", f"/tickets/{remote_id}.json", body)

    async def holds(self, remote_id: str, line: Line) -> bool:
        """See OtherDesk."""
        return any(mark(line.id) in text_at(one, "body") for one in await self._comments(remote_id))

    async def look(self, remote_id: str) -> Remote | None:
        """See OtherDesk."""
        said = await self._calls.ask(f"/tickets/{remote_id}.json", include="users")
        if said is None:
            return Remote(id=remote_id, status="closed")
        ticket = said["ticket"]
        users = {user["id"]: user["name"] for user in said.get("users", [])}
        remote = self._remote(ticket, owner=users.get(ticket.get("assignee_id"), ""))
        if remote.status != "closed":
            return remote
        answers = [one for one in await self._comments(remote_id) if one.get("public")]
        last = text_at(answers[-1], "plain_body") or text_at(answers[-1], "body") if answers else ""
        return self._remote(ticket, owner=remote.owner, closing_line=last)

    async def _comments(self, remote_id: str) -> list[Any]:
        said = await self._calls.ask(f"/tickets/{remote_id}/comments.json")
        return list((said or {}).get("comments", []))

    def _remote(self, ticket: Mapping[str, Any], **more: str) -> Remote:
        id_ = str(ticket["id"])
        status = _STATUS.get(str(ticket.get("status", "")).lower(), "open")
        url = f"{self._url}/agent/tickets/{id_}"
        return Remote(id=id_, number=id_, url=url, status=status, **more)


def named(headers: Mapping[str, str], body: bytes, secret: str) -> list[str]:
    """The tickets that a webhook's call is about. Raises Forged."""
    stamp = headers.get("x-zendesk-webhook-signature-timestamp", "")
    digest = hmac.new(secret.encode(), stamp.encode() + body, hashlib.sha256).digest()
    if not equal(base64.b64encode(digest).decode(), headers.get("x-zendesk-webhook-signature", "")):
        raise Forged("the signature is not Zendesk's")
    said = decoded(body)
    subject = text_at(said, "subject")
    kind, _, id_ = subject.rpartition(":")
    if kind != "zen:ticket" or not id_.isdigit():
        raise Forged("it is about no ticket")
    return [id_]
