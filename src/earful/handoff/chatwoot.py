"""Chatwoot: conversations in an API inbox, told of changes by its webhooks.

https://developers.chatwoot.com/api-reference/introduction and
https://www.chatwoot.com/hc/user-guide/articles/1677693021-how-to-use-webhooks. Most versions sign
nothing, so the address that is given to Chatwoot ends with a secret of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from earful.handoff.calls import Calls
from earful.handoff.reading import decoded, equal, text_at
from earful.handoff.ticket import Forged, Line, Remote, Status, Ticket, mark

_STATUS: Mapping[str, Status] = {
    "open": "open",
    "pending": "pending",
    "snoozed": "pending",
    "resolved": "closed",
}
_OUTGOING = (1, "outgoing")


class Chatwoot:
    """One account; `token` signs us in, `account` and `inbox` are their numbers there."""

    repeatable = True  # found by the attribute that names the handoff

    def __init__(self, client: httpx.AsyncClient, url: str, fields: Mapping[str, str]) -> None:
        account, base = fields["account"], url.rstrip("/")
        self._inbox = int(fields["inbox"])
        self._shown = f"{base}/app/accounts/{account}/conversations"
        self._calls = Calls(
            client,
            "Chatwoot",
            f"{base}/api/v1/accounts/{account}",
            {"api_access_token": fields["token"]},
        )

    async def probe(self) -> None:
        """See OtherDesk."""
        await self._calls.ask(f"/inboxes/{self._inbox}")

    async def create(self, ticket: Ticket) -> Remote:
        """See OtherDesk."""
        if found := await self.find(ticket):
            return found
        contact = await self._contact(ticket) or await self._new_contact(ticket)
        made = await self._calls.tell(
            "POST",
            "/conversations",
            {
                "inbox_id": self._inbox,
                "contact_id": contact,
                "source_id": ticket.id,
                "status": "open",
                "custom_attributes": {"earful": ticket.id},
                "message": {"content": ticket.words, "private": True},
            },
        )
        return self._remote(made)

    async def find(self, ticket: Ticket) -> Remote | None:
        """See OtherDesk."""
        if (contact := await self._contact(ticket)) is None:
            return None
        said = await self._calls.ask(f"/contacts/{contact}/conversations")
        for one in (said or {}).get("payload", []):
            if text_at(one, "custom_attributes", "earful") == ticket.id:
                return self._remote(one)
        return None

    async def _contact(self, ticket: Ticket) -> int | None:
        said = await self._calls.ask("/contacts/search", q=ticket.customer_id)
        for one in (said or {}).get("payload", []):
            if text_at(one, "identifier") == ticket.customer_id:
                return int(one["id"])
        return None

    async def _new_contact(self, ticket: Ticket) -> int:
        body = {
            "inbox_id": self._inbox,
            "name": ticket.customer,
            "identifier": ticket.customer_id,
            "custom_attributes": {"handle": f"@{ticket.handle}", "network": ticket.network},
        }
        said = await self._calls.tell("POST", "/contacts", body)
        return int(said["payload"]["contact"]["id"])

    async def append(self, remote_id: str, line: Line) -> None:
        """See OtherDesk."""
        body = {"content": line.words, "private": True}
        await self._calls.tell("POST", f"/conversations/{remote_id}/messages", body)

    async def holds(self, remote_id: str, line: Line) -> bool:
        """See OtherDesk."""
        found = await self._messages(remote_id)
        return any(mark(line.id) in text_at(one, "content") for one in found)

    async def look(self, remote_id: str) -> Remote | None:
        """See OtherDesk."""
        said = await self._calls.ask(f"/conversations/{remote_id}")
        if said is None:
            return Remote(id=remote_id, status="closed")
        remote = self._remote(said)
        if remote.status != "closed":
            return remote
        answers = [
            one
            for one in await self._messages(remote_id)
            if one.get("message_type") in _OUTGOING and not one.get("private")
        ]
        return self._remote(said, text_at(answers[-1], "content") if answers else "")

    async def _messages(self, remote_id: str) -> list[Any]:
        said = await self._calls.ask(f"/conversations/{remote_id}/messages")
        return list((said or {}).get("payload", []))

    def _remote(self, said: Mapping[str, Any], closing_line: str = "") -> Remote:
        id_ = str(said["id"])
        return Remote(
            id=id_,
            number=id_,
            url=f"{self._shown}/{id_}",
            status=_STATUS.get(text_at(said, "status"), "open"),
            owner=text_at(said, "meta", "assignee", "name"),
            closing_line=closing_line,
        )


def named(headers: Mapping[str, str], body: bytes, secret: str) -> list[str]:
    """The conversations that a webhook's call is about. Raises Forged."""
    if not equal(headers.get("earful-secret", ""), secret):
        raise Forged("the address does not end with the secret")
    said = decoded(body)
    event = text_at(said, "event")
    of_message = event.startswith("message_")
    id_ = text_at(said, "conversation", "id") if of_message else text_at(said, "id")
    if not (of_message or event.startswith("conversation_")) or not id_.isdigit():
        raise Forged("it is about no conversation")
    return [id_]
