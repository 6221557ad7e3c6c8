"""How the four speak of the peer's tickets."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from tests.handoff.peer import Peer

ZAMMAD = {"open": "open", "pending": "pending reminder", "closed": "closed"}
ZENDESK = {"open": "open", "pending": "pending", "closed": "solved"}
CHATWOOT = {"open": "open", "pending": "snoozed", "closed": "resolved"}


class Comment(msgspec.Struct):
    """One comment; `public` are answers of theirs."""

    text: str
    public: bool = False


class Case(msgspec.Struct):
    """A ticket in the peer's memory."""

    id: str
    external: str
    title: str
    comments: list[Comment]
    status: str = "open"
    owner: str = ""
    contact: int = 0


Act = Callable[[Any, Any, Any], tuple[int, Any]]
NOT_FOUND = (404, {"error": "not found"})


def zendesk_of(case: Case) -> dict[str, Any]:
    return {
        "id": int(case.id),
        "external_id": case.external,
        "subject": case.title,
        "status": ZENDESK[case.status],
        "assignee_id": 9 if case.owner else None,
        "updated_at": "2026-11-02T09:30:00Z",
    }


def _zendesk_add(peer: Peer) -> Act:
    def act(_: Any, __: Any, said: Any) -> tuple[int, Any]:
        new = said["ticket"]
        assert new["comment"]["public"] is False
        case = peer.add(new["external_id"], new["subject"], new["comment"]["body"])
        return 201, {"ticket": zendesk_of(case)}

    return act


def _zendesk_list(peer: Peer) -> Act:
    def act(_: Any, query: Any, __: Any) -> tuple[int, Any]:
        case = peer.by(query["external_id"])
        return 200, {"tickets": [zendesk_of(case)] if case else [], "count": 1}

    return act


def _zendesk_change(peer: Peer) -> Act:
    def act(path: Any, _: Any, said: Any) -> tuple[int, Any]:
        if (case := peer.by(path[0])) is None:
            return NOT_FOUND
        comment = said["ticket"]["comment"]
        case.comments.append(Comment(comment["body"], comment["public"]))
        return 200, {"ticket": zendesk_of(case)}

    return act


def _zendesk_show(peer: Peer) -> Act:
    def act(path: Any, _: Any, __: Any) -> tuple[int, Any]:
        if (case := peer.by(path[0])) is None:
            return NOT_FOUND
        users = [{"id": 9, "name": case.owner}] if case.owner else []
        return 200, {"ticket": zendesk_of(case), "users": users}

    return act


def _zendesk_comments(peer: Peer) -> Act:
    def act(path: Any, _: Any, __: Any) -> tuple[int, Any]:
        if (case := peer.by(path[0])) is None:
            return NOT_FOUND
        return 200, {
            "comments": [
                {"id": n, "body": one.text, "plain_body": one.text, "public": one.public}
                for n, one in enumerate(case.comments)
            ]
        }

    return act


def zammad_of(case: Case) -> dict[str, Any]:
    return {
        "id": int(case.id),
        "number": f"55{case.id}",
        "title": case.title,
        "state": ZAMMAD[case.status],
        "owner": case.owner or "-",
    }


def _zammad_add(peer: Peer) -> Act:
    def act(_: Any, __: Any, said: Any) -> tuple[int, Any]:
        assert said["article"]["internal"] is True
        return 201, zammad_of(peer.add("", said["title"], said["article"]["body"]))

    return act


def _zammad_search(peer: Peer) -> Act:
    def act(_: Any, query: Any, __: Any) -> tuple[int, Any]:
        wanted = re.fullmatch(r'title:"(.*)"', query["query"])
        assert wanted
        return 200, [zammad_of(one) for one in peer.cases if wanted[1] in one.title]

    return act


