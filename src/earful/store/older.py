"""Processes of older versions that are at work, known by the names of their connections.

Each connection is named after the newest migration that its code knows ("earful 0037"). Versions
that did not say are older than any that does. A contract that such code does not know waits for it.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from earful.store.pool import Connection

FOLDER = Path(__file__).parent / "migrations"
PATIENCE = (0.2, 0.8, 2.0)  # seconds between looks: what was just stopped may take so long to go
OURS = re.compile(r"earful(?: listen)?(?: (\d+))?")

AT_WORK = """
SELECT application_name, client_addr::text AS host FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND application_name LIKE 'earful%'
"""


@cache
def newest() -> int:
    """The newest migration that this code knows."""
    return max(int(path.name[:4]) for path in FOLDER.glob("[0-9]*_*.sql"))


def connection_name(what: str = "") -> str:
    """What a connection that works with rows is called: "earful 0037", "earful listen 0037"."""
    return " ".join(filter(None, ("earful", what, f"{newest():04}")))


@dataclass(frozen=True, slots=True)
class Older:
    """One connection of a process that may be older. `knows` is 0 for those that don't say."""

    knows: int
    host: str | None


async def at_work(db: Connection) -> list[Older]:
    """The connections of desks and workers to this database, one's own left out."""
    found = []
    for row in await db.fetch(AT_WORK):
        if name := OURS.fullmatch(row["application_name"]):
            found.append(Older(int(name[1] or 0), row["host"]))
    return found


async def after_patience(db: Connection, version: int) -> list[Older]:
    """Those whose code does not know migration `version`; who is just ending is waited for."""
    for pause in (*PATIENCE, None):
        older = [one for one in await at_work(db) if one.knows < version]
        if not older or pause is None:
            break
        await asyncio.sleep(pause)
    return older


def in_words(older: list[Older]) -> str:
    """How many there are, and from where: "3 connections, from 10.0.0.4"."""
    count = f"{len(older)} connection{'s' * (len(older) != 1)}"
    hosts = sorted({one.host for one in older if one.host})
    return f"{count}, from {', '.join(hosts)}" if hosts else count
