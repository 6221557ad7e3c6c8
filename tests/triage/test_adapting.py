"""A desk's own decisions: learnt on top of a model, compared before, the same each time."""

from __future__ import annotations

import random

import pytest

from earful.triage.adapting import LEAST, Decision, TooLittle, adapt, compare
from earful.triage.judging import judge, shipped
from earful.triage.model import dump, parse

PLACES = ("Elm Row", "the station", "Oak Street", "platform two", "the airport", "Mill Lane")
SAYS = {
    "spam": ("win a free {} voucher today follow my page", "cheap followers for {} click my bio"),
    "not_a_customer": ("wrong {} mate I meant the football club", "lovely northwind over {} bay"),
    "question": ("when does the {} branch open", "is there parking at {}"),
    "complaint": ("the queue at {} was unbearable again", "{} is filthy and the till is shut"),
}


def decisions(each: int = 12) -> list[Decision]:
    die = random.Random(3)  # noqa: S311 - not a secret
    return [
        Decision(die.choice(says).format(die.choice(PLACES)), kind)
        for kind, says in SAYS.items()
        for _ in range(each)
    ]


def test_new_kinds_are_learnt_and_compared_on_what_was_not_learnt_from() -> None:
    told = decisions()
    before, after = compare(shipped(), told, {})
    assert after.macro_f1 > before.macro_f1 + 0.2
    made = adapt(shipped(), told, {"by": "test"})
    assert judge("win a free voucher, follow my page", made, to_us=True).kind == "spam"
    assert judge("wrong northwind mate I meant the club", made, to_us=True).kind == "not_a_customer"
    # The shipped model stays as it was, and so does what the decisions say nothing of.
    assert judge("win a free voucher, follow my page", to_us=True).kind != "spam"
    text = "My router still won't connect, third time I ask. Useless!"
    assert judge(text, made, to_us=True).kind == judge(text, to_us=True).kind == "complaint"
    assert made.about["from"] == shipped().about


def test_the_same_decisions_give_the_same_file_and_it_reads_back() -> None:
    files = [dump(adapt(shipped(), decisions(), {})) for _ in range(2)]
    assert files[0] == files[1]
    text = "cheap followers click my bio"
    read = parse(files[0])
    assert judge(text, read, to_us=True).kind == "spam"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([], "There are 0 decisions"),
        (decisions()[: LEAST - 1], f"There are {LEAST - 1} decisions"),
        ([Decision(f"hello {n}", "praise") for n in range(50)], "All 50 decisions say praise"),
    ],
)
def test_too_little_is_said_in_words(told: list[Decision], words: str) -> None:
    for act in (adapt, compare):
        with pytest.raises(TooLittle, match=words):
            act(shipped(), told, {})


def test_odd_texts_teach_nothing_and_break_nothing() -> None:
    odd = ["", "\x00", "😡" * 5000, "a" * 100_000, "\u202e", "?!" * 2000]
    told = [*decisions(6), *(Decision(text, "chatter") for text in odd)]
    made = adapt(shipped(), told, {})
    assert all(judge(text, made).kind for text in odd)
