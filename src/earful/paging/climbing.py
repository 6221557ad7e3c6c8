"""An alert climbs its ladder: each step finds who may be paged just then, and queues the pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from earful.accounts.secrets import context_of
from earful.accounts.tokens import digest, new_token
from earful.kit.ids import new_id
from earful.paging.alerts import alert_of
from earful.paging.ladders import Step, Who, steps_of
from earful.paging.quiet import Quiet
from earful.roster.asking import on_call, on_shift
from earful.stream.work import Work

NOBODY = "Nobody of this ladder can be paged now: no pager, or quiet hours. It is tried again."
MORE = "Nobody who could be paged has said that she has it. The others are tried again."
GIVEN_UP = "The ladder is at its end, and nobody has said that she has it."
LOOK_AGAIN = timedelta(minutes=5)
"""After a ladder's end, how soon those are looked for again whom no step has reached."""
PLACE = "page.link"


async def climb(work: Work, most: int = 50) -> int:
    """Take the steps that are due by now. Returns how many alerts moved."""
    rows = await work.db.fetch(_DUE, work.workspace_id, work.now, most)
    for row in rows:
        await _step(work, row)
    return len(rows)


async def _step(work: Work, row: Any) -> None:
    """One step; where it reaches nobody the next is taken at once, for nobody can answer it.

    At the end steps that have reached nobody yet are tried again: who sleeps wakes up, and who is
    on call comes.
    """
    steps = steps_of(row["steps"])
    end = len(steps) * row["rounds"]
    over = row["step"] >= end
    missed = await _missed(work, row, len(steps)) if over else []
    for number in missed if over else range(row["step"], end):
        now = steps[number % len(steps)]
        if await queue_step(work, row, now, row["round"], number):
            run_at = work.now + timedelta(seconds=now.wait_for)
            await _moved(work, row["id"], end if over else number + 1, run_at, "")
            return
    missed = await _missed(work, row, len(steps))
    again = work.now + LOOK_AGAIN if missed else None
    nobody = NOBODY if len(missed) == len(steps) else MORE
    await _moved(work, row["id"], end, again, nobody if missed else GIVEN_UP)


async def _missed(work: Work, row: Any, steps: int) -> list[int]:
    """The steps of the ladder that have paged nobody in this round of it."""
    paged = await work.db.fetch(_PAGED, work.workspace_id, row["id"], row["round"])
    reached = {one["step"] % steps for one in paged}
    return [number for number in range(steps) if number not in reached]


async def _moved(
    work: Work, alert_id: str, step: int, run_at: datetime | None, trouble: str
) -> None:
    [row] = await work.db.fetch(_MOVED, work.workspace_id, alert_id, step, run_at, trouble)
    work.emit("alert.escalated", {"alert": alert_of(row)}, inbox_id=row["inbox_id"])


async def queue_step(work: Work, alert: Any, step: Step, round_: int, number: int) -> int:
    """Queue a page to the first way of everybody this step means. Returns how many."""
    pagers = await _pagers(work, alert, step.who)
    return sum([await queue_page(work, alert, pager, round_, number) for pager in pagers])


async def queue_page(work: Work, alert: Any, pager: Any, round_: int, number: int) -> bool:
    """Queue one page, with a link of its own. False if it is there already."""
    if work.vault is None:
        raise RuntimeError("pages need the keys")
    page_id, token = new_id(), new_token()
    context = context_of(work.workspace_id, PLACE, page_id)
    made = await work.db.fetchval(
        _QUEUE,
        work.workspace_id, page_id, alert["id"], round_, number, pager["id"], pager["agent_id"],
        pager["name"], digest(token), work.vault.seal(token.encode(), context=context), work.now,
    )  # fmt: skip
    return made is not None


async def _pagers(work: Work, alert: Any, who: tuple[Who, ...]) -> list[Any]:
    """The first pager of each person and team that is meant, who may be woken now."""
    people: dict[str, None] = {}
    teams: dict[str, None] = {}
    for one in who:
        if one.kind == "team" and one.id:
            teams[one.id] = None
        else:
            people |= dict.fromkeys(await _people(work, one))
    rows = await work.db.fetch(_FIRST, work.workspace_id, list(people), list(teams))
    return [row for row in rows if _lets(row, work.now, alert["severity"])]


async def _people(work: Work, who: Who) -> list[str]:
    if who.kind == "agent":
        return [who.id] if who.id else []
    if who.kind == "on_call":
        duties = await on_call(work.db, work.workspace_id, work.now, team_id=who.id)
        return [duty.agent_id for duty in duties]
    if who.kind == "on_shift":
        duties = await on_shift(work.db, work.workspace_id, work.now, team_id=who.id)
        return [duty.agent_id for duty in duties]
    role = "owner" if who.kind == "owners" else "lead"
    rows = await work.db.fetch(
        "SELECT id FROM agent WHERE workspace_id = $1 AND role = $2", work.workspace_id, role
    )
    return [row["id"] for row in rows]


def _lets(row: Any, now: datetime, severity: int | None) -> bool:
    if row["zone"] is None:
        return True
    names = ("zone", "starts", "ends", "wakes_for_gravest")
    return Quiet(**{name: row[name] for name in names}).lets(now, severity)


async def next_step(db: Any) -> datetime | None:
    """When the next step of any alert is due."""
    due: datetime | None = await db.fetchval(
        "SELECT min(run_at) FROM alert WHERE state = 'raised' AND run_at IS NOT NULL"
    )
    return due


async def who_climbs(db: Any, now: datetime) -> list[str]:
    """Workspaces in which a step is due by now."""
    rows = await db.fetch(
        """SELECT DISTINCT workspace_id FROM alert
           WHERE state = 'raised' AND run_at IS NOT NULL AND run_at <= $1""",
        now,
    )
    return [row["workspace_id"] for row in rows]


_DUE = """
SELECT * FROM alert WHERE workspace_id = $1 AND state = 'raised' AND run_at <= $2
ORDER BY coalesce(severity, 9), run_at LIMIT $3 FOR UPDATE SKIP LOCKED
"""

_MOVED = """
UPDATE alert SET step = $3, run_at = $4, trouble = $5 WHERE workspace_id = $1 AND id = $2
RETURNING *
"""

_PAGED = """
SELECT DISTINCT step FROM page WHERE workspace_id = $1 AND alert_id = $2 AND round = $3
"""

_QUEUE = """
INSERT INTO page (workspace_id, id, alert_id, round, step, pager_id, agent_id, name, token, link,
  run_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
ON CONFLICT (workspace_id, alert_id, round, step, pager_id) DO NOTHING RETURNING id
"""

# The way that works comes before one that is down.
_FIRST = """
SELECT DISTINCT ON (p.agent_id, p.team_id) p.id, p.agent_id, p.name, q.zone, q.starts, q.ends,
  q.wakes_for_gravest
FROM pager p
LEFT JOIN agent a ON a.workspace_id = p.workspace_id AND a.id = p.agent_id
LEFT JOIN quiet_hours q ON q.workspace_id = p.workspace_id AND q.agent_id = p.agent_id
WHERE p.workspace_id = $1 AND (p.team_id = ANY($3::uuid[])
  OR (p.agent_id = ANY($2::uuid[]) AND a.disabled_at IS NULL))
ORDER BY p.agent_id, p.team_id, p.trouble <> '', p.position, p.id
"""
