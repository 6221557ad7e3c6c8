"""The picture as a manager sees it: each figure is counted from its posts at that moment.

Posts in inboxes that one does not see are in no figure; `usual` and `course` are of the whole desk.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec

from earful.insights.reach import NOBODY, Reach, reach_of_themes
from earful.insights.reading import COUNTS
from earful.insights.spans import DAYS, Span, stretch_of
from earful.insights.themes import Trend, trend_of
from earful.kit.paging import At, Id, cut, from_token
from earful.kit.refusal import NotFound
from earful.kit.text import one_line
from earful.stream.screen import Inboxes, seen_by

SAMPLES = 3
MOST = 200
"""Posts of a page."""


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """A post of a theme. `unanswered`: its author waits for us; `sentiment` from -1 to 1."""

    message_id: str
    conversation_id: str
    network: str
    author_name: str
    author_handle: str
    text: str
    at: datetime
    unanswered: bool
    sentiment: float | None


class Theme(msgspec.Struct, frozen=True, kw_only=True):
    """What people speak of. `authors` are different people, `usual` how many there would be.

    `course` is of the days before it; `suspected` why it may be arranged. `sentiment` is the mean
    of its posts, `sentiment_before` that of themes of this name in the time before, of the whole
    desk; null where there was none. `reach`: how many follow those who said it in public. `waiting`
    are posts that wait for us, `oldest` the one that waits longest.
    """

    id: str
    label: str
    phrases: list[str]
    authors: int
    posts: int
    usual: float
    trend: Trend
    course: list[int]
    sentiment: float | None
    sentiment_before: float | None
    suspected: list[str]
    reach: Reach
    waiting: int
    oldest: Sample | None
    samples: list[Sample]


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """The themes of a day or week, the weightiest first. `made_at` None: not drawn yet.

    `read` are the posts that themes were looked for in, of `posts` in all.
    """

    day: date
    span: Span
    starts_at: datetime
    ends_at: datetime
    made_at: datetime | None
    posts: int
    read: int
    authors: int
    items: list[Theme]


class Page(msgspec.Struct, frozen=True):
    """Posts of a theme, the newest first; `posts` and `authors` are those of all pages."""

    label: str
    posts: int
    authors: int
    items: list[Sample]
    next: str | None


async def load_picture(
    db: Any, workspace_id: str, inboxes: Inboxes, day: date, span: Span
) -> Picture:
    """The picture of a day, or of the seven days that end with it."""
    given = (workspace_id, day, span)
    made = await db.fetchrow(_MADE, *given)
    rows = await db.fetch(_THEMES, *given)
    ids = [row["id"] for row in rows]
    sums = {
        row["theme_id"]: row for row in await db.fetch(_SUMS, workspace_id, ids, seen_by(inboxes))
    }
    samples: dict[str, list[Sample]] = {}
    for row in await db.fetch(_SAMPLES, workspace_id, ids, seen_by(inboxes), SAMPLES):
        samples.setdefault(row["theme_id"], []).append(sample_of(row))
    oldest = {
        row["theme_id"]: sample_of(row)
        for row in await db.fetch(_OLDEST, workspace_id, ids, seen_by(inboxes))
    }
    reach = await reach_of_themes(db, workspace_id, inboxes, ids)
    moods = await db.fetch(_MOODS, workspace_id, ids, DAYS[span])
    before = {row["theme_id"]: row["sentiment"] for row in moods}
    items = [
        _theme(
            row,
            sums[row["id"]],
            samples.get(row["id"], []),
            oldest.get(row["id"]),
            before,
            reach=reach.get(row["id"], NOBODY),
        )
        for row in rows
        if row["id"] in sums
    ]
    stretch = stretch_of(day, span)
    return Picture(
        day=day,
        span=span,
        starts_at=stretch.starts,
        ends_at=stretch.ends,
        made_at=made and made["made_at"],
        posts=made["posts"] if made else 0,
        read=made["read"] if made else 0,
        authors=made["authors"] if made else 0,
        items=items,
    )


def _theme(
    row: Any,
    sums: Any,
    samples: list[Sample],
    oldest: Sample | None,
    before: dict[str, float],
    *,
    reach: Reach,
) -> Theme:
    return Theme(
        id=row["id"],
        label=row["label"],
        phrases=row["phrases"],
        authors=sums["authors"],
        posts=sums["posts"],
        usual=round(row["usual"], 1),
        trend=trend_of(sums["authors"], row["usual"]),
        course=row["course"],
        sentiment=_rounded(sums["sentiment"]),
        sentiment_before=_rounded(before.get(row["id"])),
        suspected=row["suspected"],
        reach=reach,
        waiting=sums["waiting"],
        oldest=oldest,
        samples=samples,
    )


async def load_posts(
    db: Any,
    workspace_id: str,
    inboxes: Inboxes,
    theme_id: str,
    *,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """A page of the posts that a theme counts. Raises NotFound, BadToken."""
    label = await db.fetchval(_LABEL, workspace_id, theme_id)
    sums = await db.fetchrow(_SUMS, workspace_id, [theme_id], seen_by(inboxes))
    if label is None or sums is None:
        raise NotFound("theme")
    most = max(1, min(limit, MOST))
    at, tie = from_token(after, tuple[At, Id]) if after else (None, None)
    rows = await db.fetch(_PAGE, workspace_id, theme_id, seen_by(inboxes), at, tie, most + 1)
    shown, more = cut(rows, most, lambda row: [row["received_at"], row["id"]])
    return Page(label, sums["posts"], sums["authors"], [sample_of(row) for row in shown], more)


def sample_of(row: Any) -> Sample:
    """The post of a row that has the columns of _POST."""
    return Sample(
        message_id=row["id"],
        conversation_id=row["conversation_id"],
        network=row["network"],
        author_name=row["author_name"],
        author_handle=row["author_handle"],
        text=one_line(row["text"], 400),
        at=row["received_at"],
        unanswered=row["unanswered"],
        sentiment=_rounded(row["sentiment"]),
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


_MADE = """
SELECT made_at, posts, read, authors FROM picture WHERE workspace_id = $1 AND day = $2 AND span = $3
"""

_THEMES = """
SELECT id, label, phrases, usual, course, suspected FROM theme
WHERE workspace_id = $1 AND day = $2 AND span = $3 ORDER BY rank, label
"""

_LABEL = "SELECT label FROM theme WHERE workspace_id = $1 AND id = $2"

UNANSWERED = "(m.disposition IS NULL AND c.unanswered > 0)"

# The posts of themes that count, whoever asks for them: sums, samples and pages are of the same.
_OF = f"""theme_post t
JOIN message m ON m.workspace_id = $1 AND m.id = t.message_id AND {COUNTS}
JOIN conversation c ON c.workspace_id = $1 AND c.id = m.conversation_id
  AND ($3::uuid[] IS NULL OR c.inbox_id = ANY($3::uuid[]))
