"""What became of a picture, in the message or the contact that shows it."""

from __future__ import annotations

from typing import Any

from earful.conversations.messages import load_messages
from earful.stream.work import Work

_PATCH = """
UPDATE message m SET media = (
  SELECT jsonb_agg(CASE WHEN i.value->>'id' = $3 THEN i.value || $4 ELSE i.value END ORDER BY i.n)
  FROM jsonb_array_elements(m.media) WITH ORDINALITY AS i (value, n))
FROM media d
WHERE d.workspace_id = $1 AND d.id = $2 AND m.workspace_id = $1 AND m.id = d.message_id
  AND m.media <> '[]'
RETURNING m.id, m.conversation_id,
  (SELECT c.inbox_id FROM conversation c
   WHERE c.workspace_id = $1 AND c.id = m.conversation_id) AS inbox_id
"""


_OUTDATED = """
DELETE FROM media d WHERE d.workspace_id = $1 AND d.contact_id = $2 AND d.state <> 'wanted'
  AND NOT EXISTS (SELECT 1 FROM contact_handle h
    WHERE h.workspace_id = $1 AND h.contact_id = $2 AND h.avatar_id = d.id)
RETURNING d.sha256
"""


def avatar_url(media_id: str) -> str:
    """Where an avatar is served."""
    return f"/api/v1/media/{media_id}"


async def tell_avatar(work: Work, media_id: str, contact_id: str | None) -> list[bytes]:
    """Tell the stream of a contact's new avatar. Returns the digests of those it replaces."""
    if contact_id is None:
        return []
    gone = await work.db.fetch(_OUTDATED, work.workspace_id, contact_id)
    told = {"id": contact_id, "avatar": avatar_url(media_id)}
    work.emit("contact.pictured", {"contact": told})
    return [row["sha256"] for row in gone if row["sha256"]]


async def tell_picture(work: Work, media_id: str, news: dict[str, Any]) -> None:
    """Merge `news` into the picture where it is shown, and tell the stream of it."""
    row = await work.db.fetchrow(_PATCH, work.workspace_id, media_id, media_id, news)
    if row is not None:
        messages = await load_messages(work.db, work.workspace_id, [row["id"]])
        work.emit(
            "picture.changed",
            {"messages": messages},
            conversation_id=row["conversation_id"],
            inbox_id=row["inbox_id"],
        )
