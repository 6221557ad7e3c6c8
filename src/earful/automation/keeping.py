"""The rules of a workspace, in the order in which they act."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.accounts.bounds import refuse_beyond
from earful.automation.rules import Rule, check
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.stream.work import Work

READER = "automation"
KEPT_FOR = timedelta(days=30)


class Kept(Rule, frozen=True, kw_only=True):
    """A rule that has an id. It acts on what happens from `on_since` on.

    `acted` is how many posts of the last 30 days it was about, `acted_at` when it last did
    something; `trouble` says in words what it could not do, and is empty once it could again.
    """

    id: str
    on_since: datetime
    acted: int = 0
    acted_at: datetime | None = None
    trouble: str = ""


async def list_rules(db: Any, workspace_id: str) -> list[Kept]:
    """All rules, the first to act first."""
    rows = await db.fetch(f"{_SELECT} ORDER BY r.place, r.id", workspace_id)
    return [_kept(row) for row in rows]


async def find_rule(db: Any, workspace_id: str, rule_id: str) -> Kept:
    """One rule. Raises NotFound."""
    row = await db.fetchrow(f"{_SELECT} AND r.id = $2", workspace_id, rule_id)
    if row is None:
        raise NotFound("rule")
    return _kept(row)


async def keep_rule(work: Work, rule: Rule, rule_id: str | None = None) -> Kept:
    """Keep a new rule, the last to act, or another text of one. Raises Refused, NotFound."""
    checked = check(rule)
    spec = msgspec.to_builtins(checked)
    if checked.on:
        await _begin(work)
    if rule_id is None:
        rule_id = new_id()
        await work.db.execute(_ADD, work.workspace_id, rule_id, spec, checked.on, work.now)
        await refuse_beyond(work.db, work.workspace_id, "rule")
    elif not await work.db.fetchval(
        _CHANGE, work.workspace_id, rule_id, spec, checked.on, work.now
    ):
        raise NotFound("rule")
    kept = await find_rule(work.db, work.workspace_id, rule_id)
    work.emit("rule.changed", {"rule": kept})
    return kept


async def remove_rule(work: Work, rule_id: str) -> None:
    """Forget a rule; what it did stays done. Raises NotFound."""
    name = await work.db.fetchval(
        "DELETE FROM rule WHERE workspace_id = $1 AND id = $2 RETURNING true",
        work.workspace_id,
        rule_id,
    )
    if name is None:
        raise NotFound("rule")
    await work.db.execute(
        "DELETE FROM rule_act WHERE workspace_id = $1 AND rule_id = $2", work.workspace_id, rule_id
    )
    work.emit("rule.removed", {"removed": rule_id})


async def order_rules(work: Work, ids: list[str]) -> list[Kept]:
    """Have them act in this order. Raises Refused unless all are named, each once."""
    rows = await work.db.fetch(
        "SELECT id FROM rule WHERE workspace_id = $1 FOR UPDATE", work.workspace_id
    )
    if sorted(ids) != sorted(row["id"] for row in rows):
        raise Refused("invalid", "Name every rule once. Somebody may have changed them meanwhile.")
    await work.db.execute(
        """UPDATE rule r SET place = o.place FROM unnest($2::uuid[]) WITH ORDINALITY o (id, place)
           WHERE r.workspace_id = $1 AND r.id = o.id""",
        work.workspace_id,
        ids,
    )
    kept = await list_rules(work.db, work.workspace_id)
    work.emit("rule.ordered", {"rules": ids})
    return kept


async def forget_old(db: Any, *, now: datetime) -> None:
    """Which posts it acted on long ago: a post does not come in again."""
    await db.execute("DELETE FROM rule_act WHERE at < $1", now - KEPT_FOR)


async def _begin(work: Work) -> None:
    """Where no rule was on nobody read on: what happened meanwhile is passed over."""
    await work.db.execute(_BEGIN, work.workspace_id, READER)


def _kept(row: Any) -> Kept:
    told = {name: row[name] for name in ("id", "on_since", "acted", "acted_at", "trouble")}
    return msgspec.convert(row["spec"] | {"on": row["is_on"]} | told, Kept)


_SELECT = """
SELECT r.id, r.spec, r.is_on, r.on_since, r.acted_at, r.trouble,
  (SELECT count(*) FROM rule_act a WHERE a.workspace_id = r.workspace_id AND a.rule_id = r.id)
    AS acted
FROM rule r WHERE r.workspace_id = $1
"""

_ADD = """
INSERT INTO rule (workspace_id, id, spec, is_on, on_since, place)
SELECT $1, $2, $3, $4, $5, coalesce(max(place), 0) + 1 FROM rule WHERE workspace_id = $1
"""

# What it did to a post it does not do again; another text begins with what comes now.
_CHANGE = """
UPDATE rule SET spec = $3, is_on = $4, on_since = $5, trouble = ''
WHERE workspace_id = $1 AND id = $2 RETURNING true
"""

_BEGIN = """
INSERT INTO event_reader (workspace_id, name, seq)
SELECT workspace_id, $2, seq FROM event_counter WHERE workspace_id = $1
  AND NOT EXISTS (SELECT FROM rule WHERE workspace_id = $1 AND is_on)
ON CONFLICT (workspace_id, name) DO UPDATE SET seq = greatest(event_reader.seq, excluded.seq)
"""
