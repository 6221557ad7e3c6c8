"""Lines as X's filtered stream says them, made up, to measure how fast they are translated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from earful.networks.contract import Change
from earful.networks.x.payloads import read_page
from earful.networks.x.times import id_at
from earful.networks.x.translate import Us, to_changes

US = Us("1111", "northwind")
_AT = datetime(2026, 11, 1, tzinfo=UTC)
_SHORT = "https://t.co/a1b2c3d4e5"
_TEXTS = (
    f"@northwind my parcel is lost &amp; nobody answers. See {_SHORT} Third time this month.",
    "thank you @northwind, it works again 🙏",
    "@northwind does the lamp need an app? I asked on the phone and was told that it does, then by "
    "mail that it doesn't, and the leaflet says neither.",
    f"@northwind warte seit drei Wochen, siehe {_SHORT}. Antwort bitte öffentlich.",
)


def payloads(count: int) -> list[bytes]:
    """So many lines, each a mention by somebody."""
    return [msgspec.json.encode(_line(number)) for number in range(count)]


def _line(number: int) -> dict[str, Any]:
    return {
        "data": _post(number),
        "includes": {"users": [_user(number)], "media": [_medium(number)]},
        "matching_rules": [{"id": "1", "tag": "earful:1111:mention"}],
    }


def translate(payload: bytes) -> Sequence[Change]:
    """What a line becomes, the way listening does it."""
    return to_changes(read_page(payload), US, _AT)


def _post(number: int) -> dict[str, Any]:
    text = _TEXTS[number % len(_TEXTS)]
    at, start = _AT + timedelta(seconds=number), text.index("@")
    id_ = str(id_at(at) + number)
    link = {"url": _SHORT, "expanded_url": f"https://example.com/orders/{number}/where-is-it"}
    mention = {"start": start, "end": start + 10, "username": "northwind", "id": US.id}
    return {
        "id": id_,
        "text": text,
        "author_id": str(9000 + number % 500),
        "created_at": at.isoformat().replace("+00:00", ".000Z"),
        "conversation_id": id_,
        "edit_history_tweet_ids": [id_],
        "display_text_range": [0, len(text)],
        "entities": {"urls": [{"start": 1, "end": 24, **link}], "mentions": [mention]},
        "attachments": {"media_keys": [f"3_{number}"]},
        "lang": "en",
        "possibly_sensitive": False,
        "reply_settings": "everyone",
    }


def _user(number: int) -> dict[str, Any]:
    name = f"somebody{number % 500}"
    return {
        "id": str(9000 + number % 500),
        "username": name,
        "name": name.title(),
        "profile_image_url": f"https://pbs.example/profile_images/{name}_normal.jpg",
        "protected": False,
        "receives_your_dm": True,
    }


def _medium(number: int) -> dict[str, Any]:
    return {
        "media_key": f"3_{number}",
        "type": "photo",
        "url": f"https://pbs.example/media/{number}.jpg",
        "alt_text": "a torn box",
        "width": 1200,
        "height": 900,
    }
