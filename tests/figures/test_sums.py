"""Each figure is what its definition says, of whom it says, and leads to those it counts."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from earful.figures import cases, sums
from earful.figures.asking import NOBODY, Asked, Narrow, lately
from earful.figures.sums import FEWEST, Figure, Figures, figure_of
from earful.figures.table import to_csv
from earful.kit.cells import safe
from earful.kit.days import check_days
from earful.kit.ids import new_id
from earful.kit.paging import BadToken, to_token
from earful.kit.refusal import Refused
from earful.store.pool import Database
from tests.cast import START, Cast
from tests.desk.crowd import SEQUENTIAL, fill, plan, workspace

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)


def asked(cast: Cast, **more: Any) -> Asked:
    said = {"workspace_id": cast.workspace_id, "inboxes": None, "at": cast.time(), "zone": BERLIN,
            "first": date(2026, 11, 1), "last": date(2026, 11, 2)}  # fmt: skip
    return Asked(**(said | more))


async def talk(cast: Cast, **more: Any) -> str:
    """A conversation that is over, for rows to lead to."""
    key = new_id()
    async with cast.database.acquire() as db:
        await db.execute(
            """INSERT INTO conversation (workspace_id, id, inbox_id, channel_id, network, status,
                 severity, contact_id, contact_name, contact_handle, opened_at, last_message_at,
                 disposition, team_id)
               VALUES ($1, $2, $3, $4, 'rehearsal', 'resolved', 3, $2, 'C', 'c', $5, $5, 'solved',
                 $6)""",
            cast.workspace_id, key, cast.channel.inbox_id, cast.channel.id, START, more.get("team"),
        )  # fmt: skip
    return key


async def wait(cast: Cast, state: str, minutes: float | None = None, **more: Any) -> str:
    """A wait that began `began` and, if it ended, lasted so many minutes; due after ten."""
    began = more.get("began", START)
    home = more.get("home") or await talk(cast)
    length = None if minutes is None else minutes * 60
    async with cast.database.acquire() as db:
        await db.execute(
            """INSERT INTO first_wait (workspace_id, conversation_id, began_at, inbox_id,
                 channel_id, team_id, agent_id, severity, due_at, held, state, ended_at, wall_for,
                 business_for)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)""",
            cast.workspace_id, home, began, more.get("inbox", cast.channel.inbox_id),
            more.get("channel", cast.channel.id), more.get("team"), more.get("agent"),
            more.get("severity", 3), more.get("due", began + 10 * MINUTE), more.get("held", False),
            state, began + timedelta(seconds=length) if length is not None else None, length,
            length and length / 2,
        )  # fmt: skip
    return home


async def load(cast: Cast, **more: Any) -> Figures:
    async with cast.database.snapshot() as db:
        return await sums.load_figures(db, asked(cast, **more))


async def behind(cast: Cast, which: cases.Which, **more: Any) -> list[str]:
    """The conversations behind a figure, read in pages of two."""
    paging = {name: more.pop(name) for name in ("order",) if name in more}
    found: list[str] = []
    after: str | None = None
    while True:
        async with cast.database.snapshot() as db:
            page = await cases.load_cases(
                db, asked(cast, **more), which, after=after, limit=2, **paging
            )
        found += [one.conversation.id for one in page.items]
        if page.next is None:
            return found
        after = page.next


async def test_a_figure_counts_whom_it_says_and_leads_to_them(cast: Cast) -> None:
    cast.time.pass_(hours=1)
    quick, slow = await wait(cast, "answered", 4), await wait(cast, "answered", 14)
    late, held = await wait(cast, "waiting"), await wait(cast, "waiting", held=True)
    soon = await wait(cast, "waiting", due=cast.time() + MINUTE)
    free = await wait(cast, "waiting", due=None)
    timely, tardy = await wait(cast, "closed", 5), await wait(cast, "closed", 20)
    spam, gone = await wait(cast, "spam", 60), await wait(cast, "gone", 60)
    await wait(cast, "answered", 1, began=START + timedelta(days=1))  # another day
    total = (await load(cast)).total
    assert (total.waits, total.answered, total.waiting, total.closed, total.left_out) == (
        8, 2, 4, 2, 2,
    )  # fmt: skip
    assert total.answered_rate == 0.25
    # Not to answer, and to close what is late, is to miss.
    assert (total.kept, total.missed, total.attainment) == (1, 3, 0.25)
    assert (total.first_answer_median, total.first_answer_p90) == (9 * 60, 13 * 60)
    assert (total.business_median, total.business_p90) == (4.5 * 60, 6.5 * 60)
    assert total.oldest_waiting_since == START
    for which, ids in {
        "waits": {quick, slow, late, held, soon, free, timely, tardy},
        "answered": {quick, slow},
        "waiting": {late, held, soon, free},
        "overdue": {late},
        "closed": {timely, tardy},
        "left_out": {spam, gone},
        "kept": {quick},
        "missed": {slow, late, tardy},
    }.items():
        found = await behind(cast, which)  # type: ignore[arg-type]
        assert (sorted(found), getattr(total, which)) == (sorted(ids), len(ids)), which
    longest = await behind(cast, "waits", order="longest")
    assert longest == [tardy, slow, timely, quick]
    for key in ([START, "x"], [START.replace(tzinfo=None), quick], ["x"]):
        async with cast.database.snapshot() as db:
            with pytest.raises(BadToken):
                await cases.load_cases(db, asked(cast), "waits", after=to_token(key))


async def later(cast: Cast, kind: str, state: str, minutes: float | None = None) -> str:
    """A wait for a next answer or the end, due after ten minutes."""
    home = await talk(cast)
    ended = None if minutes is None else START + minutes * MINUTE
    async with cast.database.acquire() as db:
        await db.execute(
            """INSERT INTO later_wait (workspace_id, conversation_id, kind, began_at, inbox_id,
                 channel_id, agent_id, severity, due_at, held, state, ended_at, wall_for)
               VALUES ($1, $2, $3, $4, $5, $6, $7, 3, $8, false, $9, $10, $11)""",
            cast.workspace_id, home, kind, START, cast.channel.inbox_id, cast.channel.id,
            cast.bob.id, START + 10 * MINUTE, state, ended, minutes and minutes * 60,
        )  # fmt: skip
    return home


async def test_next_answers_and_ends_are_counted_apart(cast: Cast) -> None:
    cast.time.pass_(hours=1)
    await wait(cast, "answered", 4)
    quick, slow = [await later(cast, "next_response", "answered", n) for n in (2, 12)]
    waits, _ = (
        await later(cast, "next_response", "waiting"),
        await later(cast, "resolution", "spam"),
    )
    soon, late = [await later(cast, "resolution", "answered", n) for n in (10, 30)]
    open_ = await later(cast, "resolution", "waiting")
    total = (await load(cast)).total
    assert (total.waits, total.answered, total.first_answer_median) == (1, 1, 240)
    assert (total.next_answered, total.next_median, total.next_p90) == (2, 7 * 60, 11 * 60)
    assert (total.next_kept, total.next_missed, total.next_attainment) == (1, 2, 1 / 3)
    assert (total.resolved, total.resolution_median, total.resolution_p90) == (2, 1200, 28 * 60)
    assert (total.resolution_kept, total.resolution_missed) == (1, 2)
    assert total.resolution_attainment == 1 / 3
    for which, ids in {
        "next_answered": {quick, slow},
        "next_kept": {quick},
        "next_missed": {slow, waits},
        "resolved": {soon, late},
        "resolution_kept": {soon},
        "resolution_missed": {late, open_},
    }.items():
        found = await behind(cast, which)  # type: ignore[arg-type]
        assert (sorted(found), getattr(total, which)) == (sorted(ids), len(ids)), which
    assert await behind(cast, "resolved", order="longest") == [late, soon]
    [row] = (await load(cast, by="agent", narrow=Narrow(agent=cast.bob.id))).rows
    assert (row.name, row.next_answered, row.resolved) == ("Bob", 2, 2)
    assert (await load(cast, inboxes=frozenset({new_id()}))).total.resolved == 0


async def test_a_wait_belongs_to_the_day_it_began_on_the_wall_of_who_asks(cast: Cast) -> None:
    night = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)  # half past midnight in Berlin
    await wait(cast, "answered", 600, began=night)
    rows = (await load(cast)).rows
    assert [(row.key, row.waits) for row in rows] == [("2026-11-01", 0), ("2026-11-02", 1)]
    rows = (await load(cast, zone=ZoneInfo("UTC"))).rows
    assert [row.waits for row in rows] == [1, 0]
    # The day that has 25 hours is one day.
    autumn = date(2026, 10, 25)
    for began in (datetime(2026, 10, 24, 22, 30), datetime(2026, 10, 25, 22, 30)):  # noqa: DTZ001
        await wait(cast, "waiting", began=began.replace(tzinfo=UTC))
    assert (await load(cast, first=autumn, last=autumn)).total.waits == 2


async def test_they_are_split_and_narrowed(cast: Cast) -> None:
    team, other = new_id(), new_id()
    async with cast.database.acquire() as db:
        await db.execute(
            "INSERT INTO team (workspace_id, id, name, created_at) VALUES ($1, $2, 'Billing', $3)",
            cast.workspace_id, team, START,
        )  # fmt: skip
    await wait(cast, "answered", 1, team=team, agent=cast.bob.id)
    await wait(cast, "answered", 9, team=team, agent=cast.bob.id, severity=1)
    alone = await wait(cast, "waiting", inbox=other)
    by_team = await load(cast, by="team")
    assert [(row.name, row.waits) for row in by_team.rows] == [("Billing", 2), ("", 1)]
    assert by_team.rows[0].first_answer_median == 5 * 60
    by_agent = await load(cast, by="agent")
    assert [(row.name, row.key) for row in by_agent.rows] == [("Bob", cast.bob.id), ("", None)]
    assert [row.key for row in (await load(cast, by="severity")).rows] == ["1", "3"]
    assert [row.name for row in (await load(cast, by="channel")).rows] == ["Northwind"]
    inbox = (await load(cast, by="inbox")).rows
    assert [(row.name, row.key) for row in inbox] == [("Care", cast.channel.inbox_id), ("", other)]
    assert await behind(cast, "waits", narrow=Narrow(team=NOBODY)) == [alone]
    assert (await load(cast, narrow=Narrow(severity=1, team=team))).total.waits == 1
    # Whoever sees one inbox sees its figures.
    assert (await load(cast, inboxes=frozenset({other}))).total.waits == 1
    assert await behind(cast, "waits", inboxes=frozenset({other})) == [alone]


async def test_promises_and_ratings_stand_beside(cast: Cast) -> None:
    home = await talk(cast)
    async with cast.database.acquire() as db:
        for state in ("kept", "kept", "kept", "broken", "withdrawn", "open"):
            await db.execute(
                """INSERT INTO promise (workspace_id, id, conversation_id, contact_id, inbox_id,
                     kind, words, owner_id, made_at, due_at, state)
                   VALUES ($1, $2, $3, $3, $4, 'word', 'refund', $5, $6, $6, $7)""",
                cast.workspace_id, new_id(), home, cast.channel.inbox_id, cast.bob.id, START, state,
            )  # fmt: skip
        for number in range(FEWEST):
            await db.execute(
                """INSERT INTO rating (workspace_id, id, conversation_id, contact_id, inbox_id,
                     agent_id, state, ask_at, asked_at, score)
                   VALUES ($1, $2, $3, $2, $4, $5, $6, $7, $7, $8)""",
                cast.workspace_id, new_id(), await talk(cast), cast.channel.inbox_id, cast.bob.id,
                "answered" if number else "asked", START, number or None,
            )  # fmt: skip
    total = (await load(cast)).total
    assert (total.promises_made, total.promises_kept, total.promises_broken) == (6, 3, 1)
    assert total.promises_rate == 0.75
    assert await behind(cast, "promises_kept") == [home] * 3
    async with cast.database.snapshot() as db:
        page = await cases.load_cases(db, asked(cast), "promises_broken")
    assert [(one.state, one.words) for one in page.items] == [("broken", "refund")]
    # Four answers (1, 2, 3 and 4) are too few for a mean.
    assert (total.rating_asked, total.rating_count, total.rating_good) == (5, 4, 1)
    assert (total.rating_good_rate, total.rating_mean) == (None, None)
    async with cast.database.acquire() as db:
        await db.execute("UPDATE rating SET state = 'answered', score = 5 WHERE score IS NULL")
    [row] = (await load(cast, by="agent")).rows
    assert (row.name, row.rating_good_rate, row.rating_mean) == ("Bob", 0.4, 3.0)
    assert len(await behind(cast, "rating_good", narrow=Narrow(agent=cast.bob.id))) == 2


def test_what_nobody_did_has_no_rate() -> None:
    empty = figure_of(None, "", {})
    assert empty == Figure()
    named = [name for name in Figure.__struct_fields__ if name.endswith(("_rate", "_median"))]
    assert {getattr(empty, name) for name in named} == {None}


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 11, 2), date(2026, 11, 1)),
        (date(2026, 1, 1), date(2026, 4, 3)),
        (date(1999, 12, 31), date(1999, 12, 31)),
        (date(9999, 12, 31), date(9999, 12, 31)),
    ],
)
def test_days_that_make_no_sense_are_refused_in_words(first: date, last: date) -> None:
    with pytest.raises(Refused):
        check_days(first, last)


def test_the_last_days_end_today_on_the_wall() -> None:
    night = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)
    assert lately(night, BERLIN) == (date(2026, 10, 6), date(2026, 11, 2))
    check_days(date(2026, 1, 1), date(2026, 4, 2))


def test_no_cell_of_the_table_is_run() -> None:
    rows = [
        Figure(key="a", name="=HYPERLINK(1)", waits=3, first_answer_median=61.5, attainment=1 / 3),
        Figure(name="-2+3", oldest_waiting_since=START),
    ]
    found = Figures(
        at=START, zone="UTC", first_day=START.date(), last_day=START.date(), by="team",
        total=Figure(waits=3), rows=rows,
    )  # fmt: skip
    data = to_csv(found)
    assert data.startswith(b"\xef\xbb\xbfteam,name,waits,")
    lines = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [line["team"] for line in lines] == ["a", "none", "all"]
    assert [line["name"] for line in lines] == ["'=HYPERLINK(1)", "'-2+3", ""]
    assert (lines[0]["first_answer_median"], lines[0]["attainment"]) == ("62", "0.3333")
    assert lines[1]["oldest_waiting_since"] == "2026-11-02T09:00:00Z"
    assert [safe(text) for text in ("@x", "\tx", "+1", "Ann")] == ["'@x", "'\tx", "'+1", "Ann"]


async def test_no_table_is_swept(
    database: Database, owner: asyncpg.Connection[asyncpg.Record]
) -> None:
    await fill(owner)
    await owner.execute(_FILLED)
    plans: list[str] = []
    async with database.acquire() as borrowed:
        db: Any = borrowed

        class Explained:
            """The same connection; what is asked of it is explained first."""

            async def fetch(self, sql: str, *args: Any) -> Any:
                plans.append(f"{sql}\n{await plan(db, sql, *args)}")
                return await db.fetch(sql, *args)

        ask = Asked(
            workspace_id=await workspace(db), inboxes=None, at=datetime(2026, 11, 22, tzinfo=UTC),
            zone=BERLIN, first=date(2026, 11, 20), last=date(2026, 11, 21), by="team",
        )  # fmt: skip
        found = await sums.load_figures(Explained(), ask)
        assert found.total.waits == found.total.promises_made == found.total.rating_asked == 144
        assert found.total.resolved == 144
        for which in ("missed", "resolution_missed", "promises_kept", "rating_count"):
            await cases.load_cases(Explained(), ask, which)
    swept = re.compile(
        rf"{SEQUENTIAL.pattern}|Seq Scan on (first_wait|later_wait|promise|rating)\b"
    )
    assert [said for said in plans if swept.search(said)] == []


_FILLED = """
INSERT INTO inbox (workspace_id, id, name, created_at)
SELECT DISTINCT workspace_id, inbox_id, 'I', now() FROM conversation;
INSERT INTO first_wait (workspace_id, conversation_id, began_at, inbox_id, channel_id, severity,
  due_at, held, state, ended_at, wall_for, business_for)
SELECT workspace_id, id, opened_at, inbox_id, channel_id, severity, opened_at, false, 'closed',
  opened_at, 0, 0 FROM conversation;
INSERT INTO later_wait (workspace_id, conversation_id, kind, began_at, inbox_id, channel_id,
  severity, due_at, held, state, ended_at, wall_for, business_for)
SELECT workspace_id, id, 'resolution', opened_at, inbox_id, channel_id, severity, opened_at, false,
  'answered', opened_at, 0, 0 FROM conversation;
INSERT INTO rating (workspace_id, id, conversation_id, contact_id, inbox_id, ask_at, asked_at)
SELECT workspace_id, uuidv7(), id, contact_id, inbox_id, opened_at, opened_at FROM conversation;
ANALYZE first_wait, later_wait, promise, rating;
"""
