"""An own post that comes while a reply is under way is its echo, or was written elsewhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from earful.desk.deliveries import settle_by_hand
from earful.networks.contract import Deletion, Person, Post, Receipt
from earful.outbox.queue import Delivery
from earful.worker import sending
from earful.worker.desk import Shared
from earful.worker.settling import settle_workspace
from tests.cast import DAVE, START, Cast
from tests.desk.acts import answer, balanced, card_of, delivery, home_of, rows, take
from tests.networks.rehearsal.serving import Server

US = Person("Northwind", "Northwind", "Northwind")


def ours(external_id: str, text: str = "said in the app", parent: str | None = None) -> Post:
    """A post of our own account, as the feed tells it."""
    return Post(
        external_id=external_id,
        author=US,
        text=text,
        published_at=START + timedelta(minutes=1),
        parent_id=parent,
        own=True,
    )


async def claimed(shared: Shared, cast: Cast) -> Delivery:
    [one] = await sending._claim(shared, cast.workspace_id)
    return one


async def said(cast: Cast) -> list[tuple[str, str]]:
    """Who said what for us, in the order it stands."""
    found = await rows(
        cast, "SELECT author_kind, text FROM message WHERE direction = 'outgoing' ORDER BY id"
    )
    return [(row["author_kind"], row["text"]) for row in found]


async def first_post(cast: Cast, home: str) -> str:
    [row] = await rows(
        cast, "SELECT external_id FROM message WHERE conversation_id = $1 LIMIT 1", home
    )
    found: str = row["external_id"]
    return found


async def test_an_echo_that_overtakes_its_receipt_stands_once(
    shared: Shared, cast: Cast, town: Server, asks: Any
) -> None:
    home = await asks()
    await answer(cast, home)
    under_way = await claimed(shared, cast)
    receipt = await sending._talk(shared, under_way)
    assert isinstance(receipt, Receipt)
    echo = ours(receipt.parts[0].external_id, under_way.draft["text"], await first_post(cast, home))
    await take(cast, echo)
    await settle_workspace(shared, cast.workspace_id)
    assert [kind for kind, _ in await said(cast)] == ["agent"]
    assert len(await rows(cast, "SELECT * FROM own_aside")) == 1, "not decided while under way"
    await sending.record(shared, under_way, receipt)
    await settle_workspace(shared, cast.workspace_id)
    await take(cast, echo)
    assert [kind for kind, _ in await said(cast)] == ["agent"]
    assert await rows(cast, "SELECT * FROM own_aside") == []


async def test_what_was_written_in_the_app_meanwhile_is_shown_and_answers(
    shared: Shared, cast: Cast, asks: Any
) -> None:
    home, other = await asks(), await asks("@Northwind me too", DAVE)
    await answer(cast, home)
    under_way = await claimed(shared, cast)
    await take(cast, ours("native-1", "Dave, it is mended", await first_post(cast, other)))
    assert (await card_of(cast, other)).unanswered == 1
    receipt = await sending._talk(shared, under_way)
    await sending.record(shared, under_way, receipt)
    await settle_workspace(shared, cast.workspace_id)
    assert ("account", "Dave, it is mended") in await said(cast)
    assert await home_of(cast, "native-1") == other
    card = await card_of(cast, other)
    assert (card.unanswered, card.status, card.clock) == (0, "pending", None)
    [clock] = await rows(
        cast, "SELECT met_at FROM clock WHERE conversation_id = $1 ORDER BY id", other
    )
    assert clock["met_at"] is not None
    await balanced(cast)


async def test_what_is_edited_or_deleted_while_aside_is_so_afterwards(
    shared: Shared, cast: Cast, asks: Any
) -> None:
    home = await asks()
    await answer(cast, home)
    under_way = await claimed(shared, cast)
    parent = await first_post(cast, home)
    await take(cast, ours("native-1", parent=parent), ours("native-2", parent=parent))
    await take(cast, Deletion(external_id="native-1", at=cast.time()))
    await sending.record(shared, under_way, await sending._talk(shared, under_way))
    await settle_workspace(shared, cast.workspace_id)
    found = await rows(
        cast,
        "SELECT external_id, deleted_at FROM message WHERE author_kind = 'account' ORDER BY 1",
    )
    assert [(row["external_id"], row["deleted_at"] is not None) for row in found] == [
        ("native-1", True),
        ("native-2", False),
    ]


async def test_it_waits_until_a_person_has_said_what_became_of_an_uncertain_one(
    shared: Shared, cast: Cast, town: Server, asks: Any
) -> None:
    home = await asks()
    sent = await answer(cast, home)
    town.ask("/faults", kind="drop-before", on="publish")
    under_way = await claimed(shared, cast)
    await sending.attempt(shared, under_way)
    parent = await first_post(cast, home)
    await take(cast, ours("native-1", sent.draft["text"], parent), ours("native-2", parent=parent))
    await settle_workspace(shared, cast.workspace_id)
    assert (await delivery(cast, sent.id))["state"] == "uncertain"
    assert [kind for kind, _ in await said(cast)] == ["agent"]
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await settle_by_hand(work, sent.id, was_sent=True)
    await settle_workspace(shared, cast.workspace_id)
    assert await said(cast) == [("agent", sent.draft["text"]), ("account", "said in the app")]
    [reply] = await rows(cast, "SELECT external_id FROM message WHERE author_kind = 'agent'")
    assert reply["external_id"] == "native-1", "the person's word and the feed's tell of one post"


async def test_a_native_answer_settles_only_its_customer_up_to_then(
    shared: Shared, cast: Cast, asks: Any
) -> None:
    home = await asks()
    first = await first_post(cast, home)
    cast.time.pass_(minutes=10)
    later = START + timedelta(minutes=5)
    await take(
        cast,
        Post(external_id="d1", author=DAVE, text="same here", published_at=START, parent_id=first),
    )
    await take(cast, ours("native-1", parent=first))
    card = await card_of(cast, home)
    assert (card.unanswered, card.status) == (1, "open"), "Dave waits still"
    await take(
        cast,
        Post(external_id="d2", author=DAVE, text="hello?", published_at=later, parent_id="d1"),
        ours("native-2", parent="d1"),
    )
    [waiting] = await rows(
        cast, "SELECT external_id FROM message WHERE direction = 'incoming' AND disposition IS NULL"
    )
    assert waiting["external_id"] == "d2"
    await balanced(cast)
