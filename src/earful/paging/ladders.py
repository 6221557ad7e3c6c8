"""Ladders: who is paged first, who next when nobody says that she has it, and how often."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from earful.kit.ids import is_id, new_id
from earful.kit.refusal import NotFound, Refused
from earful.kit.text import one_line, storable
from earful.stream.work import Work

Kind = Literal["agent", "team", "on_call", "on_shift", "leads", "owners"]
NAMED: tuple[Kind, ...] = ("agent", "team")
MOST_STEPS, MOST_WHO, MOST_ROUNDS, MOST_LADDERS = 10, 20, 10, 50
SHORTEST, LONGEST = 60, 7 * 86_400


class Who(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a step pages: a person or a team by `id`, or whoever is on call or on shift just then,
    or all leads, or all owners. `id` of on_call and on_shift narrows it to a team."""

    kind: Kind
    id: str | None = None


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is paged, and how many seconds are waited for somebody to say that she has it."""

    who: tuple[Who, ...]
    wait_for: int = 300


class Ladder(msgspec.Struct, frozen=True, kw_only=True):
    """A ladder: it is climbed `rounds` times."""

    id: str
    name: str
    steps: tuple[Step, ...]
    rounds: int
    created_at: datetime


def check(name: str, steps: tuple[Step, ...], rounds: int) -> str:
    """The name, tidied. Raises Refused in words."""
    tidy = one_line(storable(name), 100)
    if not tidy:
        raise Refused("invalid", "A ladder needs a name.")
    if not 1 <= len(steps) <= MOST_STEPS:
        raise Refused("invalid", f"A ladder has 1 to {MOST_STEPS} steps.")
    if not 1 <= rounds <= MOST_ROUNDS:
        raise Refused("invalid", f"A ladder is climbed 1 to {MOST_ROUNDS} times.")
    for number, step in enumerate(steps, start=1):
        if not 1 <= len(step.who) <= MOST_WHO:
            raise Refused("invalid", f"Step {number} needs somebody to page.")
        if not SHORTEST <= step.wait_for <= LONGEST:
            words = f"Step {number} waits for a minute at least and for a week at most."
            raise Refused("invalid", words)
        for who in step.who:
            if (who.kind in NAMED and who.id is None) or (who.id is not None and not is_id(who.id)):
                raise Refused("invalid", f"Step {number} does not say whom it pages.")
    return tidy


async def list_ladders(db: Any, workspace_id: str) -> list[Ladder]:
    """All ladders, by name."""
    rows = await db.fetch(f"{_LIST} ORDER BY name, id", workspace_id)
    return [_of(row) for row in rows]


async def find_ladder(db: Any, workspace_id: str, ladder_id: str) -> Ladder:
    """A ladder. Raises NotFound."""
    row = await db.fetchrow(f"{_LIST} AND id = $2", workspace_id, ladder_id)
    if row is None:
        raise NotFound("ladder")
    return _of(row)


async def add_ladder(work: Work, name: str, steps: tuple[Step, ...], rounds: int) -> Ladder:
    """Make a ladder. Raises Refused."""
    tidy = check(name, steps, rounds)
    await _need_all(work, steps)
    number = await work.db.fetchval(
        "SELECT count(*) FROM ladder WHERE workspace_id = $1", work.workspace_id
    )
    if number >= MOST_LADDERS:
        raise Refused("too-many", f"At most {MOST_LADDERS} ladders.")
    row = await work.db.fetchrow(
        """INSERT INTO ladder (workspace_id, id, name, steps, rounds, created_at)
           VALUES ($1, $2, $3, $4, $5, $6) RETURNING *""",
        work.workspace_id,
        new_id(),
        tidy,
        msgspec.to_builtins(steps),
        rounds,
        work.now,
    )
    return _told(work, row)


async def change_ladder(
    work: Work, ladder_id: str, name: str, steps: tuple[Step, ...], rounds: int
) -> Ladder:
    """Change it, for what is raised from now on. Raises Refused, NotFound."""
    tidy = check(name, steps, rounds)
    await _need_all(work, steps)
    row = await work.db.fetchrow(
        """UPDATE ladder SET name = $3, steps = $4, rounds = $5
           WHERE workspace_id = $1 AND id = $2 RETURNING *""",
        work.workspace_id,
        ladder_id,
        tidy,
        msgspec.to_builtins(steps),
        rounds,
    )
    if row is None:
        raise NotFound("ladder")
    return _told(work, row)


async def remove_ladder(work: Work, ladder_id: str) -> None:
    """Remove it. Raises Refused while something pages by it."""
    used = await work.db.fetchval(
        "SELECT true FROM paging_rule WHERE workspace_id = $1 AND ladder_id = $2 LIMIT 1",
        work.workspace_id,
        ladder_id,
    )
    if used:
        raise Refused("in-use", "Something pages by this ladder: choose another one for it first.")
    gone = await work.db.fetchval(
        "DELETE FROM ladder WHERE workspace_id = $1 AND id = $2 RETURNING true",
        work.workspace_id,
        ladder_id,
    )
    if not gone:
        raise NotFound("ladder")
    work.emit("ladder.removed", {"removed": ladder_id})


async def _need_all(work: Work, steps: tuple[Step, ...]) -> None:
    """Everybody who is named is there. Raises NotFound."""
    for what, kinds in (("agent", ("agent",)), ("team", ("team", "on_call", "on_shift"))):
        ids = {who.id for step in steps for who in step.who if who.id and who.kind in kinds}
        found = await work.db.fetchval(
            f"SELECT count(*) FROM {what} WHERE workspace_id = $1 AND id = ANY($2::uuid[])",  # noqa: S608
            work.workspace_id,
            list(ids),
        )
        if found != len(ids):
            raise NotFound(what)


def _told(work: Work, row: Any) -> Ladder:
    ladder = _of(row)
    work.emit("ladder.changed", {"ladder": ladder})
    return ladder


def _of(row: Any) -> Ladder:
    return Ladder(
        id=row["id"],
        name=row["name"],
        steps=steps_of(row["steps"]),
        rounds=row["rounds"],
        created_at=row["created_at"],
    )


def steps_of(kept: Any) -> tuple[Step, ...]:
    """Steps as they are kept."""
    return msgspec.convert(kept, tuple[Step, ...])


_LIST = "SELECT id, name, steps, rounds, created_at FROM ladder WHERE workspace_id = $1"
