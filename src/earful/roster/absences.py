"""When somebody is not there: holiday, sick, or something else. Why is for leads and herself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.roster.shifts import need_people
from earful.stream.work import Work

KINDS = ("holiday", "sick", "other")
LONGEST = timedelta(days=3 * 366)


class Absence(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of absence; `kind` is empty for those who need not know why."""

    id: str
    agent_id: str
    kind: str
    starts_at: datetime
    ends_at: datetime


async def list_absences(
    db: Any, workspace_id: str, start: datetime, end: datetime, *, knows: str | None = None
) -> list[Absence]:
    """Those that touch the stretch. `knows`: only this agent's own reasons are told; None: all."""
    rows = await db.fetch(_LIST, workspace_id, start, end)
    found = [msgspec.convert(dict(row), Absence) for row in rows]
    if knows is None:
        return found
    hide = msgspec.structs.replace
    return [one if one.agent_id == knows else hide(one, kind="") for one in found]


async def add(
    work: Work, agent_id: str, kind: str, starts_at: datetime, ends_at: datetime
) -> Absence:
    """Somebody will not be there. Raises Refused, NotFound."""
    if kind not in KINDS:
        raise Refused("invalid", f"The kind is one of {', '.join(KINDS)}.")
    if starts_at.tzinfo is None or ends_at.tzinfo is None:
        raise Refused("invalid", "Write instants with their zone, such as 2026-12-24T00:00:00Z.")
    if not timedelta(0) < ends_at - starts_at <= LONGEST:
        raise Refused("invalid", "An absence ends after it begins, within three years.")
    await need_people(work, agent_id, None)
    one = Absence(id=new_id(), agent_id=agent_id, kind=kind, starts_at=starts_at, ends_at=ends_at)
    await work.db.execute(
        """INSERT INTO absence (workspace_id, id, agent_id, kind, starts_at, ends_at, created_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        work.workspace_id, one.id, agent_id, kind, starts_at, ends_at, work.now,
    )  # fmt: skip
    # Every screen hears of it, so it does not say why.
    work.emit("absence.added", {"absence": msgspec.structs.replace(one, kind="")})
    return one


async def remove(work: Work, absence_id: str) -> None:
    """She will be there after all. Raises NotFound."""
    gone = await work.db.fetchval(
        "DELETE FROM absence WHERE workspace_id = $1 AND id = $2 RETURNING true",
        work.workspace_id,
        absence_id,
    )
    if not gone:
        raise NotFound("absence")
    work.emit("absence.removed", {"removed": absence_id})


_LIST = """
SELECT b.id, b.agent_id, b.kind, b.starts_at, b.ends_at FROM absence b
JOIN agent a ON a.workspace_id = b.workspace_id AND a.id = b.agent_id
WHERE b.workspace_id = $1 AND b.ends_at > $2 AND b.starts_at < $3 AND a.disabled_at IS NULL
ORDER BY b.starts_at, b.id
"""
