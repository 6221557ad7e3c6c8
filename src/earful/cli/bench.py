"""Figures any machine can rerun: one JSON object on the last line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import click


@click.group()
def bench() -> None:
    """Measure, on a database of its own; the live one is never touched."""


def _report(measuring: Coroutine[Any, Any, dict[str, Any]], as_json: bool) -> None:
    import uvloop  # noqa: PLC0415 - only where it is needed

    from earful.kit.garbage import collect_seldom  # noqa: PLC0415

    collect_seldom()  # as the desk's own processes do
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
@click.option("--triage", is_flag=True, help="Until each post is judged, too.")
@_as_json
def ingest(posts: int, existing: int, triage: bool, as_json: bool) -> None:
    """From the network's payload to durable rows: posts a second, CPU a post."""
    from earful.bench.ingest import ingest as measure  # noqa: PLC0415

    _report(measure(posts, existing, triage=triage), as_json)


@bench.command()
@click.option(
    "--posts", default=50_000, show_default=True, help="By as many people, each post 100x."
)
@click.option("--existing", default=1_000_000, show_default=True, help="Messages already there.")
@click.option("--rate", default=500, show_default=True, help="Posts a second.")
@_as_json
def surge(posts: int, existing: int, rate: int, as_json: bool) -> None:
    """A day a hundredfold: who is owed an answer, and how the lists answer meanwhile."""
    from earful.bench.surge import surge as measure  # noqa: PLC0415

    _report(measure(posts, existing, rate), as_json)


@bench.command()
@click.option("--rounds", default=1000, show_default=True, help="Processes killed.")
@click.option("--seed", default=1, show_default=True, help="Chooses the moments.")
@_as_json
def crash(rounds: int, seed: int, as_json: bool) -> None:
    """kill -9 of web, worker and database in turn: what is lost, what is doubled."""
    from earful.bench.crash import crash as measure  # noqa: PLC0415

    _report(measure(rounds, seed), as_json)


@bench.command()
@click.option("--messages", default=10_000_000, show_default=True, help="Messages already there.")
@click.option("--requests", default=2000, show_default=True, help="Of each kind.")
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Fill this folder and leave it; a folder filled before serves again.",
)
@_as_json
def inbox(messages: int, requests: int, keep: Path | None, as_json: bool) -> None:
    """Lists, conversations, search and replies over HTTP, eight clients at once."""
    from earful.bench.inbox import inbox as measure  # noqa: PLC0415

    _report(measure(messages, requests, keep), as_json)


@bench.command()
@click.option("--posts", default=600, show_default=True, help="Posts, 20 a second.")
@_as_json
def live(posts: int, as_json: bool) -> None:
    """From the durable commit of a post to the event in a client."""
    from earful.bench.live import live as measure  # noqa: PLC0415

    _report(measure(posts), as_json)


@bench.command()
@click.option("--agents", default=1000, show_default=True, help="Open streams.")
@click.option("--rate", default=200, show_default=True, help="Events a second.")
@click.option("--seconds", default=20.0, show_default=True, help="How long.")
@_as_json
def fanout(agents: int, rate: int, seconds: float, as_json: bool) -> None:
    """Committed events to agents with different rights."""
    from earful.bench.fanout import fanout as measure  # noqa: PLC0415

    _report(measure(agents, rate, seconds), as_json)


@bench.command()
@click.option("--posts", default=10_000, show_default=True, help="Posts taken in.")
@click.option("--wait", "wait_for", default=300.0, show_default=True, help="Seconds after them.")
@_as_json
def memory(posts: int, wait_for: float, as_json: bool) -> None:
    """The memory of all processes some minutes after the posts."""
    from earful.bench.memory import memory as measure  # noqa: PLC0415

    _report(measure(posts, wait_for), as_json)


@bench.command()
@click.option("--posts", default=5_000, show_default=True, help="Payloads of each network.")
@_as_json
def networks(posts: int, as_json: bool) -> None:
    """What each network's payloads cost: translating them, taking them in."""
    from earful.bench.networks import networks as measure  # noqa: PLC0415

    _report(measure(posts), as_json)


@bench.command()
@click.option(
    "--posts", default=10_000, show_default=True, help="On each network, 200 a second at most."
)
@click.option("--outages", default=12, show_default=True, help="Line cut or hung, worker killed.")
@click.option("--seed", default=1, show_default=True, help="Chooses the moments.")
@click.option("--network", "networks", multiple=True, help="Only this one; may be given again.")
@_as_json
def gap(posts: int, outages: int, seed: int, networks: tuple[str, ...], as_json: bool) -> None:
    """Outages while posts arrive: what is lost, what is doubled."""
    from earful.bench.gap import gap as measure  # noqa: PLC0415

    _report(measure(posts, outages, seed, networks), as_json)


@bench.command()
@click.option("--timers", default=100_000, show_default=True, help="Clocks.")
@click.option("--seconds", default=60.0, show_default=True, help="Over which they run out.")
@_as_json
def clock(timers: int, seconds: float, as_json: bool) -> None:
    """Deadlines that come, two workers, one killed: how late, what is missed or told twice."""
    from earful.bench.clock import clock as measure  # noqa: PLC0415

    _report(measure(timers, seconds), as_json)


@bench.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path("../shared/data"),
    show_default=True,
    help="A folder with complaints/complaints.csv and sentiment/semeval-train.tsv.gz.",
)
@_as_json
def triage(data: Path, as_json: bool) -> None:
    """How well complaints are known, also of trades never read of, and what judging costs."""
    if not (data / "complaints" / "complaints.csv").is_file():
        raise click.UsageError(
            f"There are no judged texts in {data}: complaints/complaints.csv is missing. Name the "
            "folder with --data."
        )
    from earful.bench.triage import triage as measure  # noqa: PLC0415

    _report(measure(data), as_json)


@bench.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path("../shared/data"),
    show_default=True,
    help="A folder with nab/windows.json and the series it names.",
)
@_as_json
def bursts(data: Path, as_json: bool) -> None:
    """How well bursts are found in series whose anomalies are known."""
    if not (data / "nab" / "windows.json").is_file():
        raise click.UsageError(
            f"There are no series in {data}: nab/windows.json is missing. Name the folder with "
            "--data."
        )
    from earful.bench.bursts import bursts as measure  # noqa: PLC0415

    _report(measure(data / "nab"), as_json)
