"""Which posts a rule is about, and which rules are refused."""

from __future__ import annotations

from typing import Any

import pytest

from earful.automation.matching import Facts, matches, triggered
from earful.automation.rules import Act, Condition, Rule, check
from earful.kit.ids import new_id
from earful.kit.refusal import Refused

TAG = (Act(do="tag", value="billing"),)


def facts(**more: Any) -> Facts:
    told: dict[str, Any] = {
        "message_id": new_id(), "conversation_id": new_id(), "text": "Where is my refund?",
        "language": "en", "author": "carol.example", "opened": True, "network": "bluesky",
        "channel_id": new_id(), "inbox_id": new_id(), "visibility": "public", "severity": 3,
        "assignee_id": None, "team_id": None, "tags": [], "person_tags": [], "late": False,
    }  # fmt: skip
    return Facts(**(told | more))


def holds(field: str, *values: str, negated: bool = False, **more: Any) -> bool:
    condition = Condition(field=field, values=values, negated=negated)  # type: ignore[arg-type]
    return matches(Rule(name="r", conditions=(condition,), acts=TAG), facts(**more))


@pytest.mark.parametrize(
    ("value", "text", "found"),
    [
        ("refund", "Where is my REFUND?", True),
        ("refund", "refunded already", False),
        ("refund*", "refunded already", True),
        ("my refund", "where is my\n  refund", True),
        ("#acmefail", "what an #AcmeFail!", True),
        ("#acme", "what an #AcmeFail!", False),
        ("@rival", "hi @rival", True),
        ("größe", "GRÖSSE 42", True),  # folded as people read it
        ("fi", "the \ufb01 ligature \ufb01", True),
        ("c++", "written in C++.", True),
        ("(", "a (bracket", True),
        ("退款", "我要退款了", True),
        ("返品", "返品したいです", True),
        ("a.c", "abc", False),
    ],
)
def test_words_are_looked_for_whole(value: str, text: str, found: bool) -> None:
    assert holds("text", value, text=text) is found
    assert holds("text", value, text=text, negated=True) is not found


def test_every_field_says_yes_and_no() -> None:
    inbox = new_id()
    for field, value, more, other in (
        ("network", "bluesky", {}, {"network": "x"}),
        ("inbox", inbox, {"inbox_id": inbox}, {}),
        ("visibility", "private", {"visibility": "direct"}, {}),
        ("language", "pt", {"language": "pt-BR"}, {"language": "ptx"}),
        ("severity", "2", {"severity": 1}, {"severity": 3}),
        ("tag", "vip", {"tags": ["a", "VIP"]}, {"tags": ["vip2"]}),
        ("person_tag", "vip", {"person_tags": ["vip"]}, {}),
        ("author", "@Carol.example", {}, {"author": "carol"}),
        ("assigned", "", {"assignee_id": new_id()}, {}),
    ):
        assert holds(field, value, **more), field
        assert not holds(field, value, **other), field
        assert holds(field, value, **other, negated=True), field


def test_all_or_any_of_the_conditions() -> None:
    refund = Condition(field="text", values=("refund",))
    worst = Condition(field="severity", values=("1",))
    either = Rule(name="r", match="any", conditions=(refund, worst), acts=TAG)
    both = Rule(name="r", conditions=(refund, worst), acts=TAG)
    assert matches(either, facts())
    assert not matches(both, facts())
    assert matches(both, facts(severity=1))


def test_what_would_have_triggered_it() -> None:
    def rule(when: str) -> Rule:
        return Rule(name="r", when=when, conditions=(), acts=TAG)  # type: ignore[arg-type]

    later = facts(opened=False)
    assert [triggered(rule(when), later) for when in ("opened", "received", "late")] == [
        False, True, False,
    ]  # fmt: skip
    assert triggered(rule("late"), facts(late=True))


