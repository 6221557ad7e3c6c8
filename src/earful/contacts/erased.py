"""Of somebody who was erased nothing new is kept."""

from __future__ import annotations

from typing import Any

from earful.kit.refusal import Refused
from earful.stream.work import Work


async def refuse_erased(work: Work, contact_id: str) -> None:
    """Raise Refused (`erased`) where the contact was erased; until the commit nobody erases them.

    Who writes again after an erasure is a new contact, of whom the desk knows nothing else.
    """
    await work.db.execute(_HOLD, work.workspace_id, contact_id)
    if await work.db.fetchval(_ERASED, work.workspace_id, contact_id):
        raise Refused("erased", "They were erased. Nothing more is kept about them.")


async def refuse_of_erased(work: Work, conversation: dict[str, Any]) -> None:
    """The same for a locked conversation's row, unless other people wrote there, too."""
    if conversation["people"] > 1:
        return
    if await work.db.fetchval(_ERASED, work.workspace_id, conversation["contact_id"]):
        raise Refused(
            "erased",
            "Whose conversation this was has been erased. Nothing more is kept about it; "
            "it can be assigned and resolved.",
        )


_HOLD = "SELECT 1 FROM contact WHERE workspace_id = $1 AND id = $2 FOR SHARE"

_ERASED = "SELECT EXISTS (SELECT FROM erasure WHERE workspace_id = $1 AND contact_id = $2)"
