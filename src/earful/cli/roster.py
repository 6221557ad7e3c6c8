"""roster: who is on shift, for scripts; and calendar files taken in."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import msgspec

from earful.accounts import audit
from earful.cli.operate import AS_JSON, BY_COMMAND, WORKSPACE, find_workspace
from earful.kit.clock import system_clock
from earful.kit.refusal import NotFound, Refused
from earful.roster import asking
from earful.roster.calendar_in import read
from earful.roster.calendar_out import written
from earful.roster.duties import Duty
from earful.roster.taking import Imported, take_in
from earful.settings import Settings
from earful.sla.errors import HoursError
from earful.sla.walls import zone_of
from earful.store.opening import open_store
from earful.stream.work import Works


class Whose(msgspec.Struct, frozen=True):
    """Which agent a file is of, and what to do with it."""

    agent: str
    zone: str
    workspace: str | None
    keep: bool


@click.group()
def roster() -> None:
    """Who is there when."""


@roster.command("now")
@WORKSPACE
@AS_JSON
def now(workspace: str | None, as_json: bool) -> None:
    """Who is on shift and on call now, and when somebody is next."""
    found = asyncio.run(_now(workspace))
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    for words, people in (("On shift", found["on_shift"]), ("On call", found["on_call"])):
        said = ", ".join(f"{one['name']} until {one['ends_at']:%H:%M} UTC" for one in people)
        click.echo(f"{words}: {said or 'nobody'}")
    if found["next_at"] is not None:
        click.echo(f"Next: {found['next_at']:%Y-%m-%d %H:%M} UTC")


@roster.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--agent", required=True, help="Email address of the agent whose shifts they are.")
@click.option("--zone", default="UTC", help="For times without a zone, such as Europe/Berlin.")
@click.option("--dry-run", is_flag=True, help="Change nothing; say what would come of it.")
@WORKSPACE
@AS_JSON
def take(file: Path, dry_run: bool, as_json: bool, **whose: Any) -> None:
    """Take a calendar file (.ics) into the roster; a second time adds nothing."""
    text = file.read_text("utf-8", errors="replace")
    try:
        found = asyncio.run(_take(text, Whose(**whose, keep=not dry_run)))
    except (HoursError, Refused) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    would = "would be " if dry_run else ""
    added = f"{len(found.shifts)} shifts and {len(found.absences)} absences {would}added"
    click.echo(f"{added}; {found.known} were there already")
    for one in found.troubles:
        click.echo(f"left out: {one.event}: {one.why}")


@roster.command("export")
@click.option("--agent", help="Email address of an agent: hers alone.")
@click.option("--team", help="Name of a team: its alone.")
@click.option("--days", type=click.IntRange(1, 366), default=62, show_default=True)
@WORKSPACE
@AS_JSON
def export(
    agent: str | None, team: str | None, days: int, workspace: str | None, as_json: bool
) -> None:
    """Who is on duty from now on, as a calendar file (iCalendar), or with --json as objects."""
    try:
        duties, names = asyncio.run(_duties(workspace, agent, team, timedelta(days=days)))
    except Refused as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        told = [{"name": names[duty.agent_id], **msgspec.to_builtins(duty)} for duty in duties]
        click.echo(msgspec.json.encode(told))
        return
    click.echo(written(duties, names, team or agent or "Roster", system_clock()), nl=False)


async def _duties(
    workspace: str | None, agent: str | None, team: str | None, ahead: timedelta
) -> tuple[list[Duty], dict[str, str]]:
    settings, at = Settings.from_env(os.environ), system_clock()
    async with open_store(settings, size=2) as store, store.database.acquire() as db:
        key = await find_workspace(db, workspace)
        agents = None if agent is None else {await _id(db, _AGENT, key, agent, "agent")}
        team_id = None if team is None else await _id(db, _TEAM, key, team, "team")
        duties = await asking.duties_between(
            db, key, at, at + ahead, team_id=team_id, agents=agents
        )
        rows = await db.fetch("SELECT id, name FROM agent WHERE workspace_id = $1", key)
    return duties, {row["id"]: row["name"] for row in rows}


async def _id(db: Any, sql: str, key: str, name: str, what: str) -> str:
    found = await db.fetchval(sql, key, name)
    if found is None:
        raise NotFound(what)
    return str(found)


async def _now(workspace: str | None) -> dict[str, Any]:
    settings, at = Settings.from_env(os.environ), system_clock()
    async with open_store(settings, size=2) as store, store.database.acquire() as db:
        key = await find_workspace(db, workspace)
        rows = await db.fetch("SELECT id, name FROM agent WHERE workspace_id = $1", key)
        names = {row["id"]: row["name"] for row in rows}
        working = await asking.on_shift(db, key, at)
        calling = await asking.on_call(db, key, at)
        coming = None if working else await asking.next_on_shift(db, key, at)
    told = {
        name: [{"name": names[duty.agent_id], "ends_at": duty.ends_at} for duty in found]
        for name, found in (("on_shift", working), ("on_call", calling))
    }
    return {"at": at, **told, "next_at": coming[0] if coming else None}


async def _take(text: str, whose: Whose) -> Imported:
    zone_of(whose.zone)
    async with open_store(Settings.from_env(os.environ), size=2) as store:
        async with store.database.acquire() as db:
            key = await find_workspace(db, whose.workspace)
            agent_id = await db.fetchval(_AGENT, key, whose.agent)
        if agent_id is None:
            raise NotFound("agent")
        found = read(text, agent_id, None, whose.zone)
        async with Works(store.database, system_clock).open(key) as work:
            taken = await take_in(work, agent_id, None, found, keep=whose.keep)
            if whose.keep:
                line = audit.Line(
                    actor_kind=BY_COMMAND,
                    act="roster.imported",
                    object_kind="agent",
                    object_id=agent_id,
                )
                await audit.append(work.db, key, line, now=work.now)
            return taken


_TEAM = """
SELECT id FROM team WHERE workspace_id = $1 AND lower(name) = lower($2) AND deleted_at IS NULL
"""
_AGENT = "SELECT id FROM agent WHERE workspace_id = $1 AND lower(email) = lower($2)"
