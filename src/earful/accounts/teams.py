"""Teams: who belongs to which. What an inbox or a conversation is given to stands elsewhere."""

from __future__ import annotations

from typing import Any

import msgspec

from earful.accounts.bounds import refuse_beyond
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.stream.work import Work


class Team(msgspec.Struct, frozen=True):
    """A team, in the API's shape."""

    id: str
    name: str
    agent_ids: list[str]


async def list_teams(db: Any, workspace_id: str) -> list[Team]:
    """All teams of the workspace, by name."""
    rows = await db.fetch(_LIST, workspace_id)
    return [Team(row["id"], row["name"], list(row["agent_ids"])) for row in rows]


async def get_team(db: Any, workspace_id: str, team_id: str) -> Team:
    """One team. Raises NotFound."""
    found = [team for team in await list_teams(db, workspace_id) if team.id == team_id]
    if not found:
        raise NotFound("team")
    return found[0]


async def add_team(work: Work, name: str, agent_ids: list[str]) -> Team:
    """A new team. `name` is clean already; ids of nobody here are left out."""
    team_id = new_id()
    await work.db.execute(_ADD, work.workspace_id, team_id, name, work.now)
    await refuse_beyond(work.db, work.workspace_id, "team")
    await _keep_members(work, team_id, agent_ids)
    return await get_team(work.db, work.workspace_id, team_id)


async def change_team(
    work: Work, team_id: str, *, name: str | None = None, agent_ids: list[str] | None = None
) -> Team:
    """Change what is given. Raises NotFound."""
    if not await work.db.fetchval(_RENAME, work.workspace_id, team_id, name):
        raise NotFound("team")
    if agent_ids is not None:
        await work.db.execute(_DISMISS, work.workspace_id, team_id)
        await _keep_members(work, team_id, agent_ids)
    return await get_team(work.db, work.workspace_id, team_id)


async def remove_team(work: Work, team_id: str) -> None:
    """Remove a team that nothing is given to any more. Raises NotFound, Refused("in-use").

    To take an inbox from its last team would open it to everybody: that is never a side effect.
    """
    if not await work.db.fetchval(_RENAME, work.workspace_id, team_id, None):
        raise NotFound("team")
    if await work.db.fetchval(_USED, work.workspace_id, team_id):
        words = "Take its inboxes from it, and give its open conversations to somebody else first."
        raise Refused("in-use", words)
    await work.db.execute(_DISMISS, work.workspace_id, team_id)
    await work.db.execute(_REMOVE, work.workspace_id, team_id, work.now)


async def _keep_members(work: Work, team_id: str, agent_ids: list[str]) -> None:
    await work.db.execute(_MEMBERS, work.workspace_id, team_id, agent_ids)


_LIST = """
SELECT t.id::text, t.name, array(
  SELECT m.agent_id::text FROM team_member m WHERE m.workspace_id = $1 AND m.team_id = t.id
  ORDER BY m.agent_id) AS agent_ids
FROM team t WHERE t.workspace_id = $1 AND t.deleted_at IS NULL ORDER BY lower(t.name), t.id
"""

_ADD = "INSERT INTO team (workspace_id, id, name, created_at) VALUES ($1, $2, $3, $4)"

_RENAME = """
UPDATE team SET name = coalesce($3, name)
WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL RETURNING true
"""

_DISMISS = "DELETE FROM team_member WHERE workspace_id = $1 AND team_id = $2"

_MEMBERS = """
INSERT INTO team_member (workspace_id, team_id, agent_id)
SELECT $1, $2, id FROM agent WHERE workspace_id = $1 AND id = ANY($3::uuid[])
"""

_USED = """
SELECT EXISTS (SELECT 1 FROM inbox_team t JOIN inbox i
    ON i.workspace_id = t.workspace_id AND i.id = t.inbox_id AND i.deleted_at IS NULL
    WHERE t.workspace_id = $1 AND t.team_id = $2)
  OR EXISTS (SELECT 1 FROM conversation
    WHERE workspace_id = $1 AND team_id = $2 AND status <> 'resolved')
"""

_REMOVE = "UPDATE team SET deleted_at = $3 WHERE workspace_id = $1 AND id = $2"
