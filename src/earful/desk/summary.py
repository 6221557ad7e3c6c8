"""The case in one line: what it is about, in an agent's words."""

from __future__ import annotations

from earful.contacts.erased import refuse_of_erased
from earful.conversations.cards import Card
from earful.conversations.rows import lock
from earful.desk.common import change, finish
from earful.kit.refusal import Refused
from earful.kit.text import one_line
from earful.stream.work import Work

LONGEST = 140
"""Characters. A line that does not fit has not named the problem yet."""


async def set_summary(work: Work, conversation_id: str, text: str) -> Card:
    """Say what the conversation is about; empty takes it away. Refused when it is too long."""
    words = one_line(text, LONGEST + 1)
    if len(words) > LONGEST:
        raise Refused("too-long", f"One line, {LONGEST} characters at most.")
    row = await lock(work, conversation_id)
    if words:
        await refuse_of_erased(work, row)
    await change(work, conversation_id, summary=words)
    activity = (
        f"{work.actor.name} summed it up" if words else f"{work.actor.name} took the summary away"
    )
    return await finish(work, conversation_id, "conversation.summarised", activity=activity)
