"""Ready to go live: an account that listens, and people who answer what comes in by it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earful.accounts.sight import works_in
from earful.kit.readiness import Item


async def channels_ready(db: Any, workspace_id: str, now: datetime) -> Item:  # noqa: ARG001 - a Look
    """An account is connected, and none of them is in trouble."""
    rows = await db.fetch(
        "SELECT handle, state FROM channel WHERE workspace_id = $1 AND state <> 'off'", workspace_id
    )
    bad = [row["handle"] for row in rows if row["state"] != "active"]
    if not rows:
        return Item("channel", False, "No account is connected.", "channels")
    if bad:
        return Item("channel", False, f"{bad[0]} does not listen.", "channels")
    return Item("channel", True, "Every connected account listens.", "channels")


async def staff_ready(db: Any, workspace_id: str, now: datetime) -> Item:  # noqa: ARG001 - a Look
    """Whatever comes in, somebody may answer it: agents, not only those who run the desk."""
    row = await db.fetchrow(_UNSTAFFED, workspace_id)
    if row is not None:
        words = f"Nobody who answers works in {row['name']}."
        return Item("staff", False, words, "inboxes")
    return Item("staff", True, "Somebody answers in every inbox.", "inboxes")


_UNSTAFFED = f"""
SELECT i.name FROM inbox i WHERE i.workspace_id = $1 AND i.deleted_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM agent a WHERE a.workspace_id = $1 AND a.disabled_at IS NULL
    AND a.role <> 'viewer' AND {works_in("$1", "i.id", "a.id")})
ORDER BY i.created_at LIMIT 1
"""  # noqa: S608 - a constant of this file
