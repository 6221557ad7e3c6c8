"""What the roster means at this moment for who writes."""

from __future__ import annotations

from litestar import get

from earful.api.caller import Called
from earful.responder.post_now import PostNow, posts_now


@get("/roster/post-now")
async def get_post_now(caller: Called) -> list[PostNow]:
    """When a question that came now would be due, and when a person would answer it."""
    seen = None if caller.inboxes is None else sorted(caller.inboxes)
    async with caller.work("people.read") as work:
        return await posts_now(work, seen)


ROUTES = [get_post_now]
