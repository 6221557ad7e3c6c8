"""Publishes, and finds out what was published by reading our own statuses.

`Idempotency-Key` is sent, and helps on Mastodon, but other servers ignore it: nothing rests on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from earful.kit.text import folded
from earful.networks.contract import (
    Draft,
    NetworkError,
    Published,
    Receipt,
    Rejected,
    Uncertain,
    Visibility,
)
from earful.networks.mastodon.api import Api, Call
from earful.networks.mastodon.errors import NotThere
from earful.networks.mastodon.instance import Instance
from earful.networks.mastodon.length import NAME, Ruler, cuts
from earful.networks.mastodon.names import local_id
from earful.networks.mastodon.session import Session
from earful.networks.mastodon.statuses import Statuses
from earful.networks.mastodon.translate import Where, content_of, instant, to_published
from earful.networks.mastodon.uploads import Uploads

MOST_PARTS = 10
_SLACK = timedelta(seconds=5)  # between the server's clock, as far as we know it, and ours
_DOMAIN = re.compile(r"(@\w+)@[\w.:-]*\w")
_ORDER = ("public", "unlisted", "private", "direct")


class Part(msgspec.Struct, frozen=True):
    """A post to be: its `text`, and what goes over the line, which names whom it answers."""

    text: str
    line: str


class Sending:
    """Sends and settles for one account."""

    def __init__(self, api: Api, session: Session, statuses: Statuses, uploads: Uploads) -> None:
        self._api, self._session = api, session
        self._statuses, self._uploads = statuses, uploads

    async def send(self, draft: Draft, key: str) -> Receipt:
        """Publish all parts. Those of a thread that stand already are left as they are."""
        where, instance = await self._session.where(), await self._session.instance()
        parts = _parts(draft, instance)
        done = list(await self._standing(draft, key, parts, where)) if len(parts) > 1 else []
        if not done:
            await self._check(draft, where)
        try:
            media = []
            if not done:
                media = [await self._uploads.put(each, instance) for each in draft.uploads]
            for number in range(len(done), len(parts)):
                above = str(done[-1].ref["id"]) if done else _above(draft, where)
                body = _body(draft, parts[number], above, media if number == 0 else [])
                done.append(await self._post(body, f"{key}-{number}", parts[number], where))
        except NetworkError as error:
            error.begun = len(done)
            raise
        return Receipt(tuple(done))

    async def settle(self, draft: Draft, key: str) -> Receipt | None:
        """The receipt if every part stands."""
        where, instance = await self._session.where(), await self._session.instance()
        parts = _parts(draft, instance)
        standing = await self._standing(draft, key, parts, where)
        if len(standing) < len(parts) and draft.reply_to:
            # Not every server lists direct posts among an account's own; the thread has them.
            standing = await self._standing(draft, key, parts, where, in_thread=True)
        return Receipt(standing) if len(standing) == len(parts) else None

    async def remove(self, external_id: str) -> None:
        """Take a post of ours away; one that is gone already is fine."""
        where = await self._session.where()
        local = local_id(where.host, external_id)
        status = await self._statuses.one(local)
        if status is None:
            return
        if _author(status) != where.account_id:
            raise Rejected("Only a post of this account can be deleted.")
        path = f"/api/v1/statuses/{local}"
        try:
            await self._session.call(Call(path=path, method="DELETE", bucket="deletes"))
        except NotThere:
            return

    async def _check(self, draft: Draft, where: Where) -> None:
        """Raise Rejected when the post to answer is gone: a reply to it would stand alone."""
        if draft.reply_to is None:
            return
        above = _above(draft, where)
        if not above or await self._statuses.one(above) is None:
            raise Rejected("The post you are answering has been deleted, or is hidden from us.")

    async def _post(self, body: dict[str, Any], key: str, part: Part, where: Where) -> Published:
        call = Call(
            path="/api/v1/statuses",
            method="POST",
            body=body,
            headers={"Idempotency-Key": key},
            bucket="posts",
            writes=True,
        )
        said = (await self._session.call(call)).said
        try:
            return to_published(said, part.text, where)
        except (AttributeError, KeyError, TypeError):
            raise Uncertain("The server's answer could not be read.") from None

    async def _standing(
        self,
        draft: Draft,
        key: str,
        parts: Sequence[Part],
        where: Where,
        *,
        in_thread: bool = False,
    ) -> tuple[Published, ...]:
        """The parts that stand, from the first on without a gap."""
        above, found = _above(draft, where), []
        ours = await self._since(key, where, above if in_thread else "")
        for part in parts:
            match = next((one for one in ours if _is(one, part, above, where)), None)
            if match is None:
                break
            ours.remove(match)
            found.append(to_published(match, part.text, where))
            above = str(match["id"])
        return tuple(found)

    async def _since(self, key: str, where: Where, thread: str) -> list[dict[str, Any]]:
        """Our own statuses made since the delivery was, oldest first; of a thread if one is told"""
        made = _made_at(key)
        if thread:
            below = await self._statuses.below(thread)
            ours = [each for each in below if _author(each) == where.account_id]
            return [each for each in ours if self._is_since(each, made)]
        found = []
        async for status in self._statuses.own(where.account_id):
            if not self._is_since(status, made):
                break
            found.append(status)
        return found[::-1]

    def _is_since(self, status: dict[str, Any], made: datetime) -> bool:
        at = instant(status.get("created_at"), made)
        return at >= made + self._api.ahead - _SLACK


def _parts(draft: Draft, instance: Instance) -> list[Part]:
    """The posts of a draft. Raises Rejected for what the server can't carry."""
    if draft.visibility not in (Visibility.PUBLIC, Visibility.DIRECT):
        raise Rejected("On Mastodon Earful can post publicly or directly.")
    if len(draft.uploads) > instance.images:
        raise Rejected(f"The server takes at most {instance.images} pictures in a post.")
    text = draft.text.replace("\x00", "")
    if not text.strip() and not draft.uploads:
        raise Rejected("There is nothing to post.")
    if draft.visibility is Visibility.DIRECT and draft.reply_to is None:
        raise Rejected("A direct post needs somebody whom it answers.")
    address = _address(draft, text)
    every = instance.counts_all
    counted = Ruler(link=instance.link_length, every=every).count
    taken = max(NAME, counted(address)) + counted(draft.warning)
    texts = cuts(text, instance.length - taken, instance.link_length, every=every)
    if len(texts) > MOST_PARTS:
        raise Rejected(f"The text would need {len(texts)} posts; {MOST_PARTS} is the most.")
    # Only who is named may read a direct post; in public one call is enough.
    hidden = visibility_of(draft) in ("direct", "private")
    return [
        Part(each, f"{address}{each}" if number == 0 or hidden else each)
        for number, each in enumerate(texts)
    ]


