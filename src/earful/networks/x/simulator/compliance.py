"""Batch compliance jobs: ids are handed in, what must be forgotten is handed back."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from earful.networks.x.simulator.clock import stamp
from earful.networks.x.simulator.world import World

UPLOAD_FOR = timedelta(minutes=15)
DOWNLOAD_FOR = timedelta(days=7)
TAKES = timedelta(seconds=30)


class Job(msgspec.Struct, kw_only=True):
    """A job. `secret` stands in its addresses, which need no token."""

    id: str
    kind: str
    name: str
    resumable: bool
    secret: str
    created_at: datetime
    uploaded: list[str] | None = None
    uploaded_at: datetime | None = None

    def status(self, now: datetime) -> str:
        """How far it is."""
        if self.uploaded_at is None:
            return "created" if now < self.created_at + UPLOAD_FOR else "expired"
        return "complete" if now >= self.uploaded_at + TAKES else "in_progress"

    def is_open(self, kind: str, now: datetime) -> bool:
        """Whether X takes no other job of this kind yet."""
        return self.kind == kind and self.status(now) in ("created", "in_progress")


def findings(world: World, job: Job) -> list[dict[str, str]]:
    """One object for every id that must be forgotten or changed."""
    found = []
    for id_ in job.uploaded or []:
        reason = _post_reason(world, id_) if job.kind == "tweets" else _user_reason(world, id_)
        if reason:
            told = {"id": id_, "action": "delete", "created_at": stamp(job.created_at)}
            found.append(told | {"redacted_at": stamp(job.created_at), "reason": reason})
    return found


def _post_reason(world: World, id_: str) -> str:
    post = world.posts.get(id_)
    if post is None or not post.stands:
        return "deleted"
    return _user_reason(world, post.author_id)


def _user_reason(world: World, id_: str) -> str:
    user = world.users.get(id_)
    if user is None:
        return "deleted"
    if user.suspended:
        return "suspended"
    return "protected" if user.protected else ""
