"""The port by which the portal's connector reads and writes the portal's rows."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg

from earful.kit.clock import Clock
from earful.kit.ids import is_id, new_id
from earful.media.files import MediaStore
from earful.networks.contract import Draft, Rejected, RetryLater, Said, Uncertain, Visibility
from earful.portal.bell import RING
from earful.portal.numbers import next_seq
from earful.store.errors import Unreachable
from earful.store.pool import Database

NOTICE_AFTER = timedelta(seconds=60)
"""How long somebody who may be looking has to see an answer before she is told by mail."""
_AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, Unreachable, OSError)


class PortalBoard:
    """Keeps `Board` of the contract for one channel."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        media: MediaStore | None,
        key: tuple[str, str],
        base_url: str,
    ) -> None:
        self._database, self._clock, self._media = database, clock, media
        self._key, self._base_url = key, base_url.rstrip("/")

    async def since(self, seq: int, most: int) -> list[Said]:
        """What visitors wrote after `seq`."""
        async with self._reading() as db:
            rows = await db.fetch(_SINCE, *self._key, seq, most)
        return [self._said(row) for row in rows]

    async def publish(self, draft: Draft, key: str) -> str:
        """Put a message up, in one transaction with the mark that it was answered."""
        begun = False
        try:
            async with self._database.transaction() as db:
                begun = True
                return await self._publish(db, draft, key)
        except _AWAY as error:
            words = f"the portal's rows can't be written ({type(error).__name__})"
            if begun:
                raise Uncertain(words) from error
            raise RetryLater(words) from error

    async def _publish(self, db: Any, draft: Draft, key: str) -> str:
        thread_id = str(draft.reply_to.ref.get("thread", "")) if draft.reply_to else None
        seq = await next_seq(db, *self._key)
        if (found := await db.fetchval(_FIND, *self._key, key)) is not None:
            return str(found)
        if thread_id is not None:
            await _check(db, self._key, thread_id, draft)
        message_id, now = new_id(), self._clock()
        media = [await self._upload(db, one.data) for one in draft.uploads]
        await db.execute(
            _PUBLISH, *self._key, message_id, thread_id, seq, key, draft.text, media, now
        )
        if thread_id is not None:
            await db.execute(_ANSWERED, self._key[0], thread_id, now, now + NOTICE_AFTER)
            await db.execute("SELECT pg_notify($1, $2)", RING, thread_id)
        return message_id

    async def _upload(self, db: Any, data: bytes) -> str:
        """The row of a picture that the reply carries: it is kept already, by its content."""
        found = await db.fetchval(
            """SELECT id FROM media WHERE workspace_id = $1 AND sha256 = $2 AND state = 'kept'
               ORDER BY created_at DESC LIMIT 1""",
            self._key[0],
            hashlib.sha256(data).digest(),
        )
        if found is None:
            raise Rejected("A picture of this reply is gone.")
        return str(found)

    async def find(self, key: str) -> str | None:
        """The id of what was put up under that key."""
        async with self._reading() as db:
            found = await db.fetchval(_FIND, *self._key, key)
        return None if found is None else str(found)

    async def picture(self, name: str) -> bytes | None:
        """A picture that a visitor sent."""
        if self._media is None or not is_id(name):
            return None
        async with self._reading() as db:
            digest = await db.fetchval(_PICTURE, *self._key, name)
        if digest is None:
            return None
        try:
            return self._media.read(digest)
        except FileNotFoundError:
            return None

    async def hide(self, message_id: str, *, hidden: bool) -> None:
        """Take a message off the public page; with a talk's first one, the whole talk."""
        if not is_id(message_id):
            return
        at = self._clock() if hidden else None
        async with self._reading() as db:
            await db.execute(_HIDE, *self._key, message_id, at)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[Any]:
        try:
            async with self._database.acquire() as db:
                yield db
        except _AWAY as error:
            raise RetryLater("the portal's rows can't be read") from error

    def _said(self, row: Any) -> Said:
        path = f"/portal/{row['slug']}/public"
        return Said(
            id=row["id"],
            seq=row["seq"],
            thread=row["thread_id"],
            person=row["thread_id"],
            name=row["name"],
            text=row["text"],
            at=row["at"],
            public=row["public"],
            uri=f"{self._base_url}{path}#m-{row['id']}" if row["public"] and self._base_url else "",
            before=row["before_id"],
            pictures=tuple(row["media"]),
            invitation=row["invitation"],
            gone_at=row["gone_at"],
        )