def _address(draft: Draft, text: str) -> str:
    """Whom the reply names at its front; empty when the text names them itself."""
    if draft.reply_to is None:
        return ""
    acct = str(draft.reply_to.ref.get("acct") or draft.reply_to.handle)
    said = text.lower()
    if any(f"@{name}".lower() in said for name in (acct, draft.reply_to.handle)):
        return ""
    return f"@{acct} "


def visibility_of(draft: Draft) -> str:
    """Who may read the reply: never more than may read what it answers."""
    asked = "direct" if draft.visibility is Visibility.DIRECT else "public"
    told = str(draft.reply_to.ref.get("visibility") or "public") if draft.reply_to else "public"
    # To answer a post for the author's followers "for followers" would show it to ours instead.
    answered = told if told in ("public", "unlisted") else "direct"
    return max(asked, answered, key=_ORDER.index)


def _above(draft: Draft, where: Where) -> str:
    """The server's id of the post that is answered."""
    if draft.reply_to is None:
        return ""
    told = draft.reply_to.ref.get("id")
    return str(told) if told else local_id(where.host, draft.reply_to.external_id)


def _body(draft: Draft, part: Part, above: str, media: list[str]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "status": part.line,
        "visibility": visibility_of(draft),
        # Some servers would read signs of markup in what an agent wrote.
        "content_type": "text/plain",
    }
    if above:
        body["in_reply_to_id"] = above
    if media:
        body["media_ids"] = media
    if draft.warning:
        body["spoiler_text"] = draft.warning
    if draft.language:
        body["language"] = draft.language
    return body


def _author(status: dict[str, Any]) -> str:
    return str((status.get("account") or {}).get("id") or "")


def _is(status: dict[str, Any], part: Part, above: str, where: Where) -> bool:
    if str(status.get("in_reply_to_id") or "") != above or status.get("reblog"):
        return False
    return _plain(content_of(status, where.domain)) == _plain(part.line)


def _plain(text: str) -> str:
    """What is left of a text whatever a server makes of spaces, marks and names."""
    bare = folded(_DOMAIN.sub(r"\1", text))
    return "".join(filter(str.isalnum, bare)) or "".join(bare.split())


def _made_at(key: str) -> datetime:
    """When a delivery was made: the time in its uuid7."""
    return datetime.fromtimestamp((UUID(key).int >> 80) / 1000, UTC)
