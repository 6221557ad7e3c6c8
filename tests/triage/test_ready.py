"""A model made ready says what the model says, of any text and with words of a desk's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earful.triage.adapting import Decision, adapt
from earful.triage.by_hand import by_hand
from earful.triage.judging import shipped
from earful.triage.model import Model
from tests.triage.test_adapting import decisions

PHRASES = [
    line.split("\t")[-1]
    for line in Path(__file__).with_name("phrases.tsv").read_text(encoding="utf-8").splitlines()
]
SAID = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(" ".join(PHRASES).split()), max_size=60).map(" ".join),
    st.sampled_from(PHRASES).map(lambda text: f"@AcmeHelp {text} {text} #{text[:9]}"),
)


@cache
def own() -> Model:
    """The shipped model with what a desk taught it."""
    return adapt(shipped(), [*decisions(8), Decision("Northwind sale 50%", "spam")], {})


@pytest.mark.parametrize("make", [shipped, by_hand, own])
@given(text=SAID)
def test_ready_says_the_same(make: Callable[[], Model], text: str) -> None:
    model = make()
    read = model.read(text)
    weighed = model.weigh(text)
    assert weighed.signs == pytest.approx(read.signs, abs=1e-9)
    assert weighed.scores == pytest.approx(model.score(read), abs=1e-9)
    to_us = model.weigh(text, to_us=True).scores
    assert to_us == {name: one for name, one in weighed.scores.items() if name != "company"}


def test_what_was_kept_is_dropped_when_it_is_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("earful.triage.ready.MOST_WORDS", 3)
    model = own()
    for text in (*PHRASES[:40], *PHRASES[:40]):
        assert model.weigh(text).scores == pytest.approx(model.score(model.read(text)), abs=1e-9)
