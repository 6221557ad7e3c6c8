"""Whom one may write to, and who is likely to be glad of it: rules of their own, tried apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from earful.outreach.rules import Rules
from earful.outreach.scoring import score
from earful.outreach.standing import Standing, closed, refusal

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
ON = Rules(on=True)


def standing(**more: Any) -> Standing:
    told: dict[str, Any] = {
        "network": "bluesky",
        "text": "Can anyone recommend an internet provider in Leeds?",
        "kind": "question",
        "severity": 4,
        "until": NOON + timedelta(days=6),
    }
    return Standing(**told | more)


def test_who_asks_the_world_may_be_answered() -> None:
    assert refusal(standing(), ON, NOON) == ""
    assert closed(ON, NOON, used=0, own=0) == ""


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"erased": True}, "erased"),
        ({"left_alone": True}, "left alone"),
        ({"bot": True}, "machine"),
        ({"here": True}, "conversation already"),
        ({"talking": True}, "open conversation"),
        ({"until": NOON}, "long ago"),
        ({"text": "my mum died yesterday, who does funerals in Leeds?"}, "unasked about that"),
        ({"network": "x", "kind": "complaint"}, "X forbids"),
        ({"network": "x", "severity": 3}, "X forbids"),
        ({"contacted_at": NOON - timedelta(days=3000)}, "did not answer"),
        (
            {"contacted_at": NOON - timedelta(days=179), "answers": ("thank you!",)},
            "not again until 11 June 2026",
        ),
        ({"contacted_at": NOON - timedelta(days=3000), "answers": ("ok", "STOP")}, "left alone"),
    ],
)
def test_whom_nobody_writes_to(more: dict[str, Any], words: str) -> None:
    assert words in refusal(standing(**more), ON, NOON)


def test_who_answered_may_be_written_to_again_once_the_quiet_is_over() -> None:
    about = standing(contacted_at=NOON - timedelta(days=180), answers=("thank you!",))
    assert refusal(about, ON, NOON) == ""
    assert refusal(about, msgspec.structs.replace(ON, quiet_days=181), NOON)


def test_complaints_are_spared_where_the_network_says_so_only() -> None:
    assert refusal(standing(kind="complaint", severity=3), ON, NOON) == ""


@pytest.mark.parametrize(
    ("rules", "used", "own", "words"),
    [
        (Rules(), 0, 0, "off"),
        (Rules(on=True, quiet_from=12, quiet_to=13), 0, 0, "12:00 to 13:00 (UTC)"),
        (Rules(on=True, quiet_from=22, quiet_to=14), 0, 0, "22:00 to 14:00"),
        (Rules(on=True, quiet_from=0, quiet_to=7, zone="Pacific/Honolulu"), 0, 0, "Honolulu"),
        (Rules(on=True, cap_day=3, cap_agent=2), 3, 0, "3 people"),
        (Rules(on=True, cap_day=3, cap_agent=2), 2, 2, "You wrote to 2"),
    ],
)
def test_when_nobody_is_written_to(rules: Rules, used: int, own: int, words: str) -> None:
    assert words in closed(rules, NOON, used=used, own=own)


def test_the_same_hour_twice_is_no_quiet_at_all() -> None:
    assert not Rules(quiet_from=12, quiet_to=12).quiet(NOON)


def of(text: str, kind: str = "question", sentiment: float = 0, *places: str) -> int:
    return score(text, kind=kind, sentiment=sentiment, places=places).score


@pytest.mark.parametrize(
    "text",
    [
        "Can anyone recommend a decent internet provider?",
        "Looking for a new phone plan",
        "Kennt jemand einen guten Internetanbieter?",
        "Quelqu'un connaît un bon opérateur ?",
        "¿Alguien sabe de una buena compañía?",
        "Qualcuno conosce un buon operatore?",
        "Iemand een tip voor een goede provider?",
        "Alguém conhece uma boa operadora?",
        "Ktoś zna dobrego operatora?",
    ],
)
def test_who_asks_the_world_stands_before_who_just_asks(text: str) -> None:
    told = score(text, kind="question", sentiment=0)
    assert told.score == 85
    assert told.reasons[0] == "asks the world for it"
    assert of("Is it true that the line is down?") == 45


def test_near_stands_before_far_and_whoever_sells_last() -> None:
    near = "Any tips for a plumber in Saint Étienne? Looking for one"
    assert of(near, "question", 0, "saint etienne") == 100
    assert of("Looking for a plumber in Leedsham", "question", 0, "leeds") == 85
    assert of("Looking for a provider? DM me, use my promo code #ad", "chatter") == 25
    assert of("you are all crooks", "complaint", -0.9) == 0


def test_hostile_texts_are_scored_in_time_that_grows_with_them() -> None:
    for text in ("", "\0", "👩‍👩‍👧" * 3000, "z̷̡̛a̶l̴g̵o" * 2000, "looking " * 20_000, "#" * 50_000):
        assert 0 <= of(text, "chatter") <= 100
