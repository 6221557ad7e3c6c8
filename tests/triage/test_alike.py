"""Copies of a post are known in other words' order and dress; what says something else is not."""

from __future__ import annotations

import pytest

from earful.triage.alike import alike, likeness

FIRST = "My internet is down for the third day, nobody answers the phone"


def share(one: str, other: str) -> float:
    a, b = likeness(one), likeness(other)
    assert a is not None
    assert b is not None
    found = alike(a.sketch, b.sketch)
    assert found == alike(b.sketch, a.sketch)
    if found:
        assert set(a.bands) & set(b.bands)
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FIRST, f"RT @bob.example: {FIRST} 😡😡 https://example.org/a?b=c"),
        (FIRST, "nobody answers the phone. third day. My INTERNET is down!!! @acme"),
        (FIRST, "M\u0301y in\u0336ternet i\u0300s down for the third day, nobody answers phone"),
        (
            "The app keeps crashing since the update, please fix this",
            "App keeps crashing ever since the new update pls fix it",
        ),
        ("@a help", "HELP! @b"),
        ("😡😡😡", "@northwind 😡😡😡"),
        (
            "アプリが起動しません。更新してから動かないです",
            "更新してから動かないです! アプリが起動しません😡",
        ),
    ],
)
def test_those_who_say_the_same(one: str, other: str) -> None:
    assert share(one, other) > 0.5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("My parcel never arrived, support ignores me", "Where is the blue jacket from winter?"),
        ("your website is offline", "your website is slow"),
        ("app works", "app works not"),
        ("The new app is working well since today", "The new app isn't working well since today"),
        ("help", "help me cancel my whole contract before this Friday"),
    ],
)
def test_those_who_say_something_else(one: str, other: str) -> None:
    assert share(one, other) == 0


def test_what_says_nothing_is_like_nothing() -> None:
    assert likeness("") is None
    assert likeness("@northwind https://example.org") is None


def test_a_sketch_has_no_words_and_does_not_grow() -> None:
    long = likeness("word " * 3 + " ".join(f"thing{n}" for n in range(50_000)))
    assert long is not None
    assert len(long.sketch) == 129
    assert b"thing" not in long.sketch
    assert all(-(2**63) <= band < 2**63 for band in long.bands)


@pytest.mark.parametrize(
    "text",
    [
        "Z\u0351\u036b\u0343a\u0321l\u0322g\u0327o " * 50,
        "доставка опоздала help 配送 が遅い ช่วยด้วย مساعدة",
        "\u202e\u200d\ufeff",
        "a" * 100_000,
        "( ) [ ] " * 5_000,
        "👩\u200d👩\u200d👧" * 300,
    ],
)
def test_whatever_is_written_can_be_compared(text: str) -> None:
    assert share(text, text + " ") == 1
