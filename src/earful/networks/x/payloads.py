"""Pure: X's answers read: pages, posts, accounts, and what can't be read."""

from __future__ import annotations

import hashlib
from typing import TypeVar

import msgspec

from earful.networks.x.sound import Odd, loosely, read
from earful.networks.x.wire import Expansions, Included, Page, User, XPost

T = TypeVar("T")
_PAGE = msgspec.json.Decoder(Page)
_USER = msgspec.json.Decoder(User)
_POST = msgspec.json.Decoder(XPost)
_RAWS = msgspec.json.Decoder(list[msgspec.Raw])
_EXPANSIONS = msgspec.json.Decoder(Expansions | None)
_PAYLOAD_LIMIT = 20_000
_ID_LIMIT = 100


def read_page(raw: bytes) -> Page:
    """An answer. Raises msgspec.DecodeError or RecursionError."""
    return read(raw, _PAGE)


def read_post(raw: bytes | msgspec.Raw) -> XPost:
    """A post. Raises msgspec.DecodeError or RecursionError."""
    return read(raw, _POST)


def read_user(raw: bytes | msgspec.Raw) -> User | None:
    """An account; None where X tells none."""
    user = one(raw, _USER)
    user = (user.data or user) if user else None
    return user if user and user.id else None


def read_included(raw: msgspec.Raw) -> Included:
    """What came with an answer; of what is strange only the sound parts."""
    try:
        return Included(read(raw, _EXPANSIONS))
    except (msgspec.DecodeError, RecursionError):
        return Included()


def pieces(raw: msgspec.Raw) -> list[msgspec.Raw]:
    """Each of the things in `data`: a list, one thing, or nothing."""
    text = bytes(raw)
    if text[:1] == b"[":
        return [each for each in _RAWS.decode(raw) if bytes(each) != b"null"]
    return [] if text == b"null" else [raw]


def one(raw: bytes | msgspec.Raw, decoder: msgspec.json.Decoder[T]) -> T | None:
    """The thing told; None where there is none that can be read."""
    try:
        return read(raw, decoder)
    except (msgspec.DecodeError, RecursionError):
        return None


def several(raw: msgspec.Raw, decoder: msgspec.json.Decoder[T]) -> list[T]:
    """All of the things in `data` that can be read."""
    found = (one(each, decoder) for each in pieces(raw))
    return [each for each in found if each is not None]


def unread(raw: bytes | msgspec.Raw) -> tuple[str, str]:
    """By what id a thing that can't be read is set aside, and what is kept of it. One without an
    id goes by its content, so that it hides no other."""
    payload = bytes(raw)
    try:
        said = loosely(payload)
    except (msgspec.DecodeError, RecursionError):
        said = None
    id_ = said.get("id") if isinstance(said, dict) else None
    name = str(id_) if isinstance(id_, str | int) and not isinstance(id_, bool) else ""
    if not 0 < len(name) <= _ID_LIMIT:
        name = f"unknown:{hashlib.sha256(payload).hexdigest()[:32]}"
    return name, payload[:_PAYLOAD_LIMIT].decode("utf-8", "replace")


def why(error: Exception) -> str:
    """Why a thing can't be read: in words where they are ours."""
    if isinstance(error, Odd) or type(error) is ValueError:
        return str(error)
    return f"{type(error).__name__}: {error}"
