"""What named things of a workspace have in common."""

from __future__ import annotations

from typing import Any

from earful.accounts import audit
from earful.accounts.acts import Act
from earful.kit.refusal import NotFound, Refused
from earful.kit.text import one_line, storable
from earful.stream.work import Work


def named(name: str | None) -> str:
    """`name` on one line. Raises Refused when nothing is left of it."""
    clean = one_line(storable(name or ""), 100)
    if not clean:
        raise Refused("empty", "It needs a name.")
    return clean


async def audited(
    work: Work, agent_id: str, act: Act, object_kind: str, object_id: str, *texts: str
) -> None:
    """Write into the audit log what an agent did to a thing; `texts` are hashed, not kept."""
    line = audit.Line(
        actor_kind="agent",
        actor_id=agent_id,
        act=act,
        object_kind=object_kind,
        object_id=object_id,
        texts=texts,
    )
    await audit.append(work.db, work.workspace_id, line, now=work.now)


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
        raise NotFound(_noun(table))


async def forget(work: Work, table: str, key: str) -> None:
    """Delete the row of that id. Raises NotFound."""
    gone = await work.db.fetchval(
        f"DELETE FROM {table} WHERE workspace_id = $1 AND id = $2 RETURNING true",  # noqa: S608
        work.workspace_id,
        key,
    )
    if not gone:
        raise NotFound(_noun(table))


def _noun(table: str) -> str:
    return table.removeprefix("saved_")
