"""triage: what the model says of texts, and how it learns from a desk."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from math import isfinite
from pathlib import Path
from typing import Any

import click

_Judge = Callable[[str, tuple[str, ...]], dict[str, Any]]
_LEARNING = ("train", "models", "use", "corrections")
_OF_THE_DESK = dict.fromkeys(_LEARNING, "triage_learning") | {"endpoint": "triage_endpoint"}
"""What needs the desk, and the module it is in."""


class _Learns(click.Group):
    """What needs the desk is loaded when it is asked for: `predict` starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in order."""
        return sorted([*super().list_commands(ctx), *_OF_THE_DESK])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in _OF_THE_DESK:
            return super().get_command(ctx, cmd_name)
        module = import_module(f"earful.cli.{_OF_THE_DESK[cmd_name]}")
        found: click.Command = getattr(module, cmd_name)
        return found


@click.group(cls=_Learns)
def triage() -> None:
    """What a message is: its kind, its mood, how grave, and why."""


@triage.command()
@click.option(
    "--model", type=click.Path(path_type=Path), help="A model's file; default: the one shipped."
)
@click.option(
    "--brand", "brands", multiple=True, help="A name or handle of one's own; may be given again."
)
@click.option("--endpoint", help="Ask a model there instead, such as http://localhost:11434/v1.")
@click.option("--endpoint-model", default="", help="The name of that model.")
@click.option(
    "--key-file", type=click.Path(path_type=Path, exists=True), help="The endpoint's key, if any."
)
def predict(
    model: Path | None,
    brands: tuple[str, ...],
    endpoint: str | None,
    endpoint_model: str,
    key_file: Path | None,
) -> None:
    """JSON lines with `text` on standard input; judgements with their reasons on standard output.

    A line that can't be read gives a line with `error`, and the next is read; so does one of which
    an endpoint says nothing that can be used. What else a line has comes back as `given`, with null
    for numbers that JSON can't write.
    """
    if endpoint is not None and model is not None:
        raise click.UsageError("Either --model or --endpoint.")
    asked = _asked(endpoint, endpoint_model, key_file) if endpoint is not None else _own(model)
    with asked as judge:
        for number, line in enumerate(sys.stdin.buffer, start=1):
            if line.strip():
                said = _answer(judge, brands, number, line)
                click.echo(json.dumps(said, ensure_ascii=True))


@contextmanager
def _own(model: Path | None) -> Iterator[_Judge]:
    """Judges by a model of ours."""
    from earful.triage.judging import judge  # noqa: PLC0415 - only where needed
    from earful.triage.model import SHIPPED, Damaged, load  # noqa: PLC0415

    try:
        chosen = load(model or SHIPPED)
    except Damaged as error:
        raise click.ClickException(str(error)) from error
    yield lambda text, brands: judge(text, chosen, brands).as_dict()


@contextmanager
def _asked(url: str, model: str, key_file: Path | None) -> Iterator[_Judge]:
    """Judges by asking a model elsewhere."""
    from earful.judgements.endpoints import checked, key_in  # noqa: PLC0415
    from earful.kit.refusal import Refused  # noqa: PLC0415
    from earful.triage.asking import Unusable, ask, client  # noqa: PLC0415
    from earful.triage.judging import judge_asked  # noqa: PLC0415

    try:
        there = checked(url, model, key_in(key_file))
    except Refused as error:
        raise click.ClickException(str(error)) from None
    http = client()

    def judge(text: str, brands: tuple[str, ...]) -> dict[str, Any]:
        try:
            return judge_asked(text, runner.run(ask(http, there, text)), brands).as_dict()
        except Unusable as error:
            return {"error": str(error)}

    with asyncio.Runner() as runner:
        yield judge
        runner.run(http.aclose())


def _answer(judge: _Judge, brands: tuple[str, ...], number: int, line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line, parse_constant=_nothing, parse_float=_number)
    except (ValueError, RecursionError):
        return {"line": number, "error": "this line is no JSON"}
    if not isinstance(said, dict) or not isinstance(said.get("text"), str):
        return {"line": number, "error": "this line is no object with a `text` that is a string"}
    rest = {name: value for name, value in said.items() if name != "text"}
    return {"line": number, **judge(said["text"], brands), **({"given": rest} if rest else {})}


def _nothing(_name: str) -> None:
    """NaN and Infinity, which some write though JSON has none: nothing that has to be judged."""


def _number(text: str) -> float | None:
    number = float(text)
    return number if isfinite(number) else None
