"""One source of hours: for customers, for the profile, and against what the profile says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from earful.responder.published import disagreement, lines_of, published, spans_said, week_at
from earful.responder.rules import Rules, keep_rules
from earful.responder.unstaffed import unstaffed
from earful.responder.wording import locale_of
from earful.roster.shifts import Pattern, add
from earful.sla.calendar import ALWAYS, NEVER, Calendar, Change, Slot
from earful.sla.keeping import keep_hours
from earful.store.pool import Database
from tests.cast import START, gather

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
NINE, LUNCH = Slot(9 * 3600, 17 * 3600), (Slot(9 * 3600, 12 * 3600), Slot(13 * 3600, 18 * 3600))
OFFICE = (*((NINE,),) * 5, (Slot(10 * 3600, 14 * 3600),), ())


@pytest.mark.parametrize(
    ("week", "language", "lines"),
    [
        (OFFICE, "en-GB", ["Mon–Fri 09:00–17:00", "Sat 10:00–14:00"]),
        (OFFICE, "de", ["Mo–Fr 09:00–17:00", "Sa 10:00–14:00"]),
        (OFFICE, "en-US", ["Mon–Fri 9:00 AM–5:00 PM", "Sat 10:00 AM–2:00 PM"]),
        ((LUNCH, *NEVER[1:]), "en-GB", ["Mon 09:00–12:00, 13:00–18:00"]),
        (((Slot(0, 86_400),), *NEVER[1:]), "en-GB", ["Mon 00:00–24:00"]),
        (ALWAYS, "en-GB", ["24/7"]),
        (NEVER, "en-GB", []),
    ],
)
def test_a_week_in_lines(
    week: tuple[tuple[Slot, ...], ...], language: str, lines: list[str]
) -> None:
    assert lines_of(week, locale_of(language)) == lines


def test_the_week_that_holds_now_is_the_newest_that_has_begun() -> None:
    changes = (Change(date(2026, 11, 1), NEVER), Change(date(2026, 12, 1), ALWAYS))
    calendar = Calendar(week=OFFICE, changes=changes)
    assert week_at(calendar, NOW) == NEVER
    assert week_at(Calendar(week=OFFICE), NOW) == OFFICE


@pytest.mark.parametrize(
    ("bio", "said"),
    [
        ("Mon-Fri 9-17", {(540, 1020)}),
        ("We answer 9:00–17:00 CET", {(540, 1020)}),
        ("Here to help 9am - 5pm", {(540, 1020)}),
        ("9 to 5pm", {(540, 1020)}),
        ("1 to 5pm", {(780, 1020)}),
        ("Mo-Fr 9 bis 17 Uhr", {(540, 1020)}),
        ("du lundi au vendredi, 9h30 à 18h", {(570, 1080)}),
        ("Founded 1999-2005. Call 555-1234, 24/7.", set()),
        ("", set()),
    ],
)
def test_hours_are_found_in_profiles(bio: str, said: set[tuple[int, int]]) -> None:
    assert spans_said(bio) == said


@pytest.mark.parametrize(
    ("bio", "wrong"),
    [
        ("Here Mon-Fri 9-17, Sat 10-14", ""),
        ("We love shoes", ""),
        ("Here 9am-8pm", "9:00–20:00"),
        ("Here 24/7", "around the clock"),
    ],
)
def test_a_profile_that_says_other_hours_is_noticed(bio: str, wrong: str) -> None:
    found = disagreement(bio, Calendar(week=OFFICE), NOW)
    assert wrong in found
    assert bool(found) == bool(wrong)


async def test_the_ready_line_agrees_with_the_hours_it_comes_from(
    database: Database,
) -> None:
    cast = await gather(database)
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        hours = await keep_hours(work, "Office", Calendar(week=OFFICE))
        await keep_rules(work, cast.channel.inbox_id, Rules(hours_id=hours.id))
        found = await published(work.db, work.workspace_id, cast.channel.inbox_id, NOW, "en-GB")
    assert found is not None
    assert found[0].bio == "Mon–Fri 09:00–17:00 · Sat 10:00–14:00 (UTC)"
    assert (found[0].open, found[0].opens_at) == (True, NOW)
    assert disagreement(found[0].bio, found[1], NOW) == ""
    async with database.acquire() as db:
        assert await published(db, cast.workspace_id, cast.workspace_id, NOW) is None


async def test_hours_that_the_roster_does_not_keep_are_named(database: Database) -> None:
    cast = await gather(database)
    calendar = Calendar(week=OFFICE)
    inbox = cast.channel.inbox_id

    async def gaps() -> list[tuple[datetime, datetime]]:
        async with database.acquire() as db:
            return await unstaffed(db, cast.workspace_id, inbox, calendar, cast.time())

    assert await gaps() == [], "without a roster the hours are all that is known"
    assert cast.bob.id is not None
    days = {"weekdays": ("mon", "tue", "wed", "thu", "fri"), "from_day": date(2026, 11, 2)}
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        for opens, more in (("09:00", {}), ("07:00", {"on_call": True})):
            shift = {"agent_id": cast.bob.id, "opens": opens, "closes": "12:00"}
            await add(work, Pattern(**shift, **days, **more))  # type: ignore[arg-type]
    found = await gaps()
    noon = START.replace(hour=12)
    assert found[0] == (noon, noon + timedelta(hours=5))
    saturday = (noon + timedelta(days=5, hours=-2), noon + timedelta(days=5, hours=2))
    assert found[5:] == [saturday]
