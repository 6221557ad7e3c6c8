"""Salesforce Service Cloud: cases by its REST API, told of changes by outbound messages.

The case is made by its external id, so a repeat is the same case:
https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_upsert.htm; outbound
messages: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_om_outboundmessaging.htm.
They are signed with nothing, so the address that is given to Salesforce ends with a secret.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import httpx

from earful.handoff.calls import NOT_SENT, Calls
from earful.handoff.reading import equal, text_at
from earful.handoff.ticket import Forged, Line, Remote, Status, Ticket, Trouble, mark

VERSION = "v61.0"
_ID = re.compile(r"[a-zA-Z0-9]{15,18}")
# Ids are taken out as text: the body is never handed to an XML parser, which could be led astray.
_CASE = re.compile(rb"<sObject[^>]*>.*?<(?:\w+:)?Id>([a-zA-Z0-9]{15,18})</", re.DOTALL)
ACK = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
    '<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack>'
    "</notificationsResponse></soapenv:Body></soapenv:Envelope>"
)


class Salesforce:
    """One org; a connected app's `client_id` and `client_secret` sign us in. `external_id_field`
    is a custom field of the case, of type text, unique, an external id."""

    repeatable = True

    def __init__(self, client: httpx.AsyncClient, url: str, fields: Mapping[str, str]) -> None:
        self._client, self._url = client, url.rstrip("/")
        self._id, self._secret = fields["client_id"], fields["client_secret"]
        self._field = fields.get("external_id_field") or "Earful_Id__c"
        self._token: Calls | None = None

    async def probe(self) -> None:
        """See OtherDesk."""
        await (await self._calls()).ask("/limits")

    async def create(self, ticket: Ticket) -> Remote:
        """See OtherDesk."""
        calls = await self._calls()
        await calls.tell(
            "PATCH",
            f"/sobjects/Case/{self._field}/{ticket.id}",
            {
                "Subject": ticket.title[:255],
                "Description": ticket.words[:32000],
                "Origin": "Web",
                "SuppliedName": ticket.customer[:80],
            },
        )
        found = await self.find(ticket)
        if found is None:
            raise Trouble("Salesforce made a case that can't be found.", uncertain=True)
        return found

    async def find(self, ticket: Ticket) -> Remote | None:
        """See OtherDesk."""
        return await self._query(f"{self._field} = '{ticket.id}'")

    async def append(self, remote_id: str, line: Line) -> None:
        """See OtherDesk."""
        body = {"ParentId": remote_id, "CommentBody": line.words[:4000], "IsPublished": False}
        await (await self._calls()).tell("POST", "/sobjects/CaseComment", body)

    async def holds(self, remote_id: str, line: Line) -> bool:
        """See OtherDesk."""
        where = f"ParentId = '{_checked(remote_id)}'"
        said = await self._ask("CommentBody FROM CaseComment", where)
        return any(mark(line.id) in text_at(one, "CommentBody") for one in said)

    async def look(self, remote_id: str) -> Remote | None:
        """See OtherDesk."""
        found = await self._query(f"Id = '{_checked(remote_id)}'")
        return found or Remote(id=remote_id, status="closed")

    async def _query(self, where: str) -> Remote | None:
        records = await self._ask(
            "Id, CaseNumber, Status, IsClosed, Owner.Name, (SELECT CommentBody FROM CaseComments "
            "WHERE IsPublished = true ORDER BY CreatedDate DESC LIMIT 1) FROM Case",
            where,
        )
        if not records:
            return None
        case = records[0]
        comments = (case.get("CaseComments") or {}).get("records") or [{}]
        waiting = "waiting" in text_at(case, "Status").lower()
        status: Status = "pending" if waiting else "open"
        closed = bool(case.get("IsClosed"))
        return Remote(
            id=str(case["Id"]),
            number=text_at(case, "CaseNumber"),
            url=f"{self._url}/lightning/r/Case/{case['Id']}/view",
            status="closed" if closed else status,
            owner=text_at(case, "Owner", "Name"),
            closing_line=text_at(comments[0], "CommentBody") if closed else "",
        )

    async def _ask(self, what: str, where: str) -> list[Any]:
        """The records; `where` holds ids alone, ours or checked."""
        said = await (await self._calls()).ask("/query", q=f"SELECT {what} WHERE {where}")
        return list((said or {}).get("records", []))

    async def _calls(self) -> Calls:
        if self._token is None:
            body = {
                "grant_type": "client_credentials",
                "client_id": self._id,
                "client_secret": self._secret,
            }
            try:
                answer = await self._client.post(
                    f"{self._url}/services/oauth2/token",
                    content=urlencode(body),
                    headers={"Content-Type": "application/x-www-form-urlencoded"},
                )
                token = str(answer.json()["access_token"]) if answer.status_code == 200 else ""
            except (*NOT_SENT, httpx.HTTPError, ValueError, KeyError) as error:
                raise Trouble("Salesforce can't be reached.", passing=True) from error
            if not token:
                raise Trouble("Salesforce does not take our sign-in.")
            base = f"{self._url}/services/data/{VERSION}"
            headers = {"Authorization": f"Bearer {token}"}
            self._token = Calls(self._client, "Salesforce", base, headers)
        return self._token


def _checked(id_: str) -> str:
    if not _ID.fullmatch(id_):
        raise Trouble(f"{id_[:40]!r} is no id of Salesforce.")
    return id_


def named(headers: Mapping[str, str], body: bytes, secret: str) -> list[str]:
    """The cases that an outbound message is about. Raises Forged."""
    if not equal(headers.get("earful-secret", ""), secret):
        raise Forged("the address does not end with the secret")
    found = [id_.decode() for id_ in _CASE.findall(body)]
    if not found:
        raise Forged("it is about no case")
    return found[:100]
