"""Talks: what visitors write, who may read it (whoever has the link), and what is public."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from earful.accounts.tokens import digest, is_token
from earful.kit.ids import new_id
from earful.portal.bell import RING
from earful.portal.numbers import next_seq
from earful.portal.places import Place

ON_A_PAGE = 50


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One message as a page shows it."""

    id: str
    own: bool
    text: str
    at: datetime
    media: list[str]
    gone_at: datetime | None = None


class Talk(msgspec.Struct, frozen=True, kw_only=True):
    """A visitor's talk, with its messages in order."""

    id: str
    public: bool
    name: str
    email: str
    answered_at: datetime | None
    lines: list[Line]


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What a visitor sent: a new talk, or more of `thread_id`. `key` is the form's; letters about
    the talk are in its `language`."""

    key: str
    text: str
    media: Sequence[str] = ()
    thread_id: str | None = None
    token: str = ""
    public: bool = False
    name: str = ""
    email: str = ""
    invitation: str = ""
    language: str = ""


async def keep(db: Any, place: Place, said: Written, now: datetime) -> bool:
    """Keep what a visitor sent, once for each key. Returns whether it is new."""
    seq = await next_seq(db, place.workspace_id, place.channel_id)
    if await db.fetchval(_KNOWN, place.workspace_id, place.channel_id, said.key):
        return False
    thread_id = said.thread_id or await _open(db, place, said, now)
    await db.execute(
        _KEEP,
        place.workspace_id,
        new_id(),
        place.channel_id,
        thread_id,
        seq,
        said.key,
        said.text,
        list(said.media),
        now,
        said.invitation,
    )
    await db.execute(_TOUCH, place.workspace_id, thread_id, now)
    await db.execute("SELECT pg_notify($1, $2)", RING, thread_id)
    return True


async def is_known(db: Any, place: Place, key: str) -> bool:
    """Whether a form of that key was kept."""
    return bool(await db.fetchval(_KNOWN, place.workspace_id, place.channel_id, key))


async def _open(db: Any, place: Place, said: Written, now: datetime) -> str:
    thread_id = new_id()
    await db.execute(
        _OPEN,
        place.workspace_id,
        thread_id,
        place.channel_id,
        said.public,
        said.name,
        said.email,
        now,
        said.language,
    )
    await link(db, place.workspace_id, thread_id, said.token, now)
    return thread_id


async def link(db: Any, workspace_id: str, thread_id: str, token: str, now: datetime) -> None:
    """Let in whoever has `token`, besides those who have another."""
    await db.execute(
        """INSERT INTO portal_link (sha256, workspace_id, thread_id, created_at)
           VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING""",
        digest(token),
        workspace_id,
        thread_id,
        now,
    )


async def thread_of(db: Any, place: Place, token: str) -> str | None:
    """The talk that a link leads to."""
    if not is_token(token):
        return None
    found: str | None = await db.fetchval(
        """SELECT t.id FROM portal_link l JOIN portal_thread t
             ON t.workspace_id = l.workspace_id AND t.id = l.thread_id
           WHERE l.sha256 = $1 AND t.workspace_id = $2 AND t.channel_id = $3""",
        digest(token),
        place.workspace_id,
        place.channel_id,
    )
    return found


async def read(db: Any, place: Place, thread_id: str) -> Talk | None:
    """A talk and all of its messages."""
    row = await db.fetchrow(
        "SELECT * FROM portal_thread WHERE workspace_id = $1 AND id = $2",
        place.workspace_id,
        thread_id,
    )
    if row is None:
        return None
    lines = await db.fetch(
        """SELECT id, own, text, at, media::text[] AS media, gone_at FROM portal_message
           WHERE workspace_id = $1 AND thread_id = $2 ORDER BY seq""",
        place.workspace_id,
        thread_id,
    )
    return _talk(row, lines)


async def take_back(
    db: Any, place: Place, thread_id: str, message_id: str, now: datetime
) -> list[bytes]:
    """Her own message loses its text and pictures; that it was there stays, as on a network.

    Returns the digests of the pictures. Nothing happens to what is not hers, or is gone.
    """
    seq = await next_seq(db, place.workspace_id, place.channel_id)
    key = (place.workspace_id, place.channel_id, thread_id, message_id)
    media = await db.fetchval(_TAKEN, *key)
    if media is None:
        return []
    rows = await db.fetch(_PICTURES_GONE, place.workspace_id, media)
    await db.execute(_TAKE_BACK, *key, now, seq)
    await db.execute("SELECT pg_notify($1, $2)", RING, thread_id)
    return [row["sha256"] for row in rows if row["sha256"]]


async def seen(db: Any, place: Place, thread_id: str, now: datetime) -> None:
    """She looks at it now: no letter is needed."""
    await db.execute(
        """UPDATE portal_thread SET seen_at = $3, notice_at = NULL
           WHERE workspace_id = $1 AND id = $2""",
        place.workspace_id,
        thread_id,
        now,
    )


async def by_mail(db: Any, place: Place, thread_id: str, email: str) -> None:
    """Tell her of answers by mail to `email` from now on; to nobody with an empty one."""
    await db.execute(
        """UPDATE portal_thread SET email = $3, notice_at = NULL
           WHERE workspace_id = $1 AND id = $2""",
        place.workspace_id,
        thread_id,
        email,
    )


async def of_email(db: Any, place: Place, email: str) -> list[str]:
    """The latest talks of an address, by id."""
    rows = await db.fetch(
        """SELECT id FROM portal_thread WHERE workspace_id = $1 AND channel_id = $2 AND email = $3
           ORDER BY last_at DESC LIMIT 5""",
        place.workspace_id,
        place.channel_id,
        email,
    )
    return [row["id"] for row in rows]


async def given_email(db: Any, workspace_id: str, contact_id: str) -> str:
    """The address that a visitor gave last, empty for none. That it is hers is not proved."""
    found: str | None = await db.fetchval(_GIVEN, workspace_id, contact_id)
    return found or ""


async def notices(db: Any, place: Place) -> list[Line]:
    """What the brand tells everybody, the newest first."""
    rows = await db.fetch(
        """SELECT id, own, text, at, media::text[] AS media FROM portal_message
           WHERE workspace_id = $1 AND channel_id = $2 AND thread_id IS NULL
             AND hidden_at IS NULL ORDER BY seq DESC LIMIT 3""",
        place.workspace_id,
        place.channel_id,
    )
    return [msgspec.convert(dict(row), Line) for row in rows]


async def public(db: Any, place: Place, before: datetime) -> list[Talk]:
    """Public talks that were answered, the newest first; nothing is on show before an answer."""
    rows = await db.fetch(
        """SELECT * FROM portal_thread WHERE workspace_id = $1 AND channel_id = $2 AND public
             AND answered_at IS NOT NULL AND last_at < $3 AND hidden_at IS NULL
           ORDER BY last_at DESC LIMIT $4""",
        place.workspace_id,
        place.channel_id,
        before,
        ON_A_PAGE,
    )
    lines = await db.fetch(
        """SELECT thread_id, id, own, text, at, media::text[] AS media, gone_at
           FROM portal_message
           WHERE workspace_id = $1 AND thread_id = ANY($2::uuid[]) AND hidden_at IS NULL
           ORDER BY seq""",
        place.workspace_id,
        [row["id"] for row in rows],
    )
    return [_talk(row, [one for one in lines if one["thread_id"] == row["id"]]) for row in rows]


async def may_see(db: Any, place: Place, media_id: str, thread_id: str | None) -> Any:
    """A picture's row: of a talk, or with None of what is public. None where it is neither."""
    return await db.fetchrow(_PICTURE, place.workspace_id, place.channel_id, media_id, thread_id)


