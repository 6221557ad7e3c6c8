"""The first severity: what each rule finds, and that the quick look before it hides nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earful.networks.rehearsal.recorded import conversations
from earful.triage.severity import PRAISE, RULES, Rule, judge


@pytest.mark.parametrize(
    ("text", "severity", "words"),
    [
        ("your charger caught fire", 1, "caught fire"),
        ("I will sue you", 1, "sue you"),
        ("Is the site down?", 2, "is the site down"),
        ("@Northwind #NorthwindFail", 3, "#northwindfail"),
        ("3rd call today, 2 hours on hold", 3, "3rd call"),
        ("my app won’t load", 3, "won't load"),
        ("CANCELLED again", 3, "cancelled"),
        ("thank you so much", 5, "praise"),
        ("thank you, but when?", 4, "question"),
        ("where is my parcel", 4, "question"),
        ("downtown", 4, "not judged"),
        ("", 4, "not judged"),
    ],
)
def test_severities_come_with_their_reason(text: str, severity: int, words: str) -> None:
    judged = judge(text)
    assert judged.severity == severity
    assert words in judged.reason


@pytest.mark.parametrize("rule", [*RULES, PRAISE], ids=lambda rule: rule.reason)
def test_the_stems_let_through_whatever_the_pattern_finds(rule: Rule) -> None:
    @given(st.text(max_size=9), st.from_regex(rule.pattern), st.text(max_size=9))
    @settings(max_examples=300, deadline=None)
    def holds(before: str, found: str, after: str) -> None:
        said = f"{before} {found} {after}"
        match = rule.pattern.search(said)
        assert match is not None
        assert rule.find(said) == match.group(0)

    holds()


def test_recorded_words_are_judged_as_by_the_patterns_alone() -> None:
    said = [text.casefold() for each in conversations() for text in (*each.opening, *each.later)]
    found = 0
    for rule in (*RULES, PRAISE):
        for text in said:
            match = rule.pattern.search(text)
            assert rule.find(text) == (match.group(0) if match else None)
            found += match is not None
    assert found > 100
