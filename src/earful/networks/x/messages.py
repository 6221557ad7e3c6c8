"""Pure: private messages of X, in the API's shape and in the old one that activity events keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import regex

from earful.networks.contract import (
    Attachment,
    Change,
    Person,
    Post,
    Unreadable,
    Visibility,
)
from earful.networks.x.payloads import pieces, unread, why
from earful.networks.x.reading import typed
from earful.networks.x.sound import read
from earful.networks.x.times import instant, made_at, moment
from earful.networks.x.translate import NOBODYS, STRANGE, Us, attachment, person
from earful.networks.x.wire import Enclosed, Included, Medium, Reference, Url, User

SCHEME = "x-dm"
_FILE = regex.compile(r"/dm/(\d+/\d+/[\w.-]+)$")
_IDS = regex.compile(r"\d+")
ENCRYPTED = "(An encrypted message. Only X's own app can show it.)"
ENCRYPTED_OURS = "(An encrypted message of ours, written in X's own app, which alone can show it.)"
_ONLY_THERE = "It is encrypted. Open X to read and answer it."


class Event(msgspec.Struct):
    """An event of a private talk, as the API tells it."""

    id: str
    event_type: str = ""
    text: str = ""
    sender_id: str = ""
    created_at: str = ""
    dm_conversation_id: str = ""
    participant_ids: list[str] | None = None
    attachments: Enclosed | None = None
    urls: list[Url] | None = None
    entities: Entities1 | None = None
    referenced_tweets: list[Reference] | None = None
    referenced_posts: list[Reference] | None = None


class Entities1(msgspec.Struct):
    """Links in an old message."""

    urls: list[Url] | None = None


class _Media1(msgspec.Struct):
    url: str = ""
    media_url_https: str = ""
    type: str = ""
    ext_alt_text: str = ""


class _Attachment1(msgspec.Struct):
    media: _Media1 | None = None


class _Data1(msgspec.Struct):
    text: str = ""
    entities: Entities1 | None = None
    attachment: _Attachment1 | None = None


class _Target1(msgspec.Struct):
    recipient_id: str = ""


class _Create1(msgspec.Struct):
    sender_id: str
    message_data: _Data1 | None = None
    target: _Target1 | None = None


class _Event1(msgspec.Struct):
    id: str
    type: str = ""
    message_create: _Create1 | None = None
    created_timestamp: str = ""


class Payload1(msgspec.Struct):
    """What `dm.received` and `dm.sent` carry: messages in the old shape, or in the API's."""

    id: str = ""
    direct_message_events: list[msgspec.Raw] | None = None
    dm_events: list[msgspec.Raw] | None = None
    data: msgspec.Raw = msgspec.Raw(b"null")
    users: dict[str, User] | None = None


_EVENT = msgspec.json.Decoder(Event)
_EVENT1 = msgspec.json.Decoder(_Event1)
_PAYLOAD1 = msgspec.json.Decoder(Payload1)


def from_event(raw: msgspec.Raw, included: Included, us: Us, now: datetime) -> Change | None:
    """A message the API told of; None for what is none (somebody joined)."""
    try:
        return _message(read(raw, _EVENT), included, us, now)
    except STRANGE as error:
        return strange(raw, error)


def strange(raw: bytes | msgspec.Raw, error: Exception) -> Unreadable:
    """A message that can't be read, set aside."""
    name, payload = unread(raw)
    return Unreadable(external_id=_dm(name), reason=why(error), payload=payload)


def _message(event: Event, included: Included, us: Us, now: datetime) -> Post | None:
    if not event.id:
        raise ValueError("X does not say which message it is")
    if event.event_type not in ("", "MessageCreate"):
        return None
    if not event.sender_id:
        raise ValueError(NOBODYS)
    own = event.sender_id == us.id
    links = event.urls or (event.entities.urls if event.entities else None) or []
    keys = (event.attachments.media_keys if event.attachments else None) or ()
    media = [included.media[key] for key in keys if key in included.media]
    people = [*event.dm_conversation_id.split("-"), *(event.participant_ids or ())]
    other = _other(people, us.id) if own else event.sender_id
    return Post(
        external_id=_dm(event.id),
        author=person(event.sender_id, included.users.get(event.sender_id)),
        text=_text(event.text, links, bool(keys)),
        published_at=instant(event.created_at, made_at(event.id) or now),
        uri=talk(other, us.id),
        visibility=Visibility.DIRECT,
        attachments=tuple(_picture(each) for each in media),
        own=own,
        to=person(other, included.users.get(other)) if own and other else None,
        ref={"talk": event.dm_conversation_id},
    )


