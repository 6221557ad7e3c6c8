"""The demo is made whole or not at all, and says what to do where it can't be made."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from earful.cli import demo
from earful.cli.demo import NOTE, make_demo
from earful.cli.past import SEED
from earful.cli.past_plan import LASTED, TURNS, answered_after, stories, zone_here
from earful.figures import counting
from earful.figures.asking import Asked
from earful.figures.sums import Figure, load_figures
from earful.intake.accept import accept
from earful.intake.channel import channel_of
from earful.networks.contract import Batch
from earful.networks.rehearsal.dice import dice
from earful.networks.rehearsal.ledger import Entry
from earful.networks.rehearsal.town import Offer, Plan, Town
from earful.networks.rehearsal.translate import to_change
from earful.settings import Settings
from earful.sla.walls import zone_of
from earful.store.errors import StoreError
from earful.store.opening import open_store
from earful.stream.work import Work, Works

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
COUNTS = "SELECT (SELECT count(*) FROM workspace), (SELECT count(*) FROM channel)"


@pytest.fixture
def settings() -> Iterator[Settings]:
    folder = Path(tempfile.mkdtemp(prefix="ef-", dir="/tmp"))
    folder.chmod(0o711)
    yield Settings.from_env({"EARFUL_DATA_DIR": str(folder)})
    shutil.rmtree(folder)


async def _counts(settings: Settings) -> tuple[int, int]:
    async with open_store(settings, size=2) as store, store.database.acquire() as db:
        row = await db.fetchrow(COUNTS)
        assert row is not None
        return row[0], row[1]


async def test_it_is_made_once_and_its_note_lets_in(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any) -> None:
        raise SystemExit("killed before the commit")

    with monkeypatch.context() as patched:
        patched.setattr(demo, "_remember", killed)
        with pytest.raises(SystemExit):
            await make_demo(settings)
    assert await _counts(settings) == (0, 0)
    first = await make_demo(settings)
    assert await make_demo(settings) == first
    assert await _counts(settings) == (1, 2)
    # A restored desk has its people, and no note of their passwords.
    for lost in (None, "{damaged"):
        (settings.data_dir / NOTE).unlink()
        if lost:
            (settings.data_dir / NOTE).write_text(lost)
        with pytest.raises(StoreError, match=r"earful user reset alice@northwind\.example"):
            await make_demo(settings)
        assert await _counts(settings) == (1, 2)
        (settings.data_dir / NOTE).touch()


def test_the_weeks_behind_it_are_plausible_and_the_same_each_time() -> None:
    told = stories(SEED, NOW, BERLIN)
    assert told == stories(SEED, NOW, BERLIN)
    assert 200 <= len(told) <= 260
    assert [story.at for story in told] == sorted(story.at for story in told)
    assert told[0].at > NOW - LASTED
    assert told[-1].at < NOW - timedelta(minutes=40)
    by_weekday = Counter(story.at.astimezone(BERLIN).weekday() for story in told)
    assert max(by_weekday[5], by_weekday[6]) < min(by_weekday[day] for day in range(5))
    assert 0.04 < sum(story.late for story in told) / len(told) < 0.1
    assert Counter(story.promise for story in told)["broken"] == 1
    # Who comes back wrote at least two days before, and nobody comes back as somebody else.
    for story in told:
        if story.again is not None:
            assert told[story.again].again is None
            assert story.at - told[story.again].at > timedelta(days=2)
    # A turn is within a day, so that the coverage shows who has which hours.
    assert all(0 <= turn.opens < turn.closes <= 24 for turn in TURNS)


def test_answers_take_minutes_and_only_the_late_ones_too_long() -> None:
    die, left = dice(1, "test"), timedelta(minutes=10)
    took = sorted(answered_after(die, left, late=False) for _ in range(500))
    assert timedelta(minutes=3) < took[250] < timedelta(minutes=5)
    assert took[-1] < left
    assert min(answered_after(die, left, late=True) for _ in range(50)) > left


async def test_a_newcomer_finds_four_weeks_and_nothing_of_them_waits(settings: Settings) -> None:
    await make_demo(settings)
    async with open_store(settings, size=2) as store, store.database.acquire() as db:
        row = await db.fetchrow("SELECT id, created_at FROM workspace")
        assert row is not None
        now, zone = row["created_at"] + LASTED, zone_of(zone_here())
        told = stories(SEED, now, zone)
        works = Works(store.database, lambda: now)
        async with works.open(row["id"]) as work:
            while await counting.count(work):
                pass
            total = await _total(work, now, zone)
        by_end = Counter(story.ends for story in told)
        assert total.waits + total.left_out == len(told)
        assert total.answered == by_end["answered"] + by_end["twice"]
        assert total.closed + total.left_out == by_end["needless"]
        late = sum(story.late and story.ends != "needless" for story in told)
        assert 0 < total.missed <= late
        assert total.promises_kept == sum(story.promise == "kept" for story in told)
        assert total.promises_broken == 1
        assert total.next_answered == by_end["twice"]
        assert total.resolved + total.left_out == len(told)
        # What waited for the customer, or for a promise, stood still meanwhile.
        assert total.resolution_kept + total.resolution_missed == total.resolved
        assert total.resolution_missed <= late
        assert total.rating_count >= 10
        assert total.first_answer_median is not None
        assert 180 < total.first_answer_median < 360
        for left in _LEFT:
            assert await db.fetchval(left) == 0, left
        # Told again by the network, it is nothing new; and an old post can be answered there.
        entries = await _answered_again(settings, now)
        channels = [channel_of(found) for found in await db.fetch("SELECT * FROM channel")]
        for channel in channels:
            changes = tuple(to_change(one) for one in entries if one.to == channel.handle)
            async with works.open(row["id"]) as work:
                assert (await accept(work, channel, Batch(changes, None), cursor=False)).new == 0


_LEFT = (
    "SELECT count(*) FROM conversation WHERE status <> 'resolved'",
    "SELECT count(*) FROM clock WHERE stopped_at IS NULL OR next_at IS NOT NULL",
    "SELECT count(*) FROM delivery WHERE state <> 'sent'",
    "SELECT count(*) FROM promise WHERE state = 'open' OR remind_at IS NOT NULL",
    "SELECT count(*) FROM follow_up",
    "SELECT count(*) FROM message WHERE published_at > now() OR received_at > now()",
    "SELECT count(*) FROM agent_status WHERE returns_as IS DISTINCT FROM 'here'",
    "SELECT count(*) FROM channel WHERE cursor->>'position' IS NULL",
)


async def _total(work: Work, now: datetime, zone: ZoneInfo) -> Figure:
    asked = Asked(
        workspace_id=work.workspace_id,
        inboxes=None,
        at=now,
        zone=zone,
        first=(now - LASTED - timedelta(days=1)).date(),
        last=(now + timedelta(days=1)).date(),
    )
    return (await load_figures(work.db, asked)).total


async def _answered_again(settings: Settings, now: datetime) -> list[Entry]:
    """The customers' posts of the past, the first of which takes another answer of ours."""
    [path] = settings.data_dir.glob("rehearsal-*.jsonl")
    plan = Plan(rate=0, handles=("Northwind", "NorthwindCare"), ledger=path, backlog=0)
    town = Town(plan, now)
    try:
        told = list(town.ledger.entries)
        first = next(entry for entry in told if not entry.own and not entry.private)
        ours = town.publish(Offer(handle=first.to, text="How is it now?", parent=first.id), now)
        assert ours.parent == first.id
        assert town.next_at(now) is None  # nobody of the past has a script to go on with
    finally:
        town.close()
    return [entry for entry in told if not entry.own]
