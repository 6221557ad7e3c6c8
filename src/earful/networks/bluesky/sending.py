"""Publishes once: record keys come from the delivery key, so a repeat writes the same record."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from earful.networks.bluesky.errors import NotThere
from earful.networks.bluesky.keys import PARTS, made_at, record_key, stamp
from earful.networks.bluesky.pictures import fitted
from earful.networks.bluesky.posts import Posts, parent_of, reference, root_of
from earful.networks.bluesky.richtext import facets, spans
from earful.networks.bluesky.session import Session
from earful.networks.bluesky.split import split
from earful.networks.bluesky.translate import POST, to_published
from earful.networks.bluesky.xrpc import Call
from earful.networks.contract import (
    Draft,
    NetworkError,
    Published,
    Receipt,
    Rejected,
    Target,
    Upload,
    Visibility,
)

PICTURES = 4
_PUT = 3  # rate points that the network counts for a new record


class Sending:
    """Sends and settles for one account."""

    def __init__(self, session: Session, posts: Posts) -> None:
        self._session, self._posts = session, posts

    async def send(self, draft: Draft, key: str) -> Receipt:
        """Publish all parts; those that stand already are left as they are."""
        parts = _parts(draft)
        did = (await self._session.who()).external_id
        standing = await self._standing(did, key, len(parts))
        if None not in standing:
            return _receipt(standing)
        reply = await self._reply(draft, check=standing[0] is None)
        dids = await self._posts.resolve(
            span.value for part in parts for span in spans(part) if span.kind == "mention"
        )
        done: list[Published] = []
        try:
            for number, text in enumerate(parts):
                found = standing[number]
                if found is None:
                    record = _record(draft, key, text, dids, reply)
                    if number == 0 and draft.uploads:
                        record["embed"] = await self._embed(draft.uploads)
                    found = await self._put(did, record_key(key, number), record)
                done.append(found)
                here = {"uri": found.ref["uri"], "cid": found.ref["cid"]}
                reply = {"root": reply["root"] if reply else here, "parent": here}
        except NetworkError as error:
            error.begun = len(done)
            raise
        return Receipt(tuple(done))

    async def settle(self, draft: Draft, key: str) -> Receipt | None:
        """The receipt if every part stands."""
        did = (await self._session.who()).external_id
        standing = await self._standing(did, key, len(_parts(draft)))
        return None if None in standing else _receipt(standing)

    async def _standing(self, did: str, key: str, count: int) -> list[Published | None]:
        keys = [record_key(key, number) for number in range(count)]
        return [await self._posts.own(did, rkey) for rkey in keys]

    async def _reply(self, draft: Draft, *, check: bool) -> dict[str, Any] | None:
        if draft.reply_to is None:
            return None
        parent = await self._current(draft.reply_to, check=check)
        root = root_of(draft.reply_to)
        if root is None and draft.root is not None:
            root = parent_of(draft.root)
        return {"root": root or parent, "parent": parent}

    async def _current(self, target: Target, *, check: bool) -> dict[str, str]:
        """The post to answer. Raises Rejected when it was deleted."""
        known = parent_of(target)
        if known is not None and not check:
            return known
        found = await self._posts.view(target.external_id)
        if found is None:
            raise Rejected("The post you are answering has been deleted on Bluesky.")
        return known or reference(found)

    async def _embed(self, uploads: tuple[Upload, ...]) -> dict[str, Any]:
        images = []
        for upload in uploads:
            small = await asyncio.to_thread(fitted, upload)
            call = Call(name="com.atproto.repo.uploadBlob", data=small.data, mime=small.mime,
                        bucket="upload")  # fmt: skip
            said = await self._session.call(call)
            size = {"width": small.width, "height": small.height}
            images.append({"alt": small.alt, "image": said["blob"], "aspectRatio": size})
        return {"$type": "app.bsky.embed.images", "images": images}

    async def _put(self, did: str, rkey: str, record: Mapping[str, Any]) -> Published:
        body = {
            "repo": did,
            "collection": POST,
            "rkey": rkey,
            "record": record,
            "validate": True,
        }
        call = Call(
            name="com.atproto.repo.putRecord", body=body, bucket="write", cost=_PUT, writes=True
        )
        said = await self._session.call(call)
        return to_published(str(said["uri"]), str(said["cid"]), record)

    async def remove(self, external_id: str) -> None:
        """Take a post of ours away; one that is gone already is fine."""
        did = (await self._session.who()).external_id
        if not external_id.startswith(f"at://{did}/{POST}/"):
            raise Rejected("Only a post of this account can be deleted.")
        body = {"repo": did, "collection": POST, "rkey": external_id.rsplit("/", 1)[1]}
        call = Call(name="com.atproto.repo.deleteRecord", body=body, bucket="write")
        try:
            await self._session.call(call)
        except NotThere:
            return


def _parts(draft: Draft) -> list[str]:
    """The texts of the thread. Raises Rejected for what Bluesky can't carry."""
    if draft.visibility is not Visibility.PUBLIC:
        raise Rejected("On Bluesky Earful can only post publicly.")
    if len(draft.uploads) > PICTURES:
        raise Rejected(f"Bluesky takes at most {PICTURES} pictures.")
    text = draft.text.replace("\x00", "")
    if not text.strip() and not draft.uploads:
        raise Rejected("There is nothing to post.")
    parts = split(text)
    if len(parts) > PARTS:
        raise Rejected(f"The text would need {len(parts)} posts; {PARTS} is the most.")
    return parts


def _record(
    draft: Draft, key: str, text: str, dids: Mapping[str, str], reply: Mapping[str, Any] | None
) -> dict[str, Any]:
    record: dict[str, Any] = {"$type": POST, "text": text, "createdAt": stamp(made_at(key))}
    if found := facets(text, dids):
        record["facets"] = found
    if draft.language:
        record["langs"] = [draft.language]
    if reply:
        record["reply"] = dict(reply)
    return record


def _receipt(standing: list[Published | None]) -> Receipt:
    return Receipt(tuple(part for part in standing if part is not None))