def _talk(row: Any, lines: Any) -> Talk:
    return Talk(
        id=row["id"],
        public=row["public"],
        name=row["name"],
        email=row["email"],
        answered_at=row["answered_at"],
        lines=[Line(**{name: one[name] for name in Line.__struct_fields__}) for one in lines],
    )


_GIVEN = """
SELECT t.email FROM contact_handle h
JOIN portal_thread t ON t.workspace_id = h.workspace_id AND t.id = h.external_id::uuid
WHERE h.workspace_id = $1 AND h.contact_id = $2 AND h.network = 'portal' AND t.email <> ''
ORDER BY t.last_at DESC LIMIT 1
"""

_KNOWN = """
SELECT true FROM portal_message WHERE workspace_id = $1 AND channel_id = $2 AND key = $3
"""

_OPEN = """
INSERT INTO portal_thread
  (workspace_id, id, channel_id, public, name, email, created_at, last_at, seen_at, language)
VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7, $8)
"""

_KEEP = """
INSERT INTO portal_message
  (workspace_id, id, channel_id, thread_id, seq, own, key, before_id, text, media, at,
    invitation)
VALUES ($1, $2, $3, $4, $5, false, $6, (SELECT id FROM portal_message
  WHERE workspace_id = $1 AND thread_id = $4 ORDER BY seq DESC LIMIT 1), $7, $8::uuid[], $9, $10)
"""

_TAKEN = """
SELECT media FROM portal_message WHERE workspace_id = $1 AND channel_id = $2 AND thread_id = $3
  AND id = $4 AND NOT own AND gone_at IS NULL FOR UPDATE
"""

_PICTURES_GONE = """
DELETE FROM media WHERE workspace_id = $1 AND id = ANY($2::uuid[]) RETURNING sha256
"""

_TAKE_BACK = """
UPDATE portal_message SET text = '', media = '{}', gone_at = $5, gone_seq = $6
WHERE workspace_id = $1 AND channel_id = $2 AND thread_id = $3 AND id = $4
"""

_TOUCH = "UPDATE portal_thread SET last_at = $3 WHERE workspace_id = $1 AND id = $2"

_PICTURE = """
SELECT d.sha256, d.mime FROM portal_message m
JOIN portal_thread t ON t.workspace_id = m.workspace_id AND t.id = m.thread_id
JOIN media d ON d.workspace_id = m.workspace_id AND d.id = $3::uuid AND d.state = 'kept'
WHERE m.workspace_id = $1 AND m.channel_id = $2 AND $3::uuid = ANY(m.media)
  AND (m.thread_id = $4 OR ($4::uuid IS NULL AND t.public AND t.answered_at IS NOT NULL
    AND t.hidden_at IS NULL AND m.hidden_at IS NULL))
LIMIT 1
"""
