"""What a network tells: posts, deletions, and batches of them with their cursor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec


class Visibility(StrEnum):
    """Who can read a message."""

    PUBLIC = "public"
    DIRECT = "direct"
    EMAIL = "email"
    INTERNAL = "internal"


class Person(msgspec.Struct, frozen=True):
    """Somebody on a network. `external_id` is stable; `handle` (without @) and `name` change.

    `avatar` is the address of their picture; empty for none, or where the network does not say.
    `followers` is how many follow them; None where the network does not say.
    """

    external_id: str
    handle: str
    name: str = ""
    bot: bool = False
    avatar: str = ""
    followers: int | None = None


def counted(said: Any) -> int | None:
    """A number of people as a network says it; None for what is no number of anybody."""
    plain = isinstance(said, int) and not isinstance(said, bool)
    return min(said, MANY) if plain and said >= 0 else None


MANY = 2_000_000_000
"""More than there are people on any network, and the most that is kept."""


class Attachment(msgspec.Struct, frozen=True):
    """A picture or film in an incoming post, still on the network at `url`.

    Pictures are fetched: by HTTP under guard, or, where `url` has another scheme, by the
    connector's `Shows`. What `mime` calls a film is a link only; then `url` is a page to watch it.
    What is no picture (a file in a mail) has a `name`, and is kept to be downloaded only.
    """

    url: str
    mime: str = ""
    alt: str = ""
    width: int | None = None
    height: int | None = None
    name: str = ""


class Post(msgspec.Struct, frozen=True, kw_only=True, tag="post"):
    """A message as the network tells it: created, or with `edited_at` a newer text of a known one.

    `ref` is the connector's own luggage (such as a content hash) that it needs to reply later; it
    is kept as JSON and handed back untouched in `Target.ref`. Instants are aware, in UTC.
    `addressed` tells whether the post names us, quotes us or stands in a thread we are in.
    `own` tells that our own account wrote it; `key` is then the delivery key if the connector can
    read it back.

    `subject` is a mail's; `warning` is the author's content warning, shown before the text;
    `whole` is the text with what `text` leaves out (quoted mails, signatures), empty if it is all.
    `automatic` says in words that a machine wrote it ("out of office"): nobody is owed an answer,
    and nothing may answer it by itself. `barred` says in words why this network lets no program
    answer the post; a person still can, in the network's own app. `to` is whom a private message
    of our own is for, where no reply link says it. `invitation` is the code that they were given
    when they were asked to come here (see `Welcomes`).
    `returned` is the id of a message of ours that came back for good: this post is the network's
    word of it, and its text says why.
    """

    external_id: str
    author: Person
    text: str
    published_at: datetime
    uri: str = ""
    parent_id: str | None = None
    root_id: str | None = None
    quoted_id: str | None = None
    visibility: Visibility = Visibility.PUBLIC
    language: str = ""
    attachments: tuple[Attachment, ...] = ()
    addressed: bool = True
    own: bool = False
    edited_at: datetime | None = None
    subject: str = ""
    warning: str = ""
    whole: str = ""
    automatic: str = ""
    barred: str = ""
    to: Person | None = None
    returned: str = ""
    invitation: str = ""
    ref: Mapping[str, Any] = msgspec.field(default_factory=dict)


class Deletion(msgspec.Struct, frozen=True, kw_only=True, tag="deletion"):
    """A post that was taken away on the network at `at` (or seen to be gone then)."""

    external_id: str
    at: datetime


class Unreadable(msgspec.Struct, frozen=True, kw_only=True, tag="unreadable"):
    """A payload that could not be translated: set aside with `reason`, never dropped."""

    external_id: str
    reason: str
    payload: str


Change = Post | Deletion | Unreadable


class Batch(msgspec.Struct, frozen=True):
    """Changes in the order the network told them, and the cursor that covers them.

    `cursor` is the connector's own JSON object; it is stored in the transaction that accepts the
    changes and handed to `stream` or `fetch` after a restart. None leaves the stored one as it is.
    Repeats are allowed.
    """

    changes: tuple[Change, ...]
    cursor: Mapping[str, Any] | None
