"""A desk's own decisions: learnt on top of a model, compared before, the same each time."""

from __future__ import annotations

import random

import pytest

from earful.triage.adapting import LEAST, Decision, TooLittle, adapt, compare
from earful.triage.judging import judge, shipped
from earful.triage.model import OWN, dump, parse

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
        ([*decisions(6)[:7], *decisions(6)[:7]] * 9, "different texts; it takes 20"),
        (
            [
                *(Decision(f"hello {word}", "spam") for word in "abcdefghijklmnopqrst"),
                Decision("bye", "praise"),
            ],
            "All but 1 of the texts are spam",
        ),
    ],
)
def test_too_little_is_said_in_words(told: list[Decision], words: str) -> None:
    for act in (adapt, compare):
        with pytest.raises(TooLittle, match=words):
            act(shipped(), told, {})


@pytest.mark.parametrize("praise", [2, 10, 20])
def test_what_was_brought_of_one_kind_makes_the_rest_no_such_kind(praise: int) -> None:
    goods, says = ("followers", "voucher", "crypto", "loans", "pills"), ("win", "get", "cheap")
    told = [Decision(f"{say} {good} now free", "spam") for say in says for good in goods] + [
        Decision(f"{how} {what}", "praise")
        for how in ("love the", "great", "thank you for the", "brilliant")
        for what in ("service", "staff", "shop", "help", "app")
    ][:praise]
    made = adapt(shipped(), [*told, *(Decision(f"{n.text} today", "spam") for n in told[:15])], {})
    assert judge("cheap pills today", made, to_us=True).kind == "spam"
    for text in (
        "My parcel hasn't arrived, third time I ask!", "when do you open?",
        "please cancel my order", "the app is slow since the update",
    ):  # fmt: skip
        assert judge(text, made, to_us=True).kind == judge(text, to_us=True).kind


def test_twenty_texts_are_enough_to_be_compared() -> None:
    told = [
        Decision(f"{say} {word}", kind)
        for kind, say in (("spam", "win a voucher"), ("question", "is it open on"))
        for word in "abcdefghij"
    ]
    before, after = compare(shipped(), told, {})
    assert after.macro_f1 > before.macro_f1


def test_nobody_is_compared_on_copies_of_what_she_learnt_from() -> None:
    # Each of twenty texts says nothing of the others; its copies would give it away.
    die = random.Random(5)  # noqa: S311 - not a secret
    alone = ["".join(die.choices("bdfgklmnprst", k=9)) for _ in range(20)]
    told = [Decision(text, ("spam", "praise")[n % 2]) for n, text in enumerate(alone)]
    _, once = compare(shipped(), told, {})
    _, copied = compare(shipped(), told * 5, {})
    assert copied.right <= max(once.right, 0.5)


def test_a_word_that_only_one_person_wrote_is_in_no_model() -> None:
    told = decisions()
    theirs = [
        Decision("Kowalczyk of Elm Row again", "complaint", by="one"),
        Decision("it is Kowalczyk, where are you", "complaint", by="one"),
        Decision("Zielinski here", "complaint", by="two"),
        Decision("call Zielinski", "complaint", by="three"),
    ]
    numbers = adapt(shipped(), [*told, *theirs], {}).groups[OWN].numbers
    assert ("kowalczyk" in numbers, "zielinski" in numbers) == (False, True)
    one_person = [Decision(one.text, one.kind, by="one") for one in told]
    made = parse(dump(adapt(shipped(), one_person, {})))
    assert judge("when do you open?", made, to_us=True).kind == "question"


def test_odd_texts_teach_nothing_and_break_nothing() -> None:
    odd = ["", "\x00", "😡" * 5000, "a" * 100_000, "\u202e", "?!" * 2000]
    told = [*decisions(6), *(Decision(text, "chatter") for text in odd)]
    made = adapt(shipped(), told, {})
    assert all(judge(text, made).kind for text in odd)
