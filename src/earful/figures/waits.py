"""Which waits for a first answer a conversation has had, and how each ended: pure rules.

A wait is known by its clock: the clocks of one wait follow each other when its severity changes or
when somebody reopens it, and the last one says what was promised. A conversation for which nothing
was ever promised has no clock; it is still somebody who waits, so her messages say it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple

State = Literal["waiting", "answered", "closed", "spam", "gone"]
"""`closed`: ended without an answer, with a reason; `gone`: the post was taken back, or erased."""
TAKEN_OVER = ("replaced", "merged")
FIRST, NEXT, RESOLUTION = "first_response", "next_response", "resolution"


class Clock(NamedTuple):
    """A clock of an answer, as its row has it."""

    kind: str
    started_at: datetime
    waits_since: datetime | None
    due_at: datetime
    severity: int | None
    policy_id: str | None
    paused: bool
    stopped_at: datetime | None
    met_at: datetime | None
    ended_as: str | None
    spare: bool = False
    """Whether something was left when it stopped, also where it stood still then."""

    @property
    def since(self) -> datetime:
        """Which wait it stands for."""
        return self.waits_since or self.started_at


class Posts(NamedTuple):
    """The incoming messages of a conversation that wanted an answer, in sum."""

    first_at: datetime
    waiting: bool
    answered_at: datetime | None
    settled_at: datetime | None
    resolved: bool


class Talk(NamedTuple):
    """What of a conversation decides on its waits. `moved`: it went on from a public one.

    `spam_at`: when messages of it were ended as spam, also if it goes on since.
    """

    severity: int
    disposition: str | None
    merged: bool
    moved: bool
    posts: Posts | None
    spam_at: frozenset[datetime] = frozenset()


class Wait(NamedTuple):
    """A wait for a first answer. `due_at` None: nothing was promised; `ended_at` None: it goes on.

    It began when we received the post; one that came with a backlog, when it was published.
    """

    began_at: datetime
    severity: int
    policy_id: str | None
    due_at: datetime | None
    held: bool
    state: State
    ended_at: datetime | None


def waits_of(talk: Talk, clocks: Iterable[Clock]) -> list[Wait]:
    """The waits of a conversation, the oldest first.

    What was merged away or waits elsewhere is counted where it waits; who was answered in public
    and went on in private does not wait for a first answer.
    """
    known = [clock for clock in clocks if clock.kind != RESOLUTION]
    found = _of_kind(talk, known, FIRST)
    if found or talk.merged or talk.moved or talk.posts is None:
        return found
    if any(clock.kind != FIRST for clock in known):
        return []
    return _unpromised(talk, talk.posts)


def later_of(talk: Talk, clocks: Iterable[Clock]) -> list[tuple[str, Wait]]:
    """What was waited for after the first answer, by kind: only where a policy promised it.

    A conversation waits once for its end, from its opening to the last time it was resolved; one
    that was merged ends where it went on.
    """
    known = list(clocks)
    found = [(NEXT, wait) for wait in _of_kind(talk, known, NEXT)]
    if talk.merged:
        return found
    for wait in _of_kind(talk, known, RESOLUTION):
        spam = wait.state == "answered" and _is_spam(talk)
        found.append((RESOLUTION, wait._replace(state="spam") if spam else wait))
    return found


def _of_kind(talk: Talk, clocks: list[Clock], kind: str) -> list[Wait]:
    """The waits that clocks of a kind stand for, the oldest first."""
    chains: dict[datetime, list[Clock]] = {}
    for clock in clocks:
        if clock.kind == kind:
            chains.setdefault(clock.since, []).append(clock)
    newest = max(chains, default=None)
    return [
        wait
        for since, chain in sorted(chains.items())
        if (wait := _wait(talk, chain, last=since == newest)) is not None
    ]


def _wait(talk: Talk, chain: list[Clock], *, last: bool) -> Wait | None:
    """The wait of a chain of clocks; None if it was taken over by another."""
    clock = max(chain, key=lambda one: (one.stopped_at is None, one.stopped_at or one.started_at))
    ended_as = _end_of(talk, clock)
    if ended_as in TAKEN_OVER:
        return None
    return Wait(
        began_at=min(min(one.started_at, one.since) for one in chain),
        severity=clock.severity or talk.severity,
        policy_id=clock.policy_id,
        # It stood still when it ended: what was due meanwhile by the wall was not.
        due_at=max(clock.due_at, clock.stopped_at)
        if clock.spare and clock.stopped_at
        else clock.due_at,
        held=clock.paused,
        state=_state(ended_as, spam=clock.stopped_at in talk.spam_at or (last and _is_spam(talk))),
        ended_at=clock.met_at or clock.stopped_at,
    )


def _is_spam(talk: Talk) -> bool:
    return talk.disposition == "spam"


def _end_of(talk: Talk, clock: Clock) -> str | None:
    """How a clock ended, None while it runs. Those of old versions of Earful did not say."""
    if clock.stopped_at is None:
        return None
    if clock.met_at is not None:
        return "answered"
    return clock.ended_as or ("merged" if talk.merged else "resolved")


def _state(ended_as: str | None, *, spam: bool) -> State:
    if ended_as is None:
        return "waiting"
    if ended_as == "answered":
        return "answered"
    if ended_as == "ended":
        return "gone"
    return "spam" if spam else "closed"


def _unpromised(talk: Talk, posts: Posts) -> list[Wait]:
    """The one wait of a conversation for which no clock says anything."""
    state: State
    if posts.answered_at is not None:
        state, ended_at = "answered", posts.answered_at
    elif posts.waiting:
        state, ended_at = "waiting", None
    elif _is_spam(talk):
        state, ended_at = "spam", posts.settled_at
    else:
        state, ended_at = "closed" if posts.resolved else "gone", posts.settled_at
    return [Wait(posts.first_at, talk.severity, None, None, False, state, ended_at)]
