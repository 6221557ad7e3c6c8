"""What Earful says by itself answers nobody."""

from __future__ import annotations

import pytest

from earful.composing.automatic import Said, say
from earful.desk.channels import set_channel_state
from earful.desk.deliveries import undo
from earful.desk.resolve import resolve
from earful.desk.settle import delivery_sent, delivery_troubled
from earful.desk.tags import add_tag
from earful.kit.refusal import NotFound, Refused
from earful.networks.contract import Published, Receipt
from earful.outbox import outcome, queue
from tests.cast import Cast, post
from tests.desk.acts import card_of, delivery, home_of, rows, take


async def _say(cast: Cast, home: str, text: str = "We are back at nine.") -> Said:
    async with cast.works.open(cast.workspace_id) as work:
        return await say(work, home, text, why="responder")


async def _attempt(cast: Cast, said: Said) -> queue.Delivery:
    async with cast.works.open(cast.workspace_id) as work:
        [claimed] = await queue.claim(work)
    assert claimed.id == said.delivery_id
    return claimed


async def test_who_waits_goes_on_waiting(cast: Cast) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    before = await card_of(cast, home)
    said = await _say(cast, home)
    claimed = await _attempt(cast, said)
    async with cast.works.open(cast.workspace_id) as work:
        receipt = Receipt((Published("auto-1", "", "We are back at nine.", {}),))
        assert await outcome.sent(work, claimed, receipt)
        await delivery_sent(work, claimed)
    after = await card_of(cast, home)
    assert (after.unanswered, after.status, after.clock) == (1, "open", before.clock)
    assert after.assignee_id is None
    [clock] = await rows(cast, "SELECT stopped_at, met_at FROM clock")
    assert (clock["stopped_at"], clock["met_at"]) == (None, None)
    [message] = await rows(
        cast, "SELECT author_kind, extra FROM message WHERE id = $1", said.message_id
    )
    assert (message["author_kind"], message["extra"]) == ("system", {"spoken": "responder"})
    kinds = [row["kind"] for row in await rows(cast, "SELECT kind FROM event ORDER BY seq")]
    assert "reply.automated" in kinds


@pytest.mark.parametrize("state", ["failed", "held"])
async def test_what_could_not_be_said_opens_nothing(cast: Cast, state: str) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await resolve(work, home, "no_reply_needed", "It was a joke")
    claimed = await _attempt(cast, await _say(cast, home))
    async with cast.works.open(cast.workspace_id) as work:
        assert await outcome.back_to(work, claimed, state, "The network said no.")
        await delivery_troubled(work, claimed, state)
    card = await card_of(cast, home)
    assert (card.status, card.trouble, card.sending) == ("resolved", "", 0)
    assert (await delivery(cast, claimed.id))["state"] == "undone"
    [line] = await rows(cast, "SELECT text FROM message WHERE text LIKE 'Not said%'")
    assert line["text"] == "Not said automatically. The network said no."


async def test_it_can_be_taken_back_and_is_nobodys_draft(cast: Cast) -> None:
    await take(cast, post("1"))
    said = await _say(cast, await home_of(cast, "1"))
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await undo(work, said.delivery_id)
    assert (await delivery(cast, said.delivery_id))["state"] == "undone"
    assert await rows(cast, "SELECT * FROM draft") == []


async def test_a_held_channel_and_empty_words_say_nothing(cast: Cast) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    with pytest.raises(Refused, match="nothing to say"):
        await _say(cast, home, " \n")
    with pytest.raises(Refused, match="too many"):
        await _say(cast, home, "word " * 20_000)
    await rows(cast, "UPDATE channel SET state = 'held', state_reason = 'Restored.'")
    with pytest.raises(Refused, match="held"):
        await _say(cast, home)
    with pytest.raises(NotFound):
        await _say(cast, cast.workspace_id)
    assert await rows(cast, "SELECT * FROM delivery") == []


@pytest.mark.parametrize("state", ["held", "failed", "uncertain"])
async def test_what_a_worker_of_the_version_before_left_of_it_is_no_trouble_and_not_said_late(
    cast: Cast, state: str
) -> None:
    """It knew no automatic words: it sent them once like any, and left trouble as an agent's."""
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    said = await _say(cast, home)
    await rows(cast, "UPDATE delivery SET state = $1, error = 'as before'", state)
    await rows(cast, "UPDATE conversation SET trouble = $1", state)
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await set_channel_state(work, cast.channel.id, "held", "by hand")
        await set_channel_state(work, cast.channel.id, "active")
        assert await queue.claim(work) == []
        await add_tag(work, home, "seen")  # any act counts the conversation anew
    row = await delivery(cast, said.delivery_id)
    assert row["state"] == ("undone" if state == "held" else state)
    card = await card_of(cast, home)
    assert (card.trouble, card.sending, card.unanswered) == ("", 0, 1)
