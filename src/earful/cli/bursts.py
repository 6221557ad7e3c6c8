"""bursts: how unusual each step of a series of counts is."""

from __future__ import annotations

from typing import IO

import click
import msgspec


@click.group()
def bursts() -> None:
    """More at once than the time of day explains."""


@bursts.command("score")
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def score(file: IO[str], as_json: bool) -> None:
    """Score each step of a CSV of timestamp,value, from 0 (usual) to 1; - is what is piped in."""
    from earful.bursts.detecting import THRESHOLD, score_all  # noqa: PLC0415 - loaded when called
    from earful.bursts.series import in_order, read_series, step_of  # noqa: PLC0415
    from earful.kit.refusal import Refused  # noqa: PLC0415

    try:
        series = read_series(file)
    except Refused as error:
        raise click.ClickException(error.detail) from error
    order = in_order(series)
    by_time = [series[n] for n in order]
    step = step_of(by_time)
    scores = [0.0] * len(series)
    for n, one in zip(order, score_all(by_time, step), strict=True):
        scores[n] = round(one, 6)
    told = [n for n, one in enumerate(scores) if one >= THRESHOLD]
    if as_json:
        found = {"steps": len(scores), "step_s": step, "threshold": THRESHOLD, "alerts": told}
        click.echo(msgspec.json.encode(found | {"scores": scores}))
        return
    for n in told:
        click.echo(f"{series[n][0].isoformat()}  {series[n][1]:g}  {scores[n]:.2f}")
    click.echo(f"{len(told)} bursts in {len(scores)} steps.")
