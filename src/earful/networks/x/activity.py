"""Pure: events of X's activity API, as they come by webhook and by stream."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from earful.networks.contract import Change, Deletion, Post, Unreadable
from earful.networks.x import sound
from earful.networks.x.messages import encrypted, from_payload
from earful.networks.x.payloads import read_included, read_post, unread, why
from earful.networks.x.translate import STRANGE, Us, to_change

_POSTS = frozenset({"post.create", "post.mention.create", "post.reply.create", "post.quote.create"})
_MESSAGES = frozenset({"dm.received", "dm.sent"})
_ENCRYPTED = frozenset({"chat.received", "chat.sent"})
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

    data: msgspec.Raw = msgspec.Raw(b"null")


class Told(msgspec.Struct, frozen=True):
    """What an event means. `revoked` says in words that our rights are gone, `revoked_at` since
    when, as X writes it; `bare` are ids, at X, of posts with pictures of which it does not say
    where they lie."""

    changes: tuple[Change, ...] = ()
    uuid: str = ""
    revoked: str = ""
    revoked_at: str = ""
    bare: tuple[str, ...] = ()


_ENVELOPE = msgspec.json.Decoder(Envelope)
_OCCURRENCE = msgspec.json.Decoder(Occurrence)


def read(body: bytes, us: Us, now: datetime) -> Told:
    """What a body tells. Raises ValueError for what is no event, RecursionError for a bomb."""
    event = envelope(body)
    if event is None:
        return Told()
    try:
        return _understood(event, us, now)
    except STRANGE as error:
        name, payload = unread(event.payload)
        name = f"event:{event.event_uuid or name}"
        reason = f"{event.event_type}: {why(error)}"
        aside = Unreadable(external_id=name, reason=reason, payload=payload)
        return Told((aside,), event.event_uuid)


def envelope(body: bytes) -> Occurrence | None:
    """The event in a body, in its envelope or without; None for a sign of life. Raises ValueError
    for what is no event."""
    try:
        said = sound.read(body, _ENVELOPE)
    except msgspec.DecodeError as error:
        raise ValueError(f"no event: {error}") from error
    bare = bytes(said.data) == b"null"
    try:
        event = sound.read(body if bare else said.data, _OCCURRENCE)
        return event if event.event_type or not bare else None
    except msgspec.DecodeError as error:
        raise ValueError(f"no event: {error}") from error


def _understood(event: Occurrence, us: Us, now: datetime) -> Told:
    kind = event.event_type
    if kind == "oauth.revoke":
        at = str(_object(event).get("date_time") or "")
        return Told((), event.event_uuid, REVOKED if _of_us(event, us) else "", at)
    if event.filter is not None and event.filter.user_id not in ("", us.id):
        return Told((), event.event_uuid)  # another channel of the same app
    if b"".join(bytes(event.payload).split()) in (b"{}", b"null"):
        return Told((), event.event_uuid)
    changes: list[Change | None] = []
    bare: tuple[str, ...] = ()
    if kind in _POSTS:
        quotes = kind == "post.quote.create"
        changes = [to_change(event.payload, read_included(event.includes), us, now, quotes)]
        bare = _bare(event.payload, changes[0])
    elif kind == "post.delete":
        changes = [Deletion(external_id=_deleted(event), at=now)]
    elif kind in _MESSAGES:
        changes = [*from_payload(event.payload, read_included(event.includes), us, now)]
    elif kind in _ENCRYPTED:
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
    named = _object(event).get("user_id") or (event.filter and event.filter.user_id)
    return str(named or us.id) == us.id


def _deleted(event: Occurrence) -> str:
    said = _object(event)
    for name in ("id", "post_id", "tweet_id"):
        if isinstance(said.get(name), str | int) and said[name]:
            return str(said[name])
    raise ValueError("X does not say which post it is")


def _object(event: Occurrence) -> dict[str, Any]:
    said = sound.loosely(event.payload)
    if not isinstance(said, dict):
        raise TypeError("the payload is no object")
    return said
