"""A post on its way in."""

from __future__ import annotations

from datetime import datetime

import msgspec

from earful.networks.contract import Post


class Arrival(msgspec.Struct, kw_only=True):
    """A post on its way in, and where it was put."""

    post: Post
    message_id: str
    text: str
    published_at: datetime
    conversation_id: str = ""
    media_ids: list[str] = msgspec.field(default_factory=list)
    """An id for each attachment, in their order."""
    parent_id: str | None = None
    opened: bool = False
    """It is the post that opened its conversation."""
    fresh: bool = False
    """Its conversation was opened by this batch, with sums that are right already."""

    @property
    def owed(self) -> bool:
        """Whether somebody is owed an answer for it."""
        return self.post.addressed and not self.post.own and not self.post.automatic