def from_payload(raw: msgspec.Raw, included: Included, us: Us, now: datetime) -> list[Change]:
    """Messages that an activity event carries: several in the old shape, or one or several in the
    API's. Raises ValueError where there is none."""
    payload = read(raw, _PAYLOAD1)
    included.users |= {id_: user.data or user for id_, user in (payload.users or {}).items()}
    found: list[Change | None] = []
    for old in payload.direct_message_events or ():
        found.append(_read_old(old, included.users, us, now))
    newer = pieces(payload.data) or ([raw] if payload.id else [])
    for event in (*(payload.dm_events or ()), *newer):
        found.append(from_event(event, included, us, now))
    if not found:
        raise ValueError("X does not say which message it is")
    return [each for each in found if each is not None]


def _read_old(raw: msgspec.Raw, users: Mapping[str, User], us: Us, now: datetime) -> Change | None:
    try:
        event = read(raw, _EVENT1)
        if event.message_create is None and event.type not in ("", "message_create"):
            return None
        return _from_old(event, users, us, now)
    except STRANGE as error:
        return strange(raw, error)


def _from_old(event: _Event1, users: Mapping[str, User], us: Us, now: datetime) -> Post:
    made = event.message_create
    if made is None or not made.sender_id or not event.id:
        raise ValueError(NOBODYS)
    said = made.message_data or _Data1()
    own = made.sender_id == us.id
    receiver = made.target.recipient_id if made.target else ""
    media = said.attachment.media if said.attachment else None
    links = (said.entities.urls if said.entities else None) or []
    return Post(
        external_id=_dm(event.id),
        author=person(made.sender_id, users.get(made.sender_id)),
        text=typed(said.text, links, [media.url] if media else ()),
        published_at=moment(event.created_timestamp, made_at(event.id) or now),
        uri=talk(receiver if own else made.sender_id, us.id),
        visibility=Visibility.DIRECT,
        attachments=(_old_picture(media),) if media else (),
        own=own,
        to=person(receiver, users.get(receiver)) if own and receiver else None,
        ref={},
    )


def encrypted(payload: dict[str, Any], us: Us, now: datetime) -> Post | None:
    """A message of an encrypted talk: that it came is known, and nobody is to be overlooked; and
    that we answered there. Raises ValueError where X does not say whose it is."""
    sender, id_ = str(payload.get("sender_id") or ""), payload.get("id")
    if not sender or not id_:
        raise ValueError(NOBODYS)
    own = sender == us.id
    other = _other(_IDS.findall(str(payload.get("conversation_id"))), us.id) if own else sender
    if not other:
        return None
    return Post(
        external_id=f"chat:{id_}",
        author=Person(sender, us.handle if own else ""),
        text=ENCRYPTED_OURS if own else ENCRYPTED,
        published_at=moment(str(payload.get("created_at_msec")), now),
        uri=talk(other, us.id),
        visibility=Visibility.DIRECT,
        own=own,
        to=Person(other, "") if own else None,
        barred="" if own else _ONLY_THERE,
        ref={},
    )


def talk(them: str, us: str) -> str:
    """Where a person can read the talk."""
    return f"https://x.com/messages/{us}-{them}" if them else "https://x.com/messages"


def message_id(external_id: str) -> str:
    """X's own id of a message."""
    return external_id.removeprefix("dm:")


def _dm(id_: str) -> str:
    """Messages and posts are numbered apart, so that none is taken for the other."""
    return f"dm:{id_}"


def _text(text: str, links: list[Url], enclosed: bool) -> str:
    """The link to what is enclosed stands last, and is shown as a picture."""
    last = [links[-1].url] if enclosed and links else []
    return typed(text, links, last)


def _other(people: Sequence[str], us: str) -> str:
    return next((each for each in people if each != us and each.isdecimal()), "")


def _picture(medium: Medium) -> Attachment:
    found = attachment(medium, "https://x.com/messages")
    return msgspec.structs.replace(found, url=_private(found.url))


def _old_picture(media: _Media1) -> Attachment:
    if media.type == "photo" and media.media_url_https:
        return Attachment(_private(media.media_url_https), alt=media.ext_alt_text)
    return Attachment("https://x.com/messages", mime="video/mp4", alt=media.ext_alt_text)


def _private(url: str) -> str:
    """Pictures of messages are shown to the signed-in only: fetched by the connector.

    `.../dm/MESSAGE/MEDIA/FILE` becomes `x-dm://MESSAGE/MEDIA/FILE`.
    """
    found = _FILE.search(url)
    return f"{SCHEME}://{found[1]}" if found else url
