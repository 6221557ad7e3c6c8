"""What may stand on the network is not taken back, and only the attempt under way is recorded."""

from __future__ import annotations

from typing import Any

import pytest

from earful.desk.deliveries import settle_by_hand, undo
from earful.desk.privacy import erase_person
from earful.networks.contract import (
    Published,
    Reauthorize,
    Receipt,
    Rejected,
    RetryLater,
    Uncertain,
)
from earful.networks.rehearsal import NETWORK
from earful.outbox.queue import Delivery, TooLate
from earful.worker import sending
from earful.worker.desk import Shared
from earful.worker.settling import settle_workspace
from tests.cast import Cast
from tests.desk.acts import answer, balanced, card_of, delivery, said_anywhere
from tests.networks.rehearsal.serving import Server


@pytest.fixture
def idempotent(town: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The town's key makes a second sending harmless, as Bluesky's does."""
    fields = {name: getattr(NETWORK.manifest, name) for name in NETWORK.manifest.__struct_fields__}
    manifest = type(NETWORK.manifest)(**fields | {"idempotent_send": True})
    monkeypatch.setattr(type(NETWORK), "manifest", manifest)
    town.http.put("/switch", json={"idempotent": True})


async def claimed(shared: Shared, cast: Cast) -> Delivery:
    [one] = await sending._claim(shared, cast.workspace_id)
    return one


async def take_back(cast: Cast, key: str) -> None:
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await undo(work, key)


async def not_found(shared: Shared, cast: Cast) -> None:
    """Time passes; the network is asked, and does not have it."""
    cast.time.pass_(seconds=3)
    await settle_workspace(shared, cast.workspace_id)


@pytest.mark.usefixtures("idempotent")
async def test_what_was_in_doubt_is_not_taken_back_from_the_queue(
    shared: Shared, cast: Cast, asks: Any
) -> None:
    """The first call hangs somewhere; looked too early, it seems not to have arrived."""
    sent = await answer(cast, await asks())
    await sending.record(shared, await claimed(shared, cast), Uncertain("no answer"))
    await not_found(shared, cast)
    await sending.record(shared, await claimed(shared, cast), RetryLater("network down", after=60))
    assert (await delivery(cast, sent.id))["state"] == "queued"
    with pytest.raises(TooLate, match="may stand"):
        await take_back(cast, sent.id)
    cast.time.pass_(minutes=2)
    late = await claimed(shared, cast)
    await sending.attempt(shared, late)
    assert (await delivery(cast, sent.id))["state"] == "sent"


async def test_what_began_to_stand_is_not_taken_back_and_a_refusal_says_how_far_it_came(
    shared: Shared, cast: Cast, asks: Any
) -> None:
    home = await asks()
    sent = await answer(cast, home)
    busy, refused = RetryLater("rate limit"), Rejected("The post was deleted.")
    busy.begun, refused.begun = 1, 2
    await sending.record(shared, await claimed(shared, cast), busy)
    with pytest.raises(TooLate):
        await take_back(cast, sent.id)
    cast.time.pass_(minutes=2)
    await sending.record(shared, await claimed(shared, cast), refused)
    row = await delivery(cast, sent.id)
    assert row["state"] == "failed"
    assert "2 of its posts stand" in row["error"]
    await take_back(cast, sent.id)
    assert (await card_of(cast, home)).unanswered == 1


@pytest.mark.usefixtures("idempotent")
async def test_a_ghost_of_an_earlier_attempt_does_not_touch_the_one_under_way(
    shared: Shared, cast: Cast, asks: Any
) -> None:
    sent = await answer(cast, await asks())
    ghost = await claimed(shared, cast)
    async with cast.database.acquire() as db:
        await db.execute("UPDATE delivery SET lease_until = now() - interval '1 second'")
    await not_found(shared, cast)
    await not_found(shared, cast)
    await claimed(shared, cast)
    for said in (RetryLater("busy"), Rejected("no"), Uncertain("no answer")):
        await sending.record(shared, ghost, said)
        assert (await delivery(cast, sent.id))["state"] == "sending"


async def test_a_receipt_is_proof_however_late_it_comes(
    shared: Shared, cast: Cast, town: Server, asks: Any
) -> None:
    home = await asks()
    sent = await answer(cast, home)
    slow = await claimed(shared, cast)
    receipt = await sending._talk(shared, slow)
    assert isinstance(receipt, Receipt)
    async with cast.database.acquire() as db:
        await db.execute("UPDATE delivery SET state = 'uncertain', lease_until = NULL")
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await settle_by_hand(work, sent.id, was_sent=False)
    assert (await card_of(cast, home)).trouble == "failed"
    await sending.record(shared, slow, receipt)
    assert (await delivery(cast, sent.id))["state"] == "sent"
    card = await card_of(cast, home)
    assert (card.unanswered, card.trouble) == (0, "")
    assert town.standing(sent.id) == 1
    await balanced(cast)


@pytest.mark.usefixtures("idempotent")
async def test_a_private_message_in_doubt_is_never_sent_again_by_itself(
    shared: Shared, cast: Cast, asks: Any
) -> None:
    """The key makes public posts harmless to repeat; no network has one for private messages."""
    sent = await answer(cast, await asks(), visibility="direct")
    await sending.record(shared, await claimed(shared, cast), Uncertain("no answer"))
    await not_found(shared, cast)
    assert (await delivery(cast, sent.id))["state"] == "uncertain"


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (Receipt((Published("town-1", "", "", {}),)), "sent"),
        (RetryLater("busy", after=1), "undone"),
        (Rejected("no"), "undone"),
        (Reauthorize("sign in"), "undone"),
    ],
)
async def test_what_is_under_way_to_somebody_erased_is_forgotten_once_it_ends(
    shared: Shared, cast: Cast, asks: Any, result: Any, state: str
) -> None:
    """And nobody is written to again of whom the desk knows nothing."""
    home = await asks()
    sent = await answer(cast, home, "Dear Zoe, your parcel")
    under_way = await claimed(shared, cast)
    contact = (await card_of(cast, home)).contact.id
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await erase_person(work, contact)
    await sending.record(shared, under_way, result)
    assert await said_anywhere(cast, "Dear Zoe") == []
    assert (await delivery(cast, sent.id))["state"] == state
    assert not (await card_of(cast, home)).trouble
    await balanced(cast)
