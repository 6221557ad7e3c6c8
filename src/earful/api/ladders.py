"""Ladders, and what pages by which."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from earful.api.caller import Called, check_id
from earful.api.named import audited
from earful.api.once import once
from earful.kit.refusal import NotFound
from earful.paging import ladders, rules
from earful.paging.ladders import Ladder, Step
from earful.paging.rules import AFTER, AGAIN, CAUSES, Cause, Rule


class LadderBody(msgspec.Struct, frozen=True):
    """A ladder: its steps, and how often it is climbed."""

    name: str
    steps: tuple[Step, ...]
    rounds: int = 1


class RuleBody(msgspec.Struct, frozen=True):
    """By which ladder a cause pages; lengths are seconds, where not given those of the cause."""

    ladder_id: str
    after_for: int | None = None
    again_for: int | None = None


@get("/ladders")
async def get_ladders(caller: Called) -> list[Ladder]:
    """All ladders."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        return await ladders.list_ladders(db, caller.workspace_id)


@post("/ladders")
async def post_ladder(caller: Called, data: JSONBody[LadderBody]) -> Ladder:
    """A new ladder."""
    async with caller.work("paging.change") as work:

        async def act() -> Ladder:
            made = await ladders.add_ladder(work, data.name, data.steps, data.rounds)
            await audited(work, caller.id, "ladder.changed", "ladder", made.id)
            return made

        return await once(caller, work, act, Ladder)


@put("/ladders/{ladder_id:str}")
async def put_ladder(
    caller: Called, ladder_id: FromPath[str], data: JSONBody[LadderBody]
) -> Ladder:
    """Change a ladder; what was raised before climbs the one it was raised with."""
    check_id(ladder_id, "ladder")
    async with caller.work("paging.change") as work:
        kept = await ladders.change_ladder(work, ladder_id, data.name, data.steps, data.rounds)
        await audited(work, caller.id, "ladder.changed", "ladder", ladder_id)
        return kept


@delete("/ladders/{ladder_id:str}")
async def delete_ladder(caller: Called, ladder_id: FromPath[str]) -> None:
    """Remove a ladder that nothing pages by."""
    check_id(ladder_id, "ladder")
    async with caller.work("paging.change") as work:
        await ladders.remove_ladder(work, ladder_id)
        await audited(work, caller.id, "ladder.removed", "ladder", ladder_id)


@get("/alert-rules")
async def get_rules(caller: Called) -> list[dict[str, Any]]:
    """Every cause, with its rule or null, and the lengths that it begins with."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        kept = await rules.rules_of(db, caller.workspace_id)
    return [
        {
            "cause": cause,
            "rule": kept.get(cause),
            "after_for": AFTER.get(cause),
            "again_for": AGAIN[cause],
        }
        for cause in CAUSES
    ]


@put("/alert-rules/{cause:str}")
async def put_rule(caller: Called, cause: FromPath[str], data: JSONBody[RuleBody]) -> Rule:
    """Have a cause page."""
    known = _cause(cause)
    after = AFTER.get(known, 0) if data.after_for is None else data.after_for
    again = AGAIN[known] if data.again_for is None else data.again_for
    rule = Rule(cause=known, ladder_id=data.ladder_id, after_for=after, again_for=again)
    async with caller.work("paging.change") as work:
        kept = await rules.keep_rule(work, rule)
        await audited(work, caller.id, "paging.changed", "workspace", caller.workspace_id)
        return kept


@delete("/alert-rules/{cause:str}")
async def delete_rule(caller: Called, cause: FromPath[str]) -> None:
    """It pages nobody any more."""
    known = _cause(cause)
    async with caller.work("paging.change") as work:
        await rules.drop_rule(work, known)
        await audited(work, caller.id, "paging.changed", "workspace", caller.workspace_id)


def _cause(text: str) -> Cause:
    found: list[Cause] = [cause for cause in get_args(Cause) if cause == text]
    if not found:
        raise NotFound("cause")
    return found[0]


ROUTES = [
    get_ladders,
    post_ladder,
    put_ladder,
    delete_ladder,
    get_rules,
    put_rule,
    delete_rule,
]
