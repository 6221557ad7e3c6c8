"""The single things a rule does. What is so already is left alone, and nothing is taken away."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from earful.automation.matching import Facts
from earful.automation.rules import Act
from earful.desk.assign import assign
from earful.desk.hand_over import hand_over
from earful.desk.severity import set_severity
from earful.desk.tags import add_tag
from earful.stream.work import Work


def changes(act: Act, facts: Facts) -> bool:
    """Whether doing it would change anything. Whoever has a conversation keeps it."""
    if act.do == "tag":
        return act.value not in facts.tags
    if act.do == "severity":
        return int(act.value) != facts.severity
    if act.do == "assign":
        return facts.assignee_id is None
    return facts.team_id is None and facts.assignee_id is None


async def do(work: Work, act: Act, facts: Facts) -> bool:
    """Do it, if it changes anything. Raises Refused."""
    if not changes(act, facts):
        return False
    await _DEEDS[act.do](work, facts.conversation_id, act.value)
    return True


async def _severity(work: Work, conversation_id: str, value: str) -> object:
    return await set_severity(work, conversation_id, int(value), work.actor.name)


async def _assign(work: Work, conversation_id: str, value: str) -> object:
    return await assign(work, conversation_id, value, why=work.actor.name)


_DEEDS: dict[str, Callable[[Work, str, str], Awaitable[object]]] = {
    "tag": add_tag,
    "severity": _severity,
    "assign": _assign,
    "team": hand_over,
}
