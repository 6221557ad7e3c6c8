"""Figures any machine can rerun: one JSON object on the last line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

import click


@click.group()
def bench() -> None:
    """Measure, on a database of its own; the live one is never touched."""


def _report(measuring: Coroutine[Any, Any, dict[str, Any]], as_json: bool) -> None:
    import uvloop  # noqa: PLC0415 - only where it is needed

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        found = runner.run(measuring)
    if as_json:
        click.echo(json.dumps(found))
        return
    for name, value in found.items():
        click.echo(f"{name:>18}  {value}")


_as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object, on one line.")


@bench.command()
@click.option("--posts", default=50_000, show_default=True, help="Distinct posts; 10% come twice.")
@click.option("--existing", default=1_000_000, show_default=True, help="Messages already there.")
@_as_json
def ingest(posts: int, existing: int, as_json: bool) -> None:
    """From the network's payload to durable rows: posts a second, CPU a post."""
    from earful.bench.ingest import ingest as measure  # noqa: PLC0415

    _report(measure(posts, existing), as_json)


@bench.command()
@click.option("--rounds", default=1000, show_default=True, help="Processes killed.")
@click.option("--seed", default=1, show_default=True, help="Chooses the moments.")
@_as_json
def crash(rounds: int, seed: int, as_json: bool) -> None:
    """kill -9 of web, worker and database in turn: what is lost, what is doubled."""
    from earful.bench.crash import crash as measure  # noqa: PLC0415

    _report(measure(rounds, seed), as_json)
