"""Pure: events of X's activity API, as they come by webhook and by stream."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from earful.networks.contract import Change, Deletion, Post, Unreadable
from earful.networks.x.messages import Payload1, encrypted, from_payload
from earful.networks.x.translate import Us, to_change
from earful.networks.x.wire import read_included, read_post

_POSTS = frozenset({"post.create", "post.mention.create", "post.reply.create", "post.quote.create"})
_MESSAGES = frozenset({"dm.received", "dm.sent"})
REVOKED = "X says that the account's owner withdrew Earful's rights. Sign in again."


class Filter(msgspec.Struct):
    """Whom a subscription is about."""

    user_id: str = ""


class Occurrence(msgspec.Struct):
    """One event."""

    event_type: str = ""
    event_uuid: str = ""
    filter: Filter | None = None
    tag: str = ""
    payload: msgspec.Raw = msgspec.Raw(b"null")
    includes: msgspec.Raw = msgspec.Raw(b"null")


class Envelope(msgspec.Struct):
    """How events come."""

    data: Occurrence | None = None


class Told(msgspec.Struct, frozen=True):
    """What an event means. `revoked` says in words that our rights are gone; `bare` are ids, at X,
    of posts with pictures of which it does not say where they lie."""

    changes: tuple[Change, ...] = ()
    uuid: str = ""
    revoked: str = ""
    bare: tuple[str, ...] = ()


ENVELOPE = msgspec.json.Decoder(Envelope)


def read(body: bytes, us: Us, now: datetime) -> Told:
    """What a body tells. Raises ValueError for what is no event."""
    try:
        event = ENVELOPE.decode(body).data
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"no event: {error}") from error
    if event is None:
        return Told()
    try:
        return _understood(event, us, now)
    except (msgspec.DecodeError, ValueError, TypeError, AttributeError) as error:
        payload = bytes(event.payload)[:20_000].decode("utf-8", "replace")
        reason = f"{event.event_type}: {type(error).__name__}: {error}"
        name = f"event:{event.event_uuid}"
        unread = Unreadable(external_id=name, reason=reason, payload=payload)
        return Told((unread,), event.event_uuid)


def _understood(event: Occurrence, us: Us, now: datetime) -> Told:
    kind = event.event_type
    if kind == "oauth.revoke":
        return Told((), event.event_uuid, REVOKED if _of_us(event, us) else "")
    if event.filter is not None and event.filter.user_id not in ("", us.id):
        return Told((), event.event_uuid)  # another channel of the same app
    changes: list[Change | None] = []
    bare: tuple[str, ...] = ()
    if kind in _POSTS:
        if bytes(event.payload) not in (b"{}", b"null"):
            quotes = kind == "post.quote.create"
            changes = [to_change(event.payload, read_included(event.includes), us, now, quotes)]
            bare = _bare(event.payload, changes[0])
    elif kind == "post.delete":
        gone = _object(event).get("id")
        changes = [Deletion(external_id=str(gone), at=now)] if gone else []
    elif kind in _MESSAGES:
        changes = [*from_payload(msgspec.json.decode(event.payload, type=Payload1), us, now)]
    elif kind == "chat.received":
        changes = [encrypted(_object(event), us, now)]
    told = tuple(each for each in changes if each is not None)
    return Told(told, event.event_uuid, bare=bare)


def _bare(payload: msgspec.Raw, change: Change | None) -> tuple[str, ...]:
    """The post's id if it names more pictures than came with it."""
    if not isinstance(change, Post):
        return ()
    named = read_post(payload).attachments
    known = len(change.attachments)
    return (str(change.ref["id"]),) if len((named and named.media_keys) or ()) > known else ()


def _of_us(event: Occurrence, us: Us) -> bool:
    return str(_object(event).get("user_id", us.id)) == us.id


def _object(event: Occurrence) -> dict[str, Any]:
    said = msgspec.json.decode(event.payload)
    if not isinstance(said, dict):
        raise TypeError("the payload is no object")
    return said
