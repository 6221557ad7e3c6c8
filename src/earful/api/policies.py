"""Policies: how long people may wait, by severity and by whom they write to."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from earful.api.caller import Called, check_id
from earful.api.named import audited
from earful.api.once import once
from earful.kit.paging import cut, from_token
from earful.kit.refusal import Refused
from earful.sla.calendar import Region
from earful.sla.errors import HoursError
from earful.sla.keeping import (
    find_policy,
    keep_policy,
    list_policies,
    order_policies,
    remove_policy,
    shown_policy,
    with_hours,
)
from earful.sla.policy import STANDARD
from earful.sla.preview import DueAt, preview_terms
from earful.sla.profiles import PROFILES, Size, start_with
from earful.sla.public_holidays import check_region
from earful.sla.terms import Match, Promise, Terms, Warn
from earful.sla.walls import zone_of
from earful.stream.work import Work

MOST = 200
"""Versions on a page."""


class PolicyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A policy; lengths are seconds."""

    name: str
    severities: dict[int, Promise]
    match: Match = Match()
    hours_id: str | None = None
    limit_for: float | None = 86_400.0
    warn: tuple[Warn, ...] = (Warn(share=0.5), Warn(share=0.2))
    snoozed_pauses_response: bool = False
    snoozed_pauses_resolution: bool = True
    pending_pauses_resolution: bool = True

    def terms(self) -> Terms:
        """As the desk keeps it."""
        if self.hours_id is not None:
            check_id(self.hours_id, "hours")
        return Terms(**{name: getattr(self, name) for name in self.__struct_fields__})


class OrderBody(msgspec.Struct, frozen=True):
    """All policies, the one that is asked first in front."""

    ids: list[str]


class StartBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the desk is, and what its hours and its policy are called."""

    size: Size
    zone: str = "UTC"
    country: str = ""
    subdivision: str = ""
    hours_name: str = "Opening hours"
    policy_name: str = "Everybody"


@get("/policies")
async def get_policies(caller: Called) -> dict[str, Any]:
    """The policies in their order, and the standard that holds where none fits."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        kept = await list_policies(db, caller.workspace_id)
    standard = msgspec.to_builtins(STANDARD.terms, str_keys=True)
    del standard["calendar"]
    return {"items": [shown_policy(policy) for policy in kept], "standard": standard}


@post("/policies")
async def post_policy(caller: Called, data: JSONBody[PolicyBody]) -> dict[str, Any]:
    """A new policy, asked after all others."""
    async with caller.work("policy.change") as work:
        return await once(caller, work, partial(_keep, work, caller.id, data), dict[str, Any])


@put("/policies/{policy_id:str}")
async def put_policy(
    caller: Called, policy_id: FromPath[str], data: JSONBody[PolicyBody]
) -> dict[str, Any]:
    """Change a policy, as a new version. Clocks that run keep the version they started under."""
    check_id(policy_id, "policy")
    async with caller.work("policy.change") as work:
        return await _keep(work, caller.id, data, policy_id)


async def _keep(
    work: Work, agent_id: str, data: PolicyBody, policy_id: str | None = None
) -> dict[str, Any]:
    kept = await keep_policy(work, data.terms(), policy_id)
    await audited(work, agent_id, "policy.changed", "policy", kept.id, kept.terms.name)
    return shown_policy(kept)


@delete("/policies/{policy_id:str}")
async def delete_policy(caller: Called, policy_id: FromPath[str]) -> None:
    """Let a policy hold no longer. Clocks that run under it go on."""
    check_id(policy_id, "policy")
    async with caller.work("policy.change") as work:
        await remove_policy(work, policy_id)
        await audited(work, caller.id, "policy.removed", "policy", policy_id)


@put("/policies/order")
async def put_order(caller: Called, data: JSONBody[OrderBody]) -> list[dict[str, Any]]:
    """Put the policies into another order; the first that fits is the one."""
    for policy_id in data.ids:
        check_id(policy_id, "policy")
    async with caller.work("policy.change") as work:
        ordered = await order_policies(work, data.ids)
        for policy in ordered:
            await audited(work, caller.id, "policy.changed", "policy", policy.id)
    return [shown_policy(policy) for policy in ordered]


@post("/policies/preview", status_code=200)
async def post_preview(caller: Called, data: JSONBody[PolicyBody]) -> list[DueAt]:
    """When a post that came now would be due by these terms. Nothing is changed."""
    async with caller.work("policy.change") as work:
        terms = await with_hours(work, data.terms())
    try:
        return preview_terms(terms, caller.now())
    except HoursError as error:
        raise Refused("invalid", str(error)) from None


class Versions(msgspec.Struct, frozen=True):
    """A page of a policy's versions, and the token of the next."""

    items: list[dict[str, Any]]
    next: str | None


@get("/policies/{policy_id:str}/versions")
async def get_versions(
    caller: Called,
    policy_id: FromPath[str],
    after: FromQuery[str | None] = None,
    limit: FromQuery[int] = 50,
) -> Versions:
    """The versions of a policy, the newest first, each with its hours as they were."""
    caller.need("desk.read")
    check_id(policy_id, "policy")
    size = max(1, min(limit, MOST))
    before = from_token(after, tuple[int])[0] if after else None
    async with caller.state.database.acquire() as db:
        await find_policy(db, caller.workspace_id, policy_id)
        rows = await db.fetch(_VERSIONS, caller.workspace_id, policy_id, before, size + 1)
    return Versions(*cut([dict(row) for row in rows], size, lambda row: [row["version"]]))


@get("/policy-profiles")
async def get_profiles(caller: Called) -> list[dict[str, Any]]:
    """Sensible starts by size."""
    caller.need("desk.read")
    return [
        {"size": one.size, "targets": one.targets, "limit_for": one.limit_for}
        for one in PROFILES.values()
    ]


@post("/policy-profiles")
async def post_start(caller: Called, data: JSONBody[StartBody]) -> dict[str, Any]:
    """Begin with a profile: its hours and its policy. Refused where there are policies."""
    region = Region(data.country.upper(), data.subdivision) if data.country else None
    try:
        zone_of(data.zone)
        if region:
            check_region(region)
    except HoursError as error:
        raise Refused("invalid", str(error)) from None
    async with caller.work("policy.change") as work:
        act = partial(_start, work, caller.id, data, region)
        return await once(caller, work, act, dict[str, Any])


async def _start(
    work: Work, agent_id: str, data: StartBody, region: Region | None
) -> dict[str, Any]:
    kept = await start_with(
        work,
        data.size,
        zone=data.zone,
        region=region,
        hours=data.hours_name,
        policy=data.policy_name,
    )
    await audited(work, agent_id, "policy.changed", "policy", kept.id, kept.terms.name)
    return shown_policy(kept)


_VERSIONS = """
SELECT id, version, terms, created_at, agent_id FROM policy_version
WHERE workspace_id = $1 AND policy_id = $2 AND ($3::integer IS NULL OR version < $3)
ORDER BY version DESC LIMIT $4
"""

ROUTES = [
    get_policies, post_policy, put_policy, delete_policy, put_order, post_preview, get_versions,
    get_profiles, post_start,
]  # fmt: skip
