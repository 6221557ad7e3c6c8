"""Rules: when, if, then; and what one would have done over the last week."""

from __future__ import annotations

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from earful.api.caller import Called, check_id
from earful.api.named import audited
from earful.api.once import once
from earful.automation import keeping
from earful.automation.keeping import Kept
from earful.automation.rules import Rule
from earful.automation.trial import Trial, try_out


class OrderBody(msgspec.Struct, frozen=True):
    """The ids of all rules, the first to act first."""

    ids: list[str]


@get("/rules")
async def get_rules(caller: Called) -> list[Kept]:
    """All rules, the first to act first."""
    caller.need("rule.read")
    async with caller.state.database.acquire() as db:
        return await keeping.list_rules(db, caller.workspace_id)


@post("/rules")
async def post_rule(caller: Called, data: JSONBody[Rule]) -> Kept:
    """A new rule, the last to act."""
    async with caller.work("rule.change") as work:

        async def act() -> Kept:
            kept = await keeping.keep_rule(work, data)
            await audited(work, caller.id, "rule.changed", "rule", kept.id, kept.name)
            return kept

        return await once(caller, work, act, Kept)


@put("/rules/{rule_id:str}")
async def put_rule(caller: Called, rule_id: FromPath[str], data: JSONBody[Rule]) -> Kept:
    """Change a rule, or turn it on or off."""
    check_id(rule_id, "rule")
    async with caller.work("rule.change") as work:
        kept = await keeping.keep_rule(work, data, rule_id)
        await audited(work, caller.id, "rule.changed", "rule", rule_id, kept.name)
        return kept


@delete("/rules/{rule_id:str}")
async def delete_rule(caller: Called, rule_id: FromPath[str]) -> None:
    """Forget a rule; what it did stays done."""
    check_id(rule_id, "rule")
    async with caller.work("rule.change") as work:
        await keeping.remove_rule(work, rule_id)
        await audited(work, caller.id, "rule.removed", "rule", rule_id)


@put("/rule-order")
async def put_order(caller: Called, data: JSONBody[OrderBody]) -> list[Kept]:
    """Have the rules act in another order."""
    for rule_id in data.ids:
        check_id(rule_id, "rule")
    async with caller.work("rule.change") as work:
        kept = await keeping.order_rules(work, data.ids)
        await audited(work, caller.id, "rule.changed", "workspace", caller.workspace_id)
        return kept


@post("/rule-trials", status_code=200)
async def post_trial(caller: Called, data: JSONBody[Rule]) -> Trial:
    """What a rule would have done over the last seven days. Nothing is done, nothing is kept."""
    async with caller.work("rule.change") as work:
        return await try_out(work, data)


ROUTES = [get_rules, post_rule, put_rule, delete_rule, put_order, post_trial]
