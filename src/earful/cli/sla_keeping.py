"""sla hours, sla policy: hours and policies listed, set from files and removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Any

import click
import msgspec

from earful.accounts import audit
from earful.accounts.acts import Act
from earful.cli.operate import AS_JSON, BY_COMMAND, WORKSPACE, in_workspace
from earful.sla import keeping, scripted
from earful.stream.work import Work

_FILE = click.argument("file", type=click.File("rb"), default="-")


@click.group()
def hours() -> None:
    """When somebody is there."""


@click.group()
def policy() -> None:
    """How long people may wait."""


@hours.command("list")
@WORKSPACE
@AS_JSON
def list_hours(workspace: str | None, as_json: bool) -> None:
    """All hours, as `hours set` takes them."""

    async def run(work: Work) -> list[dict[str, Any]]:
        kept = await keeping.list_hours(work.db, work.workspace_id)
        return [keeping.shown_hours(one) for one in kept]

    _listed(in_workspace(workspace, run), as_json, lambda one: one["name"])


@policy.command("list")
@WORKSPACE
@AS_JSON
def list_policies(workspace: str | None, as_json: bool) -> None:
    """All policies in their order, as `policy set` takes them; the first that fits holds."""

    async def run(work: Work) -> list[dict[str, Any]]:
        named = {one.id: one.name for one in await keeping.list_hours(work.db, work.workspace_id)}
        kept = await keeping.list_policies(work.db, work.workspace_id)
        return [_with_hours(keeping.shown_policy(one), named) for one in kept]

    _listed(in_workspace(workspace, run), as_json, lambda one: one["terms"]["name"])


def _with_hours(shown: dict[str, Any], named: dict[str, str]) -> dict[str, Any]:
    """Hours by their name, which another desk may have as well."""
    terms = dict(shown["terms"])
    hours_id = terms.pop("hours_id")
    return shown | {"terms": terms | {"hours": named.get(hours_id) if hours_id else None}}


@hours.command("set")
@_FILE
@WORKSPACE
@AS_JSON
def set_hours(file: IO[bytes], workspace: str | None, as_json: bool) -> None:
    """Keep the hours of a JSON file, by name; what is so already stays. All of them or none."""
    data = _read(file)

    async def run(work: Work) -> list[dict[str, Any]]:
        done = await scripted.set_hours(work, data)
        for kept, changed in done:
            if changed:
                await _note(work, "hours.changed", kept.id, kept.name)
        return [keeping.shown_hours(kept) | {"changed": changed} for kept, changed in done]

    _listed(in_workspace(workspace, run), as_json, lambda one: one["name"] + _what(one))


@policy.command("set")
@_FILE
@WORKSPACE
@AS_JSON
def set_policies(file: IO[bytes], workspace: str | None, as_json: bool) -> None:
    """Keep the policies of a JSON file, by name; clocks that run keep theirs. All or none."""
    data = _read(file)

    async def run(work: Work) -> list[dict[str, Any]]:
        done = await scripted.set_policies(work, data)
        for kept, changed in done:
            if changed:
                await _note(work, "policy.changed", kept.id, kept.terms.name)
        return [keeping.shown_policy(kept) | {"changed": changed} for kept, changed in done]

    _listed(in_workspace(workspace, run), as_json, lambda one: one["terms"]["name"] + _what(one))


@hours.command("remove")
@click.argument("name")
@WORKSPACE
def remove_hours(name: str, workspace: str | None) -> None:
    """Forget hours by which no policy counts."""

    async def run(work: Work) -> None:
        kept = await scripted.find_named(work.db, work.workspace_id, name, hours=True)
        await keeping.remove_hours(work, kept.id)
        await _note(work, "hours.removed", kept.id)

    in_workspace(workspace, run)


@policy.command("remove")
@click.argument("name")
@WORKSPACE
def remove_policy(name: str, workspace: str | None) -> None:
    """Let a policy hold no longer; clocks that run under it go on."""

    async def run(work: Work) -> None:
        kept = await scripted.find_named(work.db, work.workspace_id, name, hours=False)
        await keeping.remove_policy(work, kept.id)
        await _note(work, "policy.removed", kept.id)

    in_workspace(workspace, run)


@policy.command("order")
@click.argument("names", nargs=-1, required=True)
@WORKSPACE
def order_policies(names: tuple[str, ...], workspace: str | None) -> None:
    """Ask the policies in this order; all of them are named."""

    async def run(work: Work) -> None:
        found = [
            await scripted.find_named(work.db, work.workspace_id, name, hours=False)
            for name in names
        ]
        for kept in await keeping.order_policies(work, [one.id for one in found]):
            await _note(work, "policy.changed", kept.id, kept.terms.name)

    in_workspace(workspace, run)


def _read(file: IO[bytes]) -> Any:
    try:
        return msgspec.json.decode(file.read())
    except msgspec.DecodeError as error:
        raise click.ClickException(f"That is not JSON: {error}") from None


def _listed(found: list[Any], as_json: bool, words: Callable[[Any], str]) -> None:
    if as_json:
        click.echo(msgspec.json.encode(found))
        return
    for one in found:
        click.echo(words(one))


def _what(one: dict[str, Any]) -> str:
    return f": version {one['version']}" if one["changed"] else ": as it was"


async def _note(work: Work, act: Act, object_id: str, *texts: str) -> None:
    line = audit.Line(
        actor_kind=BY_COMMAND,
        act=act,
        object_kind=act.partition(".")[0],
        object_id=object_id,
        texts=texts,
    )
    await audit.append(work.db, work.workspace_id, line, now=work.now)
