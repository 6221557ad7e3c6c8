"""The server in a process of its own: what it tells, and what its troubles mean to the desk."""

from __future__ import annotations

import signal
from pathlib import Path

import httpx
import pytest

from earful.networks.contract import (
    Change,
    Deletion,
    Draft,
    NetworkError,
    Post,
    Reauthorize,
    Rejected,
    RetryLater,
    Target,
    Uncertain,
)
from earful.networks.rehearsal.connector import RehearsalConnector
from earful.networks.rehearsal.remote import RemoteDoor

from .serving import Server, serving

HELLO = Draft(text="Hello. ^AB")


async def first_told(channel: RehearsalConnector, least: int) -> list[Change]:
    changes: list[Change] = []
    async for batch in channel.stream(None):
        changes += batch.changes
        if len(changes) >= least:
            break
    return changes


async def test_a_guest_is_heard_answered_and_on_record(
    channel: RehearsalConnector, server: Server
) -> None:
    said = server.ask("/guests", text="@Northwind my parcel &amp; I are lost")
    (heard,) = await first_told(channel, 1)
    assert isinstance(heard, Post)
    assert (heard.external_id, heard.text) == (said["id"], said["text"])
    answer = Draft(text="Which one?", reply_to=Target(heard.external_id, "x", heard.ref))
    receipt = await channel.send(answer, "key-1")
    (own,) = [entry for entry in server.entries() if entry.own]
    assert (own.id, own.parent, own.key) == (receipt.parts[0].external_id, said["id"], "key-1")
    assert await channel.settle(answer, "key-1") == receipt
    assert (await channel.probe()).handle == "Northwind"


async def test_edits_deletions_and_repeats_are_told(
    channel: RehearsalConnector, server: Server
) -> None:
    id_ = server.ask("/guests", text="one")["id"]
    server.ask("/asides", id=id_, kind="again")
    server.ask("/asides", id=id_, kind="edit", text="two")
    assert (found := await channel.look(id_)) is not None
    assert found.text == "two"
    server.ask("/asides", id=id_, kind="deletion")
    first, again, edit, gone = await first_told(channel, 4)
    assert first == again
    assert isinstance(edit, Post)
    assert edit.edited_at is not None
    assert isinstance(gone, Deletion)
    assert await channel.look(id_) is None
    with pytest.raises(Rejected, match="gone"):
        await channel.send(Draft(text="x", reply_to=Target(id_, "x", {})), "key-1")


@pytest.mark.parametrize(
    ("kind", "error", "stands"),
    [
        ("401", Reauthorize, 0),
        ("422", Rejected, 0),
        ("429", RetryLater, 0),
        ("503", RetryLater, 0),
        ("500", Uncertain, 0),
        ("500-after", Uncertain, 1),
        ("drop", Uncertain, 1),
        ("drop-before", Uncertain, 0),
        ("half", Uncertain, 1),
        ("hang", Uncertain, 0),
        ("hang-after", Uncertain, 1),
    ],
)
async def test_a_troubled_publish_says_what_is_known_and_settles_by_looking(
    channel: RehearsalConnector, server: Server, kind: str, error: type[NetworkError], stands: int
) -> None:
    server.ask("/faults", kind=kind, on="publish", after=7)
    with pytest.raises(error) as caught:
        await channel.send(HELLO, "key-1")
    if isinstance(caught.value, RetryLater):
        assert caught.value.after == 7
    settled = await channel.settle(HELLO, "key-1")
    assert (settled is not None, server.standing("key-1")) == (stands == 1, stands)


@pytest.mark.parametrize("kind", ["500", "drop", "drop-before", "half", "429", "503"])
async def test_a_troubled_stream_is_tried_again_and_loses_nothing(
    channel: RehearsalConnector, server: Server, kind: str
) -> None:
    said = server.ask("/guests", text="@Northwind help")
    server.ask("/faults", kind=kind, on="changes")
    with pytest.raises(RetryLater):
        await first_told(channel, 1)
    assert [change.external_id for change in await first_told(channel, 1)] == [said["id"]]


async def test_a_standing_fault_lasts_until_it_is_taken_back(
    channel: RehearsalConnector, server: Server
) -> None:
    server.ask("/faults", kind="401", times=0)
    for _ in range(3):
        with pytest.raises(Reauthorize):
            await channel.probe()
    server.http.request("DELETE", "/faults")
    assert (await channel.probe()).handle == "Northwind"


async def test_the_key_makes_publishing_idempotent_only_on_request(
    channel: RehearsalConnector, server: Server
) -> None:
    await channel.send(HELLO, "key-1")
    await channel.send(HELLO, "key-1")
    assert server.standing("key-1") == 2
    server.http.put("/switch", json={"idempotent": True})
    first = await channel.send(HELLO, "key-2")
    assert await channel.send(HELLO, "key-2") == first
    assert server.standing("key-2") == 1


async def test_a_refused_connection_means_nothing_happened() -> None:
    with serving("--rate", "0", "--backlog", "0") as running:
        door = RemoteDoor(running.url)
    channel = RehearsalConnector(door, "Northwind")
    with pytest.raises(RetryLater):
        await channel.send(HELLO, "key-1")
    await channel.close()


async def test_a_killed_server_goes_on_from_its_ledger(tmp_path: Path) -> None:
    options = ("--ledger", str(tmp_path / "ledger"), "--rate", "0")
    with serving(*options) as running:
        channel = RehearsalConnector(RemoteDoor(running.url), "Northwind")
        before = await first_told(channel, 25)
        receipt = await channel.send(HELLO, "key-1")
        await channel.close()
        running.process.send_signal(signal.SIGKILL)
    with serving(*options) as running:
        channel = RehearsalConnector(RemoteDoor(running.url), "Northwind")
        after = await first_told(channel, 25)
        assert after[: len(before)] == before
        assert await channel.settle(HELLO, "key-1") == receipt
        await channel.close()


async def test_a_burst_is_distinct_but_for_its_repeats(
    channel: RehearsalConnector, server: Server
) -> None:
    server.ask("/burst", n=1200, replies=0.3, repeats=0.1)
    entries = server.entries()
    repeats = [entry for entry in entries if entry.kind == "again"]
    posts = [entry for entry in entries if entry.kind == "post"]
    assert len({entry.id for entry in posts}) == len({entry.text for entry in posts}) == 1200
    assert 60 < len(repeats) < 180
    assert 250 < sum(1 for entry in posts if entry.parent) < 470
    heard = await first_told(channel, len(entries))
    assert [change.external_id for change in heard] == [entry.id for entry in entries]


def test_web_pages_and_other_hosts_are_kept_out(server: Server) -> None:
    for headers in ({"origin": "https://page.example"}, {"host": "town.example"}):
        assert server.http.get("/ledger", headers=headers).status_code == 403
    assert server.http.get("/nothing").status_code == 404
    assert server.http.post("/posts", content=b"{").status_code == 400
    assert server.http.post("/posts", content=b"x" * 1_000_001).status_code == 413
    assert httpx.get(server.url + "/account?handle=Northwind", trust_env=False).status_code == 200
