"""Moves to private conversations: invited, arrived with the story, or lost."""

from __future__ import annotations

from typing import Any

import pytest

from earful.conversations import moves as kept
from earful.conversations.beside import load_beside
from earful.conversations.rows import lock
from earful.desk.merge import merge
from earful.desk.moves import count_moves, lose_due
from earful.desk.settle import delivery_sent
from earful.networks.contract import Published, Receipt, Visibility
from earful.outbox import outcome
from tests.cast import CAROL, DAVE, Cast, post
from tests.desk.acts import answer, card_of, home_of, rows, take
from tests.desk.salon import move_in

DIRECT: dict[str, Any] = {"visibility": Visibility.DIRECT}


@pytest.fixture(autouse=True)
async def salon(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Any:
    return await move_in(cast, monkeypatch)


async def invite(cast: Cast, home: str, by: str = "direct", code: str | None = None) -> str:
    """Bob asks them to come along, in a public reply that is sent."""
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        row = await lock(work, home)
        move = await kept.offer(work, row, by, str(cast.bob.id), code)
    sent = await answer(cast, home, "Write to us in private", move=move)
    assert (await state_of(cast, move))["state"] == "offered"
    async with cast.works.open(cast.workspace_id) as work:
        await outcome.sent(work, sent, Receipt((Published(f"o-{move}", "", "", {}),)))
        await delivery_sent(work, sent)
    return move


async def state_of(cast: Cast, move: str) -> Any:
    [row] = await rows(cast, "SELECT * FROM move WHERE id = $1", move)
    return row


async def kinds(cast: Cast) -> list[str]:
    found = await rows(cast, "SELECT kind FROM event WHERE kind LIKE 'move.%' ORDER BY seq")
    return [row["kind"] for row in found]


async def test_an_arrival_goes_to_the_owner_with_the_story(cast: Cast) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    move = await invite(cast, home)
    assert (await state_of(cast, move))["state"] == "invited"
    await take(cast, post("2", "my number is 0815", **DIRECT))
    talk = await home_of(cast, "2")
    row = await state_of(cast, move)
    assert (row["state"], row["to_id"]) == ("arrived", talk)
    assert (await card_of(cast, talk)).assignee_id == cast.bob.id
    assert await kinds(cast) == ["move.invited", "move.arrived", "move.arrived"]
    [told] = await rows(
        cast, "SELECT data FROM event WHERE kind = 'conversation.opened' AND conversation_id = $1",
        talk,
    )  # fmt: skip
    assert told["data"]["card"]["assignee_id"] == cast.bob.id
    for conversation in (home, talk):
        async with cast.database.acquire() as db:
            beside = await load_beside(
                db,  # type: ignore[arg-type]
                cast.workspace_id,
                conversation,
                str(cast.bob.id),
            )
        assert beside is not None
        assert [(one["from_id"], one["to_id"]) for one in beside.moves] == [(home, talk)]


async def test_somebody_else_and_a_public_post_are_no_arrival(cast: Cast) -> None:
    await take(cast, post("1"))
    move = await invite(cast, await home_of(cast, "1"))
    await take(cast, post("2", author=DAVE, **DIRECT), post("3", "hello?"))
    assert (await state_of(cast, move))["state"] == "invited"


async def test_an_answer_to_our_private_message_is_an_arrival(cast: Cast) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    sent = await answer(cast, home, visibility="direct")
    await take(cast, post("2", "here it is", **DIRECT))
    assert await home_of(cast, "2") == sent.conversation_id
    [row] = await rows(cast, "SELECT state FROM move")
    assert row["state"] == "arrived"


async def test_who_does_not_come_in_14_days_is_lost(cast: Cast) -> None:
    await take(cast, post("1"))
    move = await invite(cast, await home_of(cast, "1"))
    cast.time.pass_(days=13, hours=23)
    async with cast.works.open(cast.workspace_id) as work:
        assert await lose_due(work) == 0
    cast.time.pass_(hours=2)
    async with cast.works.open(cast.workspace_id) as work:
        assert await lose_due(work) == 1
    await take(cast, post("2", "too late", **DIRECT))
    assert (await state_of(cast, move))["state"] == "lost"
    async with cast.database.acquire() as db:
        [counts] = await count_moves(db, cast.workspace_id)
    assert (counts.by, counts.invited, counts.arrived, counts.lost) == ("direct", 1, 0, 1)


async def test_an_invitation_that_was_never_sent_is_forgotten(cast: Cast) -> None:
    await take(cast, post("1"))
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        row = await lock(work, await home_of(cast, "1"))
        await kept.offer(work, row, "email", str(cast.bob.id), "code")
    cast.time.pass_(days=15)
    async with cast.works.open(cast.workspace_id) as work:
        await lose_due(work)
    assert await rows(cast, "SELECT 1 FROM move") == []


async def test_a_code_brings_somebody_of_another_network_and_counts_once(cast: Cast) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    move = await invite(cast, home, "email", "abc123")
    mail: dict[str, Any] = {"visibility": Visibility.EMAIL, "invitation": "abc123"}
    await take(cast, post("m1", author=DAVE, **mail))
    talk = await home_of(cast, "m1")
    row = await state_of(cast, move)
    assert (row["state"], row["to_id"], row["code"]) == ("arrived", talk, None)
    assert (await card_of(cast, talk)).assignee_id == cast.bob.id
    await take(cast, post("m2", author=CAROL, **mail))
    assert (await state_of(cast, move))["to_id"] == talk


async def test_a_wrong_or_old_code_brings_nobody(cast: Cast) -> None:
    await take(cast, post("1"))
    move = await invite(cast, await home_of(cast, "1"), "email", "abc123")
    await take(cast, post("m1", visibility=Visibility.EMAIL, invitation="guess", author=DAVE))
    assert (await state_of(cast, move))["state"] == "invited"
    cast.time.pass_(days=15)
    await take(cast, post("m2", visibility=Visibility.EMAIL, invitation="abc123", author=DAVE))
    assert (await state_of(cast, move))["state"] == "invited"


async def test_the_story_moves_along_when_conversations_are_merged(cast: Cast) -> None:
    await take(cast, post("1"), post("2", author=DAVE))
    home, other = await home_of(cast, "1"), await home_of(cast, "2")
    move = await invite(cast, home)
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await merge(work, home, other)
    assert (await state_of(cast, move))["from_id"] == other
