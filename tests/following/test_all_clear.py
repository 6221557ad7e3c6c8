"""What befell many is over: everybody who was affected comes back, one by one, and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from earful.desk.privacy import erase_person
from earful.desk.resolve import resolve
from earful.desk.tags import add_tag
from earful.following import follow_ups
from earful.following.all_clear import AllClear, all_clear
from earful.kit.refusal import NotFound
from tests.cast import DAVE
from tests.desk.acts import card_of, rows
from tests.following.conftest import Care


async def _tag(care: Care, home: str) -> str:
    async with care.cast.works.open(care.cast.workspace_id, care.cast.bob) as work:
        await add_tag(work, home, "outage")
    return home


async def _clear(care: Care, inboxes: list[str] | None = None) -> AllClear:
    async with care.cast.works.open(care.cast.workspace_id, care.cast.alice) as work:
        return await all_clear(work, "outage", None, inboxes)


async def test_whoever_was_affected_is_followed_up_one_by_one(care: Care) -> None:
    old = await _tag(care, await care.asked("0"))
    async with care.cast.works.open(care.cast.workspace_id, care.cast.bob) as work:
        await resolve(work, old, "no_reply_needed", "an older outage")
    care.cast.time.pass_(days=40)
    mine = await _tag(care, await care.asked("1"))
    ended = await _tag(care, await care.asked("2", author=DAVE))
    async with care.cast.works.open(care.cast.workspace_id, care.cast.bob) as work:
        await resolve(work, ended, "no_reply_needed", "told the line is down")
        await follow_ups.plan(work, mine, work.now + timedelta(days=3), note="Refund?")
    assert await _clear(care) == AllClear("outage", 2)
    await care.follow()
    assert [(await card_of(care.cast, one)).status for one in (old, mine, ended)] == [
        "resolved", "open", "open",
    ]  # fmt: skip
    lines = await rows(care.cast, "SELECT text FROM message WHERE text LIKE 'Follow up now%' "
                       "ORDER BY text")  # fmt: skip
    said = "Follow up now: Over: outage. Tell them, and ask whether all is well."
    assert [line["text"] for line in lines] == [said, f"{said} Refund?"]
    kinds = await rows(care.cast, "SELECT data->>'planned' AS n FROM event "
                       "WHERE kind = 'tag.cleared'")  # fmt: skip
    assert [row["n"] for row in kinds] == ["2"]


async def test_nobody_else_comes_back(care: Care) -> None:
    with pytest.raises(NotFound):
        await _clear(care)
    home = await _tag(care, await care.asked("1"))
    other = await care.asked("2", author=DAVE)
    with pytest.raises(NotFound):
        await _clear(care, inboxes=[])
    async with care.cast.works.open(care.cast.workspace_id, care.cast.alice) as work:
        await erase_person(work, (await card_of(care.cast, home)).contact.id)
    with pytest.raises(NotFound):
        await _clear(care)
    assert (await card_of(care.cast, other)).status == "open"
    assert await rows(care.cast, "SELECT 1 FROM follow_up WHERE note LIKE 'Over%'") == []
