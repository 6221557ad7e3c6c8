"""What named things of a workspace have in common."""

from __future__ import annotations

from earful.kit.refusal import NotFound, Refused
from earful.kit.text import one_line, storable
from earful.stream.work import Work


def named(name: str | None) -> str:
    """`name` on one line. Raises Refused when nothing is left of it."""
    clean = one_line(storable(name or ""), 100)
    if not clean:
        raise Refused("empty", "It needs a name.")
    return clean


async def need(work: Work, table: str, key: str) -> None:
    """Raise NotFound unless the workspace has a row of that id."""
    found = await work.db.fetchval(
        f"SELECT true FROM {table} WHERE workspace_id = $1 AND id = $2 FOR UPDATE",  # noqa: S608
        work.workspace_id,
        key,
    )
    if not found:
        raise NotFound(table.removeprefix("saved_"))
