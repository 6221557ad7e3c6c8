"""Payloads as a server streams them, made up, to measure how fast they are translated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from earful.networks.contract import Change
from earful.networks.mastodon.events import from_event
from earful.networks.mastodon.lines import to_event
from earful.networks.mastodon.translate import Where

WHERE = Where("social.example", "social.example", "1")
_AT = datetime(2026, 11, 1, tzinfo=UTC)
_MENTION = (
    '<span class="h-card" translate="no"><a href="https://social.example/@northwind" '
    'class="u-url mention">@<span>northwind</span></a></span>'
)
_LINK = (
    '<a href="https://example.com/orders/{0}/where-is-it" target="_blank" rel="nofollow noopener" '
    'translate="no"><span class="invisible">https://</span><span class="ellipsis">'
    'example.com/orders/{0}/where</span><span class="invisible">-is-it</span></a>'
)
_TEXTS = (
    "my parcel is lost &amp; nobody answers. See " + _LINK + "</p><p>Third time this month.",
    "thank you, it works again 🙏",
    "does the lamp need an app? I asked on the phone and was told that it does, then by mail that "
    "it doesn&#39;t, and the leaflet says neither.<br />Order {0}.",
    "warte seit drei Wochen. Bestellung {0}, siehe " + _LINK + ". Antwort bitte öffentlich.",
)


def payloads(count: int) -> list[bytes]:
    """So many frames of the user stream, each a mention by somebody."""
    return [frame.encode() for frame in frames(count)]


def frames(count: int) -> Iterator[str]:
    """So many frames of the user stream, each a mention by somebody."""
    for number in range(count):
        notification = {
            "id": str(number),
            "type": "mention",
            "created_at": _at(number),
            "account": _account(number),
            "status": _status(number),
        }
        payload = msgspec.json.encode(notification).decode()
        frame = {"stream": ["user"], "event": "notification", "payload": payload}
        yield msgspec.json.encode(frame).decode()


def translate(payload: bytes) -> Sequence[Change]:
    """What a frame becomes, the way listening does it."""
    event = to_event(payload.decode())
    return from_event(event, WHERE, _AT) if event else ()


def _status(number: int) -> dict[str, Any]:
    media = {
        "id": str(number),
        "type": "image",
        "url": f"https://social.example/media/{number}.jpg",
        "description": "a torn box",
        "meta": {"original": {"width": 1200, "height": 900}},
    }
    return {
        "id": str(10**14 + number),
        "created_at": _at(number),
        "edited_at": None,
        "account": _account(number),
        "content": f"<p>{_MENTION} {_TEXTS[number % len(_TEXTS)].format(number)}</p>",
        "visibility": "direct" if number % 10 == 0 else "public",
        "in_reply_to_id": str(10**14 + number - 7) if number % 5 < 2 else None,
        "in_reply_to_account_id": "1" if number % 5 < 2 else None,
        "reblog": None,
        "language": "en",
        "spoiler_text": "",
        "url": f"https://other.example/@customer{number % 997}/{number}",
        "mentions": [{"id": "1", "acct": "northwind", "url": "https://social.example/@northwind"}],
        "media_attachments": [media] if number % 4 == 0 else [],
        "poll": None,
        "emojis": [],
        "tags": [],
    }


def _account(number: int) -> dict[str, Any]:
    name = f"customer{number % 997}"
    return {
        "id": str(100 + number % 997),
        "username": name,
        "acct": f"{name}@other.example",
        "display_name": f"Customer {number % 997} :blobcat:",
        "bot": False,
        "url": f"https://other.example/@{name}",
        "avatar_static": f"https://social.example/avatars/{name}.png",
        "note": "<p>Lives somewhere, likes something.</p>",
    }


def _at(number: int) -> str:
    at = _AT + timedelta(seconds=number)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
