"""Whether a rule's conditions hold. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import msgspec

from earful.automation.rules import JUDGED, Condition, Rule
from earful.kit.text import folded


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What rules may ask of a post and of where it stands."""

    message_id: str
    conversation_id: str
    text: str
    language: str
    author: str
    opened: bool
    """Whether the post opened its conversation."""
    network: str
    channel_id: str
    inbox_id: str
    visibility: str
    severity: int
    assignee_id: str | None
    team_id: str | None
    tags: list[str]
    person_tags: list[str]
    late: bool
    """Whether a clock of the conversation ran out."""
    followers: int | None = None
    judged: bool = False
    kind: str = ""
    sentiment: float = 0.0
    urgency: str = ""
    needs_reply: bool = False
    shaming: bool = False
    sensitive: bool = False
    asked_before: bool = False

    @property
    def mood(self) -> str:
        """Bad from -0.3 down, good from 0.3 up."""
        if abs(self.sentiment) < MILD:
            return "neutral"
        return "good" if self.sentiment > 0 else "bad"


MILD = 0.3


def matches(rule: Rule, facts: Facts) -> bool:
    """Whether the rule is about this, now that its trigger has come."""
    held = (_holds(one, facts) for one in rule.conditions)
    return all(held) if rule.match == "all" else any(held)


def triggered(rule: Rule, facts: Facts) -> bool:
    """Whether the rule's trigger came for this, as what happened before is looked at."""
    if rule.when == "late":
        return facts.late
    return facts.opened or rule.when == "received"


def _holds(condition: Condition, facts: Facts) -> bool:
    if condition.field in JUDGED and not facts.judged:
        return False  # nor is it known that it is not so
    return _ASKS[condition.field](condition.values, facts) is not condition.negated


def _text(values: tuple[str, ...], facts: Facts) -> bool:
    return _pattern(values).search(folded(facts.text)) is not None


@lru_cache(maxsize=1000)
def _pattern(values: tuple[str, ...]) -> re.Pattern[str]:
    """Any of these, each as a whole word or phrase; a star ends a word early."""
    return re.compile("|".join(_one(folded(value)) for value in values))


def _one(value: str) -> str:
    open_ended = value.endswith("*")
    words = r"\s+".join(map(re.escape, value.rstrip("*").split()))
    if _unspaced(value):
        return words  # its words stand without spaces between them
    before = r"(?<!\w)" if value[0].isalnum() else ""
    after = r"(?!\w)" if not open_ended and value[-1].isalnum() else ""
    return f"{before}{words}{after}"


_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)


def _unspaced(value: str) -> bool:
    return _UNSPACED.search(value) is not None


def _among(ask: Callable[[Facts], str]) -> Callable[[tuple[str, ...], Facts], bool]:
    def holds(values: tuple[str, ...], facts: Facts) -> bool:
        return folded(ask(facts)) in map(folded, values)

    return holds


def _one_of(ask: Callable[[Facts], list[str]]) -> Callable[[tuple[str, ...], Facts], bool]:
    def holds(values: tuple[str, ...], facts: Facts) -> bool:
        return not {folded(one) for one in ask(facts)}.isdisjoint(map(folded, values))

    return holds


def _author(values: tuple[str, ...], facts: Facts) -> bool:
    return folded(facts.author) in {folded(value).removeprefix("@") for value in values}


def _language(values: tuple[str, ...], facts: Facts) -> bool:
    """ "pt" is "pt-BR", too."""
    said = folded(facts.language)
    return any(said == value or said.startswith(f"{value}-") for value in map(folded, values))


_ASKS: dict[str, Callable[[tuple[str, ...], Facts], bool]] = {
    "text": _text,
    "network": _among(lambda facts: facts.network),
    "channel": _among(lambda facts: facts.channel_id),
    "inbox": _among(lambda facts: facts.inbox_id),
    "visibility": _among(lambda facts: "public" if facts.visibility == "public" else "private"),
    "language": _language,
    "severity": lambda values, facts: facts.severity <= int(values[0]),
    "tag": _one_of(lambda facts: facts.tags),
    "person_tag": _one_of(lambda facts: facts.person_tags),
    "author": _author,
    "followers": lambda values, facts: (facts.followers or 0) >= int(values[0]),
    "kind": _among(lambda facts: facts.kind),
    "mood": _among(lambda facts: facts.mood),
    "urgency": _among(lambda facts: facts.urgency),
    "needs_reply": lambda _, facts: facts.needs_reply,
    "shaming": lambda _, facts: facts.shaming,
    "sensitive": lambda _, facts: facts.sensitive,
    "asked_before": lambda _, facts: facts.asked_before,
    "assigned": lambda _, facts: facts.assignee_id is not None,
}
