"""Looks posts and handles up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from earful.networks.bluesky.errors import NotThere
from earful.networks.bluesky.session import Session
from earful.networks.bluesky.translate import POST, to_published
from earful.networks.bluesky.xrpc import Call
from earful.networks.contract import Published, Rejected, Target


class Posts:
    """Questions about posts, asked in the account's name."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def view(self, uri: str) -> dict[str, Any] | None:
        """The post as the network shows it, or None when it is gone or not for us to see."""
        if not uri.startswith("at://"):
            return None
        said = await self._session.call(Call(name="app.bsky.feed.getPosts", params={"uris": [uri]}))
        found = said.get("posts") or []
        return dict(found[0]) if found else None

    async def own(self, did: str, rkey: str) -> Published | None:
        """A post of ours by its record key, from our own server, which is never behind."""
        params = {"repo": did, "collection": POST, "rkey": rkey}
        try:
            said = await self._session.call(Call(name="com.atproto.repo.getRecord", params=params))
        except NotThere:
            return None
        return to_published(str(said["uri"]), str(said.get("cid", "")), said["value"])

    async def resolve(self, handles: Iterable[str]) -> dict[str, str]:
        """DIDs of those handles that exist."""
        found = {}
        for handle in dict.fromkeys(handles):
            call = Call(name="com.atproto.identity.resolveHandle", params={"handle": handle})
            try:
                found[handle] = str((await self._session.call(call))["did"])
            except Rejected:
                continue
        return found


def reference(view: Mapping[str, Any]) -> dict[str, str]:
    """The strong reference of a shown post."""
    return {"uri": str(view["uri"]), "cid": str(view["cid"])}


def parent_of(target: Target) -> dict[str, str] | None:
    """The strong reference in a target's luggage."""
    return _strong(target.ref)


def root_of(target: Target) -> dict[str, str] | None:
    """The reference to the root of the target's thread in its luggage."""
    return _strong(target.ref.get("root"))


def _strong(value: Any) -> dict[str, str] | None:
    if isinstance(value, Mapping) and value.get("uri") and value.get("cid"):
        return {"uri": str(value["uri"]), "cid": str(value["cid"])}
    return None
