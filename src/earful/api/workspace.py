"""The rules of the workspace: codes, presence, typing, figures of each agent."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import get, patch
from litestar.params import JSONBody

from earful.accounts.audit import Line, append
from earful.accounts.rules import Rules, keep_rules, rules_of
from earful.api.caller import Called
from earful.api.named import audited


class RulesPatch(msgspec.Struct, frozen=True):
    """What to change of the rules."""

    codes_required: bool | None = None
    presence: bool | None = None
    typing: bool | None = None
    agent_figures: bool | None = None
    note_followers: Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)] | None = None


@get("/workspace")
async def get_workspace(caller: Called) -> Rules:
    """The rules, which everybody may know."""
    caller.need("people.read")
    async with caller.state.database.acquire() as db:
        return await rules_of(db, caller.workspace_id)


@patch("/workspace")
async def patch_workspace(caller: Called, data: JSONBody[RulesPatch]) -> Rules:
    """Change rules. Requiring codes signs out at once whoever has none."""
    key = caller.workspace_id
    asked = {name: value for name, value in msgspec.to_builtins(data).items() if value is not None}
    async with caller.work("workspace.change") as work:
        before = await rules_of(work.db, key)
        rules = msgspec.structs.replace(before, **asked)
        out = await keep_rules(work.db, key, rules, by_id=caller.id, now=work.now)
        work.emit("workspace.changed", {"rules": rules})
        said = [f"{name}={value}" for name, value in sorted(asked.items())]
        await audited(work, caller.id, "workspace.changed", "workspace", key, *said)
        lines = [
            Line(actor_kind="system", act="session.revoked", object_kind="agent", object_id=one)
            for one in out
        ]
        await append(work.db, key, *lines, now=work.now)
    return rules


ROUTES = [get_workspace, patch_workspace]
