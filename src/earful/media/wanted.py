"""Pictures on the network that are to be fetched: wished for, claimed, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.media.attached import File
from earful.media.pictures import Picture
from earful.stream.work import Work


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A picture at `source`, of a message or of a contact; with a `name` it is any file."""

    id: str
    source: str
    channel_id: str
    message_id: str | None = None
    contact_id: str | None = None
    name: str = ""


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A wish under lease. `attempts` counts this one, and tells it from every other."""

    workspace_id: str
    id: str
    source: str
    channel_id: str
    message_id: str | None
    contact_id: str | None
    attempts: int
    rehearsal: bool
    network: str
    config: Mapping[str, str]
    name: str = ""


async def want(work: Work, wishes: Sequence[Wish]) -> None:
    """Note what is to be fetched, from now on."""
    if not wishes:
        return
    names = ("id", "source", "channel_id", "message_id", "contact_id", "name")
    columns = [[getattr(wish, name) for wish in wishes] for name in names]
    await work.db.execute(
        """INSERT INTO media (workspace_id, state, created_at, run_at, id, source, channel_id,
             message_id, contact_id, name)
           SELECT $1, 'wanted', $2, $2, w.* FROM
             unnest($3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::text[]) AS w""",
        work.workspace_id,
        work.now,
        *columns,
    )


async def want_again(work: Work, media_id: str) -> bool:
    """Wish once more for what was given up: one try. False when it was not given up.

    Attempts go on counting: an old claim must never be taken for the new one.
    """
    return bool(
        await work.db.fetchval(
            """UPDATE media SET state = 'wanted', reason = '', run_at = $3, lease_until = NULL
               WHERE workspace_id = $1 AND id = $2 AND state = 'failed' AND source IS NOT NULL
               RETURNING true""",
            work.workspace_id,
            media_id,
            work.now,
        )
    )


async def claim(db: Any, now: datetime, lease_for: float, most: int) -> list[Claim]:
    """Lease up to `most` wishes that are due, of any workspace, for `lease_for` seconds."""
    rows = await db.fetch(_CLAIM, now, lease_for, most)
    return [msgspec.convert(dict(row), Claim) for row in rows]


async def next_at(db: Any) -> datetime | None:
    """When the next wish is due that nobody has leased."""
    found: datetime | None = await db.fetchval(
        """SELECT min(greatest(run_at, coalesce(lease_until, run_at))) FROM media
           WHERE state = 'wanted'"""
    )
    return found


async def kept(work: Work, claim: Claim, picture: Picture | File, digest: bytes) -> bool:
    """Record that it was fetched. False when the wish is gone, or somebody else has it."""
    return bool(
        await work.db.fetchval(
            """UPDATE media SET state = 'kept', reason = '', sha256 = $4, mime = $5, bytes = $6,
                 width = $7, height = $8, lease_until = NULL
               WHERE workspace_id = $1 AND id = $2 AND state = 'wanted' AND attempts = $3
               RETURNING true""",
            work.workspace_id,
            claim.id,
            claim.attempts,
            digest,
            picture.mime,
            len(picture.data),
            picture.width,
            picture.height,
        )
    )


async def failed(work: Work, claim: Claim, reason: str, after: float | None) -> bool:
    """Record a failure: tried again in `after` seconds, or never with None. False as in `kept`."""
    return bool(
        await work.db.fetchval(
            """UPDATE media SET state = $4, reason = $5, run_at = $6, lease_until = NULL
               WHERE workspace_id = $1 AND id = $2 AND state = 'wanted' AND attempts = $3
               RETURNING true""",
            work.workspace_id,
            claim.id,
            claim.attempts,
            "failed" if after is None else "wanted",
            reason,
            work.now + timedelta(seconds=after or 0),
        )
    )


_CLAIM = """
UPDATE media t SET lease_until = clock_timestamp() + make_interval(secs => $2),
  attempts = t.attempts + 1
FROM (SELECT m.workspace_id, m.id, w.rehearsal, c.network, c.config
      FROM media m JOIN workspace w ON w.id = m.workspace_id
        JOIN channel c ON c.workspace_id = m.workspace_id AND c.id = m.channel_id
      WHERE m.state = 'wanted' AND m.run_at <= $1
        AND (m.lease_until IS NULL OR m.lease_until < clock_timestamp())
      ORDER BY m.run_at LIMIT $3 FOR UPDATE OF m SKIP LOCKED) due
WHERE t.workspace_id = due.workspace_id AND t.id = due.id
RETURNING t.workspace_id, t.id, t.source, t.channel_id, t.message_id, t.contact_id, t.attempts,
  t.name, due.rehearsal, due.network, due.config
"""
