"""One round: what waits is given to who can take it; what waits with the absent comes back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from earful.accounts.sight import works_in
from earful.assigning.choosing import Able, Wanted, after, choose
from earful.assigning.rules import Rule, automatic
from earful.conversations.rows import lock
from earful.desk.assign import assign
from earful.roster import asking
from earful.stream.work import Work

LOOK = 500
"""Conversations looked at in one round, the most urgent first."""
AT_ONCE = 50
"""Conversations given out in one transaction."""


async def workspaces(db: Any) -> list[str]:
    """Those in which an inbox gives out by itself."""
    rows = await db.fetch(
        "SELECT DISTINCT workspace_id FROM assignment_rule WHERE rule->>'way' <> 'manual'"
    )
    return [row["workspace_id"] for row in rows]


async def give_out(work: Work) -> int:
    """One round in a workspace. Returns how many changed hands; 0 while another worker does it."""
    if not await work.db.fetchval(_ALONE, f"assigning {work.workspace_id}"):
        return 0
    rules = await automatic(work.db, work.workspace_id)
    done = await _free(work, rules)
    for inbox_id, rule in rules.items():
        if done < AT_ONCE:
            done += await _give(work, inbox_id, rule, AT_ONCE - done)
    return done


async def next_freeing(db: Any) -> datetime | None:
    """When the next who went away has been so for a while, in any workspace."""
    due: datetime | None = await db.fetchval(_NEXT)
    return due


async def _give(work: Work, inbox_id: str, rule: Rule, most: int) -> int:
    here = await _here(work, inbox_id, rule)
    if all(agent.full for agent in here.values()):
        return 0
    known = await work.db.fetchrow(_KNOWN, work.workspace_id)
    nobodys = _nobodys(rule, here.values(), known)
    waiting = await work.db.fetch(_WAITING, work.workspace_id, inbox_id, LOOK, *nobodys)
    turn = max(agent.turn for agent in here.values())
    done = 0
    for row in waiting:
        if done == most or all(agent.full for agent in here.values()):
            break
        choice = choose(rule, here.values(), _wanted(rule, row, known))
        if choice is None or not await _still(work, row["id"]):
            continue
        turn += 1
        await assign(work, row["id"], choice.agent.id, why=choice.why)
        await work.db.execute(_TURN, work.workspace_id, inbox_id, choice.agent.id, turn)
        here[choice.agent.id] = after(choice.agent, turn)
        done += 1
    return done


def _nobodys(
    rule: Rule, here: Iterable[Able], known: Any
) -> tuple[list[str], list[str], list[str]]:
    """Skills and languages that nobody who is here with room has, and the teams of those who are.

    What needs them is not looked at: however much of it waits, it holds up nothing else.
    """
    able = [agent for agent in here if not agent.full]
    skills = set(known["skills"]).difference(*(agent.skills for agent in able))
    languages = set(known["languages"]).difference(*(agent.languages for agent in able))
    teams = {team for agent in able for team in agent.teams}
    return (
        sorted(skills) if rule.by_skill else [],
        sorted(languages) if rule.by_language else [],
        sorted(teams),
    )


def _wanted(rule: Rule, row: Any, known: Any) -> Wanted:
    """What nobody of the desk can do is no need: it would wait for ever."""
    skills = frozenset(row["tags"]) & frozenset(known["skills"]) if rule.by_skill else frozenset()
    language = str(row["language"] or "").partition("-")[0].lower()
    if not rule.by_language or language not in known["languages"]:
        language = ""
    return Wanted(
        team_id=row["team_id"], skills=skills, language=language, before_id=row["before_id"]
    )


async def _here(work: Work, inbox_id: str, rule: Rule) -> dict[str, Able]:
    rows = await work.db.fetch(_HERE, work.workspace_id, inbox_id, rule.capacity)
    if rule.on_shift_only and rows:
        working = await asking.on_shift(work.db, work.workspace_id, work.now)
        names = {duty.agent_id for duty in working}
        rows = [row for row in rows if row["id"] in names]
    return {
        row["id"]: Able(
            id=row["id"], name=row["name"], load=row["load"], capacity=row["capacity"],
            turn=row["turn"], skills=frozenset(row["skills"]),
            languages=frozenset(row["languages"]), teams=frozenset(row["teams"]),
        )
        for row in rows
    }  # fmt: skip


async def _still(work: Work, conversation_id: str) -> bool:
    """Whether it waits for somebody after all, once nobody else can change it."""
    row = await lock(work, conversation_id)
    return row["status"] == "open" and row["assignee_id"] is None and row["unanswered"] > 0


async def _free(work: Work, rules: dict[str, Rule]) -> int:
    """Put back what waits with those who went away; what is given to them later stays theirs."""
    done = 0
    for agent in await work.db.fetch(_LEFT, work.workspace_id):
        late = False
        for inbox_id, rule in rules.items():
            if rule.free_after is None:
                continue
            if work.now < agent["since"] + timedelta(seconds=rule.free_after):
                late = True
                continue
            rows = await work.db.fetch(_HERS, work.workspace_id, agent["id"], inbox_id)
            for row in rows:
                held = await lock(work, row["id"])
                if held["assignee_id"] == agent["id"] and held["status"] == "open":
                    await assign(work, row["id"], None, why=f"{agent['name']} is away")
                    done += 1
        if not late:
            await work.db.execute(_FREED, work.workspace_id, agent["id"], work.now)
    return done


_ALONE = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))"

_LANGUAGE = """(SELECT m.language FROM message m
  WHERE m.workspace_id = $1 AND m.conversation_id = c.id AND m.direction = 'incoming'
  ORDER BY m.published_at DESC, m.id DESC LIMIT 1)"""

_WAITING = f"""
SELECT c.id, c.team_id, c.tags, {_LANGUAGE} AS language,
  (SELECT b.assignee_id FROM conversation b WHERE b.workspace_id = $1
     AND b.contact_id = c.contact_id AND b.assignee_id IS NOT NULL AND b.id <> c.id
   ORDER BY b.opened_at DESC LIMIT 1) AS before_id
