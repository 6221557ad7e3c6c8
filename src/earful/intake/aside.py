"""Posts that were set aside: what they are, taking one in after all, or letting it go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from earful.accounts import audit
from earful.accounts.acts import Act
from earful.intake.accept import accept
from earful.intake.channel import Channel
from earful.intake.receive import PASSING
from earful.kit.paging import from_token, to_token
from earful.kit.refusal import NotFound, Refused
from earful.kit.text import one_line, storable
from earful.networks.contract import Batch, Deletion, Post
from earful.stream.work import Actor, Work, Works

MOST = 100
EXCERPT = 280


class Aside(msgspec.Struct, frozen=True, kw_only=True):
    """A post that could not be taken in. `text` is its beginning, as far as it could be read.

    `readable` tells whether it can be taken in from what was kept; otherwise the network must be
    asked for it again. `tries` counts replays that failed.
    """

    id: str
    channel_id: str
    network: str
    handle: str
    external_id: str
    author: str
    text: str
    reason: str
    readable: bool
    tries: int
    at: datetime


class Page(msgspec.Struct, frozen=True):
    """Newest first; `next` is the token of the next page. `waiting` counts them all."""

    items: list[Aside]
    next: str | None
    waiting: int


class Replayed(msgspec.Struct, frozen=True):
    """What became of a replay: `new` is False when the post had been taken in before."""

    id: str
    new: bool
    conversation_id: str | None


async def list_aside(
    db: Any, workspace_id: str, *, limit: int = 50, after: str | None = None
) -> Page:
    """What waits for somebody to decide. Raises BadToken."""
    at, key = from_token(after, tuple[datetime, str]) if after else (None, None)
    limit = max(1, min(limit, MOST))
    rows = await db.fetch(_LIST, workspace_id, at, key, limit + 1)
    waiting = await db.fetchval(_COUNT, workspace_id)
    items = [_shown(row) for row in rows[:limit]]
    last = rows[limit - 1] if len(rows) > limit else None
    return Page(items, to_token([last["at"], last["id"]]) if last else None, waiting)


def _shown(row: Any) -> Aside:
    change = _change(row)
    names = ("id", "channel_id", "network", "handle", "external_id", "reason", "tries", "at")
    post = change if isinstance(change, Post) else None
    return Aside(
        **{name: row[name] for name in names},
        author=post.author.handle if post else "",
        text=one_line(post.text if post else str(row["payload"].get("payload", "")), EXCERPT),
        readable=change is not None,
    )


def _change(row: Any) -> Post | Deletion | None:
    """What was kept, if it is whole; a payload that no connector could read is not."""
    kept = row["payload"].get("payload") or ""
    try:
        return msgspec.json.decode(kept, type=Post | Deletion)
    except (msgspec.DecodeError, RecursionError):
        return None


async def replay(
    works: Works, workspace_id: str, aside_id: str, by: Actor, *, found: Post | None = None
) -> Replayed:
    """Take it in by the way all posts come in; a second time is harmless.

    `found` is the post as the network tells it now, where what was kept can't be read. The one
    transaction claims the row and takes the post in. Raises NotFound, Refused("unreadable") and
    Refused("still-fails") with the reason as it is now; PASSING errors of the database pass.
    """
    try:
        async with works.open(workspace_id, by) as work:
            return await _replay(work, aside_id, found)
    except (*PASSING, Refused):
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {storable(str(error), 300)}"
        async with works.open(workspace_id, by) as work:
            await work.db.execute(_FAILED, workspace_id, aside_id, reason)
        raise Refused("still-fails", f"It still can't be taken in: {reason}") from error


async def _replay(work: Work, aside_id: str, found: Post | None) -> Replayed:
    row = await _claim(work, aside_id)
    if row["discarded_at"] is not None:
        raise Refused("discarded", "It was discarded, and its text with it.")
    if row["replayed_at"] is not None:
        return Replayed(aside_id, new=False, conversation_id=await _home(work, row))
    change = found or _change(row)
    if change is None:
        raise Refused("unreadable", "What was kept of it can't be read. Ask the network for it.")
    channel = Channel(
        row["channel_id"], row["network"], row["inbox_id"], row["handle"], row["account_id"]
    )
    # The listener's cursor is past it; it must not go back.
    accepted = await accept(work, channel, Batch((change,), {}), cursor=False)
    await work.db.execute(_REPLAYED, work.workspace_id, aside_id, work.now)
    work.emit("post.replayed", {"aside": {"id": aside_id, "channel_id": row["channel_id"]}})
    home = await _home(work, row)
    await _audit(work, "post.replayed", aside_id)
    return Replayed(aside_id, new=accepted.new > 0, conversation_id=home)


async def discard(work: Work, aside_id: str, reason: str) -> None:
    """Let it go, with a reason; what was kept of it is emptied. Raises NotFound, Refused."""
    clean = one_line(storable(reason), 300)
    if not clean:
        raise Refused("empty", "Say why it is not needed.")
    row = await _claim(work, aside_id)
    if row["replayed_at"] is not None:
        raise Refused("replayed", "It was taken in meanwhile.")
    if row["discarded_at"] is None:
        await work.db.execute(_DISCARDED, work.workspace_id, aside_id, work.now, clean)
        # Without why: it may name somebody. It stays in the row; the audit log has its print.
        work.emit("post.discarded", {"aside": {"id": aside_id, "channel_id": row["channel_id"]}})
        await _audit(work, "post.discarded", aside_id, clean)


async def _audit(work: Work, act: Act, aside_id: str, *texts: str) -> None:
    line = audit.Line(
        actor_kind=work.actor.kind,
        actor_id=work.actor.id,
        act=act,
        object_kind="set_aside",
        object_id=aside_id,
        texts=texts,
    )
    await audit.append(work.db, work.workspace_id, line, now=work.now)


async def _claim(work: Work, aside_id: str) -> Any:
    row = await work.db.fetchrow(_ONE + " FOR UPDATE OF s", work.workspace_id, aside_id)
    if row is None:
        raise NotFound("post")
    return row


async def _home(work: Work, row: Any) -> str | None:
    home: str | None = await work.db.fetchval(
        _HOME, work.workspace_id, row["network"], row["external_id"]
    )
    return home


_FIELDS = """
SELECT s.id, s.channel_id, c.network, c.handle, c.inbox_id, c.external_id AS account_id,
  s.external_id, s.reason, s.payload, s.tries, s.at, s.replayed_at, s.discarded_at
