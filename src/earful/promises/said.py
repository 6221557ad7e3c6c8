"""Whether a message that is to hold a promise was said at all."""

from __future__ import annotations

from earful.kit.ids import is_id
from earful.kit.refusal import NotFound, Refused
from earful.stream.work import Work


async def need_said(work: Work, message_id: str) -> None:
    """Raise unless it is a message of ours that was not taken back.

    Its delivery is held: who takes it back at this moment comes before, or finds the promise.
    """
    state = (
        await work.db.fetchval(_SAID, work.workspace_id, message_id) if is_id(message_id) else ""
    )
    if not state:
        raise NotFound("message")
    if state == "undone":
        raise Refused("undone", "That message was taken back: it promised nothing.")


_SAID = """
SELECT state FROM delivery WHERE workspace_id = $1 AND message_id = $2
ORDER BY state = 'undone' LIMIT 1 FOR SHARE
"""
