"""Pure: what a server streams or lists as news, into changes that concern us."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from earful.networks.contract import Change, Deletion, Post, Unreadable
from earful.networks.mastodon.names import post_id
from earful.networks.mastodon.translate import Where, names_us, to_change

_STATUS = frozenset({"update", "status.update", "status_update"})
_NAMES_US = frozenset({"mention", "quote", "pending.reply"})
TOLD_OF = ("mention", "quote", "pending.reply", "update")
"""Kinds of notification that carry a status for us; `update` is an edit of one we know, and
`pending.reply` an answer that GoToSocial keeps back until its author is let in."""


_SILENT = frozenset(
    {"favourite", "reblog", "poll", "reaction", "emoji_reaction", "pleroma:emoji_reaction"}
)
"""Kinds about a status that say nothing to us; a kind that we don't know may well."""


class Event(msgspec.Struct, frozen=True):
    """An event as it was streamed: its name, and its payload, which is JSON for all but `delete`"""

    name: str
    payload: str


def from_event(event: Event, where: Where, seen_at: datetime) -> list[Change]:
    """Posts that name us, posts of our own, and the deletion of anything."""
    if event.name == "delete":
        local = event.payload.strip().strip('"')
        return [Deletion(external_id=post_id(where.host, local), at=seen_at)] if local else []
    if event.name not in _STATUS and event.name not in ("notification", "conversation"):
        return []
    try:
        said = msgspec.json.decode(event.payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return [_unread(event, where, error)]
    if event.name == "notification":
        return from_notification(said, where, seen_at)
    status = said.get("last_status") if event.name == "conversation" else said
    return from_status(status, where, seen_at)


def from_status(status: Any, where: Where, seen_at: datetime) -> list[Change]:
    """A status that names us or is our own, else nothing."""
    if not isinstance(status, Mapping) or not _concerns(status, where):
        return []
    change = to_change(status, where, seen_at)
    return [change] if change else []


def from_notification(said: Any, where: Where, seen_at: datetime) -> list[Change]:
    """The status of a notification that is about one that was said to us."""
    if not isinstance(said, Mapping) or not isinstance(said.get("status"), Mapping):
        return []
    kind = str(said.get("type"))
    if kind not in _NAMES_US:
        found = [] if kind in _SILENT else from_status(said["status"], where, seen_at)
        return found if kind in TOLD_OF else [each for each in found if _is_theirs(each)]
    change = to_change(said["status"], where, seen_at)
    if isinstance(change, Post) and not change.addressed:
        change = msgspec.structs.replace(change, addressed=True)
    return [change] if change else []


def _is_theirs(change: Change) -> bool:
    """Whether it is somebody's post: it names us, although it came as news of another kind."""
    return isinstance(change, Post) and not change.own


def _concerns(status: Mapping[str, Any], where: Where) -> bool:
    try:
        return where.is_us(status["account"]["id"]) or names_us(status, where)
    except (AttributeError, KeyError, TypeError):
        return True  # it will be told as unreadable


def _unread(event: Event, where: Where, error: Exception) -> Unreadable:
    name = hashlib.sha256(event.payload.encode("utf-8", "replace")).hexdigest()[:24]
    return Unreadable(
        external_id=post_id(where.host, f"stream-{name}"),
        reason=f"{type(error).__name__}: {error}",
        payload=event.payload[:20_000],
    )
