"""Severity by hand."""

from __future__ import annotations

from earful.conversations.cards import Card
from earful.conversations.rows import lock
from earful.desk.common import change, finish
from earful.kit.refusal import Refused
from earful.kit.text import one_line
from earful.stream.work import Work


async def set_severity(work: Work, conversation_id: str, severity: int, reason: str = "") -> Card:
    """Set severity 1 (worst) to 5, with the reason in the agent's words."""
    if not 1 <= severity <= 5:
        raise Refused("invalid", "Severity is a number from 1 to 5.")
    await lock(work, conversation_id)
    words = one_line(reason, 200) or f"set by {work.actor.name}"
    await change(work, conversation_id, severity=severity, severity_reason=words)
    activity = f"{work.actor.name} set severity {severity}"
    return await finish(work, conversation_id, "conversation.prioritised", activity=activity)
