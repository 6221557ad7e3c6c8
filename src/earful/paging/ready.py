"""Ready to go live: a matter of severity 1 reaches somebody at night."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from earful.kit.readiness import Item
from earful.kit.refusal import NotFound
from earful.paging.ladders import Who, find_ladder
from earful.paging.rules import rules_of
from earful.roster.asking import duties_between

SOON = timedelta(days=7)


async def on_call_ready(db: Any, workspace_id: str, now: datetime) -> Item:
    """Severity 1 pages by a ladder, on which somebody stands whose pager was reached last."""
    words = await _missing(db, workspace_id, now)
    said = words or "Severity 1 reaches somebody."
    return Item("on_call", not words, said, "paging")


async def _missing(db: Any, workspace_id: str, now: datetime) -> str:
    rule = (await rules_of(db, workspace_id)).get("severity_1")
    if rule is None:
        return "Severity 1 pages nobody."
    try:
        ladder = await find_ladder(db, workspace_id, rule.ladder_id)
    except NotFound:
        return "Severity 1 pages nobody."
    agents: set[str] = set()
    teams: set[str] = set()
    for who in (who for step in ladder.steps for who in step.who):
        if who.kind == "team" and who.id:
            teams.add(who.id)
        else:
            agents |= await _agents(db, workspace_id, who, now)
    row = await db.fetchrow(_REACHED, workspace_id, list(agents), list(teams))
    if row["woken"]:
        return ""
    if row["reached"]:
        return "In their quiet hours nobody on the ladder of severity 1 is woken."
    return "Nobody on the ladder of severity 1 has a pager that was tried."


async def _agents(db: Any, workspace_id: str, who: Who, now: datetime) -> set[str]:
    """Whom a step may mean within the next week."""
    if who.kind == "agent":
        return {who.id} if who.id else set()
    if who.kind in ("on_call", "on_shift"):
        duties = await duties_between(db, workspace_id, now, now + SOON, team_id=who.id)
        return {duty.agent_id for duty in duties if duty.on_call == (who.kind == "on_call")}
    role = "owner" if who.kind == "owners" else "lead"
    rows = await db.fetch(
        "SELECT id FROM agent WHERE workspace_id = $1 AND role = $2", workspace_id, role
    )
    return {row["id"] for row in rows}


_REACHED = """
SELECT count(*) > 0 AS reached,
  coalesce(bool_or(coalesce(q.wakes_for_gravest, true)), false) AS woken
FROM pager p
LEFT JOIN agent a ON a.workspace_id = p.workspace_id AND a.id = p.agent_id
LEFT JOIN quiet_hours q ON q.workspace_id = p.workspace_id AND q.agent_id = p.agent_id
WHERE p.workspace_id = $1 AND p.reached_at IS NOT NULL AND p.trouble = ''
  AND (p.team_id = ANY($3::uuid[])
    OR (p.agent_id = ANY($2::uuid[]) AND a.disabled_at IS NULL))
"""
