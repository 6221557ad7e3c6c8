"""What says too little is asked about, and what says something is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earful.triage.judging import judge
from earful.triage.said import LANGUAGES
from earful.triage.thin import asks_back, says_too_little


@pytest.mark.parametrize(
    "text",
    [
        "@AcmeHelp worst company ever",
        "@AcmeHelp you suck!!!",
        "@AcmeHelp it still doesn't work",
        "@AcmeHelp absolutely terrible customer service, I am furious",
        "Never again. #brandfail @AcmeHelp",
        "@AcmeHelp can you please help me with something?",
        "@AcmeHelp hello? anyone??",
        "@AcmeHelp Hilfe!",
        "@AcmeHelp Schrecklicher Saftladen",
    ],
)
def test_it_says_too_little(text: str) -> None:
    assert says_too_little(text, "complaint")
    assert says_too_little(text, "question")
    assert not says_too_little(text, "praise")
    assert not says_too_little(text, "chatter")


@pytest.mark.parametrize(
    "text",
    [
        "@AcmeHelp my internet is down",
        "@AcmeHelp are you closed on Sunday?",
        "@AcmeHelp where is order AB-123456",
        "@AcmeHelp charged 3 times",
        "@AcmeHelp my parcel still hasn't arrived",
        "@AcmeHelp the driver was rude",
        "@AcmeHelp mein Paket ist noch nicht da",
        "@AcmeHelp refund please, the jacket is too small",
    ],
)
def test_it_says_enough(text: str) -> None:
    assert not says_too_little(text, judge(text, to_us=True).kind)
    assert not says_too_little(text, "complaint")


@given(st.text(max_size=300))
def test_whatever_is_written_is_looked_at(text: str) -> None:
    assert says_too_little(text, "complaint") in (True, False)


def test_it_is_asked_in_eight_languages_and_else_in_english() -> None:
    asked = {asks_back(kind, code) for kind in ("complaint", "request") for code in LANGUAGES}
    assert len(asked) == 2 * len(LANGUAGES)
    assert asks_back("question", "ja") == asks_back("request", "") == asks_back("request", "en")
    assert all(len(text) < 120 for text in asked)
