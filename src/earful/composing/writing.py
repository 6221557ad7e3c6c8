"""The message of a reply, written down: its row, and the pictures that belong to it now."""

from __future__ import annotations

from typing import Any

import msgspec

from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.kit.search import indexable
from earful.networks.contract import Manifest
from earful.stream.work import SYSTEM, Work


class Picture(msgspec.Struct, frozen=True):
    """An uploaded picture and what it shows, in words; or a file."""

    id: str
    alt: str = ""


async def take_pictures(
    work: Work, pictures: list[Picture], message_id: str, manifest: Manifest
) -> list[dict[str, Any]]:
    """The signer's own uploads, which from now on belong to the message.

    One that another message has is given to this one anew: what takes that message away, or its
    person, must not take this one's picture along, nor show it to whoever sees the other.
    Raises NotFound, and Refused for a file that the network does not take.
    """
    found = []
    for picture in pictures:
        row = await work.db.fetchrow(
            """SELECT id, mime, width, height, name, bytes, message_id FROM media
               WHERE workspace_id = $1 AND id = $2 AND state = 'kept' AND source = ''
                 AND (agent_id IS NULL OR agent_id = $3)""",
            work.workspace_id,
            picture.id,
            work.actor.id,
        )
        if row is None:
            raise NotFound("picture")
        if row["name"]:
            check_file(manifest, row["name"], row["mime"], row["bytes"])
        media_id = row["id"] if row["message_id"] is None else new_id()
        args = (work.workspace_id, row["id"], message_id)
        if media_id == row["id"]:
            await work.db.execute(_GIVE, *args)
        else:
            await work.db.execute(_GIVE_ANEW, *args, media_id, work.now)
        shown = _shown(row) | {"id": media_id, "url": f"/api/v1/media/{media_id}"}
        found.append(shown | {"alt": picture.alt.strip()})
    return found


_GIVE = "UPDATE media SET message_id = $3 WHERE workspace_id = $1 AND id = $2"

_GIVE_ANEW = """
INSERT INTO media (workspace_id, id, sha256, mime, bytes, width, height, created_at, agent_id, name,
  message_id)
SELECT workspace_id, $4, sha256, mime, bytes, width, height, $5, agent_id, name, $3 FROM media
WHERE workspace_id = $1 AND id = $2
"""


def check_file(manifest: Manifest, name: str, mime: str, size: int) -> None:
    """Raise Refused for a file that can't be sent there."""
    if not manifest.files:
        raise Refused("invalid", f"{manifest.title} takes pictures only, not {name}.")
    if mime not in manifest.file_types:
        raise Refused("invalid", f"{name} is of a kind that is not sent: {mime}.")
    if size > manifest.file_bytes:
        most = manifest.file_bytes // 1_000_000
        raise Refused("too-large", f"{name} is too large: at most {most} MB each.")


def _shown(row: Any) -> dict[str, Any]:
    """What a message's row keeps of it: what is only downloaded has a name and a size."""
    shown = {key: row[key] for key in ("id", "mime", "width", "height")}
    if not row["name"]:
        return shown
    return shown | {"name": row["name"], "bytes": row["bytes"], "state": "kept"}


async def write_message(
    work: Work,
    conversation: dict[str, Any],
    message_id: str,
    *,
    text: str,
    media: list[dict[str, Any]],
    parent_id: str | None,
    channel: dict[str, Any],
    automatic: str = "",
) -> None:
    """Write our message down: the agent's whose work it is, or, with `automatic`, by nobody."""
    actor = SYSTEM if automatic else work.actor
    await work.db.execute(
        """INSERT INTO message (workspace_id, id, conversation_id, direction, visibility,
             author_kind, author_id, author_name, author_handle, text, media, network, parent_id,
             published_at, received_at, search, extra)
           VALUES ($1, $2, $3, 'outgoing', $4, $14, $5, $6, $7, $8, $9, $10, $11, $12, $12,
             to_tsvector('simple', $13), $15)""",
        work.workspace_id,
        message_id,
        conversation["id"],
        conversation["visibility"],
        actor.id,
        actor.name,
        channel["handle"],
        text,
        media,
        channel["network"],
        parent_id,
        work.now,
        indexable(text),
        "system" if automatic else "agent",
        {"spoken": automatic} if automatic else None,
    )
