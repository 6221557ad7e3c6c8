"""A stand-in for GoToSocial: a small, strict server with the differences a connector must bear.

No real GoToSocial can be had in a test run. What is here is what was seen on one: streaming by
WebSocket only; `Idempotency-Key` ignored; ids that are ULIDs; 5,000 characters, read from
`/api/v1/instance`; no `/api/v2/notifications` and no statuses by the dozen; no rate headers; an
edit told by a notification; a reply that names its parent after that was deleted; direct posts
hidden from everybody else; markup where `content_type` does not say otherwise; pictures that take
a while. It is our own reading of these, and proves nothing about a GoToSocial of tomorrow.
"""

from __future__ import annotations

import asyncio
import html
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

_MENTION = re.compile(r"@(\w+)")
_ULID = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Refusal(Exception):
    """An answer other than success."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


@dataclass
class Villager:
    """An account; `streams` are the mailboxes of its open connections."""

    id: str
    name: str
    token: str
    notifications: list[dict[str, Any]] = field(default_factory=list)
    streams: list[asyncio.Queue[str]] = field(default_factory=list)


@dataclass
class Village:
    """All that the server knows.

    `silent` streams stand and tell nothing; lists give `most` at once, and with `plain_lists` take
    no words they don't know; a `nameless` one says nothing of itself.
    """

    origin: str = ""
    silent: bool = False
    streaming: str = ""
    moved_to: str = ""
    challenges: bool = False
    adjacent: bool = True
    most: int = 40
    plain_lists: bool = False
    token_in: tuple[str, ...] = ("header", "protocol", "query")
    nameless: bool = False
    unknown_api: bool = False
    lists_nothing: bool = False
    limited_after: int | None = None
    opened: list[str] = field(default_factory=list)
    people: dict[str, Villager] = field(default_factory=dict)
    statuses: dict[str, dict[str, Any]] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    media: dict[str, dict[str, Any]] = field(default_factory=dict)
    _ids: Callable[[], int] = field(default_factory=lambda: itertools.count(1).__next__)

    def move_in(self, name: str) -> Villager:
        """A new account; its name gets a number."""
        number = self._ids()
        made = Villager(self.new_id(), f"{name}{number}", f"token-{name}-{number}")
        self.people[made.token] = made
        return made

    def new_id(self) -> str:
        """An id that sorts by when it was given out."""
        number, signs = self._ids(), ""
        while number:
            number, rest = divmod(number, 32)
            signs = _ULID[rest] + signs
        return "01JZ" + signs.rjust(22, "0")

    def account(self, who: Villager) -> dict[str, Any]:
        """An account as others see it."""
        return {
            "id": who.id,
            "username": who.name,
            "acct": who.name,
            "display_name": who.name.title(),
            "url": f"{self.origin}/@{who.name}",
            "avatar_static": "",
            "locked": True,
        }

    def publish(self, who: Villager, asked: dict[str, Any]) -> dict[str, Any]:
        """A new status, told to all whom it concerns. Raises Refusal."""
        text = str(asked.get("status") or "")
        if not text.strip() and not asked.get("media_ids"):
            raise Refusal(422, "Unprocessable Entity: no content")
        if len(text) + len(str(asked.get("spoiler_text") or "")) > 5000:
            raise Refusal(400, "Bad Request: text exceeds 5000 characters")
        parent = str(asked.get("in_reply_to_id") or "")
        if parent and parent not in self.statuses and parent not in self.deleted:
            raise Refusal(404, "Not Found: status to reply to")
        media = [self.media[each] for each in asked.get("media_ids") or []]
        if any(not each["url"] for each in media):
            raise Refusal(422, "Unprocessable Entity: media not processed")
        now = str(asked.get("created_at") or _now())
        status = self._status(who, text, asked, parent) | {
            "created_at": now, "media_attachments": media,
        }  # fmt: skip
        self.statuses[status["id"]] = status
        self._tell(status, "mention", quietly=bool(asked.get("quietly")))
        for each in [who] if not asked.get("quietly") else []:
            self._send(each, "update", msgspec.json.encode(status).decode())
        return status

    def _status(
        self, who: Villager, text: str, asked: dict[str, Any], parent: str
    ) -> dict[str, Any]:
        above = self.statuses.get(parent)
        id_ = self.new_id()
        return {
            "id": id_,
            "uri": f"{self.origin}/users/{who.name}/statuses/{id_}",
            "url": f"{self.origin}/@{who.name}/statuses/{id_}",
            "account": self.account(who),
            "in_reply_to_id": parent or None,
            "in_reply_to_account_id": above["account"]["id"] if above else None,
            "content": self._render(text, str(asked.get("content_type") or "text/markdown")),
            "text": text,
            "visibility": asked.get("visibility") or "public",
            "spoiler_text": asked.get("spoiler_text") or "",
            "language": asked.get("language") or "en",
            "mentions": [self.account(each) for each in self._named(text)],
            "edited_at": None,
            "reblog": None,
            "poll": None,
        }

    def _named(self, text: str) -> list[Villager]:
        names = dict.fromkeys(_MENTION.findall(text))
        return [each for each in self.people.values() if each.name in names]

    def _render(self, text: str, kind: str) -> str:
        said = html.escape(text, quote=False)
        if kind != "text/plain":
            said = re.sub(r"\*(.+?)\*", r"<em>\1</em>", said)
        for each in self._named(text):
            link = (
                f'<span class="h-card"><a href="{self.origin}/@{each.name}" class="u-url mention">'
                f"@<span>{each.name}</span></a></span>"
            )
            said = re.sub(rf"@{each.name}\b", link, said)
        return "<p>" + said.replace("\n", "<br>") + "</p>"

    def edit(self, who: Villager, id_: str, text: str) -> dict[str, Any]:
        """A status written anew."""
        status = self.own(who, id_)
        status |= {"text": text, "content": self._render(text, "text/plain"), "edited_at": _now()}
        self._tell(status, "update")
        return status

    def delete(self, who: Villager, id_: str) -> dict[str, Any]:
        """A status taken away."""
        status = self.own(who, id_)
        del self.statuses[id_]
        self.deleted.add(id_)
        for each in self.people.values():
            kept = [one for one in each.notifications if one["status"]["id"] != id_]
            each.notifications = kept
            self._send(each, "delete", id_)
        return status

    def own(self, who: Villager, id_: str) -> dict[str, Any]:
        """A status of one's own. Raises Refusal."""
        status = self.shown(who, id_)
        if status["account"]["id"] != who.id:
            raise Refusal(403, "Forbidden: not your status")
        return status

    def shown(self, who: Villager, id_: str) -> dict[str, Any]:
        """A status, to those who may see it. Raises Refusal."""
        status = self.statuses.get(id_)
        if status is None or not _may_see(status, who):
            raise Refusal(404, "Not Found: target status not found")
        return status

    def _tell(self, status: dict[str, Any], kind: str, *, quietly: bool = False) -> None:
        """Notify all who are mentioned; `quietly` past the streams."""
        for each in self.people.values():
            if each.id == status["account"]["id"] or not _names(status, each):
                continue
            notification = {
                "id": self.new_id(),
                "type": kind,
                "created_at": _now(),
                "account": status["account"],
                "status": status,
            }
            each.notifications.append(notification)
            if not quietly:
                self._send(each, "notification", msgspec.json.encode(notification).decode())

    def _send(self, who: Villager, name: str, payload: str) -> None:
        if not self.silent:
            frame = {"stream": ["user"], "event": name, "payload": payload}
            for mailbox in who.streams:
                mailbox.put_nowait(msgspec.json.encode(frame).decode())


def _names(status: dict[str, Any], who: Villager) -> bool:
    return any(each["id"] == who.id for each in status["mentions"])


def _may_see(status: dict[str, Any], who: Villager) -> bool:
    if status["visibility"] in ("public", "unlisted"):
        return True
    return status["account"]["id"] == who.id or _names(status, who)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
