"""What is new in a mail, told from what it repeats, by the words of many mail programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from earful.networks.email.quotes import new_text

_SAID = json.loads(Path(__file__).with_name("quotes.json").read_text())
NEW = "It still does not work."
OLD = "Hello Carol,\nwe look into it.\nNorthwind"
MARKED = "\n".join(f"> {line}" for line in OLD.split("\n"))


@pytest.mark.parametrize("body", [MARKED, OLD], ids=["marked", "unmarked"])
@pytest.mark.parametrize("program", _SAID["said_by"])
def test_a_quote_below_who_said_it_is_folded(program: str, body: str) -> None:
    assert new_text(f"{NEW}\n\n{_SAID['said_by'][program]}\n\n{body}\n") == NEW


@pytest.mark.parametrize("program", _SAID["heads"])
def test_a_quote_below_the_head_of_a_mail_is_folded(program: str) -> None:
    assert new_text(f"{NEW}\n\n{_SAID['heads'][program]}\n\n{OLD}\n") == NEW


@pytest.mark.parametrize(
    "text",
    [
        "On Monday I wrote:\nDear team, I want my money.\n\nAnd today nobody answered.",
        "Hallo,\nam Montag schrieb ich Ihnen:\nes geht nicht.\nBitte helfen.",
        "Hi,\nMr Smith wrote:\nyou are wrong\n\nWhat now?",
        "Meine Reise\nVon: Berlin\nAn: Hamburg\nDatum: 3.3.2026\nBitte stornieren.",
        "Text\nDate: 3 March\nTo: Paris\nFrom: Rome\nSeats: 2\nok",
        "On Mon someone wrote:\n> one?\nYes.\n> two?\nNo.",
        "On 2 March 2026 at 08:00, a@b.example wrote:\nall of it is a quote, so it stays",
    ],
)
def test_what_people_write_themselves_stays(text: str) -> None:
    assert new_text(text) == text


@pytest.mark.parametrize(
    "below",
    [
        "\n-- \nCarol",
        "\nSent from my iPhone",
        "",
    ],
)
def test_signatures_below_a_quote_are_nothing_new(below: str) -> None:
    said = "On Mon, Mar 2,\n2026 at 8:00 AM Northwind <care@northwind.example> wrote:"
    assert new_text(f"{NEW}\n{said}\n{MARKED}\n{below}") == NEW


@pytest.mark.parametrize(
    "text",
    [
        ("1234" * 15 + "wrote " * 70 + "\n") * 4_000,
        ("2026 " * 40 + "wrote " * 40 + "\n") * 19_000,
        "On 2 March 2026 at 08:00, a@b.example wrote:\nx\n" * 9_000 + "> x\nx",
        "From: a@b.example\n" * 19_000,
        " " * 4_000_000 + ":",
    ],
    ids=["words", "years", "attributions", "heads", "spaces"],
)
def test_what_was_made_to_cost_time_is_read_like_any(text: str) -> None:
    """Rules that look at a line in all ways would be at it for minutes."""
    assert new_text(text) == text.strip()
