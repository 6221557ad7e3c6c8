"""triage endpoint: a model elsewhere that is asked, too; none unless it is turned on here."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click
import msgspec

from earful.accounts import audit
from earful.accounts.acts import Act
from earful.cli.operate import AS_JSON, BY_COMMAND, WORKSPACE, in_workspace
from earful.judgements.endpoints import (
    Asked,
    checked,
    drop_endpoint,
    key_in,
    set_endpoint,
    show_endpoint,
)
from earful.kit.refusal import Refused
from earful.stream.work import Work
from earful.triage.asking import Endpoint, Unusable, ask, client

TRIAL = "@AcmeHelp my parcel still hasn't arrived, third time I ask!"
"""What a new endpoint is asked, before it is kept: invented."""


@click.command()
@click.option("--url", help="Such as http://localhost:11434/v1, of a server on this machine.")
@click.option("--model", default="", help="The model's name there.")
@click.option(
    "--key-file", type=click.Path(path_type=Path, exists=True), help="A file with its key, if any."
)
@click.option("--off", is_flag=True, help="Ask none any more.")
@WORKSPACE
@AS_JSON
def endpoint(
    *,
    url: str | None,
    model: str,
    key_file: Path | None,
    off: bool,
    workspace: str | None,
    as_json: bool,
) -> None:
    """Show, set or turn off the model elsewhere that is asked what posts are.

    With --url what customers write leaves Earful for that address from now on, without handles,
    links, addresses and numbers. It is asked once before it is kept.
    """
    if off and url is not None:
        raise click.UsageError("Either --url or --off.")
    chosen = None
    if url is not None:
        chosen = _tried(url, model, key_file)

    async def run(work: Work) -> Asked | None:
        if chosen is not None:
            await set_endpoint(work, chosen)
            await _note(work, "triage.asked", chosen.url, chosen.model)
        elif off and await drop_endpoint(work):
            await _note(work, "triage.left_alone")
        return await show_endpoint(work.db, work.workspace_id)

    asked: Asked | None = in_workspace(workspace, run, secrets=True)
    click.echo(msgspec.json.encode({"endpoint": asked}) if as_json else _words(asked))


def _tried(url: str, model: str, key_file: Path | None) -> Endpoint:
    try:
        there = checked(url, model, key_in(key_file))
        asyncio.run(_try(there))
    except (Refused, Unusable) as error:
        raise click.ClickException(f"{error} Nothing was changed.") from None
    return there


async def _try(there: Endpoint) -> None:
    async with client() as http:
        await ask(http, there, TRIAL)


def _words(asked: Asked | None) -> str:
    if asked is None:
        return "No model elsewhere is asked: what customers write stays on this machine."
    since = f"{asked.model} at {asked.url} is asked since {asked.since:%Y-%m-%d %H:%M} UTC"
    if not asked.trouble:
        return f"{since}."
    return f"{since}. {asked.trouble_at:%Y-%m-%d %H:%M} UTC: {asked.trouble}"


async def _note(work: Work, act: Act, *texts: str) -> None:
    line = audit.Line(
        actor_kind=BY_COMMAND,
        act=act,
        object_kind="triage",
        object_id=work.workspace_id,
        texts=texts,
    )
    await audit.append(work.db, work.workspace_id, line, now=work.now)
