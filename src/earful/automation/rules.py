"""What a rule says: when, if, then. Checked before it is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from earful.kit.ids import is_id
from earful.kit.refusal import Refused
from earful.kit.text import one_line, storable
from earful.triage.model import ALL_KINDS

Trigger = Literal["opened", "received", "late"]
"""A post opened a conversation; any post of a customer came in; a clock ran out."""
Match = Literal["all", "any"]
Field = Literal[
    "text", "network", "channel", "inbox", "visibility", "language", "severity", "tag",
    "person_tag", "author", "followers", "assigned",
    "kind", "mood", "urgency", "needs_reply", "shaming", "sensitive", "asked_before",
]  # fmt: skip
JUDGED = frozenset(
    {"kind", "mood", "urgency", "needs_reply", "shaming", "sensitive", "asked_before"}
)
"""What is known of a post once it was judged, a moment after it came in."""
MOODS = ("bad", "neutral", "good")
URGENCIES = ("now", "today", "none")
Deed = Literal["tag", "severity", "assign", "team"]
MOST_CONDITIONS, MOST_VALUES, MOST_ACTS = 20, 50, 10
LONGEST = 100
"""Characters of a value, and of a rule's name."""
TARGETLESS = frozenset({"assigned", "needs_reply", "shaming", "sensitive", "asked_before"})
MOST_FOLLOWERS = 1_000_000_000


class Condition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`field` is one of `values`; with `negated` none of them.

    Of a text: has one of these words or phrases ("refund*" is all that begins so). Of a severity,
    one value: that or worse; of followers, that many or more. Those of TARGETLESS have none, such
    as "assigned": somebody looks after it.
    """

    field: Field
    values: tuple[str, ...] = ()
    negated: bool = False


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is done: put a tag on, set the severity, give it to an agent or a team (their id)."""

    do: Deed
    value: str


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule as a lead writes it."""

    name: str
    when: Trigger = "opened"
    match: Match = "all"
    conditions: tuple[Condition, ...] = ()
    acts: tuple[Act, ...] = ()
    on: bool = True

    @property
    def judges(self) -> bool:
        """Whether it asks for what is known only once a post was judged."""
        return any(one.field in JUDGED for one in self.conditions)


def check(rule: Rule) -> Rule:
    """The rule, tidied. Raises Refused in words."""
    name = one_line(storable(rule.name), LONGEST)
    if not name:
        raise Refused("empty", "A rule needs a name: what it does is told by it.")
    if not rule.acts:
        raise Refused("empty", "Say what is to be done.")
    if not rule.conditions:
        # What it would do to everything is rarely meant, and never needs a rule.
        raise Refused("empty", "Say of which posts. Without a condition it would act on all.")
    if len(rule.conditions) > MOST_CONDITIONS or len(rule.acts) > MOST_ACTS:
        most = f"{MOST_CONDITIONS} conditions and {MOST_ACTS} things to do"
        raise Refused("too-many", f"A rule has at most {most}. Make two of it.")
    conditions = tuple(_condition(one) for one in rule.conditions)
    acts = tuple(_act(one) for one in rule.acts)
    doubled = {one.do for one in acts if one.do != "tag" and _times(acts, one.do) > 1}
    if doubled:
        raise Refused("invalid", f"It can set only one {min(doubled)}: which would hold?")
    return msgspec.structs.replace(rule, name=name, conditions=conditions, acts=acts)


def _times(acts: tuple[Act, ...], deed: Deed) -> int:
    return sum(one.do == deed for one in acts)


def _condition(one: Condition) -> Condition:
    values = tuple(dict.fromkeys(filter(None, (_tidy(value) for value in one.values))))
    if one.field in TARGETLESS:
        return msgspec.structs.replace(one, values=())
    if not values:
        raise Refused("empty", f"Say which {one.field.replace('_', ' ')}.")
    if len(values) > MOST_VALUES:
        raise Refused("too-many", f"A condition has at most {MOST_VALUES} values.")
    _CHECKS.get(one.field, _any)(values)
    return msgspec.structs.replace(one, values=values)


def _act(one: Act) -> Act:
    value = _tidy(one.value)
    if not value:
        raise Refused("empty", f"Say which {one.do}.")
    if one.do == "severity":
        _severity((value,))
    if one.do in ("assign", "team") and not is_id(value):
        raise Refused("invalid", f"`{one.do}` takes an id.")
    return Act(do=one.do, value=value)


def _tidy(value: str) -> str:
    return one_line(storable(value), LONGEST)


def _any(_: tuple[str, ...]) -> None:
    """Anything goes."""


def _severity(values: tuple[str, ...]) -> None:
    if len(values) != 1 or values[0] not in ("1", "2", "3", "4", "5"):
        raise Refused("invalid", "Severity is one number from 1 to 5.")


def _ids(values: tuple[str, ...]) -> None:
    if not all(map(is_id, values)):
        raise Refused("invalid", "Channels and inboxes are given by id.")


def _visibility(values: tuple[str, ...]) -> None:
    if not set(values) <= {"public", "private"}:
        raise Refused("invalid", "A conversation is public or private.")


def _text(values: tuple[str, ...]) -> None:
    if any(not value.strip("*") for value in values):
        raise Refused("invalid", "A star alone would match everything: write a word before it.")


def _listed(name: str, known: tuple[str, ...]) -> Callable[[tuple[str, ...]], None]:
    def check_listed(values: tuple[str, ...]) -> None:
        if not set(values) <= set(known):
            raise Refused("invalid", f"{name} is one of {', '.join(known)}.")

    return check_listed


def _followers(values: tuple[str, ...]) -> None:
    plain = len(values) == 1 and values[0].isascii() and values[0].isdigit()
    if not plain or not 0 < int(values[0]) <= MOST_FOLLOWERS:
        raise Refused("invalid", "How many follow somebody is one number, from 1.")


_CHECKS: dict[str, Callable[[tuple[str, ...]], None]] = {
    "severity": _severity,
    "channel": _ids,
    "inbox": _ids,
    "visibility": _visibility,
    "text": _text,
    "followers": _followers,
    "kind": _listed("A kind", ALL_KINDS),
    "mood": _listed("A mood", MOODS),
    "urgency": _listed("Urgency", URGENCIES),
}
