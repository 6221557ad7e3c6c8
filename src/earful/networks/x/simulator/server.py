"""The simulated X as a server of this process, or as a process of its own; loopback only."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from earful.kit.clock import system_clock
from earful.networks.x.simulator.clock import Clock
from earful.networks.x.simulator.plan import Plan
from earful.networks.x.simulator.service import Service
from earful.networks.x.simulator.state import State
from earful.networks.x.simulator.wire import Listening


@asynccontextmanager
async def simulated(
    plan: Plan | None = None,
    *,
    port: int = 0,
    now: Callable[[], datetime] = system_clock,
) -> AsyncIterator[State]:
    """A simulator that listens on 127.0.0.1 until the end; `State.service` is its address.

    `now` is what its clock begins with; `State.now.advance` moves it on.
    """
    plan = plan or Plan()
    state = State(plan, Clock(now, plan.started_at))
    server = Listening(Service(state).handle)
    state.service = await server.open(port)
    try:
        yield state
    finally:
        for connection in state.hub.streams.active():
            state.hub.streams.end(connection, "shutdown")
        await server.close()
        await state.webhooks.close()


def told(state: State) -> dict[str, Any]:
    """What a client needs: addresses, the app's keys, tokens of every brand."""
    app = state.tokens.app
    users = {}
    for id_ in state.world.brands:
        granted = state.tokens.grant(id_)
        keys = {"access_token": granted.access, "refresh_token": granted.refresh}
        users[state.world.users[id_].username] = {"id": id_, **keys}
    return {
        "service": state.service,
        "control": app.control,
        "app_id": app.id,
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        "consumer_secret": app.consumer_secret,
        "bearer": app.bearer,
        "users": users,
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Run until interrupted. Says where it listens, with `--json` in one line for programs."""
    given = _parser().parse_args(arguments)
    plan = Plan(
        brands=tuple(handle.lstrip("@") for handle in given.brand) or ("Northwind",),
        names=given.names,
        tier=given.tier,
        keep_alive=given.keep_alive,
        auto_approve=given.auto_approve,
        limits=not given.no_limits,
    )
    asyncio.run(serve(plan, given.port, as_json=given.json))


async def serve(plan: Plan, port: int, *, as_json: bool) -> None:
    """Serve until SIGINT or SIGTERM."""
    async with simulated(plan, port=port) as state:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        keys = told(state)
        print(json.dumps(keys, indent=None if as_json else 1), flush=True)
        await stop.wait()
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m earful.networks.x.simulator", description=__doc__
    )
    add = parser.add_argument
    add("--port", type=int, default=0, help="0 takes any free one")
    add("--json", action="store_true", help="addresses and keys in one line")
    add("--brand", action="append", default=[], help="an account that signed in; may be repeated")
    add("--names", choices=("tweet", "post"), default="tweet", help="the words of answers")
    add("--tier", choices=("self-serve", "enterprise"), default="self-serve")
    add("--keep-alive", type=float, default=20.0, help="seconds between a stream's signs of life")
    add("--auto-approve", action="store_true", help="sign-in needs no button")
    add("--no-limits", action="store_true", help="any number of requests is served")
    return parser
