"""Figures beside a sum by hand: who keeps a list of what was done comes to the same."""

from __future__ import annotations

import math
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from earful.desk.resolve import reopen, resolve
from earful.desk.snooze import snooze
from earful.figures.asking import Asked, By
from earful.figures.sums import Figure, load_figures
from earful.kit.refusal import Refused
from earful.networks.contract import Person
from earful.promises import register
from earful.promises.due import break_due
from earful.promises.register import Given
from earful.sla.calendar import Calendar, Slot
from earful.sla.keeping import keep_hours, keep_policy, with_hours
from earful.sla.terms import Promise, Target, Terms
from tests.cast import START, Cast, post
from tests.desk.acts import answer, card_of, home_of, take
from tests.figures.test_counting import count, sent

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
SLOTS = ((9 * 60, 12 * 60), (13 * 60, 17 * 60))
WITHIN = 45
"""Minutes of open time in which a first answer is promised."""


class Wall:
    """Open minutes counted one by one on the wall of Berlin; nothing of ours."""

    def __init__(self, days: int = 12) -> None:
        self.sums = [0]
        for minute in range(days * 1440):
            at = (START + minute * MINUTE).astimezone(BERLIN)
            of_day = at.hour * 60 + at.minute
            works = at.weekday() < 5 and any(low <= of_day < high for low, high in SLOTS)
            self.sums.append(self.sums[-1] + works)

    def between(self, start: datetime, end: datetime) -> int:
        """Open minutes."""
        return self.sums[_minute(end)] - self.sums[_minute(start)]

    def due(self, start: datetime) -> datetime:
        """When so much was open."""
        at = start
        while self.between(start, at) < WITHIN:
            at += MINUTE
        return at


def _minute(at: datetime) -> int:
    return (at - START) // MINUTE


class Waited(msgspec.Struct):
    """Somebody's wait, as the list has it."""

    began: datetime
    due: datetime
    state: str = "waiting"
    ended: datetime | None = None
    by: str | None = None


