"""What other rooms ask of the roster, and how it is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from earful.accounts import teams
from earful.kit.refusal import NotFound, Refused
from earful.roster import absences, asking, copying, shifts, standing
from earful.roster.standing import Ability
from tests.cast import Cast
from tests.desk.acts import rows
from tests.roster.conftest import on, pattern

MONDAY = date(2026, 11, 2)
NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)


async def _now(cast: Cast, at: datetime, **more: Any) -> list[str]:
    async with cast.database.acquire() as db:
        return [d.agent_id for d in await asking.on_shift(db, cast.workspace_id, at, **more)]


async def test_who_is_on_shift_and_who_on_call(cast: Cast) -> None:
    assert cast.bob.id
    assert cast.alice.id
    await on(cast, cast.bob)
    await on(cast, cast.alice, opens="17:00", closes="09:00", on_call=True)
    assert await _now(cast, NINE) == [cast.bob.id]
    assert await _now(cast, NINE + timedelta(hours=8)) == []
    async with cast.database.acquire() as db:
        night = NINE + timedelta(hours=14)
        [called] = await asking.on_call(db, cast.workspace_id, night)
        assert called.agent_id == cast.alice.id
        found = await asking.next_on_shift(db, cast.workspace_id, night)
        assert found is not None
        assert (found[0], found[1].agent_id) == (NINE + timedelta(days=1), cast.bob.id)
        found = await asking.next_on_shift(db, cast.workspace_id, NINE + timedelta(hours=1))
        assert found is not None
        assert found[0] == NINE + timedelta(hours=1)
        nobody = await asking.next_on_shift(db, cast.workspace_id, night, agents=["x"])
        assert nobody is None


async def test_a_team_has_its_own_shifts_and_those_of_its_people(cast: Cast) -> None:
    assert cast.bob.id
    assert cast.alice.id
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        billing = await teams.add_team(work, "Billing", [cast.bob.id])
        night = await teams.add_team(work, "Night", [])
    await on(cast, cast.bob)
    await on(cast, cast.alice, team_id=night.id)
    assert await _now(cast, NINE, team_id=billing.id) == [cast.bob.id]
    assert await _now(cast, NINE, team_id=night.id) == [cast.alice.id]
    assert len(await _now(cast, NINE)) == 2


async def test_an_absence_and_a_disabled_agent_leave_a_gap(cast: Cast) -> None:
    await on(cast, cast.bob)
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        assert cast.bob.id
        ill = await absences.add(work, cast.bob.id, "sick", NINE, NINE + timedelta(days=1))
    assert await _now(cast, NINE) == []
    assert len(await _now(cast, NINE + timedelta(days=1))) == 1
    [told] = await rows(cast, "SELECT data FROM event WHERE kind = 'absence.added'")
    assert told["data"]["absence"]["kind"] == ""
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        for knows, kind in ((None, "sick"), (cast.bob.id, "sick"), (cast.alice.id, "")):
            [one] = await absences.list_absences(
                work.db, cast.workspace_id, NINE, NINE + timedelta(hours=1), knows=knows
            )
            assert one.kind == kind
        await absences.remove(work, ill.id)
    assert len(await _now(cast, NINE)) == 1
    await rows(cast, "UPDATE agent SET disabled_at = created_at WHERE id = $1", cast.bob.id)
    assert await _now(cast, NINE) == []


async def test_a_day_is_given_away_and_a_week_copied_once(cast: Cast) -> None:
    assert cast.alice.id
    week = await on(cast, cast.bob)
    tuesday = MONDAY + timedelta(days=1)
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        given = await shifts.give_day(work, week.id, tuesday, cast.alice.id)
        assert given is not None
        with pytest.raises(Refused, match="does not begin"):
            await shifts.give_day(work, week.id, tuesday, None)
        late = pattern(cast.alice.id, opens="18:00", closes="20:00", from_day=tuesday)
        await shifts.add(work, msgspec.structs.replace(late, until_day=tuesday))
        [copied] = await copying.copy_week(work, MONDAY, MONDAY + timedelta(days=7))
        assert (copied.from_day, copied.opens) == (tuesday + timedelta(days=7), "18:00")
        assert await copying.copy_week(work, MONDAY, MONDAY + timedelta(days=7)) == []
    assert await _now(cast, NINE + timedelta(days=1)) == [cast.alice.id]
    assert await _now(cast, NINE + timedelta(days=2)) == [cast.bob.id]
    assert await _now(cast, NINE + timedelta(days=8)) == [cast.bob.id], "not both, nor doubled"
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await shifts.give_day(work, given.id, tuesday, None)
        assert given.id not in [
            one.id for one in await shifts.list_shifts(work.db, work.workspace_id)
        ]
        await shifts.remove(work, week.id)
        with pytest.raises(NotFound):
            await shifts.remove(work, week.id)


async def test_a_day_is_moved_to_another_day_and_a_single_shift_stays_the_same_one(
    cast: Cast,
) -> None:
    assert cast.alice.id
    week = await on(cast, cast.bob)
    tuesday, saturday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=5)
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        moved = await shifts.give_day(work, week.id, tuesday, cast.bob.id, saturday)
        assert moved is not None
        assert (moved.from_day, moved.until_day, moved.opens) == (saturday, saturday, week.opens)
    assert await _now(cast, NINE + timedelta(days=1)) == []
    assert cast.bob.id in await _now(cast, NINE + timedelta(days=5))
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        back = await shifts.give_day(work, moved.id, saturday, cast.alice.id, tuesday)
        assert back is not None
        assert (back.id, back.from_day, back.agent_id) == (moved.id, tuesday, cast.alice.id)
    assert await _now(cast, NINE + timedelta(days=1)) == [cast.alice.id]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"zone": "Mars/Olympus"}, "time zone"),
        ({"zone": "../etc/passwd"}, "time zone"),
        ({"opens": "24:00"}, "before 24:00"),
        ({"opens": "9"}, "Write it as 09:30"),
        ({"closes": "25:10"}, "Write it as 09:30"),
        ({"closes": "-1:10"}, "Write it as 09:30"),
        ({"weekdays": ("monday",)}, "mon, tue"),
        ({"until_day": date(2026, 11, 1)}, "not before"),
        ({"from_day": date(1, 1, 1)}, "2000"),
        ({"every": 0}, "2 to 52"),
    ],
)
async def test_odd_shifts_are_refused_in_words(
    cast: Cast, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        await on(cast, cast.bob, **more)


async def test_a_whole_day_a_midnight_and_a_stranger(cast: Cast) -> None:
    kept = await on(cast, cast.bob, opens="00:00", closes="24:00")
    assert (kept.opens, kept.closes) == ("00:00", "24:00")
    assert await _now(cast, NINE.replace(hour=23)) == [cast.bob.id]
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        with pytest.raises(NotFound):
            await shifts.add(work, pattern(cast.workspace_id))


async def _say(cast: Cast, status: str) -> None:
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        assert cast.bob.id
        await standing.say(work, cast.bob.id, status)


async def _status(cast: Cast) -> str:
    async with cast.database.acquire() as db:
        [one] = await standing.list_standing(db, cast.workspace_id, cast.bob.id)
    return one.status


async def _round(cast: Cast, *, browser: bool = False) -> None:
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        assert cast.bob.id
        if browser:
            await standing.seen(work, cast.bob.id)
        await standing.notice_gone(work)


async def test_who_is_gone_is_away_until_she_is_back(cast: Cast) -> None:
    assert await _status(cast) == "away"
    await _round(cast, browser=True)
    assert await _status(cast) == "away"
    await _say(cast, "busy")
    cast.time.pass_(minutes=9)
    await _round(cast, browser=True)
    cast.time.pass_(minutes=9, seconds=59)
    await _round(cast)
    assert await _status(cast) == "busy"
    cast.time.pass_(seconds=1)
    await _round(cast)
    await _round(cast)
    assert await _status(cast) == "away"
    await _round(cast, browser=True)
    assert await _status(cast) == "busy"
    await _say(cast, "away")
    await _round(cast, browser=True)
    assert await _status(cast) == "away"
    told = await rows(cast, "SELECT data FROM event WHERE kind = 'status.changed' ORDER BY seq")
    said = [row["data"]["standing"]["status"] for row in told]
    assert said == ["busy", "away", "busy", "away"]


async def test_where_presence_is_off_nothing_is_kept_of_it(cast: Cast) -> None:
    await _say(cast, "here")
    await rows(cast, """UPDATE workspace SET settings = '{"presence": false}'""")
    cast.time.pass_(hours=9)
    await _round(cast, browser=True)
    assert await _status(cast) == "here"
    [row] = await rows(cast, "SELECT seen_at FROM agent_status")
    assert row["seen_at"] == NINE


async def test_abilities_are_tidied(cast: Cast) -> None:
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        assert cast.bob.id
        able = Ability(capacity=3, skills=("Billing ", "", "billing"), languages=("DE",))
        said = await standing.enable(work, cast.bob.id, able)
        assert (said.capacity, said.skills, said.languages) == (3, ("billing",), ("de",))
        assert said.status == "away"
        for wrong in (
            Ability(capacity=-1),
            Ability(languages=("german",)),
            Ability(skills=("x",) * 51),
        ):
            with pytest.raises(Refused):
                await standing.enable(work, cast.bob.id, wrong)
