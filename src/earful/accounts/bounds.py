"""How many of each thing a workspace may have whose lists are given whole, not by the page."""

from __future__ import annotations

from earful.accounts.errors import TooMany
from earful.store.pool import Connection

MOST = {
    "agent": (2000, "people"),
    "team": (500, "teams"),
    "inbox": (500, "inboxes"),
    "channel": (500, "channels"),
    "tag": (2000, "tags"),
    "macro": (2000, "macros"),
    "saved_view": (500, "views"),
    "rule": (200, "rules"),
    "saved_search": (100, "saved searches"),
}
"""By table: the bound, and what its rows are called."""


async def refuse_beyond(db: Connection, workspace_id: str, table: str) -> None:
    """Raise TooMany where the workspace has more of them than it may: call it after adding one.

    What was removed, but is still referred to, counts.
    """
    most, called = MOST[table]
    sql = f"SELECT count(*) FROM (SELECT FROM {table} WHERE workspace_id = $1 LIMIT $2) t"  # noqa: S608
    if await db.fetchval(sql, workspace_id, most + 1) > most:
        raise TooMany(f"A workspace has at most {most} {called}. Remove some that nobody needs.")
