"""Pure: what a server says of itself, in either version of its self-description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from earful.networks.mastodon.names import web_link

PICTURES = ("image/png", "image/jpeg", "image/webp", "image/gif")


class Instance(msgspec.Struct, frozen=True, kw_only=True):
    """A server's domain and limits; lengths in characters, sizes in bytes.

    `domain` is what stands behind the @ of its accounts; `streaming` where it streams, or empty;
    `counts_all`: of links and names, too, every character counts.
    """

    domain: str
    length: int = 500
    link_length: int = 23
    images: int = 4
    image_bytes: int = 10_000_000
    image_types: tuple[str, ...] = PICTURES
    streaming: str = ""
    counts_all: bool = False
    alt_length: int = 1500


def to_instance(said: Any, host: str) -> Instance:
    """What `/api/v2/instance` or `/api/v1/instance` told; Mastodon's own limits where it is silent.

    Pleroma and its kin say their limits outside of `configuration`.
    """
    told = said if isinstance(said, Mapping) else {}
    config = _under(told, "configuration")
    statuses, media = _under(config, "statuses"), _under(config, "media_attachments")
    usual = Instance(domain=host)
    return Instance(
        domain=_domain(told) or host,
        length=_whole(statuses.get("max_characters"), told.get("max_toot_chars"), usual.length),
        link_length=_whole(statuses.get("characters_reserved_per_url"), usual.link_length),
        images=_whole(
            statuses.get("max_media_attachments"), told.get("max_media_attachments"), usual.images
        ),
        image_bytes=_whole(
            media.get("image_size_limit"), told.get("upload_limit"), usual.image_bytes
        ),
        image_types=_types(media.get("supported_mime_types")),
        streaming=_streaming(config, told),
        alt_length=_whole(media.get("description_limit"), usual.alt_length),
        # Only GoToSocial says this; whatever it tells of links, it counts every character.
        counts_all="account_domain" in told,
    )


def _under(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = told.get(name)
    return found if isinstance(found, Mapping) else {}


def _domain(told: Mapping[str, Any]) -> str:
    """GoToSocial's `account_domain`, else `domain` (v2) or `uri` (v1), which may be an address."""
    for name in ("account_domain", "domain", "uri"):
        value = told.get(name)
        if isinstance(value, str) and value.strip():
            text = value.strip().lower()
            return urlsplit(text).netloc if "://" in text else text.strip("/")
    return ""


def _streaming(config: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    told_at = _under(config, "urls").get("streaming") or _under(told, "urls").get("streaming_api")
    if not isinstance(told_at, str):
        return ""
    address = told_at.strip().rstrip("/")
    return web_link(address.replace("ws", "http", 1) if address.startswith("ws") else address)


def _types(told: Any) -> tuple[str, ...]:
    if not isinstance(told, list):
        return PICTURES
    return tuple(mime for mime in PICTURES if mime in told) or PICTURES


def _whole(*values: Any) -> int:
    """The first that is a sensible number; the last is the usual one."""
    for value in values[:-1]:
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
    return int(values[-1])
