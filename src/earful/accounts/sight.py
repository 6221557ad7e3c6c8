"""Which inboxes an agent may see: all for owners and leads, else the open ones and her own."""

from __future__ import annotations

from typing import Any

from earful.stream.screen import Inboxes

# For a query that calls the agent's row `a`. NULL means all.
SEEN = """CASE WHEN a.role IN ('owner', 'lead') OR NOT EXISTS (
  SELECT 1 FROM inbox_member m WHERE m.workspace_id = a.workspace_id) THEN NULL
ELSE array(
  SELECT i.id FROM inbox i WHERE i.workspace_id = a.workspace_id AND i.deleted_at IS NULL AND (
    NOT EXISTS (SELECT 1 FROM inbox_member m WHERE m.workspace_id = a.workspace_id
                AND m.inbox_id = i.id)
    OR EXISTS (SELECT 1 FROM inbox_member m WHERE m.workspace_id = a.workspace_id
               AND m.inbox_id = i.id AND m.agent_id = a.id))) END AS seen"""


def sight_of(row: Any) -> Inboxes:
    """What a row with SEEN says."""
    return None if row["seen"] is None else frozenset(row["seen"])


async def load_inboxes(db: Any, workspace_id: str, agent_id: str) -> Inboxes:
    """The inboxes an agent may see, None for all; none for one who is disabled or unknown."""
    row = await db.fetchrow(_OF_AGENT, workspace_id, agent_id)
    return frozenset() if row is None else sight_of(row)


_OF_AGENT = f"""
SELECT {SEEN} FROM agent a WHERE a.workspace_id = $1 AND a.id = $2 AND a.disabled_at IS NULL
"""  # noqa: S608 - a constant
