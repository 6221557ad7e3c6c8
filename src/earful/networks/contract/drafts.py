"""What is to be published, and the proof that it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from earful.networks.contract.posts import Visibility


class Target(msgspec.Struct, frozen=True):
    """The post that is answered: its network id and the luggage its `Post.ref` carried.

    `author_id` is the network's id of who wrote it, `private` whether it was a private message.
    """

    external_id: str
    handle: str
    ref: Mapping[str, Any]
    author_id: str = ""
    private: bool = False


class Original(msgspec.Struct, frozen=True):
    """What is answered, for networks that repeat it below the answer: whose it is, when, what."""

    author: str
    at: datetime
    text: str


class Upload(msgspec.Struct, frozen=True):
    """A picture to publish: bytes, mime type, alt text (never empty) and size in pixels.

    With a `name` it is another file, without words or size.
    """

    data: bytes
    mime: str
    alt: str
    width: int
    height: int
    name: str = ""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be published. `root` is the first post of the thread, where the network asks.

    With `visibility` DIRECT and a `reply_to` that was public, it is the first private message to
    the author of that post. `automatic`: no person wrote it, which networks with a word for that
    are told. `original` is there in mail, which may repeat what it answers.
    """

    text: str
    reply_to: Target | None = None
    root: Target | None = None
    uploads: tuple[Upload, ...] = ()
    visibility: Visibility = Visibility.PUBLIC
    language: str = ""
    subject: str = ""
    warning: str = ""
    automatic: bool = False
    original: Original | None = None


class Published(msgspec.Struct, frozen=True):
    """One post that stands on the network."""

    external_id: str
    uri: str
    text: str
    ref: Mapping[str, Any]


class Receipt(msgspec.Struct, frozen=True):
    """Proof of publication: the parts (one, or several for a thread) in order."""

    parts: tuple[Published, ...]