async def _check(db: Any, key: tuple[str, str], thread_id: str, draft: Draft) -> None:
    """Raise Rejected for a talk that is gone, or that others read than the draft is for."""
    public = None
    if is_id(thread_id):
        public = await db.fetchval(
            """SELECT public FROM portal_thread
               WHERE workspace_id = $1 AND channel_id = $2 AND id = $3 FOR UPDATE""",
            *key,
            thread_id,
        )
    if public is None:
        raise Rejected("This talk is no longer on the portal: its visitor was erased.")
    if public and draft.visibility is not Visibility.PUBLIC:
        raise Rejected("This talk is public on the portal: nothing private can be said in it.")


_SINCE = """
SELECT m.id, m.told AS seq, m.thread_id, m.text, m.invitation, m.at, m.before_id,
  m.media::text[] AS media, CASE WHEN m.told = m.gone_seq THEN m.gone_at END AS gone_at,
  t.name, t.public, c.external_id AS slug
FROM (
  (SELECT w.*, w.seq AS told FROM portal_message w
   WHERE w.workspace_id = $1 AND w.channel_id = $2 AND w.seq > $3 AND NOT w.own
   ORDER BY w.seq LIMIT $4)
  UNION ALL
  (SELECT w.*, w.gone_seq AS told FROM portal_message w
   WHERE w.workspace_id = $1 AND w.channel_id = $2 AND w.gone_seq > $3
   ORDER BY w.gone_seq LIMIT $4)) AS m
JOIN portal_thread t ON t.workspace_id = m.workspace_id AND t.id = m.thread_id
JOIN channel c ON c.workspace_id = m.workspace_id AND c.id = m.channel_id
ORDER BY m.told LIMIT $4
"""

_FIND = """
SELECT id FROM portal_message WHERE workspace_id = $1 AND channel_id = $2 AND key = $3 AND own
"""

_PUBLISH = """
INSERT INTO portal_message
  (workspace_id, id, channel_id, thread_id, seq, own, key, before_id, text, media, at)
VALUES ($1, $3, $2, $4::uuid, $5, true, $6, (SELECT id FROM portal_message
  WHERE workspace_id = $1 AND thread_id = $4::uuid ORDER BY seq DESC LIMIT 1), $7, $8::uuid[], $9)
"""

_ANSWERED = """
UPDATE portal_thread SET last_at = $3, answered_at = $3,
  notice_at = CASE WHEN email <> '' THEN coalesce(notice_at, $4) END
WHERE workspace_id = $1 AND id = $2
"""

_PICTURE = """
SELECT d.sha256 FROM media d WHERE d.workspace_id = $1 AND d.id = $3::uuid AND d.state = 'kept'
  AND EXISTS (SELECT 1 FROM portal_message m WHERE m.workspace_id = $1 AND m.channel_id = $2
    AND $3::uuid = ANY(m.media))
"""

_HIDE = """
WITH one AS (
  UPDATE portal_message SET hidden_at = $4 WHERE workspace_id = $1 AND channel_id = $2
    AND id = $3::uuid RETURNING thread_id, before_id)
UPDATE portal_thread t SET hidden_at = $4 FROM one
WHERE t.workspace_id = $1 AND t.id = one.thread_id AND one.before_id IS NULL
"""