SAYS = Condition(field="text", values=("refund",))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": " "}, "needs a name"),
        ({"acts": ()}, "what is to be done"),
        ({"conditions": ()}, "act on all"),
        ({"conditions": (Condition(field="text", values=("*",)),)}, "star alone"),
        ({"conditions": (Condition(field="text", values=(" ",)),)}, "which text"),
        ({"conditions": (Condition(field="severity", values=("0",)),)}, "1 to 5"),
        ({"conditions": (Condition(field="severity", values=("1", "2")),)}, "1 to 5"),
        ({"conditions": (Condition(field="inbox", values=("care",)),)}, "by id"),
        ({"conditions": (Condition(field="visibility", values=("secret",)),)}, "public or private"),
        ({"conditions": (SAYS,) * 21}, "Make two"),
        ({"acts": (Act(do="severity", value="9"),)}, "1 to 5"),
        ({"acts": (Act(do="assign", value="bob"),)}, "takes an id"),
        ({"acts": (Act(do="severity", value="1"), Act(do="severity", value="2"))}, "only one"),
        ({"acts": (Act(do="tag", value="\x00 "),)}, "which tag"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_in_words(more: dict[str, Any], words: str) -> None:
    told: dict[str, Any] = {"name": "Refunds", "conditions": (SAYS,), "acts": TAG}
    with pytest.raises(Refused, match=words):
        check(Rule(**(told | more)))


def test_a_rule_is_kept_tidied() -> None:
    rule = check(
        Rule(
            name="  Refunds \n today",
            conditions=(Condition(field="text", values=(" refund ", "refund", "money  back")),),
            acts=TAG,
        )
    )
    assert rule.name == "Refunds today"
    assert rule.conditions[0].values == ("refund", "money back")


JUDGED: dict[str, Any] = {
    "judged": True,
    "kind": "complaint",
    "sentiment": -0.3,
    "urgency": "now",
    "needs_reply": True,
    "shaming": True,
    "sensitive": False,
    "asked_before": True,
}


@pytest.mark.parametrize(
    ("field", "values", "found"),
    [
        ("kind", ("question", "complaint"), True),
        ("kind", ("praise",), False),
        ("mood", ("bad",), True),
        ("mood", ("neutral", "good"), False),
        ("urgency", ("now",), True),
        ("urgency", ("today", "none"), False),
        ("needs_reply", (), True),
        ("shaming", (), True),
        ("sensitive", (), False),
        ("asked_before", (), True),
    ],
)
def test_what_a_post_was_judged_to_be(field: str, values: tuple[str, ...], found: bool) -> None:
    assert holds(field, *values, **JUDGED) is found
    assert holds(field, *values, negated=True, **JUDGED) is not found
    # Of a post that nobody judged neither holds.
    assert not holds(field, *values)
    assert not holds(field, *values, negated=True)


@pytest.mark.parametrize(
    ("sentiment", "mood"), [(-1, "bad"), (-0.29, "neutral"), (0, "neutral"), (0.3, "good")]
)
def test_moods(sentiment: float, mood: str) -> None:
    assert holds("mood", mood, **JUDGED | {"sentiment": sentiment})


@pytest.mark.parametrize(("followers", "found"), [(None, False), (999, False), (1000, True)])
def test_so_many_follow_the_writer(followers: int | None, found: bool) -> None:
    assert holds("followers", "1000", followers=followers) is found


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("kind", ("rant",)),
        ("kind", ()),
        ("mood", ("furious",)),
        ("urgency", ("soon",)),
        ("followers", ("0",)),
        ("followers", ("many",)),
        ("followers", ("1", "2")),
        ("followers", ("9" * 30,)),
        ("followers", ("²",)),
    ],
)
def test_values_that_nothing_has_are_refused(field: Any, values: tuple[str, ...]) -> None:
    with pytest.raises(Refused):
        check(Rule(name="r", conditions=(Condition(field=field, values=values),), acts=TAG))
