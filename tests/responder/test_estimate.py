"""The next human time, and the words it is said in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earful.kit.refusal import Refused
from earful.responder.estimate import Staffed, next_human
from earful.responder.forecast import forecast
from earful.responder.rules import Rules, Text, check_rules, text_for
from earful.responder.wording import filled, in_words
from earful.triage.sensitive import opts_out, sensitive

NIGHT = datetime(2026, 11, 2, 2, 10, tzinfo=UTC)
THREE = timedelta(minutes=3)


def at(hour: float, day: int = 2) -> datetime:
    return datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=hour)


def test_the_first_of_the_morning_and_those_after_her() -> None:
    day = [Staffed(at(9), at(17), 2)]
    assert next_human(NIGHT, day, 0, THREE) == at(9) + timedelta(minutes=5)
    assert next_human(NIGHT, day, 19, THREE) == at(9) + timedelta(minutes=30)
    assert next_human(at(10), day, 0, THREE) == at(10) + timedelta(minutes=5)


def test_what_is_not_done_today_goes_on_tomorrow_and_nothing_is_made_up() -> None:
    days = [Staffed(at(9), at(10), 1), Staffed(at(9, 3), at(17, 3), 1)]
    assert next_human(NIGHT, days, 39, THREE) == at(10, 3)
    assert next_human(NIGHT, days, 10_000, THREE) is None
    assert next_human(NIGHT, [], 0, THREE) is None
    assert next_human(NIGHT, [Staffed(at(9), at(17), 0)], 0, THREE) is None


@given(
    st.integers(0, 300), st.integers(0, 50), st.integers(1, 9), st.integers(30, 1800),
    st.integers(0, 3000),
)  # fmt: skip
def test_more_before_her_is_never_sooner_and_more_people_never_later(
    ahead: int, more: int, agents: int, each: int, minutes: int
) -> None:
    each_for, now = timedelta(seconds=each), at(0) + timedelta(minutes=minutes)
    spans = [Staffed(at(9, day), at(17, day), agents) for day in range(2, 12)]
    crowd = [Staffed(at(9, day), at(17, day), agents + 1) for day in range(2, 12)]
    found, later = (next_human(now, spans, n, each_for) for n in (ahead, ahead + more))
    sooner = next_human(now, crowd, ahead, each_for)
    assert later is None or (found is not None and found <= later)
    assert found is None or (sooner is not None and sooner <= found)
    if found is not None:
        assert found >= now + each_for
        assert found.timestamp() % 300 == 0


def test_what_is_more_urgent_and_comes_meanwhile_goes_before_her() -> None:
    day = [Staffed(at(9), at(17), 1)]
    quiet = next_human(at(8), day, 0, THREE)
    assert quiet == next_human(at(8), day, 0, THREE, lambda _: 0.0) == at(9) + timedelta(minutes=5)
    # In the hour before they open four come, at three minutes each; then nobody.
    early = next_human(at(8), day, 0, THREE, lambda when: 4.0 * (when < at(9)))
    assert early == at(9) + timedelta(minutes=15)
    # Ten an hour take half of one person: what takes ten minutes takes twenty.
    assert next_human(at(9), day, 9, THREE, lambda _: 10.0) == at(10)
    assert next_human(at(9), day, 9, THREE, lambda _: 20.0) is None, "more comes than is done"
    rush = next_human(at(9), day, 9, THREE, lambda when: 40.0 * (when < at(10)))
    assert rush == at(11) + timedelta(minutes=30)


@given(
    st.integers(0, 100), st.integers(1, 5), st.integers(30, 1800),
    st.lists(st.floats(0, 60), min_size=24, max_size=24), st.floats(0, 10),
)  # fmt: skip
def test_more_that_comes_is_never_sooner(
    ahead: int, agents: int, each: int, hourly: list[float], more: float
) -> None:
    spans = [Staffed(at(9, day), at(17, day), agents) for day in range(2, 12)]
    each_for = timedelta(seconds=each)
    none, some, many = (
        next_human(NIGHT, spans, ahead, each_for, lambda when, add=add: hourly[when.hour] * add)
        for add in (0.0, 1.0, 1.0 + more)
    )
    assert none == next_human(NIGHT, spans, ahead, each_for)
    assert some is None or (none is not None and none <= some)
    assert many is None or (some is not None and some <= many)


def test_a_forecast_leans_on_the_average_until_it_has_seen_weeks() -> None:
    zone = ZoneInfo("Europe/Berlin")
    monday = at(9)  # ten o'clock there
    posts = {(0, 10): 168.0}
    assert forecast(posts, 4.0, 1.0, zone)(monday) == pytest.approx((168 + 168 / 4 / 168) / 5)
    assert forecast(posts, 1.0, 1.0, zone)(monday) == pytest.approx((168 + 1) / 2)
    assert forecast(posts, 4.0, 1.0, zone)(at(10)) == pytest.approx(0.25 / 5)
    assert forecast(posts, 4.0, 0.5, zone)(monday) == pytest.approx(0.5 * (168 + 0.25) / 5)
    # After a day every hour is like the others, and after nothing there is nothing.
    assert forecast({(0, 10): 24.0}, 1 / 7, 1.0, zone)(monday) == pytest.approx(1.0)
    assert forecast({(0, 10): 24.0}, 1 / 7, 1.0, zone)(at(3)) == pytest.approx(1.0)
    assert forecast({}, 0.0, 1.0, zone)(monday) == 0


@pytest.mark.parametrize(
    ("when", "zone", "language", "words"),
    [
        (at(8), "Europe/Berlin", "en-GB", "9:00 CET"),
        (at(8), "Europe/Berlin", "de", "9:00 MEZ"),
        (at(8, 3), "Europe/Berlin", "de", "Dienstag 9:00 MEZ"),
        (at(14, 3), "America/New_York", "en-US", "Tuesday 9:00 AM EST"),
        (at(8, 3), "Europe/Paris", "fr", "mardi 9:00"),
        (at(8, 20), "Europe/Berlin", "en-GB", "20 November 9:00 CET"),
        (at(8, 3), "Asia/Tokyo", "ja", "火曜日 17:00 JST"),
        (at(8), "Europe/Berlin", "xx-nonsense", "9:00 CET"),
        (at(8), "Europe/Berlin", "", "9:00 CET"),
    ],
)
def test_an_instant_in_the_customers_language(
    when: datetime, zone: str, language: str, words: str
) -> None:
    assert in_words(when, NIGHT, zone, language).replace("\u202f", " ").startswith(words)


def test_a_name_with_braces_is_no_variable() -> None:
    assert filled("Hi {name}, {time} {x} {", name="{time}", time="9:00") == "Hi {time}, 9:00 {x} {"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("@Northwind my mother passed away, how do I close her account", "somebody died"),
        ("Mein Vater ist verstorben. Was muss ich tun?", "somebody died"),
        ("Ma mère est morte hier", "somebody died"),
        ("Mi padre falleció", "somebody died"),
        ("I can't go on, I want to die", "may harm themselves"),
        ("I’ll kill you all if this is not fixed", "a threat"),
        ("je vais vous tuer", "a threat"),
        ("This delay is killing me", ""),
        ("My battery died again", ""),
        ("the app is dead slow", ""),
        ("my router died", ""),
    ],
)
def test_grief_harm_and_threats_are_told_from_ways_of_speaking(text: str, reason: str) -> None:
    assert sensitive(text) == reason


@pytest.mark.parametrize("text", ["STOP", "@Northwind stop!", "No bots", "keine Bots.", "Stopp"])
def test_who_asks_to_be_left_alone(text: str) -> None:
    assert opts_out(text)


@pytest.mark.parametrize("text", ["stop charging me", "how do I stop it?", "", "bots"])
def test_who_does_not(text: str) -> None:
    assert not opts_out(text)


TEXT = Text(promising="A person answers by {time}.", plain="A person answers.")


@pytest.mark.parametrize(
    "wrong",
    [
        Rules(on=True),
        Rules(texts={"en": Text(promising="soon")}),
        Rules(texts={"en": Text(promising="{time}", plain="{time}")}),
        Rules(texts={"en": Text(promising="{time}" + "x" * 500)}),
        Rules(texts={"<b>": TEXT}),
        Rules(zone="Mars/Olympus"),
        Rules(on=True, language="fr", texts={"en": TEXT}),
        Rules(texts={f"en-x{n:03}": TEXT for n in range(41)}),
    ],
)
def test_odd_rules_are_refused(wrong: Rules) -> None:
    with pytest.raises(Refused):
        check_rules(wrong)


def test_a_language_falls_back_on_its_relatives_then_on_the_inboxs_own() -> None:
    rules = Rules(on=True, texts={"en": TEXT, "pt": TEXT})
    assert [text_for(rules, name)[0] for name in ("pt-BR", "pt", "de", "")] == [
        "pt",
        "pt",
        "en",
        "en",
    ]
