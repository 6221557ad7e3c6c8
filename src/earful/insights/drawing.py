"""Draws the picture of a day or week, and keeps it: themes, and which posts say them."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from earful.insights.overview import sum_moods
from earful.insights.reading import Sample, brand_words, read_posts
from earful.insights.signals import KEPT_FOR
from earful.insights.spans import DAYS, KEPT, Span, gone_by, kept_days, stretch_of
from earful.insights.suspecting import suspected
from earful.insights.themes import Found, Theme, find_themes, means
from earful.kit.ids import new_id
from earful.store.pool import Database
from earful.stream.work import Work, Works

EVERY: dict[Span, timedelta] = {"day": timedelta(minutes=5), "week": timedelta(hours=1)}
"""How often the picture of a day that is not over is drawn anew."""
WEEKS = 4
"""Weeks before that say what is usual."""


class Due(NamedTuple):
    """A picture to be drawn."""

    day: date
    span: Span


async def next_due(db: Any, workspace_id: str, now: datetime) -> Due | None:
    """The picture to draw next: the days in order, since each is compared with those before."""
    today = now.date()
    rows = await db.fetch(_DRAWN, workspace_id, today - timedelta(days=KEPT - 1))
    drawn = {(row["day"], row["span"]): row for row in rows}
    for day in kept_days(today):
        for span, every in EVERY.items():
            if _is_due(drawn.get((day, span)), day, now, every):
                return Due(day, span)
    return None


def _is_due(row: Any, day: date, now: datetime, every: timedelta) -> bool:
    """Whether it was never drawn, or drawn before its day was over and some time ago."""
    if row is None:
        return True
    made: datetime = row["made_at"]
    return made < stretch_of(day, "day").ends and (made + every <= now or day < now.date())


async def draw_next(works: Works, workspace_id: str, now: datetime) -> Due | None:
    """Draw the picture that is due, if any is."""
    async with works.database.acquire() as db:
        due = await next_due(db, workspace_id, now)
        if due is None:
            return None
        sample = await read_posts(db, workspace_id, due.day, due.span)
        brands = await brand_words(db, workspace_id)
        before = await _before(db, workspace_id, due)
        weeks = await _weeks(db, workspace_id, due)
    # Of weeks also for a day: what three people say in a week is said, though by none each day.
    usual = means(list(weeks.values()), gone_by(stretch_of(due.day, due.span), now) / DAYS["week"])
    posts = [one.post for one in sample.reads]
    # Seconds on a full day: not in the loop that everything else waits for.
    found = await asyncio.to_thread(find_themes, posts, usual, brands)
    async with works.open(workspace_id) as work:
        await _keep(work, due, found, sample, weeks if due.span == "week" else before)
    return due


async def _before(db: Any, workspace_id: str, due: Due) -> dict[date, dict[str, int]]:
    """What was said on each of the days before on which anything was."""
    until = due.day - timedelta(days=DAYS[due.span])
    rows = await db.fetch(_BEFORE, workspace_id, until - timedelta(days=KEPT - 1), until)
    return {row["day"]: row["counts"] for row in rows}


async def _weeks(db: Any, workspace_id: str, due: Due) -> dict[date, dict[str, int]]:
    """What was said in each of the weeks before in which anything was, by its last day."""
    rows = await db.fetch(_WEEKS, workspace_id, _ends(due.day - timedelta(days=DAYS[due.span])))
    return {row["day"]: row["counts"] for row in rows}


def _ends(last: date) -> list[date]:
    """The last days of four weeks, the oldest first."""
    return [last - timedelta(days=n * DAYS["week"]) for n in range(WEEKS - 1, -1, -1)]


async def _keep(
    work: Work, due: Due, found: Found, sample: Sample, before: dict[date, dict[str, int]]
) -> None:
    given = (work.workspace_id, due.day, due.span)
    # Its row is held first: of two workers that draw the same, one waits, and both leave one.
    sums = (sample.posts, len(sample.reads), found.authors)
    moods = sum_moods((one.inbox_id, one.mood) for one in sample.reads)
    await work.db.execute(_PICTURE, *given, work.now, *sums, found.counts, moods)
    labels = [theme.label for theme in found.themes]
    await work.db.execute(_GONE, *given, labels)
    written = {one.post.id: one.written for one in sample.reads}
    days = [due.day - timedelta(days=back) for back in range(KEPT - 1, 0, -1)]
    days = _ends(due.day - timedelta(days=DAYS["week"])) if due.span == "week" else days
    for rank, theme in enumerate(found.themes):
        why = suspected([written[one] for one in theme.posts])
        course = [before.get(day, {}).get(_core(theme, before), 0) for day in days]
        theme_id = await work.db.fetchval(
            _THEME, *given, new_id(), rank, theme.label, list(theme.phrases), theme.usual,
            course, why,
        )  # fmt: skip
        await work.db.execute(_POSTS, work.workspace_id, theme_id, list(theme.posts))


def _core(theme: Theme, before: dict[date, dict[str, int]]) -> str:
    """The phrase of a theme that was said most before."""
    return max(theme.phrases, key=lambda one: sum(day.get(one, 0) for day in before.values()))


async def forget_old(database: Database, *, now: datetime) -> None:
    """Delete what is older than what is compared."""
    oldest = now.date() - timedelta(days=2 * KEPT)
    async with database.transaction() as db:
        await db.execute("DELETE FROM theme WHERE day < $1", now.date() - timedelta(days=KEPT))
        await db.execute("DELETE FROM picture WHERE day < $1", oldest)
        await db.execute("DELETE FROM burst_step WHERE at < $1", now - timedelta(days=KEPT))
        await db.execute("DELETE FROM signal WHERE ended_at < $1", now - KEPT_FOR)


_DRAWN = "SELECT day, span, made_at FROM picture WHERE workspace_id = $1 AND day >= $2"

_WEEKS = """
SELECT day, counts FROM picture
WHERE workspace_id = $1 AND span = 'week' AND day = ANY($2::date[]) AND read > 0
"""

_BEFORE = """
SELECT day, counts FROM picture
WHERE workspace_id = $1 AND span = 'day' AND day BETWEEN $2 AND $3 AND read > 0
"""

_PICTURE = """
INSERT INTO picture (workspace_id, day, span, made_at, posts, read, authors, counts,
  moods)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (workspace_id, day, span) DO UPDATE SET made_at = $4, posts = $5, read = $6,
  authors = $7, counts = $8, moods = $9
"""

_GONE = """
DELETE FROM theme WHERE workspace_id = $1 AND day = $2 AND span = $3 AND label <> ALL($4::text[])
"""

_THEME = """
INSERT INTO theme (workspace_id, day, span, id, rank, label, phrases, usual, course, suspected)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (workspace_id, day, span, label) DO UPDATE SET rank = $5, phrases = $7, usual = $8,
  course = $9, suspected = $10
RETURNING id
"""

_POSTS = """
WITH gone AS (DELETE FROM theme_post WHERE workspace_id = $1 AND theme_id = $2
  AND message_id <> ALL($3::uuid[]))
INSERT INTO theme_post (workspace_id, theme_id, message_id)
SELECT $1, $2, id FROM unnest($3::uuid[]) AS id ON CONFLICT DO NOTHING
"""
