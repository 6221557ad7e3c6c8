"""What rules may ask of posts, read for many at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from earful.automation.matching import Facts
from earful.stream.work import Work


async def facts_of(work: Work, ids: Iterable[str]) -> dict[str, Facts]:
    """Facts by message, of customers' posts that still stand somewhere; as they are now."""
    rows = await work.db.fetch(_FACTS, work.workspace_id, sorted(set(ids)))
    return {row["message_id"]: _facts(row) for row in rows}


async def newest_posts(work: Work, conversation_ids: Iterable[str]) -> dict[str, str]:
    """By conversation, the newest post of a customer that nobody has answered."""
    rows = await work.db.fetch(_NEWEST, work.workspace_id, sorted(set(conversation_ids)))
    return {row["conversation_id"]: row["id"] for row in rows}


async def lately(work: Work, since: datetime, most: int) -> list[tuple[datetime, str]]:
    """When the newest posts of customers came in, and their ids; the newest first."""
    rows = await work.db.fetch(_LATELY, work.workspace_id, since, most)
    return [(row["received_at"], row["id"]) for row in rows]


def _facts(row: Any) -> Facts:
    return Facts(**{name: row[name] for name in Facts.__struct_fields__})


# A clock that ran out is one that was, or is still not, stopped later than it was due.
_FACTS = """
SELECT m.id AS message_id, m.conversation_id, m.text, m.language, m.author_handle AS author,
  m.received_at <= c.opened_at AND NOT EXISTS (SELECT FROM message o
    WHERE o.workspace_id = $1 AND o.conversation_id = c.id AND o.received_at = m.received_at
      AND o.direction = 'incoming' AND o.id < m.id) AS opened,
  c.network, c.channel_id, c.inbox_id, c.visibility,
  c.severity, c.assignee_id, c.team_id, c.tags,
  array(SELECT t.tag FROM contact_tag t
    WHERE t.workspace_id = $1 AND t.contact_id = m.author_id) AS person_tags,
  EXISTS (SELECT FROM clock k WHERE k.workspace_id = $1 AND k.conversation_id = c.id
    AND k.met_at IS NOT NULL AND k.met_at > k.due_at)
  OR EXISTS (SELECT FROM clock k WHERE k.workspace_id = $1 AND k.conversation_id = c.id
    AND k.stopped_at IS NULL AND k.breached_at IS NOT NULL) AS late,
  (SELECT max(h.followers) FROM contact_handle h WHERE h.workspace_id = $1
    AND h.contact_id = m.author_id AND h.network = c.network) AS followers,
  j.message_id IS NOT NULL AS judged, coalesce(j.kind, '') AS kind,
  coalesce(j.sentiment, 0) AS sentiment, coalesce(j.urgency, '') AS urgency,
  coalesce(j.needs_reply, false) AS needs_reply, coalesce(j.shaming, '') <> '' AS shaming,
  coalesce(j.sensitive, '') <> '' AS sensitive, coalesce(j.prior ? 'words', false) AS asked_before
FROM message m
LEFT JOIN judgement j ON j.workspace_id = $1 AND j.message_id = m.id
JOIN conversation c ON c.workspace_id = $1 AND c.id = m.conversation_id
WHERE m.workspace_id = $1 AND m.id = ANY($2::uuid[]) AND m.direction = 'incoming'
  AND m.disposition IS DISTINCT FROM 'context' AND c.merged_into IS NULL
"""

_NEWEST = """
SELECT i.id AS conversation_id, n.id FROM unnest($2::uuid[]) AS i (id)
CROSS JOIN LATERAL (
  SELECT m.id FROM message m WHERE m.workspace_id = $1 AND m.conversation_id = i.id
    AND m.direction = 'incoming' AND m.disposition IS NULL
  ORDER BY m.published_at DESC, m.id DESC LIMIT 1) AS n
"""

_LATELY = """
SELECT m.received_at, m.id FROM message m
WHERE m.workspace_id = $1 AND m.received_at >= $2 AND m.direction = 'incoming'
  AND m.disposition IS DISTINCT FROM 'context'
ORDER BY m.received_at DESC, m.id DESC LIMIT $3
"""