FROM conversation c
WHERE c.workspace_id = $1 AND c.inbox_id = $2 AND c.status = 'open' AND c.assignee_id IS NULL
  AND c.unanswered > 0 AND NOT c.tags && $4::text[]
  AND ($5::text[] = '{{}}'
    OR split_part(lower(coalesce({_LANGUAGE}, '')), '-', 1) <> ALL($5))
  AND (c.team_id IS NULL OR c.team_id = ANY($6::uuid[]))
ORDER BY (c.severity <> 1), coalesce(c.due_at, 'infinity'::timestamptz), c.severity, c.id
LIMIT $3
"""  # noqa: S608 - names from code

_HERE = f"""
SELECT a.id, a.name, coalesce(s.capacity, $3) AS capacity, s.skills, s.languages,
  coalesce(t.turn, 0) AS turn,
  (SELECT count(*) FROM conversation c WHERE c.workspace_id = $1 AND c.assignee_id = a.id
     AND c.status = 'open' AND c.status <> 'resolved') AS load,
  array(SELECT m.team_id FROM team_member m
    WHERE m.workspace_id = $1 AND m.agent_id = a.id) AS teams
FROM agent_status s JOIN agent a ON a.workspace_id = s.workspace_id AND a.id = s.agent_id
LEFT JOIN assignment_turn t ON t.workspace_id = $1 AND t.inbox_id = $2 AND t.agent_id = a.id
WHERE s.workspace_id = $1 AND s.status = 'here' AND coalesce(s.capacity, $3) > 0
  AND a.disabled_at IS NULL AND a.role <> 'viewer'
  AND (a.role IN ('owner', 'lead') OR {works_in("$1", "$2", "a.id")})
"""  # noqa: S608 - names from code

_KNOWN = """
SELECT coalesce(array_agg(DISTINCT k) FILTER (WHERE k IS NOT NULL), '{}') AS skills,
  coalesce(array_agg(DISTINCT l) FILTER (WHERE l IS NOT NULL), '{}') AS languages
FROM agent_status s JOIN agent a ON a.workspace_id = s.workspace_id AND a.id = s.agent_id
LEFT JOIN LATERAL unnest(s.skills) k ON true LEFT JOIN LATERAL unnest(s.languages) l ON true
WHERE s.workspace_id = $1 AND a.disabled_at IS NULL
"""

_TURN = """
INSERT INTO assignment_turn (workspace_id, inbox_id, agent_id, turn) VALUES ($1, $2, $3, $4)
ON CONFLICT (workspace_id, inbox_id, agent_id) DO UPDATE SET turn = $4
"""

_LEFT = """
SELECT a.id, a.name, s.since FROM agent_status s
JOIN agent a ON a.workspace_id = s.workspace_id AND a.id = s.agent_id
WHERE s.workspace_id = $1 AND s.status = 'away' AND (s.freed_at IS NULL OR s.freed_at < s.since)
"""

_HERS = """
SELECT id FROM conversation WHERE workspace_id = $1 AND assignee_id = $2 AND inbox_id = $3
  AND status = 'open' AND status <> 'resolved' AND unanswered > 0
ORDER BY last_message_at DESC, id DESC LIMIT 1000
"""

_FREED = """
UPDATE agent_status SET freed_at = $3 WHERE workspace_id = $1 AND agent_id = $2
"""

_NEXT = """
SELECT min(s.since + make_interval(secs => (r.rule->>'free_after')::int))
FROM agent_status s JOIN assignment_rule r ON r.workspace_id = s.workspace_id
WHERE s.status = 'away' AND (s.freed_at IS NULL OR s.freed_at < s.since)
  AND r.rule->>'way' <> 'manual' AND r.rule->>'free_after' IS NOT NULL
"""
