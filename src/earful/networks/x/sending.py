"""Publishes: posts, threads and private messages. X has no key against doubles, so what may have
been published is looked for, and never sent again blindly."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from earful.networks.contract import (
    Draft,
    NetworkError,
    Post,
    Published,
    Reach,
    Receipt,
    Rejected,
    Target,
    Uncertain,
    Visibility,
)
from earful.networks.x.api import Call
from earful.networks.x.asking import user_fields
from earful.networks.x.errors import Twice
from earful.networks.x.length import links, split
from earful.networks.x.means import Means
from earful.networks.x.media import Uploads
from earful.networks.x.messages import talk
from earful.networks.x.payloads import one, read_user
from earful.networks.x.prices import Item
from earful.networks.x.times import id_at
from earful.networks.x.translate import Us, to_published
from earful.networks.x.walking import Listing
from earful.networks.x.wire import User

IMAGES = 4
PARTS = 25
_BEFORE = timedelta(seconds=60)
"""A post of ours is looked for from so long before its delivery was made: clocks differ."""

_SCHEME = re.compile(r"https?://(?:www\.)?")


class Made(msgspec.Struct):
    """X's word that something stands."""

    id: str = ""
    text: str = ""
    dm_event_id: str = ""
    dm_conversation_id: str = ""


_MADE = msgspec.json.Decoder(Made)


class Sending:
    """Sends and settles for one account."""

    def __init__(self, means: Means) -> None:
        self._session, self._names = means.session, means.place.names
        self._uploads = Uploads(means.session, means.carrier, means.ports)
        self._walker, self._inbox = means.walker, means.inbox
        self._people, self._spending = means.people, means.spending

    async def send(self, draft: Draft, key: str) -> Receipt:
        """Publish all parts. Those of a thread that stand already are left as they are."""
        if draft.visibility is Visibility.DIRECT:
            return await self._write(draft)
        parts, us = _parts(draft), await self._session.us()
        done = await self._standing(draft, key, parts, us) if len(parts) > 1 else []
        try:
            media = await self._uploads.carry(draft.uploads) if not done else []
            for number in range(len(done), len(parts)):
                last = done[-1].external_id if done else _answered(draft.reply_to)
                body = _body(parts[number], last, media if number == 0 else [])
                done.append(await self._post(draft, key, done, body))
        except NetworkError as error:
            error.begun = len(done)
            raise
        return Receipt(tuple(done))

    async def settle(self, draft: Draft, key: str) -> Receipt | None:
        """The receipt if every part stands in our own timeline."""
        us = await self._session.us()
        if draft.visibility is Visibility.DIRECT:
            return await self._written(draft, key)
        parts = _parts(draft)
        done = await self._standing(draft, key, parts, us)
        return Receipt(tuple(done)) if len(done) == len(parts) else None

    async def reach(self, target: Target) -> Reach:
        """Whether the author of `target` takes a private message from us."""
        user = await self._whom(target)
        if user is None:
            return Reach(False, "X does not tell of this account any more.")
        if user.receives_your_dm or target.private:
            return Reach(True)
        return Reach(
            False,
            f"@{user.username} takes no messages from us on X. Ask them to write first: put the "
            "invitation link into a public reply.",
        )

    async def _post(
        self, draft: Draft, key: str, done: list[Published], body: dict[str, Any]
    ) -> Published:
        """The next part, published."""
        parts, us = _parts(draft), await self._session.us()
        text = parts[len(done)]
        call = Call(method="POST", path="/2/tweets", bucket="publish", body=body, writes=True)
        try:
            made = _made((await self._session.call(call)).data)
        except Twice:
            # An earlier attempt of ours may have come through after all.
            standing = await self._standing(draft, key, parts, us)
            if len(standing) > len(done):
                return standing[len(done)]
            raise
        item = Item.SUMMONED_REPLY if draft.reply_to and not done else Item.POST
        await self._spending.charge(Item.POST_WITH_LINK if links(text) else item)
        return to_published(made.id, text, us.handle)

    async def _standing(self, draft: Draft, key: str, parts: list[str], us: Us) -> list[Published]:
        """The parts that stand, from the first: by text, by what they answer, and by time."""
        listing = Listing(name="own", path=f"/2/users/{us.id}/tweets", bucket="timeline")
        walk = await self._walker.since(listing, id_at(_made_at(key) - _BEFORE))
        posts = [each for each in walk.changes if isinstance(each, Post)]
        done: list[Published] = []
        answered = draft.reply_to.external_id if draft.reply_to else None
        targets = {answered, _answered(draft.reply_to) or None}
        for text in parts:
            found = next((p for p in posts if p.parent_id in targets and _same(p.text, text)), None)
            if found is None:
                break
            posts.remove(found)
            done.append(to_published(str(found.ref["id"]), text, us.handle))
            targets = {found.external_id, str(found.ref["id"])}
        return done

    async def _write(self, draft: Draft) -> Receipt:
        """One private message."""
        if len(draft.uploads) > 1:
            raise Rejected("A message on X takes one picture only.")
        if not draft.text.strip() and not draft.uploads:
            raise Rejected("There is nothing to send.")
        them = await self._receiver(draft)
        media = await self._uploads.carry(draft.uploads, private=True)
        body: dict[str, Any] = {"text": draft.text} if draft.text.strip() else {}
        if media:
            body["attachments"] = [{"media_id": media[0]}]
        path = f"/2/dm_conversations/with/{them}/messages"
        call = Call(method="POST", path=path, bucket="dm_send", body=body, writes=True)
        made = _made((await self._session.call(call)).data, "dm_event_id")
        await self._spending.charge(Item.DM)
        return Receipt((await self._message(made.dm_event_id, them, draft.text),))

    async def _written(self, draft: Draft, key: str) -> Receipt | None:
        them = await self._receiver(draft)
        path = f"/2/dm_conversations/with/{them}/dm_events"
        walk = await self._inbox.since(id_at(_made_at(key) - _BEFORE), path)
        for each in walk.changes:
            if isinstance(each, Post) and each.own and _same(each.text, draft.text):
                name = each.external_id.removeprefix("dm:")
                return Receipt((await self._message(name, them, draft.text),))
        return None

    async def _message(self, id_: str, them: str, text: str) -> Published:
        us = await self._session.us()
        return Published(f"dm:{id_}", talk(them, us.id), text, {})

    async def _receiver(self, draft: Draft) -> str:
        if draft.reply_to is None:
            raise Rejected("A message needs somebody it is for.")
        if draft.reply_to.author_id:
            return draft.reply_to.author_id
        user = await self._whom(draft.reply_to)
        if user is None:
            raise Rejected("X does not tell of this account any more.")
        return user.id

    async def _whom(self, target: Target) -> User | None:
        if target.author_id:
            return await self._people.user(target.author_id)
        path = f"/2/users/by/username/{target.handle}"
        call = Call(path=path, bucket="users", params=user_fields(self._names))
        page = await self._session.call(call)
        user = read_user(page.data)
        if user is not None:
            await self._spending.read(Item.READ_USER, [user.id])
        return user


