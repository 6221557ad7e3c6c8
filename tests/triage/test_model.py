"""The model: what it reads, what its file survives, what it learns is tried in the bench."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earful.triage.grams import Grams
from earful.triage.judging import judge, shipped
from earful.triage.model import KINDS, Damaged, Head, Model, dump, load, parse
from earful.triage.signs import WORDS, signs
from earful.triage.words import pairs, pieces, plain, tidied, tokens


def small() -> Model:
    """A model of two words, made by hand."""
    groups = {"words": Grams.of([["broken"], ["broken", "thanks"], ["thanks"]])}
    blank = [0.0] * len(WORDS)
    heads = {
        "complaint": Head(0.0, list(blank), {"words": [4.0, -4.0]}),
        "praise": Head(0.0, list(blank), {"words": [-4.0, 4.0]}),
    }
    return Model(groups, {}, list(blank), list(blank), heads, 1.7, {"from": "two words"})


def test_handles_links_and_numbers_are_read_by_what_they_are() -> None:
    said = plain(tidied("@Northwind see https://x.example/1 order 12.50 #NorthwindFail SOOOOO"))
    assert said.split() == [
        "_at",
        "see",
        "_url",
        "order",
        "_num",
        "_tag",
        "northwind",
        "fail",
        "soo",
    ]


def test_pairs_and_pieces() -> None:
    assert pairs(tokens("it won't work!!")) == [
        "it", "won't", "work", "!!", "it won't", "won't work", "work !!"
    ]  # fmt: skip
    assert pieces("Hi") == [" h", "hi", "i ", " hi "]


def test_a_row_has_length_one_and_knows_only_its_vocabulary() -> None:
    grams = Grams.of([["a", "b"], ["a"], ["b", "c"]])
    numbers, values = grams.row(["a", "a", "b", "c", "never"])
    assert sum(value * value for value in values) == pytest.approx(1)
    assert len(numbers) == len(values) == 2
    assert grams.row(["never"]) == ([], [])
    assert grams.row_of_words(["aab", "c", "aab"], list) == grams.row("aabcaab")


def test_signs_have_their_words() -> None:
    said = "My router still won't connect, why??"
    found = {name for name, value in zip(WORDS, signs(tidied(said)), strict=True) if value}
    assert {"works_not", "why", "asks", "mine", "lasts", "denies"} <= found
    assert "smiles" not in found


def test_a_head_weighs_what_a_text_has() -> None:
    assert judge("broken", small()).kind == "complaint"
    assert judge("thanks", small()).kind == "praise"


def test_what_is_for_no_company_complains_of_none() -> None:
    model = small()
    lost = Head(-9.0, [0.0] * len(WORDS), {})
    elsewhere = replace(model, heads=model.heads | {"company": lost})
    assert model.complains(model.score(model.read("broken"))) > 0.5
    assert elsewhere.complains(elsewhere.score(elsewhere.read("broken"))) < 0.01


def test_a_file_gives_the_model_back_and_the_same_bytes() -> None:
    data = dump(small())
    again = parse(data)
    assert dump(again) == data
    assert again.about == {"from": "two words"}


@pytest.mark.parametrize(
    "spoilt", [b"", b"no model", dump(small())[:-20], b"x" + dump(small())[1:]]
)
def test_a_damaged_file_is_told(tmp_path: Path, spoilt: bytes) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(spoilt)
    with pytest.raises(Damaged, match="damaged"):
        load(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(Damaged, match="can't be read"):
        load(tmp_path / "none.bin")


@given(st.text(max_size=300))
def test_anything_is_judged(text: str) -> None:
    said = judge(text)
    assert said.kind in KINDS
    assert 0 <= said.complaint_probability <= 1
    assert -1 <= said.sentiment <= 1
    assert said.complaint == (said.kind == "complaint")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "😡" * 5000,
        "a" * 1_000_000,
        "@" * 100_000,
        "Z̷̡a̶lgo" * 1000,
        "#" * 50_000,
        "&amp;" * 9000,
    ],
)
def test_hostile_texts_are_judged(text: str) -> None:
    assert judge(text).kind in KINDS


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("@AcmeHelp my parcel still hasn't arrived, third time I ask. Useless!", "complaint"),
        ("@AcmeHelp your app keeps crashing since the update and nobody answers", "complaint"),
        ("@AcmeHelp how do I change the address of my order?", "question"),
        ("@AcmeHelp thank you so much, that was quick. You are great!", "praise"),
    ],
)
def test_plain_cases_of_a_company_it_never_read_of(text: str, kind: str) -> None:
    said = judge(text)
    assert said.kind == kind
    assert said.reasons


def test_the_shipped_model_says_what_it_comes_from() -> None:
    assert set(shipped().about) == {"posts", "examples", "moods"}


@pytest.mark.parametrize(
    "text",
    [
        "@SkyJet great job losing my bag for the third time this year, well done",
        "@StreamTV 😡😡😡",
        "#acme #fail again",
        "@Energia voi pessimi, bolletta doppia e nessuno risponde",
        "@NS trein weer te laat, derde keer deze week",
    ],
)
def test_whoever_is_heard_to_complain_does_not_chat(text: str) -> None:
    found = judge(text)
    assert (found.kind, found.severity, found.needs_reply) == ("complaint", 3, True)
    assert found.sentiment < 0
    assert found.reasons


@pytest.mark.parametrize(
    "text", ["lol @Acme that ad is hilarious", "ok", "👍 @Acme", "We are hiring!"]
)
def test_who_chats_still_chats(text: str) -> None:
    assert judge(text).kind == "chatter"


@pytest.mark.parametrize(
    "text",
    [
        "@AcmeFoods still no answer from anybody over there",
        "worst company ever",
        "@ParcelFox first the wrong town, then out in the rain. #ParcelFoxFail",
    ],
)
def test_who_shames_or_asks_again_needs_an_answer(text: str) -> None:
    assert judge(text, to_us=True).needs_reply is True
