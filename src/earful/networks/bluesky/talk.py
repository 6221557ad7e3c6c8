"""Pure: a private message and what is known about it, into the contract's words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from earful.networks.bluesky.translate import POST, instant, web_address
from earful.networks.contract import Change, Person, Post, Published, Unreadable, Visibility

_PAYLOAD_LIMIT = 20_000


class Said(msgspec.Struct, frozen=True):
    """A message as the chat service tells it, and the conversation it stands in."""

    convo: str
    message: Any
    seen_at: datetime

    @property
    def sender(self) -> str:
        """Who wrote it; empty for what is no message of anybody."""
        message = self.message if isinstance(self.message, Mapping) else {}
        sender = message.get("sender")
        has_words = "text" in message
        return str(sender.get("did", "")) if has_words and isinstance(sender, Mapping) else ""


def to_change(said: Said, author: Person, our_did: str, reader: Person | None) -> Change:
    """The post, or Unreadable with the reason."""
    message = said.message
    try:
        return Post(
            external_id=name_of(said.convo, message),
            author=author,
            text=_text(message),
            published_at=instant(message.get("sentAt"), said.seen_at),
            uri=address_of(said.convo),
            visibility=Visibility.DIRECT,
            own=author.external_id == our_did,
            to=reader,
            ref={"convo": said.convo},
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return Unreadable(
            external_id=f"{said.convo}/?",
            reason=f"{type(error).__name__}: {error}",
            payload=repr(message)[:_PAYLOAD_LIMIT],
        )


def to_published(convo: str, message: Mapping[str, Any]) -> Published:
    """A message of our own that stands."""
    text = str(message.get("text", ""))
    return Published(name_of(convo, message), address_of(convo), text, {"convo": convo})


def name_of(convo: str, message: Mapping[str, Any]) -> str:
    """The id of a message among all that the network knows."""
    return f"{convo}/{message['id']}"


def address_of(convo: str) -> str:
    """Where those who take part can read it."""
    return f"https://bsky.app/messages/{convo}"


def _text(message: Mapping[str, Any]) -> str:
    """The words, and the address of a post that is shown with them."""
    text = message["text"]
    if not isinstance(text, str):
        raise TypeError("the text is no text")
    shown = ((message.get("embed") or {}).get("record") or {}).get("uri") or ""
    return f"{text}\n{web_address(shown)}".strip() if f"/{POST}/" in shown else text
