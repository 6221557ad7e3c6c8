"""Grief, self-harm and threats are told from ways of speaking, however they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from earful.triage.sensitive import LONGEST, plain, sensitive

DIED, LIFE, THREAT = "somebody died", "may harm themselves", "a threat"
PHRASES = [
    line.split("\t")[1:]
    for line in (Path(__file__).parent / "phrases.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("reason", "text"), [one for one in PHRASES if one[0] != "-"])
def test_what_a_person_must_answer(reason: str, text: str) -> None:
    assert sensitive(f"@Northwind {text}, please help") == reason


@pytest.mark.parametrize("text", [text for reason, text in PHRASES if reason == "-"])
def test_what_only_sounds_so(text: str) -> None:
    assert sensitive(f"@Northwind {text} ok?") == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("my  mum\n died", DIED),
        ("MY MUM DIED", DIED),
        ("my mum\u2019s died", DIED),
        ("k\u0456ll myself", LIFE),  # a Cyrillic letter
        ("k\u03b9ll myself", LIFE),  # a Greek one
        ("ki\u200bll my\u00adself", LIFE),
        ("\uff4b\uff49\uff4c\uff4c myself", LIFE),
        ("k1ll mys3lf", LIFE),
        ("su1c1de", LIFE),
        ("\U0001d424\U0001d422\U0001d425\U0001d425 myself", LIFE),
        ("I will *kill* _you_", THREAT),
        ("I\u00a0will\u2003kill you", THREAT),
        ("w\u0336a\u0336n\u0336n\u0336a\u0336 die", LIFE),
        ("My phone died, and so did my dad: my dad died", DIED),  # the idiom hides nothing
    ],
)
def test_no_spelling_hides_it(text: str, reason: str) -> None:
    assert sensitive(text) == reason


@pytest.mark.parametrize("text", ["", "\x00", "\U0001f480" * 500, "my " * 20_000, "a" * 1_000_000])
def test_odd_texts_are_looked_at_too(text: str) -> None:
    assert sensitive(text) == ""
    assert len(plain(text[:LONGEST])) <= LONGEST


def test_each_language_has_its_table() -> None:
    lines = (Path(__file__).parent / "phrases.tsv").read_text(encoding="utf-8").splitlines()
    told = [line.split("\t") for line in lines if not line.startswith("#")]
    assert len({tuple(one) for one in told}) == len(told), "a phrase counts once"
    for language in ("en", "de", "fr", "es", "it", "nl", "pt", "pl"):
        grave = sum(one[0] == language and one[1] != "-" for one in told)
        harmless = sum(one[0] == language and one[1] == "-" for one in told)
        assert min(grave, harmless) >= 15, language
