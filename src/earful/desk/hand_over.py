"""Which team looks after a conversation."""

from __future__ import annotations

from earful.accounts.sight import works_in
from earful.conversations.cards import Card
from earful.conversations.rows import lock
from earful.desk.common import change, finish
from earful.kit.refusal import NotFound, Refused
from earful.stream.work import Work


async def hand_over(work: Work, conversation_id: str, team_id: str | None) -> Card:
    """Give the conversation to a team, or to none. Whoever had it keeps it only as one of them."""
    row = await lock(work, conversation_id)
    who = work.actor.name
    words = f"{who} took it from its team"
    assignee_id = row["assignee_id"]
    if team_id is not None:
        name, members = await _team(work, team_id, row["inbox_id"])
        words = f"{who} handed it to {name}"
        assignee_id = assignee_id if assignee_id in members else None
    await change(work, conversation_id, team_id=team_id, assignee_id=assignee_id)
    return await finish(work, conversation_id, "conversation.handed_over", activity=words)


async def _team(work: Work, team_id: str, inbox_id: str) -> tuple[str, list[str]]:
    """The team's name and members, one of whom at least would see the conversation."""
    row = await work.db.fetchrow(_TEAM, work.workspace_id, team_id, inbox_id)
    if row is None:
        raise NotFound("team")
    if not row["sees"]:
        words = f"Nobody of {row['name']} works in this inbox: nobody would see it."
        raise Refused("invalid", words)
    return row["name"], list(row["members"])


_TEAM = f"""
SELECT t.name,
  array(SELECT m.agent_id FROM team_member m
    WHERE m.workspace_id = $1 AND m.team_id = t.id) AS members,
  EXISTS (SELECT 1 FROM team_member m
    JOIN agent a ON a.workspace_id = m.workspace_id AND a.id = m.agent_id
    WHERE m.workspace_id = $1 AND m.team_id = t.id AND a.disabled_at IS NULL
      AND a.role <> 'viewer'
      AND (a.role IN ('owner', 'lead') OR {works_in("$1", "$3", "a.id")})) AS sees
FROM team t WHERE t.workspace_id = $1 AND t.id = $2 AND t.deleted_at IS NULL
"""  # noqa: S608 - names from code
