"""Which waits a conversation's clocks tell of, and how each ended."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from earful.figures.waits import Clock, Posts, Talk, Wait, later_of, waits_of
from tests.cast import START

MINUTE = timedelta(minutes=1)
DUE = START + 10 * MINUTE


def talk(**more: Any) -> Talk:
    said = {"severity": 4, "disposition": None, "merged": False, "moved": False, "posts": None}
    return Talk(**(said | more))


def clock(**more: Any) -> Clock:
    said: dict[str, Any] = {
        "kind": "first_response", "started_at": START, "waits_since": None, "due_at": DUE,
        "severity": 3, "policy_id": None, "paused": False, "stopped_at": None, "met_at": None,
        "ended_as": None,
    }  # fmt: skip
    return Clock(**(said | more))


def ended(ended_as: str | None, minutes: int = 5, **more: Any) -> Clock:
    at = START + minutes * MINUTE
    met_at = at if ended_as == "answered" else None
    return clock(stopped_at=at, met_at=met_at, ended_as=ended_as, **more)


def one(found: list[Wait]) -> Wait:
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("ended_as", "disposition", "state"),
    [
        ("answered", None, "answered"),
        ("resolved", "no_reply_needed", "closed"),
        ("resolved", "spam", "spam"),
        ("ended", None, "gone"),
        (None, "solved", "closed"),  # an old version did not say how
    ],
)
def test_a_wait_ends_as_its_clock_did(
    ended_as: str | None, disposition: str | None, state: str
) -> None:
    wait = one(waits_of(talk(disposition=disposition), [ended(ended_as)]))
    assert (wait.state, wait.began_at, wait.ended_at) == (state, START, START + 5 * MINUTE)
    assert (wait.due_at, wait.severity) == (DUE, 3)


def test_what_was_spam_stays_so_when_its_conversation_goes_on() -> None:
    was = frozenset({START + 5 * MINUTE})
    assert one(waits_of(talk(spam_at=was), [ended("resolved")])).state == "spam"
    assert one(waits_of(talk(spam_at=was), [ended("resolved", 6)])).state == "closed"


def test_a_clock_that_runs_is_a_wait_that_goes_on() -> None:
    wait = one(waits_of(talk(), [clock(paused=True)]))
    assert (wait.state, wait.ended_at, wait.held) == ("waiting", None, True)


def test_a_change_of_severity_is_the_same_wait_under_its_last_promise() -> None:
    later = clock(waits_since=START, due_at=DUE + MINUTE, severity=2, policy_id="p")
    wait = one(waits_of(talk(), [ended("replaced"), later]))
    assert (wait.due_at, wait.severity, wait.policy_id) == (DUE + MINUTE, 2, "p")
    answered = later._replace(stopped_at=DUE, met_at=DUE, ended_as="answered")
    assert one(waits_of(talk(), [answered, ended("replaced")])).state == "answered"


def test_who_was_reopened_waits_since_she_wrote() -> None:
    # The promise is made anew from the reopening, the wait is not.
    again = clock(started_at=START + 9 * MINUTE, waits_since=START, due_at=DUE + 9 * MINUTE)
    wait = one(waits_of(talk(), [ended("resolved"), again]))
    assert (wait.state, wait.began_at, wait.due_at) == ("waiting", START, DUE + 9 * MINUTE)


def test_who_writes_again_after_an_end_without_an_answer_waits_anew() -> None:
    later = START + timedelta(days=2)
    first, second = waits_of(talk(), [clock(started_at=later), ended("resolved")])
    assert (first.state, first.began_at) == ("closed", START)
    assert (second.state, second.began_at) == ("waiting", later)
    # Spam is what the last wait turned out to be; the one before was something else.
    states = [w.state for w in waits_of(
        talk(disposition="spam"),
        [ended("resolved"), ended("resolved", 60, started_at=START + 30 * MINUTE)],
    )]  # fmt: skip
    assert states == ["closed", "spam"]


def test_a_backlog_counts_from_when_it_was_published() -> None:
    came = START + timedelta(days=3)
    assert one(waits_of(talk(), [clock(waits_since=came)])).began_at == START


def test_what_was_merged_away_is_counted_where_it_waits() -> None:
    assert waits_of(talk(merged=True), [ended("merged")]) == []
    assert waits_of(talk(merged=True), [ended(None)]) == []
    assert one(waits_of(talk(merged=True), [ended("answered")])).state == "answered"
    # There the earlier one takes over; what waited there itself goes on as part of it.
    earlier = clock(started_at=START - MINUTE, waits_since=START - MINUTE)
    assert one(waits_of(talk(), [ended("replaced"), earlier])).began_at == START - MINUTE


POSTS = Posts(START, waiting=True, answered_at=None, settled_at=None, resolved=False)


@pytest.mark.parametrize(
    ("changed", "disposition", "state"),
    [
        ({}, None, "waiting"),
        ({"answered_at": DUE, "settled_at": DUE}, None, "answered"),
        ({"waiting": False, "settled_at": DUE, "resolved": True}, "solved", "closed"),
        ({"waiting": False, "settled_at": DUE}, "spam", "spam"),
        ({"waiting": False, "settled_at": DUE}, None, "gone"),
    ],
)
def test_who_was_promised_nothing_waits_all_the_same(
    changed: dict[str, Any], disposition: str | None, state: str
) -> None:
    posts = POSTS._replace(**changed)
    wait = one(waits_of(talk(posts=posts, disposition=disposition), []))
    assert (wait.state, wait.due_at, wait.began_at) == (state, None, START)
    assert wait.ended_at == posts.settled_at


def test_who_went_on_in_private_or_was_answered_before_waits_for_no_first_answer() -> None:
    assert waits_of(talk(posts=POSTS, moved=True), []) == []
    assert waits_of(talk(posts=POSTS, merged=True), []) == []
    assert waits_of(talk(posts=POSTS), [clock(kind="next_response")]) == []
    assert waits_of(talk(), []) == []


def test_what_is_waited_for_after_the_first_answer_has_waits_of_its_own() -> None:
    later = START + 30 * MINUTE
    first = ended("answered")
    again = ended("answered", 40, kind="next_response", started_at=later)
    runs = clock(kind="resolution")
    found = later_of(talk(), [first, again, runs])
    assert [(kind, wait.began_at, wait.state) for kind, wait in found] == [
        ("next_response", later, "answered"),
        ("resolution", START, "waiting"),
    ]
    # They make no first wait, nor does the end of one that nobody promised an answer.
    assert [wait.began_at for wait in waits_of(talk(), [first, again, runs])] == [START]
    posts = Posts(START, waiting=True, answered_at=None, settled_at=None, resolved=False)
    assert one(waits_of(talk(posts=posts), [runs])).state == "waiting"


def test_a_conversation_ends_when_it_was_resolved_last() -> None:
    over = ended("resolved", 20, kind="resolution")._replace(met_at=START + 20 * MINUTE)
    anew = ended("resolved", 90, kind="resolution")._replace(met_at=START + 90 * MINUTE)
    [(_, wait)] = later_of(talk(disposition="solved"), [over, anew])
    assert (wait.began_at, wait.ended_at, wait.state) == (START, START + 90 * MINUTE, "answered")
    [(_, wait)] = later_of(talk(disposition="spam"), [over])
    assert wait.state == "spam"
    assert later_of(talk(merged=True), [over]) == []


def test_what_ends_while_its_clock_stands_still_ends_in_time() -> None:
    over = ended("resolved", 90, kind="resolution")._replace(met_at=START + 90 * MINUTE)
    [(_, wait)] = later_of(talk(), [over])
    assert wait.due_at == DUE
    [(_, wait)] = later_of(talk(), [over._replace(spare=True)])
    assert wait.due_at == wait.ended_at
