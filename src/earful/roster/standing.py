"""Here, busy or away, said by the agent; how much she takes at once, and what she can do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.accounts.rules import rules_of
from earful.kit.refusal import Refused
from earful.kit.text import one_line, storable
from earful.roster.shifts import need_people
from earful.stream.work import Work

STATUSES = ("here", "busy", "away")
GONE_AFTER = timedelta(minutes=10)
"""How long after her browser was last seen an agent is away, where presence is shown."""
MOST_ABLE = 50
SHOWN = "coalesce((w.settings->>'presence')::bool, true)"
"""SQL: whether a workspace `w` shows presence."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How an agent stands. `capacity` None: the desk's; `since` None: she never said anything."""

    agent_id: str
    status: str
    since: datetime | None
    capacity: int | None
    skills: tuple[str, ...]
    languages: tuple[str, ...]


class Ability(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What she takes at once (None: the desk's), what she knows, and which languages she writes."""

    capacity: int | None = None
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


def checked(ability: Ability) -> Ability:
    """Tidied: skills as tags are written, languages as two or three letters. Raises Refused."""
    if ability.capacity is not None and not 0 <= ability.capacity <= 1000:
        raise Refused("invalid", "The capacity is from 0 to 1000 conversations.")
    if max(len(ability.skills), len(ability.languages)) > MOST_ABLE:
        raise Refused("too-many", f"At most {MOST_ABLE} skills and languages.")
    skills = {one_line(storable(skill, 200), 50).lower() for skill in ability.skills}
    languages = {language.strip().lower() for language in ability.languages}
    wrong = [
        one for one in languages if not (2 <= len(one) <= 3 and one.isascii() and one.isalpha())
    ]
    if wrong:
        words = "A language is two or three letters, such as de or en."
        raise Refused("invalid", words)
    return Ability(
        capacity=ability.capacity,
        skills=tuple(sorted(skills - {""})),
        languages=tuple(sorted(languages)),
    )


async def list_standing(db: Any, workspace_id: str, agent_id: str | None = None) -> list[Standing]:
    """Everybody who can answer, by name; or one of them."""
    return [_of(row) for row in await db.fetch(_LIST, workspace_id, agent_id)]


async def say(work: Work, agent_id: str, status: str) -> Standing:
    """She is here, busy or away from now on. Raises Refused."""
    if status not in STATUSES:
        raise Refused("invalid", f"The status is one of {', '.join(STATUSES)}.")
    await need_people(work, agent_id, None)
    changed = await work.db.fetchval(_SAY, work.workspace_id, agent_id, status, work.now)
    return await _tell(work, agent_id, told=bool(changed))


async def enable(work: Work, agent_id: str, ability: Ability) -> Standing:
    """Set what she can do. Raises Refused, NotFound."""
    await need_people(work, agent_id, None)
    able = checked(ability)
    await work.db.execute(
        _ENABLE,
        work.workspace_id, agent_id, work.now, able.capacity, list(able.skills),
        list(able.languages),
    )  # fmt: skip
    return await _tell(work, agent_id, told=True)


async def seen(work: Work, agent_id: str) -> Standing | None:
    """Her browser is there: who was taken for gone is again what she said. None if nothing changed.

    Where the workspace shows nobody's presence, nothing is kept of it.
    """
    if not (await rules_of(work.db, work.workspace_id)).presence:
        return None
    back = await work.db.fetchval(_SEEN, work.workspace_id, agent_id, work.now)
    return await _tell(work, agent_id, told=True) if back else None


async def notice_gone(work: Work) -> list[str]:
    """Whose browser was gone for GONE_AFTER is away, until it is back. Returns their ids."""
    if not (await rules_of(work.db, work.workspace_id)).presence:
        return []
    rows = await work.db.fetch(_GONE, work.workspace_id, work.now - GONE_AFTER, work.now)
    for row in rows:
        await _tell(work, row["agent_id"], told=True)
    return [row["agent_id"] for row in rows]


async def with_gone(db: Any, now: datetime) -> list[str]:
    """Workspaces with somebody whose browser is gone for long, and who is not away yet."""
    rows = await db.fetch(_WITH_GONE, now - GONE_AFTER)
    return [row["workspace_id"] for row in rows]


async def next_gone(db: Any) -> datetime | None:
    """When the next browser has been gone for long enough, in any workspace."""
    last: datetime | None = await db.fetchval(_NEXT)
    return None if last is None else last + GONE_AFTER


async def _tell(work: Work, agent_id: str, *, told: bool) -> Standing:
    [standing] = await list_standing(work.db, work.workspace_id, agent_id)
    if told:
        work.emit("status.changed", {"standing": standing})
    return standing


def _of(row: Mapping[str, Any]) -> Standing:
    return Standing(
        agent_id=row["agent_id"],
        status=row["status"] or "away",
        since=row["since"],
        capacity=row["capacity"],
        skills=tuple(row["skills"] or ()),
        languages=tuple(row["languages"] or ()),
    )


_LIST = """
SELECT a.id AS agent_id, s.status, s.since, s.capacity, s.skills, s.languages
FROM agent a LEFT JOIN agent_status s ON s.workspace_id = a.workspace_id AND s.agent_id = a.id
WHERE a.workspace_id = $1 AND ($2::uuid IS NULL OR a.id = $2) AND a.disabled_at IS NULL
ORDER BY a.name, a.id
"""
_SAY = """
WITH before AS (
  SELECT status FROM agent_status WHERE workspace_id = $1 AND agent_id = $2)
INSERT INTO agent_status AS s (workspace_id, agent_id, status, since, seen_at)
VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (workspace_id, agent_id) DO UPDATE SET status = $3, returns_as = NULL, seen_at = $4,
  since = CASE WHEN s.status = $3 THEN s.since ELSE $4 END
RETURNING coalesce((SELECT status FROM before), '') <> $3
"""
_ENABLE = """
INSERT INTO agent_status (workspace_id, agent_id, since, capacity, skills, languages)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (workspace_id, agent_id) DO UPDATE SET capacity = $4, skills = $5, languages = $6
"""
_SEEN = """
UPDATE agent_status s SET seen_at = $3, status = coalesce(b.returns_as, s.status),
  since = CASE WHEN b.returns_as IS NULL THEN s.since ELSE $3 END, returns_as = NULL
FROM (SELECT agent_id, returns_as FROM agent_status
      WHERE workspace_id = $1 AND agent_id = $2 FOR UPDATE) b
WHERE s.workspace_id = $1 AND s.agent_id = b.agent_id RETURNING b.returns_as IS NOT NULL
"""
_GONE = """
UPDATE agent_status SET returns_as = status, status = 'away', since = $3
WHERE workspace_id = $1 AND status <> 'away' AND seen_at <= $2 RETURNING agent_id
"""
_WITH_GONE = f"""
SELECT DISTINCT s.workspace_id FROM agent_status s JOIN workspace w ON w.id = s.workspace_id
WHERE s.status <> 'away' AND s.seen_at <= $1 AND {SHOWN}
"""  # noqa: S608 - a constant
_NEXT = f"""
SELECT min(s.seen_at) FROM agent_status s JOIN workspace w ON w.id = s.workspace_id
WHERE s.status <> 'away' AND {SHOWN}
"""  # noqa: S608 - a constant
