"""triage: what the model says of texts, and how it learns from a desk."""

from __future__ import annotations

import json
import sys
from math import isfinite
from pathlib import Path
from typing import Any

import click

_LEARNING = ("train", "models", "use", "corrections")


class _Learns(click.Group):
    """What needs the desk is loaded when it is asked for: `predict` starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in order."""
        return sorted([*super().list_commands(ctx), *_LEARNING])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in _LEARNING:
            return super().get_command(ctx, cmd_name)
        from earful.cli import triage_learning  # noqa: PLC0415 - see above

        found: click.Command = getattr(triage_learning, cmd_name)
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
def predict(model: Path | None, brands: tuple[str, ...]) -> None:
    """JSON lines with `text` on standard input; judgements with their reasons on standard output.

    A line that can't be read gives a line with `error`, and the next is read. What else a line has
    comes back as `given`, with null for numbers that JSON can't write.
    """
    from earful.triage.model import SHIPPED, Damaged, load  # noqa: PLC0415 - only where needed

    try:
        chosen = load(model or SHIPPED)
    except Damaged as error:
        raise click.ClickException(str(error)) from error
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if line.strip():
            click.echo(json.dumps(_answer(chosen, brands, number, line), ensure_ascii=True))


def _answer(model: Any, brands: tuple[str, ...], number: int, line: bytes) -> dict[str, Any]:
    from earful.triage.judging import judge  # noqa: PLC0415

    try:
        said = json.loads(line, parse_constant=_nothing, parse_float=_number)
    except (ValueError, RecursionError):
        return {"line": number, "error": "this line is no JSON"}
    if not isinstance(said, dict) or not isinstance(said.get("text"), str):
        return {"line": number, "error": "this line is no object with a `text` that is a string"}
    rest = {name: value for name, value in said.items() if name != "text"}
    judged = judge(said["text"], model, brands).as_dict()
    return {"line": number, **judged, **({"given": rest} if rest else {})}


def _nothing(_name: str) -> None:
    """NaN and Infinity, which some write though JSON has none: nothing that has to be judged."""


def _number(text: str) -> float | None:
    number = float(text)
    return number if isfinite(number) else None
