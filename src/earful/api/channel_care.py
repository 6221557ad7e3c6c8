"""A channel's care: what it costs, how it is set up, and whether it works."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Annotated, Any

from litestar import get, post
from litestar.params import FromPath, Parameter

from earful.api.caller import Called, Caller, check_id
from earful.api.channels import channel_row
from earful.api.named import audited
from earful.desk.check import look_over
from earful.desk.guide import Place, guide
from earful.desk.ports import open_connector
from earful.desk.spend import LONGEST, Spent, spent
from earful.kit.pace import Pace
from earful.kit.refusal import Refused
from earful.networks.contract import Connector, Finding, NetworkError
from earful.networks.registry import network
from earful.responder.profile import look_at_profile
from earful.responder.published import published


class CheckPace(Pace):
    """Each channel is looked over three times at once, then every ten seconds."""

    def __init__(self) -> None:
        super().__init__(per_second=0.1, burst=3)


@get("/channels/{channel_id:str}/spend")
async def get_spend(
    caller: Called,
    channel_id: FromPath[str],
    days: Annotated[int, Parameter(ge=1, le=LONGEST)] = 30,
) -> Spent:
    """What it cost, by UTC day and kind, in millionths of a dollar."""
    caller.need("channel.read")
    row = await channel_row(caller, check_id(channel_id, "channel"))
    async with caller.state.database.acquire() as db:
        return await spent(db, row, days, now=caller.now())


@get("/channels/{channel_id:str}/guide")
async def get_guide(caller: Called, channel_id: FromPath[str]) -> list[Place]:
    """The steps of setting it up, with the address at which its network calls it."""
    caller.need("channel.read")
    row = await channel_row(caller, check_id(channel_id, "channel"))
    return guide(network(row["network"]).manifest, caller.state.settings, row["id"])


@post("/channels/{channel_id:str}/check", status_code=200)
async def post_check(caller: Called, channel_id: FromPath[str]) -> list[Finding]:
    """Look it over now: what was found, the worst first."""
    caller.need("channel.change")
    row = await channel_row(caller, check_id(channel_id, "channel"))
    state: Any = caller.state
    if state.check_pace.take(row["id"], caller.now()):
        raise Refused("throttled", "It was looked over a moment ago. Wait a few seconds.")
    async with caller.work("channel.change") as work:
        await audited(work, caller.id, "channel.checked", "channel", row["id"])
    public_url = state.settings.public_url or ""
    connector = open_connector(state.database, state.keyring, state.now, row, public_url)
    try:
        return [*await look_over(connector), *await _profile(caller, row, connector)]
    finally:
        with contextlib.suppress(Exception):
            await connector.close()


async def _profile(caller: Caller, row: Mapping[str, Any], connector: Connector) -> list[Finding]:
    """Whether the account's profile says other hours than the desk's."""
    async with caller.state.database.acquire() as db:
        hours = await published(db, caller.workspace_id, row["inbox_id"], caller.now())
    try:
        found = await look_at_profile(connector, hours, caller.now())
    except (NetworkError, TimeoutError, OSError):
        return []  # the other findings say that it can't be asked
    return [] if found is None else [found]


ROUTES = [get_spend, get_guide, post_check]