LEFT JOIN judgement j ON j.workspace_id = $1 AND j.message_id = m.id
WHERE t.workspace_id = $1"""

_POST = f"""t.theme_id, m.id, m.conversation_id, c.network, m.author_name, m.author_handle, m.text,
  m.received_at, {UNANSWERED} AS unanswered, j.sentiment"""

_SUMS = f"""
SELECT t.theme_id, count(*) AS posts, avg(j.sentiment) AS sentiment,
  count(DISTINCT coalesce(m.author_id::text, m.author_handle)) AS authors,
  count(*) FILTER (WHERE {UNANSWERED}) AS waiting
FROM {_OF} AND t.theme_id = ANY($2::uuid[]) GROUP BY t.theme_id
"""  # noqa: S608 - constants of this file and of reading.py

_MOODS = """
SELECT t.id AS theme_id, avg(j.sentiment) AS sentiment FROM theme t
JOIN theme b ON b.workspace_id = $1 AND b.day <= t.day - $3::integer AND b.span = t.span
  AND b.label = t.label
JOIN theme_post p ON p.workspace_id = $1 AND p.theme_id = b.id
JOIN judgement j ON j.workspace_id = $1 AND j.message_id = p.message_id
WHERE t.workspace_id = $1 AND t.id = ANY($2::uuid[]) GROUP BY t.id
"""

# One of each person first; the newest of them.
_SAMPLES = f"""
SELECT * FROM (
  SELECT q.*, row_number() OVER (PARTITION BY theme_id ORDER BY again, received_at DESC, id) AS nth
  FROM (
    SELECT {_POST}, row_number() OVER (PARTITION BY t.theme_id,
      coalesce(m.author_id::text, m.author_handle) ORDER BY m.received_at DESC, m.id) AS again
    FROM {_OF} AND t.theme_id = ANY($2::uuid[])) q) r
WHERE nth <= $4 ORDER BY theme_id, nth
"""  # noqa: S608 - as above

_OLDEST = f"""
SELECT DISTINCT ON (t.theme_id) {_POST} FROM {_OF} AND t.theme_id = ANY($2::uuid[])
  AND {UNANSWERED} ORDER BY t.theme_id, m.received_at, m.id
"""  # noqa: S608 - as above

_PAGE = f"""
SELECT {_POST} FROM {_OF} AND t.theme_id = $2
  AND ($4::timestamptz IS NULL OR (m.received_at, m.id) < ($4, $5::uuid))
ORDER BY m.received_at DESC, m.id DESC LIMIT $6
"""  # noqa: S608 - as above
