"""The town's people: what they do unasked, and how they take an answer."""

from __future__ import annotations

import gzip
import html
import json
import unicodedata
from collections import Counter
from datetime import timedelta
from importlib import resources

import pytest

from earful.networks.rehearsal.ledger import Entry
from earful.networks.rehearsal.lines import THANKS
from earful.networks.rehearsal.people import person
from earful.networks.rehearsal.recorded import conversations, retold
from earful.networks.rehearsal.town import Offer, Plan, Refused, Town

from .conftest import START

LATER = START + timedelta(hours=3)


def town(**plan: float) -> Town:
    return Town(
        Plan(started_at=START, seed=int(plan.get("seed", 3)), rate=plan.get("rate", 6)), START
    )


def lived(**plan: float) -> list[Entry]:
    """What happens in three hours if nobody answers."""
    place = town(**plan)
    place.advance(LATER)
    return place.ledger.entries


def test_the_rate_is_kept() -> None:
    openings = [entry for entry in lived() if entry.episode is not None and entry.kind == "post"]
    after = [entry for entry in openings if entry.at > START]
    assert 0.85 * 6 * 180 < len(after) < 1.2 * 6 * 180
    assert len(openings) - len(after) == 25


def test_the_town_has_variety() -> None:
    entries = lived()
    kinds = Counter(entry.kind for entry in entries)
    assert min(kinds["edit"], kinds["deletion"], kinds["again"]) >= 10
    bursts = Counter(entry.id.split("-b")[0] for entry in entries if "-b" in entry.id)
    assert len(bursts) > 30
    assert max(bursts.values()) >= 2
    by_others = [entry for entry in entries if "-s" in entry.id]
    authors = {entry.id: entry.person for entry in entries if entry.kind == "post"}
    assert len(by_others) > 30
    assert all(entry.person != authors[entry.root or ""] for entry in by_others)
    posts = [entry for entry in entries if entry.kind == "post"]
    assert any(unicodedata.bidirectional(sign) in "RAL" for p in posts for sign in p.text)
    assert any(p.text.split("@Northwind")[-1].strip() == "😡😡😡" for p in posts)
    assert sum("&amp;" in p.text for p in posts) == 0


def test_time_may_be_cut_into_any_pieces() -> None:
    """Asking often or once gives the same town."""
    place = town()
    instant = START
    while instant < LATER:
        instant += timedelta(seconds=97)
        place.advance(min(instant, LATER))
    assert sorted(e.mark for e in place.ledger.entries) == sorted(e.mark for e in lived())


def test_nobody_hears_a_thing_before_it_happens() -> None:
    place = town()
    for minute in range(60):
        now = START + timedelta(minutes=minute)
        seen = len(place.ledger.entries)
        place.advance(now)
        assert all(entry.at <= now for entry in place.ledger.entries[seen:])


def answered_town() -> tuple[Town, dict[str, Entry]]:
    """Every opening of the first minutes is answered; then an hour passes."""
    place = town()
    place.advance(START)
    openings = [e for e in place.ledger.entries if e.kind == "post" and e.parent is None]
    answers = {}
    for opening in openings:
        if place.post(opening.id) is not None:
            offer = Offer(handle="Northwind", text="?", parent=opening.id, key=opening.id)
            answers[opening.id] = place.publish(offer, START)
    place.advance(START + timedelta(hours=1))
    return place, answers


def test_some_answer_back_and_some_fall_silent() -> None:
    place, answers = answered_town()
    back = [entry for entry in place.ledger.entries if "-t0" in entry.id]
    assert 5 < len(back) < len(answers)
    for entry in back:
        opening = place.world.posts[entry.root or ""]
        assert (entry.parent, entry.person) == (answers[opening.id].id, opening.person)
        assert entry.at >= START + timedelta(seconds=15)


def test_an_answer_gets_one_reaction_however_often_the_town_is_laid_out_anew() -> None:
    place, _ = answered_town()
    marks = Counter(entry.mark for entry in place.ledger.entries if entry.kind != "edit")
    assert max(marks.values()) == 1


def test_recorded_customers_say_what_they_really_said_next() -> None:
    place = town(rate=60)
    place.advance(START + timedelta(minutes=10))
    openings = [e for e in place.ledger.entries if e.kind == "post" and e.episode is not None]
    for opening in openings:
        if place.post(opening.id) is not None:
            offer = Offer(handle="Northwind", text="?", parent=opening.id)
            place.publish(offer, START + timedelta(minutes=10))
    place.advance(START + timedelta(minutes=40))
    texts = [e.text for e in place.ledger.entries if "-t0" in e.id]
    assert len({text for text in texts if "@Northwind" in text and len(text) > 80}) > 3


def test_of_recordings_only_what_customers_wrote_is_told() -> None:
    """No answer of a brand is in it: those are for us to write."""
    packed = resources.files("earful.networks.rehearsal") / "feed" / "conversations.jsonl.gz"
    said: dict[bool, set[str]] = {True: set(), False: set()}
    for line in gzip.decompress(packed.read_bytes()).splitlines():
        for message in json.loads(line)["messages"]:
            said[message["inbound"]].add(html.unescape(message["text"]))
    told = {text for each in conversations() for text in (*each.opening, *each.later)}
    assert len(said[False]) > 500, "there are some to leave out"
    assert told <= said[True]
    assert not told & (said[False] - said[True])


def test_some_thank() -> None:
    texts = " ".join(entry.text.lower() for entry in answered_town()[0].ledger.entries)
    assert any(words.lower() in texts for words in THANKS[:5])


def test_a_silent_town_says_nothing() -> None:
    place = Town(Plan(rate=0, backlog=0, started_at=START), START)
    place.advance(LATER)
    assert place.ledger.entries == []
    assert place.next_at(LATER) is None
    with pytest.raises(Refused, match="no account"):
        place.account("Southwind")


def test_names_are_many_and_stay() -> None:
    people = [person(1, number) for number in range(5000)]
    assert (
        len({each.handle for each in people}) == len({each.external_id for each in people}) == 5000
    )
    assert people[:50] == [person(1, number) for number in range(50)]
    assert all(each.handle.isascii() and each.name for each in people)
    assert person(2, 0) != person(1, 0)


@pytest.mark.parametrize(
    ("recorded", "told"),
    [
        ("@AppleSupport my iPad is dead link", "@Northwind my iPad is dead"),
        ("hey @SPOTIFYCARES and @Spotify!", "hey @Northwind and @Northwind!"),
        ("@TeamYouTube @TeamYouTube hi", "@Northwind hi"),
        ("@usera1b2c3d no answer", "@Northwind no answer"),
        ("@AdobeCare ask @usera1b2c3d", "@Northwind ask @friend"),
        ("Spotify is down", "@Northwind Northwind is down"),
        ("@hulu_support see https://x.test/a?b=c", "@Northwind see https://northwind.example/page"),
        ("@Google mail someone@user3680d84.com", "@Northwind mail someone@mail.example"),
    ],
)
def test_recorded_words_are_addressed_to_us(recorded: str, told: str) -> None:
    assert retold(recorded, "Northwind", "Northwind", lambda _: "friend") == told
