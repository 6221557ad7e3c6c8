"""A conversation goes to another desk and its status, owner and closing line come back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from earful.accounts.secrets import Keyring
from earful.desk.privacy import erase_person
from earful.handoff import commands, desks, queue
from earful.handoff.desks import NewDesk
from earful.handoff.ticket import mark
from earful.intake.receive import receive
from earful.kit.addresses import LOOPBACK, Guard
from earful.kit.refusal import Refused
from earful.kit.safe_http import guarded_client
from earful.media.files import MediaFiles
from earful.store.pool import Database
from earful.worker import handing
from earful.worker.desk import Shared
from tests.cast import DAVE, Cast, batch, gather, post
from tests.desk.acts import rows
from tests.handoff.peer import Comment, Peer, peering

FIELDS: dict[str, dict[str, str]] = {
    "zendesk": {"email": "care@northwind.example", "token": "t"},
    "zammad": {"token": "t", "group": "Users", "customer": "care@northwind.example"},
    "chatwoot": {"token": "t", "account": "1", "inbox": "2"},
    "salesforce": {"client_id": "i", "client_secret": "s", "external_id_field": "Earful_Id__c"},
}
KINDS = sorted(FIELDS)


@pytest.fixture
async def cast(database: Database) -> Cast:
    return await gather(database)


@pytest.fixture
def shared(cast: Cast, tmp_path: Path) -> Shared:
    keyring = Keyring(["a key for the tests of other desks, long enough"])
    media, guard = MediaFiles(tmp_path), Guard(LOOPBACK)
    return Shared(cast.database, cast.time, keyring, media, guard=guard)


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with peering() as running:
        yield running


async def connect(cast: Cast, shared: Shared, peer: Peer, kind: str) -> str:
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        new = NewDesk(kind, "", peer.url, FIELDS[kind])
        shown, _ = await desks.add_desk(work, shared.keyring, new)
        return str(shown["id"])


async def waiting(cast: Cast, *more: Any) -> str:
    first = post("1", "third call and still nothing #northwindfail")
    await receive(cast.works, cast.workspace_id, cast.channel, batch(first, *more))
    [row] = await rows(cast, "SELECT id FROM conversation WHERE status = 'open'")
    return str(row["id"])


async def hand_on(cast: Cast, conversation_id: str, desk_id: str, note: str = "") -> dict[str, Any]:
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        return await commands.hand_on(work, conversation_id, desk_id, note)


async def turn(cast: Cast, shared: Shared, **later: float) -> int:
    cast.time.pass_(**(later or {"seconds": 1}))
    async with guarded_client(Guard(LOOPBACK)) as client:
        return await handing.hand_due(shared, client, client, "https://desk.example")


async def stands(cast: Cast) -> Any:
    [row] = await rows(cast, "SELECT * FROM handoff")
    return row


async def events(cast: Cast) -> int:
    [row] = await rows(cast, "SELECT count(*) AS n FROM event")
    return int(row["n"])


@pytest.mark.parametrize("kind", KINDS)
async def test_it_goes_there_and_comes_back(
    cast: Cast, shared: Shared, peer: Peer, kind: str
) -> None:
    conversation = await waiting(cast)
    await hand_on(cast, conversation, await connect(cast, shared, peer, kind), "Look at order 7")
    await turn(cast, shared)
    [case] = peer.cases
    text = case.comments[0].text
    for words in ("third call", "Look at order 7", f"/c/{conversation}", "Carol Diaz"):
        assert words in text
    assert (await stands(cast))["state"] == "handed"
    case.owner, case.status = "Ann", "pending"
    await turn(cast, shared, minutes=11)
    assert (await stands(cast))["remote"]["status"] == "pending"
    assert (await stands(cast))["remote"]["owner"] == "Ann"
    case.status = "closed"
    case.comments += [Comment("Sent again today.", public=True), Comment("internal chatter")]
    await turn(cast, shared, minutes=11)
    async with cast.database.acquire() as db:
        shown = await commands.newest_of(db, cast.workspace_id, conversation)
    assert shown is not None
    assert (shown["state"], shown["status"]) == ("closed", "closed")
    assert shown["closing_line"] == "Sent again today."
    assert shown["url"].startswith("http")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_lost_answer_makes_no_second_ticket(
    cast: Cast, shared: Shared, peer: Peer, kind: str
) -> None:
    conversation = await waiting(cast)
    peer.lose = 2 if kind == "chatwoot" else 1  # there the contact is made first
    await hand_on(cast, conversation, await connect(cast, shared, peer, kind))
    for _ in range(4):
        await turn(cast, shared, minutes=1)
    assert len(peer.cases) == 1
    assert (await stands(cast))["state"] == "handed"


@pytest.mark.parametrize("kind", KINDS)
async def test_what_the_customer_adds_is_told_there_once(
    cast: Cast, shared: Shared, peer: Peer, kind: str
) -> None:
    conversation = await waiting(cast)
    await hand_on(cast, conversation, await connect(cast, shared, peer, kind))
    await turn(cast, shared)
    await receive(
        cast.works,
        cast.workspace_id,
        cast.channel,
        batch(post("2", "still here", parent_id="1"), post("3", "me too", DAVE, parent_id="1")),
    )
    peer.lose = 1
    for _ in range(4):
        await turn(cast, shared, minutes=3)
    [case] = peer.cases
    added = [one.text for one in case.comments[1:]]
    assert len(added) == 2
    assert {"still here" in added[0], "me too" in added[1]} == {True}


async def test_nothing_that_comes_back_goes_round(cast: Cast, shared: Shared, peer: Peer) -> None:
    conversation = await waiting(cast)
    await hand_on(cast, conversation, await connect(cast, shared, peer, "zendesk"))
    await turn(cast, shared)
    [case] = peer.cases
    case.comments.append(Comment("We look into it.", public=True))
    case.status = "closed"
    await turn(cast, shared, minutes=11)
    wrote, told = list(peer.writes), await events(cast)
    for _ in range(5):
        assert await turn(cast, shared, minutes=11) == 0
    assert peer.writes == wrote
    assert await events(cast) == told
    [row] = await rows(cast, "SELECT count(*) AS n FROM delivery")
    assert row["n"] == 0
    [row] = await rows(cast, "SELECT status, unanswered FROM conversation")
    assert (row["status"], row["unanswered"]) == ("open", 1), "nobody's wait ends by it"


async def test_a_look_that_finds_nothing_new_tells_nothing(
    cast: Cast, shared: Shared, peer: Peer
) -> None:
    conversation = await waiting(cast)
    await hand_on(cast, conversation, await connect(cast, shared, peer, "zammad"))
    await turn(cast, shared)
    told = await events(cast)
    assert await turn(cast, shared, minutes=11) == 1
    assert await events(cast) == told


async def test_with_one_desk_at_a_time(cast: Cast, shared: Shared, peer: Peer) -> None:
    conversation = await waiting(cast)
    desk = await connect(cast, shared, peer, "zendesk")
    await hand_on(cast, conversation, desk)
    with pytest.raises(Refused, match="already"):
        await hand_on(cast, conversation, desk)
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await commands.take_back(work, conversation)
    assert await turn(cast, shared) == 0
    assert peer.cases == []
    await hand_on(cast, conversation, desk)


async def test_a_refused_sign_in_is_said_and_can_be_tried_again(
    cast: Cast, shared: Shared, peer: Peer
) -> None:
    conversation = await waiting(cast)
    peer.token = "other"
    await hand_on(cast, conversation, await connect(cast, shared, peer, "zendesk"))
    await turn(cast, shared)
    row = await stands(cast)
    assert (row["state"], row["error"]) == (
        "failed",
        "Zendesk does not take our sign-in (401).",
    )
    peer.token = "right"
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await commands.settle(work, conversation, there=False)
    await turn(cast, shared)
    assert (await stands(cast))["state"] == "handed"


async def test_what_stays_in_doubt_is_asked_of_a_person(
    cast: Cast, shared: Shared, peer: Peer
) -> None:
    conversation = await waiting(cast)
    await hand_on(cast, conversation, await connect(cast, shared, peer, "zammad"))
    peer.answers = [500]
    for _ in range(12):
        await turn(cast, shared, minutes=5)
    row = await stands(cast)
    assert row["state"] == "uncertain"
    assert await turn(cast, shared, days=1) == 0
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await commands.settle(work, conversation, there=False)
    await turn(cast, shared)
    assert [mark(row["id"]) in case.title for case in peer.cases] == [True]


async def test_a_worker_that_dies_meanwhile_leaves_a_doubt_not_a_second_ticket(
    cast: Cast, shared: Shared, peer: Peer
) -> None:
    conversation = await waiting(cast)
    await hand_on(cast, conversation, await connect(cast, shared, peer, "zendesk"))
    async with cast.database.transaction() as db:
        [due] = await queue.claim(db, now=cast.time.pass_(seconds=1))
    peer.add(due.id, "made by the dead", "text")
    await turn(cast, shared, minutes=2)
    assert len(peer.cases) == 1
    assert (await stands(cast))["remote_id"] == peer.cases[0].id


async def test_a_desk_that_fails_for_a_while_is_asked_again(
    cast: Cast, shared: Shared, peer: Peer
) -> None:
    conversation = await waiting(cast)
    peer.answers = [429, 429]
    await hand_on(cast, conversation, await connect(cast, shared, peer, "zendesk"))
    for _ in range(3):
        await turn(cast, shared, minutes=2)
    assert (await stands(cast))["state"] == "handed"
    assert cast.time() - (await stands(cast))["created_at"] < timedelta(minutes=10)


async def test_an_erased_person_is_not_kept_in_what_was_handed_on(
    cast: Cast, shared: Shared, peer: Peer
) -> None:
    conversation = await waiting(cast)
    await hand_on(cast, conversation, await connect(cast, shared, peer, "zendesk"), "Carol called")
    await turn(cast, shared)
    [contact] = await rows(cast, "SELECT id FROM contact")
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await erase_person(work, contact["id"])
    row = await stands(cast)
    assert (row["note"], row["state"]) == ("", "ended")
    kept = await rows(cast, "SELECT data::text AS words FROM event")
    assert not [one for one in kept if "Carol" in one["words"]]
