"""Which inboxes an agent may see: all for owners and leads, else the open ones and her own.

An inbox that is given to no agent and no team is open. Her own are those given to her, or to a team
that she belongs to.
"""

from __future__ import annotations

from typing import Any

from earful.stream.screen import Inboxes


def works_in(workspace: str, inbox: str, agent: str) -> str:
    """SQL: whether an agent who is neither owner nor lead may see the inbox.

    The arguments are SQL as well: columns or parameters, never input.
    """
    one = f"workspace_id = {workspace} AND g.inbox_id = {inbox}"
    return f"""(
  NOT EXISTS (SELECT 1 FROM inbox_member g WHERE g.{one})
    AND NOT EXISTS (SELECT 1 FROM inbox_team g WHERE g.{one})
  OR EXISTS (SELECT 1 FROM inbox_member g WHERE g.{one} AND g.agent_id = {agent})
  OR EXISTS (SELECT 1 FROM inbox_team g JOIN team_member t
    ON t.workspace_id = g.workspace_id AND t.team_id = g.team_id
    WHERE g.{one} AND t.agent_id = {agent}))"""  # noqa: S608 - names from code


# For a query that calls the agent's row `a`. NULL means all.
SEEN = f"""CASE WHEN a.role IN ('owner', 'lead') OR NOT EXISTS (
    SELECT 1 FROM inbox_member g WHERE g.workspace_id = a.workspace_id)
  AND NOT EXISTS (SELECT 1 FROM inbox_team g WHERE g.workspace_id = a.workspace_id) THEN NULL
ELSE array(
  SELECT i.id FROM inbox i WHERE i.workspace_id = a.workspace_id AND i.deleted_at IS NULL
    AND {works_in("a.workspace_id", "i.id", "a.id")}) END AS seen"""  # noqa: S608 - a constant


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
