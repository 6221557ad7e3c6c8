"""A post becomes an observation: what, where, which side of it, in what mood; never of whom."""

from __future__ import annotations

from typing import Any

import pytest

from earful.insights.aspects import aspects_of
from earful.insights.observations import HEAD, observation_of, to_csv
from tests.cast import START


@pytest.mark.parametrize(
    ("text", "aspects"),
    [
        ("The parcel arrived broken and nobody refunds me", ["delivery", "quality", "payment"]),
        ("Refund please, I was charged twice", ["payment"]),
        ("Anna at the desk was rude, your staff is rude", ["staff"]),
        ("Waited two hours in the queue", ["waiting"]),
        ("Viel zu teuer, die Mitarbeiter unfreundlich", ["price", "staff"]),
        ("La livraison a du retard", ["delivery", "waiting"]),
        ("@pricey https://delivery.example/late #broken", []),
        ("What a lovely day", []),
        ("Sold out again", ["availability"]),
        ("It was personal, bless you, a cola on sale", []),
        ("Translate this plate, chocolate", []),
        ("", []),
    ],
)
def test_of_which_side_a_post_speaks(text: str, aspects: list[str]) -> None:
    assert aspects_of(text) == aspects


def row(text: str, *entities: tuple[str, str]) -> dict[str, Any]:
    return {
        "id": "m", "conversation_id": "c", "network": "rehearsal", "received_at": START,
        "text": text, "kind": "complaint", "sentiment": -0.456, "severity": 3,
        "entities": [{"kind": kind, "text": said} for kind, said in entities],
    }  # fmt: skip


def test_an_observation_has_what_and_where_and_no_words_of_its_author() -> None:
    found = observation_of(
        row(
            "Anna was rude, dirty toilets. Call me on +44 20 7946 0958",
            ("phone", "+44 20 7946 0958"), ("store", "Riverside store"), ("product", "=Cloud 9"),
            ("product", "Other"),
        )
    )  # fmt: skip
    assert found is not None
    assert (found.site, found.product, found.place) == ("Riverside store", "=Cloud 9", "")
    assert (found.aspects, found.sentiment) == (["staff", "cleanliness"], -0.46)
    table = to_csv([found]).decode("utf-8-sig")
    assert table.splitlines()[0] == ",".join(HEAD)
    assert "'=Cloud 9" in table
    assert not any(word in table for word in ("Anna", "7946", "rude"))
    assert observation_of(row("What a lovely day")) is None