FROM set_aside s JOIN channel c ON c.workspace_id = s.workspace_id AND c.id = s.channel_id
"""

_WAITS = "s.workspace_id = $1 AND s.replayed_at IS NULL AND s.discarded_at IS NULL"

_LIST = f"""{_FIELDS} WHERE {_WAITS} AND ($2::timestamptz IS NULL OR (s.at, s.id) < ($2, $3::uuid))
ORDER BY s.at DESC, s.id DESC LIMIT $4"""

_COUNT = f"SELECT count(*) FROM set_aside s WHERE {_WAITS}"  # noqa: S608 - a constant of this file

_ONE = f"{_FIELDS} WHERE s.workspace_id = $1 AND s.id = $2"

_FAILED = """
UPDATE set_aside SET reason = $3, tries = tries + 1
WHERE workspace_id = $1 AND id = $2 AND replayed_at IS NULL
"""

# Its words stand in the message now, where retention and erasure find them. The reason goes too:
# an error quotes what it stumbled over.
_REPLAYED = """
UPDATE set_aside SET replayed_at = $3, payload = '{}', reason = ''
WHERE workspace_id = $1 AND id = $2
"""

_DISCARDED = """
UPDATE set_aside SET discarded_at = $3, discard_reason = $4, payload = '{}', reason = ''
WHERE workspace_id = $1 AND id = $2
"""

_HOME = """
SELECT m.conversation_id FROM accepted a
JOIN message m ON m.workspace_id = a.workspace_id AND m.id = a.message_id
WHERE a.workspace_id = $1 AND a.network = $2 AND a.external_id = $3
"""