def _zammad_show(peer: Peer) -> Act:
    def act(path: Any, query: Any, _: Any) -> tuple[int, Any]:
        assert query["expand"] == "true"
        case = peer.by(path[0])
        return (200, zammad_of(case)) if case else NOT_FOUND

    return act


def _zammad_articles(peer: Peer) -> Act:
    def act(path: Any, _: Any, __: Any) -> tuple[int, Any]:
        if (case := peer.by(path[0])) is None:
            return NOT_FOUND
        return 200, [
            {
                "id": n,
                "body": f"<p>{one.text}</p>" if one.public else one.text,
                "content_type": "text/html" if one.public else "text/plain",
                "internal": not one.public,
                "sender": "Agent",
            }
            for n, one in enumerate(case.comments)
        ]

    return act


def _zammad_append(peer: Peer) -> Act:
    def act(_: Any, __: Any, said: Any) -> tuple[int, Any]:
        if (case := peer.by(str(said["ticket_id"]))) is None:
            return NOT_FOUND
        case.comments.append(Comment(said["body"], not said["internal"]))
        return 201, {"id": len(case.comments)}

    return act


def chatwoot_of(case: Case) -> dict[str, Any]:
    return {
        "id": int(case.id),
        "status": CHATWOOT[case.status],
        "custom_attributes": {"earful": case.external},
        "meta": {"assignee": {"id": 3, "name": case.owner} if case.owner else None},
    }


def _chatwoot_contacts(peer: Peer) -> Act:
    def act(_: Any, query: Any, __: Any) -> tuple[int, Any]:
        return 200, {"payload": [one for one in peer.contacts if query["q"] in one["identifier"]]}

    return act


def _chatwoot_contact(peer: Peer) -> Act:
    def act(_: Any, __: Any, said: Any) -> tuple[int, Any]:
        contact = {"id": len(peer.contacts) + 1, "identifier": said["identifier"]}
        peer.contacts.append(contact)
        return 200, {"payload": {"contact": contact}}

    return act


def _chatwoot_of_contact(peer: Peer) -> Act:
    def act(path: Any, _: Any, __: Any) -> tuple[int, Any]:
        found = [one for one in peer.cases if one.contact == int(path[0])]
        return 200, {"payload": [chatwoot_of(one) for one in found]}

    return act


def _chatwoot_add(peer: Peer) -> Act:
    def act(_: Any, __: Any, said: Any) -> tuple[int, Any]:
        assert said["message"]["private"] is True
        external = said["custom_attributes"]["earful"]
        text = said["message"]["content"]
        return 200, chatwoot_of(peer.add(external, "", text, contact=said["contact_id"]))

    return act


def _chatwoot_show(peer: Peer) -> Act:
    def act(path: Any, _: Any, __: Any) -> tuple[int, Any]:
        case = peer.by(path[0])
        return (200, chatwoot_of(case)) if case else NOT_FOUND

    return act


def _chatwoot_messages(peer: Peer) -> Act:
    def act(path: Any, _: Any, __: Any) -> tuple[int, Any]:
        if (case := peer.by(path[0])) is None:
            return NOT_FOUND
        return 200, {
            "payload": [
                {"id": n, "content": one.text, "message_type": 1, "private": not one.public}
                for n, one in enumerate(case.comments)
            ]
        }

    return act


def _chatwoot_append(peer: Peer) -> Act:
    def act(path: Any, _: Any, said: Any) -> tuple[int, Any]:
        if (case := peer.by(path[0])) is None:
            return NOT_FOUND
        case.comments.append(Comment(said["content"], not said["private"]))
        return 200, {"id": len(case.comments)}

    return act


def _salesforce_token(_: Peer) -> Act:
    return lambda *_: (200, {"access_token": "t", "instance_url": "https://x"})


def _salesforce_upsert(peer: Peer) -> Act:
    def act(path: Any, _: Any, said: Any) -> tuple[int, Any]:
        if (case := peer.by(path[0])) is None:
            case = peer.add(path[0], said["Subject"], said["Description"])
            case.id = f"500000000000{case.id[-3:]}"
        return 201, {"id": case.id, "success": True, "errors": []}

    return act


