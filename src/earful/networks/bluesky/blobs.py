"""Where pictures are fetched: at the picture server, or at the account's own server as blobs."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import msgspec

_AVATAR = re.compile(r"/avatar(?:_thumbnail)?/plain/(did:[^/?#]+)/([A-Za-z0-9]+)")


class Pictures(msgspec.Struct, frozen=True):
    """An origin. `from_server`: it is the account's server, which knows blobs and no sizes."""

    origin: str
    from_server: bool = False

    def picture(self, did: str, cid: str) -> str:
        """The address of a picture that `did` published."""
        if self.from_server:
            query = urlencode({"did": did, "cid": cid})
            return f"{self.origin}/xrpc/com.atproto.sync.getBlob?{query}"
        return f"{self.origin}/img/feed_fullsize/plain/{did}/{cid}"

    def avatar(self, told: str) -> str:
        """The address of an avatar, from the one that a profile tells; empty for none."""
        if not told.startswith(("http://", "https://")):
            return ""
        if self.from_server:
            found = _AVATAR.search(told.replace("%3A", ":"))
            return self.picture(found[1], found[2]) if found else ""
        return told


CDN = Pictures("https://cdn.bsky.app")
