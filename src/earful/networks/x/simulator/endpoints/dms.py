"""Direct messages: read, sent, deleted."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from earful.networks.x.prices import Item
from earful.networks.x.simulator import render
from earful.networks.x.simulator.call import Call, Route, checked
from earful.networks.x.simulator.fields import words
from earful.networks.x.simulator.pictures import content
from earful.networks.x.simulator.problems import forbidden, invalid, not_found
from earful.networks.x.simulator.things import Dm, User
from earful.networks.x.simulator.wire import Answer
from earful.networks.x.simulator.writing import message

_READ = words("dm.read tweet.read users.read")
_WRITE = words("dm.read dm.write tweet.read users.read")
_FILE = {"content-type": "application/octet-stream"}
_KEPT_FOR = timedelta(days=30)
_MARK = "DAABCAABGJ7l2"
_PAIR = re.compile(r"([0-9]{1,19})-([0-9]{1,19})")


async def events(call: Call) -> Answer:
    """All of one's direct messages of 30 days."""
    return _page(call, _mine(call))


async def with_one(call: Call) -> Answer:
    """Those with one other."""
    other = checked("participant_id", call.path["id"])
    return _page(call, [dm for dm in _mine(call) if other in (dm.sender_id, dm.recipient_id)])


async def of_conversation(call: Call) -> Answer:
    """Those of one conversation."""
    return _page(call, [dm for dm in _mine(call) if dm.conversation_id == call.path["id"]])


async def one(call: Call) -> Answer:
    """One of them."""
    found = [dm for dm in _mine(call) if dm.id == call.path["id"]]
    if not found:
        raise not_found("dm_event", "event_id", call.path["id"])
    body = _shown(call, found)
    return call.say(body | {"data": body["data"][0]})


async def send_to(call: Call) -> Answer:
    """Write to somebody."""
    return _send(call, checked("participant_id", call.path["id"]))


async def send_in(call: Call) -> Answer:
    """Write in a conversation."""
    pair = _PAIR.fullmatch(call.path["id"])
    if pair is None or call.me.id not in pair.groups():
        raise forbidden("You are not a participant of this conversation.")
    first, second = pair.groups()
    return _send(call, second if first == call.me.id else first)


async def file(call: Call) -> Answer:
    """The file in one of them."""
    found = [dm for dm in _mine(call) if dm.id == call.path["dm_id"]]
    if not found or call.path["media_id"] not in found[0].media:
        raise not_found("dm_event", "dm_id", call.path["dm_id"])
    return Answer(200, content(call.state.world.media[call.path["media_id"]]), _FILE)


async def delete(call: Call) -> Answer:
    """One's own message goes, for oneself."""
    dm = call.state.world.dms.get(call.path["id"])
    if dm is None or dm.deleted or call.me.id != dm.sender_id:
        raise not_found("dm_event", "event_id", call.path["id"])
    dm.deleted = True
    call.state.spend.charge(Item.DELETE, [dm.id])
    return call.say({"data": {"deleted": True}})


def _send(call: Call, recipient_id: str) -> Answer:
    world, body = call.state.world, call.body()
    recipient = world.users.get(recipient_id)
    if recipient is None or recipient.suspended:
        raise not_found("user", "participant_id", recipient_id)
    text, media = body.get("text") or "", _attached(call, body)
    if not isinstance(text, str):
        raise invalid("text", str(text)[:50], "a text is wanted")
    if not text and not media:
        raise invalid("text", "", "`text` or `attachments` are wanted")
    if len(text) > 10_000:
        raise invalid("text", "", "at most 10000 characters")
    if not _reaches(call, recipient):
        raise forbidden(
            "You do not have permission to DM one or more participants.",
            349,
        )
    dm = message(world, call.me, recipient, text, media)
    world.send(dm, by_api=True)
    call.state.spend.charge(Item.DM, [dm.id])
    told = {"dm_conversation_id": dm.conversation_id, "dm_event_id": dm.id}
    return call.say({"data": told}, 201)


def _reaches(call: Call, recipient: User) -> bool:
    return render.receives(call.state.world, recipient, call.me.id)


def _attached(call: Call, body: dict[str, Any]) -> tuple[str, ...]:
    given = body.get("attachments") or []
    ids = tuple(str(one.get("media_id")) for one in given if isinstance(one, dict))
    if len(ids) > 1:
        raise invalid("attachments", ",".join(ids), "at most one attachment")
    for id_ in ids:
        medium = call.state.world.media.get(id_)
        if medium is None or medium.owner_id != call.me.id or medium.ready_at is None:
            raise invalid("attachments", id_, "Your media IDs are invalid.")
    return ids


def _mine(call: Call) -> list[Dm]:
    """Newest first."""
    since = call.state.now() - _KEPT_FOR
    return [
        dm
        for dm in reversed(call.state.world.dms.values())
        if call.me.id in (dm.sender_id, dm.recipient_id)
        and not dm.deleted
        and dm.created_at >= since
    ]


def _page(call: Call, dms: list[Dm]) -> Answer:
    most = call.number("max_results", 1, 100, 100)
    if token := call.request.query.get("pagination_token"):
        last = token.removeprefix(_MARK)
        if not token.startswith(_MARK) or not last.isdecimal():
            raise invalid("pagination_token", token, "The pagination token is not valid")
        dms = [dm for dm in dms if int(dm.id) < int(last)]
    shown = dms[:most]
    meta: dict[str, Any] = {"result_count": len(shown)}
    if not shown:
        return call.say({"meta": meta})
    if len(dms) > most:
        meta["next_token"] = _MARK + shown[-1].id
    return call.say(_shown(call, shown) | {"meta": meta})


def _shown(call: Call, dms: list[Dm]) -> dict[str, Any]:
    world, want = call.state.world, call.want
    call.state.spend.charge(Item.READ_DM, [dm.id for dm in dms])
    ids: list[str] = []
    for dm in dms:
        if "sender_id" in want.expansions:
            ids.append(dm.sender_id)
        if "participant_ids" in want.expansions:
            ids += (dm.sender_id, dm.recipient_id)
    media = [(dm.id, id_) for dm in dms for id_ in dm.media]
    media = media if "attachments.media_keys" in want.expansions else []
    included = {
        "users": [
            render.user(world, world.users[id_], want.user, call.viewer)
            for id_ in dict.fromkeys(ids)
        ],
        "media": [render.private(world.media[id_], dm_id, want.media) for dm_id, id_ in media],
    }
    body: dict[str, Any] = {"data": [render.dm(world, dm, want.dm) for dm in dms]}
    if any(included.values()):
        body["includes"] = {name: value for name, value in included.items() if value}
    return body


ROUTES = (
    Route("GET", "/2/dm_events", "dm_read", events, "user", _READ),
    Route("GET", "/2/dm_events/{id}", "dm_read", one, "user", _READ),
    Route(
        "GET",
        "/2/dm_conversations/media/{dm_id}/{media_id}/{resource_id}",
        "dm_media",
        file,
        "user",
        _READ,
    ),
    Route("DELETE", "/2/dm_events/{id}", "dm_read", delete, "user", _WRITE),
    Route("GET", "/2/dm_conversations/with/{id}/dm_events", "dm_read", with_one, "user", _READ),
    Route("GET", "/2/dm_conversations/{id}/dm_events", "dm_read", of_conversation, "user", _READ),
    Route("POST", "/2/dm_conversations/with/{id}/messages", "dm_send", send_to, "user", _WRITE),
    Route("POST", "/2/dm_conversations/{id}/messages", "dm_send", send_in, "user", _WRITE),
)