class Ledger:
    """Does things at random, and keeps a list of its own."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.cast, self.dice, self.wall = cast, random.Random(seed), Wall()  # noqa: S311
        self.waits: dict[str, list[Waited]] = {}
        self.answered: set[str] = set()
        self.word: list[tuple[str, datetime, str]] = []
        self.posts = 0

    @property
    def now(self) -> datetime:
        now: datetime = self.cast.time()
        return now

    async def writes(self) -> None:
        who = self.dice.randrange(25)
        self.posts += 1
        text = f"@Northwind where is my order {self.posts}?"
        author = Person(f"did:{who}", f"p{who}.example", f"P {who}")
        number = f"post-{self.posts}"
        await take(self.cast, post(number, text, author=author, published_at=self.now))
        home = await home_of(self.cast, number)
        waits = self.waits.setdefault(home, [])
        if not waits or (waits[-1].state in ("closed", "spam") and home not in self.answered):
            waits.append(Waited(self.now, self.wall.due(self.now)))

    async def answers(self) -> None:
        home = self.dice.choice(list(self.waits))
        if not (await card_of(self.cast, home)).unanswered:
            return
        who = self.dice.choice((self.cast.alice, self.cast.bob))
        await answer(self.cast, home, f"So it is, {self.now}", who=who)
        await sent(self.cast)
        self.answered.add(home)
        last = self.waits[home][-1]
        if last.state == "waiting":
            last.state, last.ended, last.by = "answered", self.now, who.id

    async def resolves(self) -> None:
        home = self.dice.choice(list(self.waits))
        if (await card_of(self.cast, home)).status == "resolved":
            return
        how = self.dice.choice(("solved", "no_reply_needed", "spam"))
        async with self.cast.works.open(self.cast.workspace_id, self.cast.bob) as work:
            await resolve(work, home, how, "for a reason")
        last = self.waits[home][-1]
        if last.state == "waiting":
            last.state, last.ended = "spam" if how == "spam" else "closed", self.now

    async def reopens(self) -> None:
        home = self.dice.choice(list(self.waits))
        if (await card_of(self.cast, home)).status != "resolved":
            return
        try:
            async with self.cast.works.open(self.cast.workspace_id, self.cast.bob) as work:
                await reopen(work, home)
        except Refused:
            return  # they have another one that is open
        last = self.waits[home][-1]
        if last.state in ("closed", "spam"):
            last.state, last.ended = "waiting", None
            last.due = self.wall.due(self.now)  # promised anew, waited for since she wrote

    async def snoozes(self) -> None:
        home = self.dice.choice(list(self.waits))
        if (await card_of(self.cast, home)).status != "open":
            return
        async with self.cast.works.open(self.cast.workspace_id, self.cast.bob) as work:
            await snooze(work, home, self.now + timedelta(days=9))

    async def promises(self) -> None:
        home = self.dice.choice(list(self.waits))
        by = self.now + timedelta(hours=self.dice.randrange(1, 60))
        async with self.cast.works.open(self.cast.workspace_id, self.cast.bob) as work:
            made = await register.give(work, home, Given(words="refund", due_at=by))
        self.word.append((made.id, by, "open"))

    async def proves(self) -> None:
        found = [n for n, (_, _, state) in enumerate(self.word) if state == "open"]
        if not found:
            return
        at = self.dice.choice(found)
        key, due, _ = self.word[at]
        async with self.cast.works.open(self.cast.workspace_id, self.cast.bob) as work:
            await register.prove(work, key, "a slip")
        self.word[at] = (key, due, "kept")

    async def passes(self) -> None:
        self.cast.time.pass_(minutes=self.dice.choice((1, 4, 20, 44, 45, 46, 200)))
        async with self.cast.works.open(self.cast.workspace_id) as work:
            await break_due(work)
        for at, (key, due, state) in enumerate(self.word):
            if state == "open" and due <= self.now:
                self.word[at] = (key, due, "broken")


def by_hand(ledger: Ledger, waits: list[Waited]) -> dict[str, object]:
    """The figures of these waits, summed up."""
    now, states = ledger.now, Counter(one.state for one in waits)
    done = [one for one in waits if one.ended and one.state == "answered"]
    wall = sorted((one.ended - one.began).total_seconds() for one in done if one.ended)
    open_ = sorted(60.0 * ledger.wall.between(one.began, one.ended) for one in done if one.ended)
    overdue = sum(one.state == "waiting" and one.due <= now for one in waits)
    late = sum(
        one.state in ("answered", "closed") and one.ended is not None and one.ended > one.due
        for one in waits
    )
    kept = sum(one.ended is not None and one.ended <= one.due for one in done)
    missed = late + overdue
    return {
        "waits": states["answered"] + states["waiting"] + states["closed"],
        "answered": states["answered"],
        "waiting": states["waiting"],
        "closed": states["closed"],
        "left_out": states["spam"],
        "overdue": overdue,
        "kept": kept,
        "missed": missed,
        "attainment": kept / (kept + missed) if kept + missed else None,
        "first_answer_median": share(wall, 0.5),
        "first_answer_p90": share(wall, 0.9),
        "business_median": share(open_, 0.5),
        "business_p90": share(open_, 0.9),
        "oldest_waiting_since": min(
            (one.began for one in waits if one.state == "waiting"), default=None
        ),
    }


def share(found: list[float], part: float) -> float | None:
    """What `part` of them are under, between the two nearest."""
    if not found:
        return None
    place = part * (len(found) - 1)
    low = math.floor(place)
    rest = place - low
    high = min(low + 1, len(found) - 1)
    return found[low] * (1 - rest) + found[high] * rest


def said(figure: Figure, names: list[str]) -> dict[str, object]:
    return rounded({name: getattr(figure, name) for name in names})


def rounded(found: dict[str, object]) -> dict[str, object]:
    """Floats as far as two ways to add them up agree."""
    return {name: round(x, 6) if isinstance(x, float) else x for name, x in found.items()}


async def figures(cast: Cast, by: By) -> tuple[Figure, dict[str | None, Figure]]:
    asked = Asked(
        workspace_id=cast.workspace_id, inboxes=None, at=cast.time(), zone=BERLIN,
        first=date(2026, 11, 2), last=date(2026, 11, 14), by=by,
    )  # fmt: skip
    async with cast.database.snapshot() as db:
        found = await load_figures(db, asked)
    return found.total, {row.key: row for row in found.rows}


@pytest.mark.parametrize("seed", [1, 2, 46])
async def test_random_days_come_to_what_a_list_says(cast: Cast, seed: int) -> None:
    week = (*((tuple(Slot(60 * low, 60 * high) for low, high in SLOTS),) * 5), (), ())
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        hours = await keep_hours(work, "Office", Calendar(zone="Europe/Berlin", week=week))
        promise = Promise(first_response=Target(60 * WITHIN, "business"))
        terms = Terms("ours", dict.fromkeys(range(1, 6), promise), hours_id=hours.id,
                      limit_for=None)  # fmt: skip
        await keep_policy(work, await with_hours(work, terms))
    ledger = Ledger(cast, seed)
    for _ in range(6):
        await ledger.writes()
    acts = [*[ledger.writes] * 7, *[ledger.answers] * 6, *[ledger.passes] * 7,
            *[ledger.resolves] * 2, ledger.reopens, ledger.snoozes,
            ledger.promises, ledger.proves]  # fmt: skip
    for _ in range(200):
        await ledger.dice.choice(acts)()
    assert ledger.now < START + timedelta(days=10)
    await count(cast)
    waits = [one for each in ledger.waits.values() for one in each]
    assert {one.state for one in waits} >= {"waiting", "answered", "closed"}
    total, days = await figures(cast, "day")
    expected = by_hand(ledger, waits)
    assert said(total, list(expected)) == rounded(expected)
    ends = Counter(state for _, _, state in ledger.word)
    assert total.promises_made == len(ledger.word)
    assert (total.promises_kept, total.promises_broken) == (ends["kept"], ends["broken"])
    for day in days:
        some = [one for one in waits if f"{one.began.astimezone(BERLIN).date()}" == day]
        hand = by_hand(ledger, some)
        assert said(days[day], list(hand)) == rounded(hand), day
    _, agents = await figures(cast, "agent")
    for who in (cast.alice.id, cast.bob.id):
        hers = [one for one in waits if one.by == who]
        names = ["answered", "kept", "first_answer_median", "business_p90"]
        hand = {name: by_hand(ledger, hers)[name] for name in names}
        assert said(agents[who], names) == rounded(hand), who


def test_the_list_itself_counts_right() -> None:
    wall = Wall()
    # Ten in Berlin on the Monday: 45 minutes later; a quarter to twelve: half past one.
    assert wall.due(START) == START + 45 * MINUTE
    assert wall.due(START + 105 * MINUTE) == START + timedelta(hours=3, minutes=30)
    assert share([1.0, 2.0, 3.0, 10.0], 0.9) == pytest.approx(7.9)
    assert datetime(2026, 11, 2, 9, tzinfo=UTC) == START
