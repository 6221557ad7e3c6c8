"""triage train, models, use, corrections: what agents know better is learnt, and can be undone."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from datetime import timedelta
from pathlib import Path

import click
import msgspec

from earful.accounts import audit
from earful.accounts.acts import Act
from earful.cli.operate import AS_JSON, BY_COMMAND, WORKSPACE, in_workspace
from earful.judgements import correcting, training
from earful.stream.work import Work
from earful.triage.adapting import Decision
from earful.triage.model import ALL_KINDS

MOST = training.MOST * (1 + training.AGREED_PER_CORRECTION)
"""Posts of a file that are learnt from: as many as of a desk. Minutes go by at that."""


@click.command("train")
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="JSON lines with `text` and `kind`, instead of what agents corrected.",
)
@WORKSPACE
@AS_JSON
def train(file: Path | None, workspace: str | None, as_json: bool) -> None:
    """Learn from what agents corrected; the new model replaces the old one only if it is better."""
    decisions = _read(file) if file else None

    async def run(work: Work) -> training.Outcome:
        done = await training.train(work, "command", decisions)
        if done.replaced:
            await _note(work, "triage.trained", done.model)
        return done

    done = in_workspace(workspace, run)
    click.echo(msgspec.json.encode(done) if as_json else done.words)


@click.command("models")
@WORKSPACE
@AS_JSON
def models(workspace: str | None, as_json: bool) -> None:
    """The models learnt here, the newest first, and which is in use."""

    async def run(work: Work) -> list[training.Kept]:
        return await training.list_models(work.db, work.workspace_id)

    kept: list[training.Kept] = in_workspace(workspace, run)
    chosen = next((one.id for one in kept if one.in_use), "shipped")
    if as_json:
        click.echo(msgspec.json.encode({"in_use": chosen, "models": kept}))
        return
    for one in kept:
        after = one.about.get("after", {}).get("macro_f1", "?")
        click.echo(
            f"{'*' if one.in_use else ' '} {one.id}  {one.made_at:%Y-%m-%d %H:%M}  F1 {after}"
        )
    click.echo(f"{'*' if chosen == 'shipped' else ' '} shipped")


@click.command("use")
@click.argument("name")
@WORKSPACE
@AS_JSON
def use(name: str, workspace: str | None, as_json: bool) -> None:
    """Have another model judge: NAME is its id, `shipped`, or `previous`."""

    async def run(work: Work) -> str:
        chosen = await training.choose(work, name)
        await _note(work, "triage.chosen", chosen if chosen != "shipped" else work.workspace_id)
        return chosen

    chosen = in_workspace(workspace, run)
    click.echo(json.dumps({"in_use": chosen}) if as_json else f"In use from now on: {chosen}.")


@click.command("corrections")
@click.option("--days", default=28, show_default=True, type=click.IntRange(1, 366))
@WORKSPACE
@AS_JSON
def corrections(days: int, workspace: str | None, as_json: bool) -> None:
    """How often agents corrected what into what."""

    async def run(work: Work) -> correcting.Corrections:
        since = work.now - timedelta(days=days)
        return await correcting.corrections(work.db, work.workspace_id, since)

    told: correcting.Corrections = in_workspace(workspace, run)
    if as_json:
        click.echo(msgspec.json.encode(told))
        return
    click.echo(f"{told.corrected} of {told.judged} posts were corrected.")
    for one in told.items:
        click.echo(f"{one.count:>6}  {one.about}: {one.was} -> {one.should}")


def _read(file: Path) -> list[Decision]:
    found = []
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            # What some editors put before the first line.
            said = line.removeprefix(BOM_UTF8) if number == 1 else line
            if said.strip():
                found.append(_decision(number, said))
            if len(found) > MOST:
                raise click.ClickException(f"This file has more than {MOST:,} posts: take a part.")
    if not found:
        raise click.ClickException("There are no posts in this file.")
    return found


def _decision(number: int, line: bytes) -> Decision:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        raise click.ClickException(f"Line {number} is no JSON.") from None
    if not isinstance(said, dict) or not isinstance(said.get("text"), str):
        raise click.ClickException(f"Line {number} is no object with a `text` that is a string.")
    if said.get("kind") not in ALL_KINDS:
        kinds = ", ".join(ALL_KINDS)
        raise click.ClickException(f"Line {number}: `kind` is one of {kinds}.")
    return Decision(said["text"], said["kind"])


async def _note(work: Work, act: Act, object_id: str) -> None:
    line = audit.Line(actor_kind=BY_COMMAND, act=act, object_kind="triage", object_id=object_id)
    await audit.append(work.db, work.workspace_id, line, now=work.now)
