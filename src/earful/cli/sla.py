"""sla: the sums of the clocks, for programs and for who wants to check them."""

from __future__ import annotations

import codecs
import io
import json
import sys
from collections.abc import Iterable
from typing import IO, Any

import click
import msgspec


class _WithKeeping(click.Group):
    """The sums need no desk: what opens one is loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names, in order."""
        return sorted([*super().list_commands(ctx), "hours", "policy"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in ("hours", "policy"):
            return super().get_command(ctx, cmd_name)
        from earful.cli import sla_keeping  # noqa: PLC0415

        found: click.Command = getattr(sla_keeping, cmd_name)
        return found


@click.group(cls=_WithKeeping)
def sla() -> None:
    """Hours, targets and when something is due."""


class _Source(click.File):
    """A file, `-`, or the JSON itself."""

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
            return io.BytesIO(value.encode())
        return super().convert(value, param, ctx)


_SOURCE = click.argument("source", type=_Source("rb"), default="-")
_JSON = click.option("--json", "as_json", is_flag=True, help="JSON in, JSON out (always so).")


@sla.command("due")
@_SOURCE
@_JSON
def due(source: IO[bytes], as_json: bool) -> None:  # noqa: ARG001 - kept for who writes it
    """When are they due? Reads cases (a calendar, a start, a target) and answers each."""
    _answer(source, sys.stdout.buffer, measure=False)


@sla.command("worked")
@_SOURCE
@_JSON
def worked(source: IO[bytes], as_json: bool) -> None:  # noqa: ARG001
    """How much open time lies between? Reads cases (a calendar, a start, an end)."""
    _answer(source, sys.stdout.buffer, measure=True)


def _answer(source: IO[bytes], out: IO[bytes], *, measure: bool) -> None:
    """Answer one JSON value, or else each line as one. Status 1 when nothing could be read."""
    from earful.sla.cases import Cases, answers  # noqa: PLC0415 - loaded when called
    from earful.sla.errors import HoursError  # noqa: PLC0415

    raw = source.read().removeprefix(codecs.BOM_UTF8)
    encoder = msgspec.json.Encoder()
    try:
        whole = _read(raw)
    except (ValueError, RecursionError):
        shared = Cases(measure=measure)
        _lines(encoder, out, (_line(shared, line) for line in raw.splitlines() if line.strip()))
        return
    try:
        found = list(answers(whole, measure=measure))
    except HoursError as error:
        raise click.ClickException(str(error)) from error
    many = isinstance(whole, list) or (isinstance(whole, dict) and "cases" in whole)
    out.write(encoder.encode(found if many else found[0]) + b"\n")


def _read(raw: bytes) -> Any:
    """JSON, also with what strict readers refuse (Infinity, half a character): it is one case's
    matter, and fails no other. Raises ValueError, RecursionError.
    """
    try:
        return msgspec.json.decode(raw)
    except msgspec.DecodeError:
        return _mended(json.loads(raw.decode("utf-8", "replace")))


def _mended(data: Any) -> Any:
    """The same with a sign in place of each half of a character, which nobody could write back."""
    if isinstance(data, str):
        return data.encode("utf-8", "replace").decode("utf-8")
    if isinstance(data, list):
        return [_mended(one) for one in data]
    if isinstance(data, dict):
        return {_mended(name): _mended(value) for name, value in data.items()}
    return data


def _line(shared: Any, line: bytes) -> dict[str, Any]:
    try:
        case = _read(line)
    except (ValueError, RecursionError):
        return {"error": {"kind": "invalid", "detail": "This line is not JSON."}}
    answer: dict[str, Any] = shared.answer(case)
    return answer


def _lines(encoder: msgspec.json.Encoder, out: IO[bytes], found: Iterable[dict[str, Any]]) -> None:
    for answer in found:
        out.write(encoder.encode(answer) + b"\n")
