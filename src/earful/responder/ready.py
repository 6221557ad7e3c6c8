"""Ready to go live: what is said while nobody is there is written down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from earful.kit.readiness import Item
from earful.responder.rules import Rules


async def texts_ready(db: Any, workspace_id: str, now: datetime) -> Item:  # noqa: ARG001 - a Look
    """Every inbox that has an account has a text in its own language."""
    rows = await db.fetch(_INBOXES, workspace_id)
    bare = [row["name"] for row in rows if not _has_text(row["rules"])]
    if bare:
        words = f"No text says in {bare[0]} that nobody is there."
        return Item("texts", False, words, "away")
    words = "Every inbox has a text for when nobody is there."
    return Item("texts", bool(rows), words if rows else "No inbox has an account yet.", "away")


def _has_text(kept: Any) -> bool:
    rules = Rules() if kept is None else msgspec.convert(kept, Rules)
    return rules.language in rules.texts


_INBOXES = """
SELECT i.name, r.rules FROM inbox i
LEFT JOIN responder r ON r.workspace_id = i.workspace_id AND r.inbox_id = i.id
WHERE i.workspace_id = $1 AND i.deleted_at IS NULL AND EXISTS (
  SELECT 1 FROM channel c WHERE c.workspace_id = $1 AND c.inbox_id = i.id AND c.state <> 'off')
ORDER BY i.created_at
"""
