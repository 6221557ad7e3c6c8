"""Posts and events as X tells them, made up; and X's own examples where they lie beside us."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import msgspec

from earful.networks.x.translate import Us

from .shared import shared

US = Us("1111111111111111111", "ExampleUser")
NOW = datetime(2026, 8, 12, 18, 30, tzinfo=UTC)
CAROL = "2222222222222222222"
OURS = "2080761390344937796"
_HANDLES = {US.id: US.handle, CAROL: "OtherUser", "3": "Dave"}


def xs_own(folder: str) -> dict[str, Any]:
    """X's own samples by name; skips the test where they are not."""
    files = sorted(shared(folder).glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in files}


def body(sample: Any) -> bytes:
    """As it goes over the line."""
    return msgspec.json.encode(sample)


def post(**said: Any) -> msgspec.Raw:
    """A post as X tells it; what is not said is usual."""
    told = {
        "id": "2080765813578191303",
        "author_id": CAROL,
        "created_at": "2026-07-24T21:23:23.000Z",
        "text": "hey @ExampleUser",
    } | said
    return msgspec.Raw(body(told))


def event(kind: str, payload: Any, **more: Any) -> dict[str, Any]:
    """An event of the activity API."""
    data = {"event_uuid": "208", "filter": {"user_id": US.id}, "event_type": kind, **more}
    return {"data": data | {"payload": payload}}


def users(*ids: str) -> list[dict[str, Any]]:
    """Accounts as X tells them."""
    return [{"id": id_, "username": _HANDLES[id_], "name": _HANDLES[id_]} for id_ in ids]


def message(sender: str, receiver: str, text: str) -> dict[str, Any]:
    """A private message in the old shape that activity events keep."""
    said = {"text": text, "entities": {"hashtags": [], "urls": []}}
    made = {"target": {"recipient_id": receiver}, "sender_id": sender, "message_data": said}
    told = {"type": "message_create", "id": "2080765901528535096", "message_create": made}
    people = {each["id"]: {"data": each} for each in users(sender, receiver)}
    at = {"created_timestamp": "1784928224372"}
    return {"direct_message_events": [told | at], "users": people}


MENTION = event(
    "post.mention.create",
    json.loads(bytes(post(entities={"mentions": [{"start": 4, "end": 16, "id": US.id}]}))),
    includes={"users": [users(CAROL)[0] | {"affiliation": {"description": "Automated"}}]},
)
REPLY = event(
    "post.reply.create",
    {
        "id": "2090000000000000001",
        "author_id": CAROL,
        "text": "@ExampleUser Great — thanks!",
        "display_text_range": [14, 28],  # X's own example is one sign off like this
        "in_reply_to_user_id": US.id,
        "referenced_tweets": [{"type": "replied_to", "id": OURS}],
        "entities": {"mentions": [{"start": 0, "end": 12, "id": US.id}]},
    },
    includes={},
)
QUOTE = event(
    "post.quote.create",
    {
        "id": "2090000000000000002",
        "author_id": CAROL,
        "text": "Some context. https://t.co/xxxxxxxx",
        "display_text_range": [0, 13],
        "referenced_tweets": [{"type": "quoted", "id": OURS}],
        "entities": {"urls": [{"url": "https://t.co/xxxxxxxx"}]},
    },
    includes={},
)
DELETION = event("post.delete", {"id": "2080761269309813134", "author_id": US.id})
RECEIVED = event("dm.received", message(CAROL, US.id, "hello!"))
SENT = event("dm.sent", message(US.id, "3", "Thanks for the update!"))
ENCRYPTED = event(
    "chat.received",
    {"id": "e4f4", "sender_id": CAROL, "created_at_msec": "1784841183370"},
)
REVOKED = event(
    "oauth.revoke",
    {"date_time": "2026-07-23T21:44:05+00:00", "user_id": US.id, "app_id": "29820954"},
    filter={},
)
