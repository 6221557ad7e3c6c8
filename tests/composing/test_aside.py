"""A private message begun from a public conversation: a talk beside it, linked, and undoable."""

from __future__ import annotations

from typing import Any

import pytest

from earful.composing.preview import Channel, preview
from earful.desk import deliveries
from earful.desk.settle import delivery_sent
from earful.kit.refusal import NotFound, Refused
from earful.networks.contract import Published, Receipt, Visibility
from earful.outbox import outcome
from tests.cast import CAROL, DAVE, Cast, post
from tests.desk.acts import answer, balanced, card_of, home_of, rows, take
from tests.desk.salon import move_in


@pytest.fixture(autouse=True)
async def salon(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Any:
    return await move_in(cast, monkeypatch)


async def moves(cast: Cast) -> list[Any]:
    return await rows(cast, "SELECT * FROM move ORDER BY offered_at, id")


async def test_it_opens_a_talk_beside_the_public_one(cast: Cast) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    sent = await answer(cast, home, "Your number, please?", visibility="direct")
    talk = await card_of(cast, sent.conversation_id)
    assert talk.id != home
    assert (talk.visibility, talk.contact.handle) == ("direct", CAROL.handle)
    assert talk.assignee_id == cast.bob.id == (await card_of(cast, home)).assignee_id
    assert sent.draft["visibility"] == "direct"
    assert sent.draft["reply_to"] == {
        "external_id": "1", "handle": CAROL.handle, "ref": {}, "author_id": CAROL.external_id,
    }  # fmt: skip
    assert sent.covers == []
    [move] = await moves(cast)
    assert (move["from_id"], move["to_id"], move["state"]) == (home, talk.id, "invited")
    [message] = await rows(cast, "SELECT * FROM message WHERE id = $1", sent.message_id)
    assert (message["visibility"], message["parent_id"]) == ("direct", None)
    await balanced(cast)


async def test_a_talk_that_is_there_is_joined(cast: Cast) -> None:
    await take(cast, post("1"), post("2", "in confidence", visibility=Visibility.DIRECT))
    home, talk = await home_of(cast, "1"), await home_of(cast, "2")
    first = await answer(cast, home, visibility="direct")
    second = await answer(cast, home, "and this", visibility="direct")
    assert first.conversation_id == second.conversation_id == talk
    assert len(await moves(cast)) == 1


async def test_the_one_who_is_answered_is_written_to(cast: Cast) -> None:
    await take(cast, post("1"), post("2", author=DAVE, parent_id="1"))
    [theirs] = await rows(cast, "SELECT id FROM message WHERE external_id = '2'")
    sent = await answer(
        cast, await home_of(cast, "1"), visibility="direct", in_reply_to=theirs["id"]
    )
    assert (await card_of(cast, sent.conversation_id)).contact.handle == DAVE.handle
    assert sent.draft["reply_to"]["author_id"] == DAVE.external_id


async def test_what_follows_before_they_answer_goes_to_the_same_person(cast: Cast) -> None:
    await take(cast, post("1"))
    first = await answer(cast, await home_of(cast, "1"), visibility="direct")
    second = await answer(cast, first.conversation_id, "One more thing")
    assert second.draft["reply_to"] == first.draft["reply_to"]
    assert second.draft["visibility"] == "direct"


async def test_an_answer_in_private_says_that_its_target_is(cast: Cast) -> None:
    await take(cast, post("1", "in confidence", visibility=Visibility.DIRECT))
    sent = await answer(cast, await home_of(cast, "1"))
    target = sent.draft["reply_to"]
    assert (target["private"], target["author_id"]) == (True, CAROL.external_id)


async def test_nothing_private_turns_public(cast: Cast) -> None:
    await take(cast, post("1", "in confidence", visibility=Visibility.DIRECT))
    home = await home_of(cast, "1")
    for visibility in ("public", "email", "whatever"):
        with pytest.raises(Refused) as stopped:
            await answer(cast, home, visibility=visibility)
        assert stopped.value.slug == "invalid"
    assert await rows(cast, "SELECT 1 FROM delivery") == []


async def test_undone_it_is_as_if_it_never_was(cast: Cast) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    sent = await answer(cast, home, "Your number?", visibility="direct", undo_for=10)
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await deliveries.undo(work, sent.id)
    assert await moves(cast) == []
    assert (await card_of(cast, sent.conversation_id)).status == "resolved"
    [draft] = await rows(cast, "SELECT conversation_id, content FROM draft")
    assert draft["conversation_id"] == home
    assert (draft["content"]["mode"], draft["content"]["text"]) == ("direct", "Your number?")
    again = await answer(cast, home, visibility="direct")
    assert again.conversation_id != sent.conversation_id


async def test_undone_a_talk_with_words_in_it_stays(cast: Cast) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    first = await answer(cast, home, visibility="direct")
    second = await answer(cast, home, "and this", visibility="direct", undo_for=10)
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await deliveries.undo(work, second.id)
    assert (await card_of(cast, first.conversation_id)).status == "open"
    assert len(await moves(cast)) == 1


async def test_sent_it_waits_for_them_and_the_public_one_goes_on_waiting_for_us(cast: Cast) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    sent = await answer(cast, home, visibility="direct")
    async with cast.works.open(cast.workspace_id) as work:
        await outcome.sent(work, sent, Receipt((Published("ours", "", "", {}),)))
        await delivery_sent(work, sent)
    assert (await card_of(cast, sent.conversation_id)).status == "pending"
    assert (await card_of(cast, home)).unanswered == 1
    await balanced(cast)


async def test_lengths_and_pictures_are_those_of_private_messages(cast: Cast, salon: Any) -> None:
    channel = Channel(salon.manifest.network, {}, {})
    assert preview(channel, "x" * 60, "BO", Visibility.PUBLIC).refusal
    private = preview(channel, "x" * 60, "BO", Visibility.DIRECT)
    assert (private.limit, private.refusal) == (200, "")
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    with pytest.raises(Refused):
        await answer(cast, home, "x" * 60)
    await answer(cast, home, "x" * 60, visibility="direct")
    with pytest.raises(Refused) as stopped:
        await answer(cast, home, "x" * 201, visibility="direct")
    assert stopped.value.slug == "too-long"


async def test_a_barred_post_is_not_answered_in_public_but_may_be_in_private(cast: Cast) -> None:
    await take(cast, post("1", barred="Nobody called for a program here."))
    home = await home_of(cast, "1")
    with pytest.raises(Refused) as stopped:
        await answer(cast, home)
    assert (stopped.value.slug, stopped.value.detail) == (
        "barred", "Nobody called for a program here.",
    )  # fmt: skip
    assert (await answer(cast, home, visibility="direct")).state == "queued"


async def test_nobody_to_write_to_is_said(cast: Cast) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    async with cast.database.acquire() as db:
        await db.execute("UPDATE message SET author_id = NULL")
    with pytest.raises(NotFound):
        await answer(cast, home, visibility="direct")