def _salesforce_query(peer: Peer) -> Act:
    def act(_: Any, query: Any, __: Any) -> tuple[int, Any]:
        wanted = re.search(r"WHERE \w+ = '([^']+)'(?: LIMIT 1)?$", query["q"])
        assert wanted, query["q"]
        case = peer.by(wanted[1])
        if "FROM CaseComment WHERE" in query["q"]:
            comments = case.comments if case else []
            return 200, {"records": [{"CommentBody": one.text} for one in comments]}
        return 200, {"records": [_salesforce_of(case)] if case else []}

    return act


def _salesforce_of(case: Case) -> dict[str, Any]:
    answers = [{"CommentBody": one.text} for one in case.comments if one.public][-1:]
    words = {"open": "Working", "pending": "Waiting on Customer", "closed": "Closed"}
    return {
        "Id": case.id,
        "CaseNumber": "00001042",
        "Status": words[case.status],
        "IsClosed": case.status == "closed",
        "Owner": {"Name": case.owner or "Queue"},
        "CaseComments": {"records": answers} if answers else None,
    }


def _salesforce_append(peer: Peer) -> Act:
    def act(_: Any, __: Any, said: Any) -> tuple[int, Any]:
        if (case := peer.by(said["ParentId"])) is None:
            return NOT_FOUND
        case.comments.append(Comment(said["CommentBody"], said["IsPublished"]))
        return 201, {"id": "00a", "success": True}

    return act


def _fine(_: Peer) -> Act:
    return lambda *_: (200, {})


_SF = r"/services/data/v[\d.]+"
_CW = r"/api/v1/accounts/\d+"
ROUTES: list[tuple[str, str, Callable[[Peer], Act]]] = [
    (r"/api/v2/users/me.json", "GET", _fine),
    (r"/api/v2/tickets.json", "POST", _zendesk_add),
    (r"/api/v2/tickets.json", "GET", _zendesk_list),
    (r"/api/v2/tickets/(\w+)/comments.json", "GET", _zendesk_comments),
    (r"/api/v2/tickets/(\w+).json", "PUT", _zendesk_change),
    (r"/api/v2/tickets/(\w+).json", "GET", _zendesk_show),
    (r"/api/v1/users/me", "GET", _fine),
    (r"/api/v1/tickets", "POST", _zammad_add),
    (r"/api/v1/tickets/search", "GET", _zammad_search),
    (r"/api/v1/tickets/(\w+)", "GET", _zammad_show),
    (r"/api/v1/ticket_articles/by_ticket/(\w+)", "GET", _zammad_articles),
    (r"/api/v1/ticket_articles", "POST", _zammad_append),
    (_CW + r"/inboxes/\d+", "GET", _fine),
    (_CW + r"/contacts/search", "GET", _chatwoot_contacts),
    (_CW + r"/contacts", "POST", _chatwoot_contact),
    (_CW + r"/contacts/(\d+)/conversations", "GET", _chatwoot_of_contact),
    (_CW + r"/conversations", "POST", _chatwoot_add),
    (_CW + r"/conversations/(\d+)", "GET", _chatwoot_show),
    (_CW + r"/conversations/(\d+)/messages", "GET", _chatwoot_messages),
    (_CW + r"/conversations/(\d+)/messages", "POST", _chatwoot_append),
    (r"/services/oauth2/token", "POST", _salesforce_token),
    (_SF + r"/limits", "GET", _fine),
    (_SF + r"/sobjects/Case/Earful_Id__c/([\w-]+)", "PATCH", _salesforce_upsert),
    (_SF + r"/sobjects/CaseComment", "POST", _salesforce_append),
    (_SF + r"/query", "GET", _salesforce_query),
]
"""Path, verb, and what is done; the first that fits."""
