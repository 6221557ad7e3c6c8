"""Handing a conversation over, taking it back, and saying what became of a doubtful attempt."""

from __future__ import annotations

from typing import Any

from earful.contacts.erased import refuse_of_erased
from earful.conversations.rows import lock
from earful.desk.common import finish
from earful.handoff.kinds import KINDS
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.kit.text import storable
from earful.stream.work import Work


def describe(row: Any) -> dict[str, Any]:
    """A handoff as the screen sees it."""
    names = ("id", "conversation_id", "desk_id", "state", "error", "created_at", "handed_at")
    shown = {name: row[name] for name in names}
    remote = row["remote"] or {}
    return shown | {
        "desk": row["desk"],
        "title": KINDS[row["kind"]].title,
        **{name: remote.get(name, "") for name in ("number", "url", "status", "owner")},
        "closing_line": remote.get("closing_line", ""),
    }


async def hand_on(work: Work, conversation_id: str, desk_id: str, note: str) -> dict[str, Any]:
    """Hand a conversation to another desk: queued here, made there by the worker.

    Nobody's wait ends by it: the clock runs on until somebody answers the customer.
    """
    conversation = await lock(work, conversation_id)
    if conversation["merged_into"]:
        raise Refused("merged", "This conversation was merged into another.")
    await refuse_of_erased(work, conversation)
    desk = await work.db.fetchrow(
        """SELECT name FROM other_desk WHERE workspace_id = $1 AND id = $2
           AND removed_at IS NULL FOR SHARE""",
        work.workspace_id,
        desk_id,
    )
    if desk is None:
        raise NotFound("desk")
    handoff_id = await work.db.fetchval(
        """INSERT INTO handoff (workspace_id, id, conversation_id, desk_id, agent_id, note, run_at,
             created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
           ON CONFLICT (workspace_id, conversation_id) WHERE state NOT IN ('failed', 'ended')
           DO NOTHING RETURNING id""",
        work.workspace_id,
        new_id(),
        conversation_id,
        desk_id,
        work.actor.id,
        storable(note, 5000),
        work.now,
    )
    if handoff_id is None:
        raise Refused("exists", "It is with another desk already. Take it back first.")
    words = f"{work.actor.name} handed it to {desk['name']}"
    await finish(work, conversation_id, "conversation.changed", activity=words)
    return await tell(work, handoff_id)


async def take_back(work: Work, conversation_id: str) -> dict[str, Any]:
    """It is ours alone again. The ticket there stays as it is; nothing more is told to it."""
    handoff_id = await work.db.fetchval(
        """UPDATE handoff SET state = 'ended' WHERE workspace_id = $1
           AND conversation_id = $2 AND state NOT IN ('failed', 'ended', 'sending')
           RETURNING id""",
        work.workspace_id,
        conversation_id,
    )
    if handoff_id is None:
        raise Refused("busy", "It is with no other desk, or just being handed over.")
    words = f"{work.actor.name} took it back"
    await finish(work, conversation_id, "conversation.changed", activity=words)
    return await tell(work, handoff_id)


async def settle(work: Work, conversation_id: str, *, there: bool) -> dict[str, Any]:
    """Say of a doubtful attempt whether it is there; if not, it is handed over again."""
    handoff_id = await work.db.fetchval(
        """UPDATE handoff SET state = CASE WHEN $3 THEN 'handed' ELSE 'queued' END, error = '',
             attempts = 0, run_at = $4, handed_at = CASE WHEN $3 THEN $4::timestamptz END
           WHERE workspace_id = $1 AND id = (SELECT id FROM handoff WHERE workspace_id = $1
             AND conversation_id = $2 ORDER BY created_at DESC LIMIT 1)
             AND state IN ('uncertain', 'failed') RETURNING id""",
        work.workspace_id,
        conversation_id,
        there,
        work.now,
    )
    if handoff_id is None:
        raise Refused("busy", "There is no doubt about it any more.")
    return await tell(work, handoff_id)


async def tell(work: Work, handoff_id: str) -> dict[str, Any]:
    """Emit how it stands. Returns it."""
    row = await work.db.fetchrow(_SHOWN, work.workspace_id, handoff_id)
    if row is None:
        raise NotFound("handoff")
    shown = describe(row)
    work.emit(
        "handoff.changed",
        {"handoff": shown},
        conversation_id=row["conversation_id"],
        inbox_id=row["inbox_id"],
    )
    return shown


async def newest_of(db: Any, workspace_id: str, conversation_id: str) -> dict[str, Any] | None:
    """The newest handoff of a conversation, unless it was taken back."""
    row = await db.fetchrow(_NEWEST, workspace_id, conversation_id)
    return describe(row) if row else None


_COLUMNS = """h.*, d.name AS desk, d.kind, c.inbox_id FROM handoff h
JOIN other_desk d ON d.workspace_id = h.workspace_id AND d.id = h.desk_id
JOIN conversation c ON c.workspace_id = h.workspace_id AND c.id = h.conversation_id"""

_SHOWN = f"SELECT {_COLUMNS} WHERE h.workspace_id = $1 AND h.id = $2"

_NEWEST = f"""
SELECT {_COLUMNS} WHERE h.workspace_id = $1 AND h.conversation_id = $2 AND h.state <> 'ended'
ORDER BY h.created_at DESC LIMIT 1
"""
