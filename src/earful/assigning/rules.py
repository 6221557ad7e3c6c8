"""How an inbox gives out its conversations."""

from __future__ import annotations

from typing import Any

import msgspec

from earful.kit.refusal import Refused
from earful.stream.work import Work

WAYS = ("manual", "round_robin", "least_busy")


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`way`: people take them (`manual`), in turn, or whoever has least to do.

    `sticky`: who comes back goes to the agent she had, if that one can take it. `by_skill`: tags
    that are a skill of somebody's need that skill; `by_language`: a language that somebody writes
    needs somebody who does. `on_shift_only`: only those on shift. `capacity`: open conversations an
    agent has at once, unless hers is set. `free_after`: seconds after which those that wait with
    somebody who went away are given out again (None: they stay hers).
    """

    way: str = "manual"
    sticky: bool = True
    by_skill: bool = True
    by_language: bool = True
    on_shift_only: bool = False
    capacity: int = 5
    free_after: int | None = 300


def check_rule(rule: Rule) -> Rule:
    """The rule. Raises Refused in words."""
    if rule.way not in WAYS:
        raise Refused("invalid", f"The way is one of {', '.join(WAYS)}.")
    if not 1 <= rule.capacity <= 1000:
        raise Refused("invalid", "The capacity is from 1 to 1000 conversations.")
    if rule.free_after is not None and not 0 <= rule.free_after <= 86_400:
        raise Refused("invalid", "`free_after` is from 0 to 86400 seconds, or null.")
    return rule


async def rule_of(db: Any, workspace_id: str, inbox_id: str) -> Rule:
    """The rule of an inbox."""
    kept = await db.fetchval(
        "SELECT rule FROM assignment_rule WHERE workspace_id = $1 AND inbox_id = $2",
        workspace_id,
        inbox_id,
    )
    return Rule() if kept is None else msgspec.convert(kept, Rule)


async def keep_rule(work: Work, inbox_id: str, rule: Rule) -> Rule:
    """Set the rule of an inbox, which must be there. Raises Refused."""
    checked = check_rule(rule)
    await work.db.execute(
        """INSERT INTO assignment_rule (workspace_id, inbox_id, rule) VALUES ($1, $2, $3)
           ON CONFLICT (workspace_id, inbox_id) DO UPDATE SET rule = $3""",
        work.workspace_id,
        inbox_id,
        msgspec.to_builtins(checked),
    )
    told = {"inbox_id": inbox_id, "rule": checked}
    work.emit("assignment.changed", {"assignment": told}, inbox_id=inbox_id)
    return checked


async def automatic(db: Any, workspace_id: str) -> dict[str, Rule]:
    """The inboxes that give out by themselves."""
    rows = await db.fetch(_AUTOMATIC, workspace_id)
    return {row["inbox_id"]: msgspec.convert(row["rule"], Rule) for row in rows}


_AUTOMATIC = """
SELECT r.inbox_id, r.rule FROM assignment_rule r
JOIN inbox i ON i.workspace_id = r.workspace_id AND i.id = r.inbox_id AND i.deleted_at IS NULL
WHERE r.workspace_id = $1 AND r.rule->>'way' <> 'manual' ORDER BY r.inbox_id
"""
