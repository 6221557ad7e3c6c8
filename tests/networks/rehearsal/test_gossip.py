"""What is said of a brand and not to it: found by a search, the same for everybody, answerable."""

from __future__ import annotations

from datetime import timedelta

from earful.networks.contract import Draft, Post, Searches, Sought, Target
from earful.networks.rehearsal import gossip
from earful.networks.rehearsal.connector import RehearsalConnector
from earful.networks.rehearsal.ledger import Header
from earful.networks.rehearsal.remote import RemoteDoor

from .conftest import START, Open
from .serving import Server

LOOKED_FOR = Sought(ways=(("northwind",),))
HEADER = Header(ledger="one", seed=1, started_at=START)


def test_the_talk_began_before_and_goes_on() -> None:
    first = gossip.heard(HEADER, "Northwind", START)
    assert len(first) == gossip.MOST
    assert first[0].at <= START < first[0].at + 2 * gossip.EVERY
    assert [post.at for post in first] == sorted((post.at for post in first), reverse=True)
    later = gossip.heard(
        HEADER, "Northwind", START + timedelta(hours=1), gossip.number_of(first[0])
    )
    assert 4 <= len(later) <= 6
    assert not {post.id for post in first} & {post.id for post in later}
    assert gossip.find(HEADER, "Northwind", first[3].id) == first[3]
    assert gossip.find(HEADER, "Northwind", first[3].id + "0") is None
    assert gossip.slip("Northwind") == "Nortwhind"


async def test_a_search_finds_it_and_it_can_be_answered(open_channel: Open) -> None:
    channel = open_channel()
    assert isinstance(channel, Searches)
    batch = await channel.search(LOOKED_FOR, None)
    posts = [one for one in batch.changes if isinstance(one, Post)]
    assert len(posts) > 50
    assert not any(post.addressed for post in posts)
    assert any("Northwind" in post.text for post in posts)
    assert (await channel.search(LOOKED_FOR, batch.cursor)).changes == ()
    post = posts[0]
    found = await channel.look(post.external_id)
    assert found is not None
    assert found.text == post.text
    target = Target(post.external_id, post.author.handle, post.ref)
    receipt = await channel.send(Draft(text="Let us look. ^AB", reply_to=target), "key-heard")
    assert receipt.parts


async def test_over_loopback_it_is_the_same(server: Server) -> None:
    door = RemoteDoor(server.url, 2.0)
    channel = RehearsalConnector(door, "Northwind")
    batch = await channel.search(LOOKED_FOR, None)
    assert batch.changes
    again = await channel.search(LOOKED_FOR, None)
    assert [one.external_id for one in again.changes] == [one.external_id for one in batch.changes]
    await channel.close()
