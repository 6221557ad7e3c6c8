"""What happened in a conversation since the agent's screen last showed it."""

from __future__ import annotations

from earful.stream.work import Work

_WORDS = {
    "reply.queued": "{who} answered {ago}.",
    "message.edited": "The customer edited a post {ago}.",
    "message.deleted": "The customer deleted a post {ago}.",
    "conversation.resolved": "{who} resolved the conversation {ago}.",
    "conversation.merged": "The conversation was merged into another {ago}.",
    "conversation.joined": "{who} merged another conversation into this {ago}.",
}


async def changes_since(work: Work, conversation_id: str, seen_version: int) -> list[str]:
    """Sentences on what a person should know before sending; empty when nothing matters."""
    rows = await work.db.fetch(
        """SELECT kind, actor, at FROM event
           WHERE workspace_id = $1 AND conversation_id = $2 AND kind = ANY($3::text[])
             AND (data->'card'->>'version')::int > $4
           ORDER BY seq""",
        work.workspace_id,
        conversation_id,
        list(_WORDS),
        seen_version,
    )
    found = []
    for row in rows:
        actor = row["actor"]
        if actor.get("kind") == "agent" and actor.get("id") == work.actor.id:
            continue
        seconds = max(0, int((work.now - row["at"]).total_seconds()))
        ago = f"{seconds} s ago" if seconds < 90 else f"{seconds // 60} min ago"
        found.append(_WORDS[row["kind"]].format(who=actor.get("name") or "Somebody", ago=ago))
    return found
