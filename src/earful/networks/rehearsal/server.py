"""The rehearsal network as a process of its own, on loopback only."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from earful.kit.clock import system_clock
from earful.networks.rehearsal.service import Service
from earful.networks.rehearsal.town import Plan, Town
from earful.networks.rehearsal.wire import listen


def main(arguments: Sequence[str] | None = None) -> None:
    """Run until interrupted. Prints one line of JSON, `{"service": URL}`, once it listens."""
    given = _parser().parse_args(arguments)
    plan = Plan(
        seed=given.seed,
        rate=given.rate,
        backlog=given.backlog,
        handles=tuple(handle.lstrip("@") for handle in given.handle) or ("Northwind",),
        started_at=given.started_at,
        ledger=given.ledger,
    )
    asyncio.run(serve(plan, given.port, idempotent=given.idempotent))


async def serve(plan: Plan, port: int, *, idempotent: bool = False) -> None:
    """Serve a town until SIGINT or SIGTERM."""
    town = Town(plan, system_clock())
    town.idempotent = idempotent
    server = await listen(Service(town, system_clock).handle, port)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    port = server.sockets[0].getsockname()[1]
    print(json.dumps({"service": f"http://127.0.0.1:{port}"}), flush=True)
    await stop.wait()
    server.close()
    town.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m earful.networks.rehearsal", description=__doc__
    )
    add = parser.add_argument
    add("--port", type=int, default=0, help="0 takes any free one")
    add("--seed", type=int, default=1, help="the same seed plays the same customers")
    add("--rate", type=float, default=6.0, help="posts per minute; 0 for a silent town")
    add("--backlog", type=int, default=25, help="posts of the 20 minutes before the start")
    add("--handle", action="append", default=[], help="a brand account; may be given again")
    add("--ledger", type=Path, default=None, help="file; memory only without it")
    add("--started-at", type=_instant, default=None, help="ISO 8601; now without it")
    add("--idempotent", action="store_true", help="a known key publishes nothing new")
    return parser


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