def _parts(draft: Draft) -> list[str]:
    """The texts of the thread. Raises Rejected for what X can't carry."""
    if draft.visibility is not Visibility.PUBLIC:
        raise Rejected("X carries public posts and private messages only.")
    if len(draft.uploads) > IMAGES:
        raise Rejected(f"X takes at most {IMAGES} pictures in a post.")
    text = draft.text.replace("\x00", "")
    if not text.strip() and not draft.uploads:
        raise Rejected("There is nothing to post.")
    parts = split(text)
    if len(parts) > PARTS:
        raise Rejected(f"The text would need {len(parts)} posts; {PARTS} is the most.")
    return parts


def _body(text: str, answered: str, media: list[str]) -> dict[str, Any]:
    body: dict[str, Any] = {"text": text} if text.strip() else {}
    if answered:
        body["reply"] = {"in_reply_to_tweet_id": answered}
    if media:
        body["media"] = {"media_ids": media}
    return body


def _answered(target: Target | None) -> str:
    """The version of the answered post that stands."""
    return str(target.ref.get("id") or target.external_id) if target else ""


def _made(raw: msgspec.Raw, name: str = "id") -> Made:
    made = one(raw, _MADE) or Made()
    if not getattr(made, name):
        raise Uncertain("X's answer does not say what was published.")
    return made


def _same(told: str, text: str) -> bool:
    """Whether X tells the text we wrote: it folds white space and completes links."""
    return _folded(told) == _folded(text)


def _folded(text: str) -> str:
    words = _SCHEME.sub("", unicodedata.normalize("NFC", text)).split()
    return " ".join(word.rstrip("/") for word in words)


def _made_at(key: str) -> datetime:
    """When a delivery was made, by its uuid7."""
    return datetime.fromtimestamp(int(key.replace("-", "")[:12], 16) / 1000, UTC)
