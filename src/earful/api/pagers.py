"""Pagers: where people and teams are reached, a trial of each, and one's own quiet hours."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, JSONBody

from earful.accounts.secrets import SecretError
from earful.api.caller import Called, Caller, check_id
from earful.api.named import audited
from earful.api.once import once
from earful.api.webhook_address import guard_of
from earful.kit.addresses import HOME
from earful.kit.refusal import NotFound
from earful.paging import pagers
from earful.paging.pagers import NewPager, Pager
from earful.paging.quiet import Quiet, keep_quiet, quiet_of
from earful.paging.telling import From, look_at, tell

TRIAL = "Earful can wake you"
TRIAL_TEXT = "This is the trial that was asked for. Nothing is the matter."


class PagerBody(msgspec.Struct, frozen=True):
    """A pager: `address` is an e-mail address or that of a service; it is never shown again."""

    address: str
    name: str = ""
    agent_id: str | None = None
    team_id: str | None = None


@get("/pagers")
async def get_pagers(caller: Called) -> list[Pager]:
    """All pagers for leads; for others their own. No address is among it."""
    caller.need("desk.read")
    everybody = caller.who.may("paging.change")
    async with caller.state.database.acquire() as db:
        return await pagers.list_pagers(
            db, caller.workspace_id, agent_id=None if everybody else caller.id
        )


@post("/pagers")
async def post_pager(caller: Called, data: JSONBody[PagerBody]) -> Pager:
    """A new way to reach oneself, or for leads anybody and any team."""
    for what, given in (("agent", data.agent_id), ("team", data.team_id)):
        if given is not None:
            check_id(given, what)
    _need(caller, data.agent_id)
    address = pagers.clean_address(data.address)
    service, host = await look_at(await _from(caller), address)
    async with caller.work("desk.read") as work:

        async def act() -> Pager:
            new = NewPager(
                agent_id=data.agent_id,
                team_id=data.team_id,
                name=data.name,
                address=address,
                service=service,
                host=host,
            )
            pager = await pagers.add_pager(work, caller.state.keyring, new)
            await audited(work, caller.id, "pager.added", "pager", pager.id)
            return pager

        return await once(caller, work, act, Pager)


@delete("/pagers/{pager_id:str}")
async def delete_pager(caller: Called, pager_id: FromPath[str]) -> None:
    """It pages nobody any more."""
    pager = await _found(caller, pager_id)
    async with caller.work("desk.read") as work:
        await pagers.remove_pager(work, pager.id)
        await audited(work, caller.id, "pager.removed", "pager", pager.id)


@post("/pagers/{pager_id:str}/test", status_code=200)
async def post_test(caller: Called, pager_id: FromPath[str]) -> dict[str, Any]:
    """Page it now, with words that say that nothing is the matter. `trouble` is what came back."""
    pager = await _found(caller, pager_id)
    async with caller.work("desk.read") as work:
        await pagers.take_trial(work, pager.id)
        await audited(work, caller.id, "pager.tested", "pager", pager.id)
    sender = await _from(caller)
    async with caller.state.database.acquire() as db:
        try:
            address = await pagers.address_of(
                db, caller.state.keyring, caller.workspace_id, pager.id
            )
        except SecretError as error:
            return {"taken": False, "trouble": str(error)}
    if address is None:
        raise NotFound("pager")
    outcome = await tell(sender, address, TRIAL, TRIAL_TEXT, now=caller.now())
    async with caller.work("desk.read") as work:
        await pagers.note_outcome(work, pager.id, outcome.words)
    return {"taken": outcome.sent, "trouble": outcome.words}


@get("/me/quiet-hours")
async def get_quiet(caller: Called) -> Quiet | None:
    """When one is not woken; null where one may be at any time."""
    caller.need("desk.read")
    async with caller.state.database.acquire() as db:
        return await quiet_of(db, caller.workspace_id, caller.id)


@put("/me/quiet-hours")
async def put_quiet(caller: Called, data: JSONBody[Quiet]) -> Quiet:
    """Set when one is not woken."""
    async with caller.work("own.change") as work:
        await keep_quiet(work, caller.id, data)
        await audited(work, caller.id, "paging.changed", "agent", caller.id)
    return data


@delete("/me/quiet-hours")
async def delete_quiet(caller: Called) -> None:
    """One may be woken at any time."""
    async with caller.work("own.change") as work:
        await keep_quiet(work, caller.id, None)
        await audited(work, caller.id, "paging.changed", "agent", caller.id)


def _need(caller: Caller, agent_id: str | None) -> None:
    """Whoever answers sets her own pagers; leads all."""
    caller.need("conversation.change" if agent_id == caller.id else "paging.change")


async def _found(caller: Caller, pager_id: str) -> Pager:
    """A pager that the caller may change. Raises NotFound, Refused."""
    caller.need("conversation.change")
    check_id(pager_id, "pager")
    async with caller.state.database.acquire() as db:
        pager = await pagers.find_pager(db, caller.workspace_id, pager_id)
    if pager.agent_id != caller.id and not caller.who.may("paging.change"):
        raise NotFound("pager")
    return pager


async def _from(caller: Caller) -> From:
    guard = await guard_of(caller)
    state = caller.state
    return From(state.database, state.keyring, guard, caller.workspace_id, guard is HOME)


ROUTES = [get_pagers, post_pager, delete_pager, post_test, get_quiet, put_quiet, delete_quiet]
