"""Half-written drafts: kept per agent and conversation, so that none is ever lost."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from earful.contacts.erased import refuse_of_erased
from earful.kit.refusal import NotFound
from earful.kit.text import storable
from earful.stream.work import Work


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What an agent was writing. `mode` is "public" (a reply), "direct" or "note".

    `others` holds what was begun for other readers, by their mode: words for one are never shown
    to another. `then` is what becomes of the conversation afterwards, `move` an invitation in it.
    """

    text: str = ""
    mode: str = "public"
    in_reply_to: str | None = None
    media: list[dict[str, Any]] = msgspec.field(default_factory=list)
    warning: str | None = None
    then: str = ""
    move: str | None = None
    others: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)
    updated_at: datetime | None = None


async def keep_draft(work: Work, conversation_id: str, agent_id: str, draft: Draft) -> Draft:
    """Keep a draft; an empty one is forgotten. Drafts are nobody else's, so no event tells."""
    row = await work.db.fetchrow(
        "SELECT contact_id, people FROM conversation WHERE workspace_id = $1 AND id = $2",
        work.workspace_id,
        conversation_id,
    )
    if row is None:
        raise NotFound("conversation")
    await refuse_of_erased(work, row)
    if not (draft.text.strip() or draft.media or draft.others):
        await drop_draft(work, conversation_id, agent_id)
        return draft
    kept = msgspec.structs.replace(draft, text=storable(draft.text), updated_at=work.now)
    await work.db.execute(
        """INSERT INTO draft (workspace_id, conversation_id, agent_id, content, updated_at)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (workspace_id, conversation_id, agent_id)
           DO UPDATE SET content = excluded.content, updated_at = excluded.updated_at""",
        work.workspace_id,
        conversation_id,
        agent_id,
        msgspec.to_builtins(kept),
        work.now,
    )
    return kept


async def give_back(
    work: Work, conversation_id: str, agent_id: str, written: dict[str, Any] | None
) -> None:
    """Make what was taken back a draft again, unless a newer one was begun meanwhile."""
    if not written:
        return
    await work.db.execute(
        """INSERT INTO draft (workspace_id, conversation_id, agent_id, content, updated_at)
           VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING""",
        work.workspace_id,
        conversation_id,
        agent_id,
        msgspec.to_builtins(Draft(**written, updated_at=work.now)),
        work.now,
    )


async def drop_draft(work: Work, conversation_id: str, agent_id: str) -> None:
    """Forget a draft."""
    await work.db.execute(
        "DELETE FROM draft WHERE workspace_id = $1 AND conversation_id = $2 AND agent_id = $3",
        work.workspace_id,
        conversation_id,
        agent_id,
    )
