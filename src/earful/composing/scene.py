"""What a reply stands on: the channel, the post that is answered, what its author waits for."""

from __future__ import annotations

from typing import Any

from earful.composing.aside import who_was_written_to
from earful.kit.refusal import NotFound, Refused
from earful.networks.contract import Visibility
from earful.stream.work import Work


async def scene_of(
    work: Work, conversation: dict[str, Any], in_reply_to: str | None, visibility: str
) -> Any:
    """The channel, the post that is answered (the newest that waits, if none is named), and what
    else that person waits for: all in one read, on the locked conversation."""
    return await work.db.fetchrow(
        _SCENE,
        work.workspace_id,
        conversation["channel_id"],
        conversation["id"],
        in_reply_to,
        visibility != Visibility.PUBLIC,
    )


# Only for a private message the network's id of its reader is looked up.
_SCENE = """
SELECT k.id AS channel_id, k.network, k.handle, k.state, k.state_reason, k.limits,
  t.id, t.author_id, t.author_handle, t.external_id, t.ref, t.deleted_at, t.barred, t.unasked,
  CASE WHEN t.unasked THEN EXISTS (SELECT FROM message o WHERE o.workspace_id = $1
    AND o.conversation_id = $3 AND o.direction = 'outgoing' AND NOT EXISTS (
      SELECT FROM delivery d WHERE d.workspace_id = $1 AND d.message_id = o.id
        AND d.state = 'undone')) END AS written_to,
  CASE WHEN $5 THEN (SELECT h.external_id FROM contact_handle h
    WHERE h.workspace_id = $1 AND h.contact_id = t.author_id AND h.network = k.network
    ORDER BY (h.handle = t.author_handle) DESC, h.external_id LIMIT 1) END AS reader,
  array(SELECT w.id FROM message w WHERE w.workspace_id = $1 AND w.conversation_id = $3
    AND w.direction = 'incoming' AND w.disposition IS NULL
    AND w.author_id IS NOT DISTINCT FROM t.author_id) AS covers
FROM (SELECT 1) AS always
LEFT JOIN channel k ON k.workspace_id = $1 AND k.id = $2
LEFT JOIN LATERAL (
  SELECT id, author_id, author_handle, external_id, ref, deleted_at, extra->>'barred' AS barred,
    coalesce(extra ? 'unasked', false) AS unasked
  FROM message
  WHERE workspace_id = $1 AND conversation_id = $3
    AND external_id IS NOT NULL AND ($4::uuid IS NULL OR id = $4)
    AND ($4::uuid IS NOT NULL OR (direction = 'incoming' AND deleted_at IS NULL))
  ORDER BY (disposition IS NULL) DESC, published_at DESC LIMIT 1) AS t ON true
"""


def channel_of(scene: Any) -> dict[str, Any]:
    if scene["state"] in (None, "off"):
        raise Refused("held", "The channel of this conversation was disconnected.")
    return {
        "id": scene["channel_id"],
        **{name: scene[name] for name in ("network", "handle", "state", "state_reason", "limits")},
    }


def why_held(channel: dict[str, Any]) -> str:
    """Why nothing leaves by this channel now; empty when it does."""
    if channel["state"] == "active":
        return ""
    return f"Not sent: the channel is held. {channel['state_reason']}".strip()


async def target_of(
    work: Work, conversation: dict[str, Any], scene: Any, visibility: str
) -> dict[str, Any]:
    """What is answered, as the draft says it, with the `id` of our message."""
    private = conversation["visibility"] != Visibility.PUBLIC
    if scene["id"] is None and private:
        # We wrote first, and go on before they answered.
        return await who_was_written_to(work, conversation["id"])
    if scene["id"] is None:
        raise NotFound("post to answer")
    if scene["deleted_at"]:
        raise Refused("gone", "The post you answer was deleted. Answer another, or resolve.")
    if scene["unasked"]:
        _check_unasked(scene, visibility)
    if scene["barred"] and visibility == Visibility.PUBLIC:
        raise Refused("barred", scene["barred"])
    return {
        "id": scene["id"],
        "author_id": scene["author_id"],
        "to": {
            "external_id": scene["external_id"],
            "handle": scene["author_handle"],
            "ref": scene["ref"] or {},
        }
        | ({"author_id": scene["reader"] or ""} if visibility != Visibility.PUBLIC else {})
        | ({"private": True} if private else {}),
    }


def _check_unasked(scene: Any, visibility: str) -> None:
    """Who did not write to us hears from us once, in public, until they answer."""
    if visibility != Visibility.PUBLIC:
        raise Refused("unasked", "They did not write to you: nothing private is sent to them.")
    if scene["written_to"]:
        raise Refused("unasked", "They have not answered yet: nobody is written to twice.")
