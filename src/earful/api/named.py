"""What named things of a workspace have in common."""

from __future__ import annotations

from typing import Any

from earful.kit.refusal import NotFound, Refused
from earful.kit.text import one_line, storable
from earful.stream.work import Work


def named(name: str | None) -> str:
    """`name` on one line. Raises Refused when nothing is left of it."""
    clean = one_line(storable(name or ""), 100)
    if not clean:
        raise Refused("empty", "It needs a name.")
    return clean


async def listed(db: Any, workspace_id: str, table: str, columns: str) -> list[dict[str, Any]]:
    """All rows of a table of the workspace's, by name. Table and columns are names of ours."""
    rows = await db.fetch(
        f"SELECT {columns} FROM {table} WHERE workspace_id = $1 ORDER BY name",  # noqa: S608
        workspace_id,
    )
    return [dict(row) for row in rows]


async def need(work: Work, table: str, key: str) -> None:
    """Raise NotFound unless the workspace has a row of that id."""
    found = await work.db.fetchval(
        f"SELECT true FROM {table} WHERE workspace_id = $1 AND id = $2 FOR UPDATE",  # noqa: S608
        work.workspace_id,
        key,
    )
    if not found:
        raise NotFound(table.removeprefix("saved_"))
