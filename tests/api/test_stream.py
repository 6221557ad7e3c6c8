"""The stream: snapshot and cursor, then every event once and in order, as far as one may see."""

from __future__ import annotations

import asyncio

import pytest
from litestar import Litestar

from earful.api import stream as stream_module
from earful.networks.contract import Unreadable
from earful.stream.screen import MOST_QUEUED, Entry, Packet, Subscriber, pack
from tests.api.client import Client
from tests.cast import DAVE, Cast, post
from tests.desk.acts import home_of, rows, take


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Heartbeats ten times a second."""
    monkeypatch.setattr(stream_module, "HEARTBEAT_FOR", 0.1)


async def cursor_of(client: Client) -> int:
    found: int = (await client.get("/snapshot")).json()["cursor"]
    return found


async def newest(cast: Cast) -> int:
    [row] = await rows(
        cast, "SELECT seq FROM event_counter WHERE workspace_id = $1", cast.workspace_id
    )
    found: int = row["seq"]
    return found


async def burst(cast: Cast, start: int, many: int) -> None:
    for n in range(start, start + many):
        await take(cast, post(f"{n}", f"@Northwind {n}", author=DAVE))


async def test_snapshot_and_stream_give_every_event_once_and_in_order(
    cast: Cast, alice: Client
) -> None:
    await burst(cast, 0, 3)
    cursor = await cursor_of(alice)
    await burst(cast, 3, 3)
    writing = asyncio.create_task(burst(cast, 6, 12))
    async with alice.stream(f"after={cursor}") as stream:
        await writing
        seen = [event["seq"] for event in await stream.events(18)]
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "no-store"
        assert stream.headers["x-accel-buffering"] == "no"
    assert seen == list(range(cursor + 1, 19))


async def test_a_cursor_just_ahead_of_the_hub_is_no_reset(cast: Cast, alice: Client) -> None:
    """The snapshot reads the database; the hub hears of the same commit a little later."""
    await burst(cast, 0, 1)
    async with alice.stream(f"after={await cursor_of(alice)}") as first:
        for n in range(1, 6):
            await burst(cast, n, 1)
            cursor = await cursor_of(alice)
            async with alice.stream(f"after={cursor}") as second:
                await burst(cast, 100 + n, 1)
                name, _, data = await second.next()
                while name == "events" and not data:
                    name, _, data = await second.next()
                assert name == "events"
                assert [event["seq"] for event in data] == [cursor + 1]
        assert len(await first.events(await newest(cast))) == 10


async def test_many_come_and_go_and_none_misses_or_repeats(cast: Cast, alice: Client) -> None:
    await burst(cast, 0, 1)
    writing = asyncio.create_task(burst(cast, 1, 25))

    async def look() -> None:
        cursor = await cursor_of(alice)
        async with alice.stream(f"after={cursor}") as stream:
            until = await newest(cast) + 2
            if until <= 24:
                seen = [event["seq"] for event in await stream.events(until)]
                assert seen == list(range(cursor + 1, seen[-1] + 1))

    for _ in range(4):
        await asyncio.gather(*(look() for _ in range(4)))
    await writing


async def test_the_last_event_id_goes_on_where_it_broke(cast: Cast, alice: Client) -> None:
    await burst(cast, 0, 5)
    async with alice.stream("after=1", last_event_id="3") as stream:
        assert [event["seq"] for event in await stream.events(5)] == [4, 5]


@pytest.mark.parametrize("last", ["²", "-1", "x", "9" * 30, ""])
async def test_a_last_event_id_of_nonsense_is_ignored(cast: Cast, alice: Client, last: str) -> None:
    await burst(cast, 0, 2)
    async with alice.stream("after=1", last_event_id=last.encode().decode("latin-1")) as stream:
        assert [event["seq"] for event in await stream.events(2)] == [2]


@pytest.mark.parametrize("after", [3, 10**9, 2**70])
async def test_a_cursor_that_cannot_be_followed_is_reset(
    cast: Cast, alice: Client, after: int
) -> None:
    await burst(cast, 0, 6)
    async with cast.database.acquire() as db:
        await db.execute("DELETE FROM event WHERE seq <= 4")
    async with alice.stream(f"after={after}") as stream:
        assert (await stream.next())[0] == "reset"
        await burst(cast, 6, 1)
        assert [event["seq"] for event in await stream.events(7)] == [7], "and goes on live"


async def test_a_cursor_of_a_history_that_a_restore_lost_is_reset(
    cast: Cast, alice: Client
) -> None:
    await burst(cast, 0, 6)
    async with cast.database.acquire() as db:
        await db.execute("UPDATE event_counter SET seq = seq + 1000")
    await burst(cast, 6, 1)
    async with alice.stream("after=6") as stream:
        assert [event["seq"] for event in await stream.events(1007)] == [1007]
    async with alice.stream("after=9") as stream:
        assert (await stream.next())[0] == "reset"


async def test_the_oldest_kept_event_can_be_reached(cast: Cast, alice: Client) -> None:
    await burst(cast, 0, 6)
    async with cast.database.acquire() as db:
        await db.execute("DELETE FROM event WHERE seq <= 4")
    async with alice.stream("after=4") as stream:
        assert [event["seq"] for event in await stream.events(6)] == [5, 6]


async def test_other_workspaces_are_never_heard(cast: Cast, next_door: Cast, eve: Client) -> None:
    async with eve.stream("after=0") as stream:
        await burst(cast, 0, 2)
        await take(next_door, post("hers"))
        [event] = await stream.events(1)
        assert event["data"]["messages"][0]["external_id"] == "hers"


async def test_inboxes_filter_what_is_heard_while_the_cursor_moves_on(
    cast: Cast, alice: Client, bob: Client
) -> None:
    await burst(cast, 0, 1)
    await alice.patch_inbox(cast.channel.inbox_id, [str(cast.alice.id)])
    async with bob.stream("after=0") as stream:
        await burst(cast, 1, 1)
        assert await stream.events(await newest(cast)) == []
        await alice.post("/tags", {"name": "blue"})
        kinds = [event["kind"] for event in await stream.events(await newest(cast))]
        assert kinds == ["tag.changed"]


async def test_rights_taken_away_mid_stream_count_at_once(
    cast: Cast, alice: Client, bob: Client
) -> None:
    await burst(cast, 0, 1)
    async with bob.stream(f"after={await newest(cast)}") as stream:
        await burst(cast, 1, 1)
        assert len(await stream.events(2)) == 1
        await alice.patch_inbox(cast.channel.inbox_id, [str(cast.alice.id)])
        assert (await stream.next("reset"))[0] == "reset"
        await burst(cast, 2, 1)
        assert await stream.events(await newest(cast)) == []
        await alice.patch_inbox(cast.channel.inbox_id, [])
        await stream.next("reset")
        await burst(cast, 3, 1)
        heard = await stream.events(await newest(cast))
        assert "message.received" in [event["kind"] for event in heard]


async def test_what_only_leads_may_change_only_leads_hear_of(
    cast: Cast, alice: Client, bob: Client
) -> None:
    await burst(cast, 0, 1)
    start = await cursor_of(bob)
    for n in (1, 2):  # one in the catching up, one live
        async with bob.stream(f"after={start}") as his, alice.stream(f"after={start}") as hers:
            made = await alice.post("/webhooks", {"url": "https://1.1.1.1/hook"})
            assert made.status_code == 201
            await burst(cast, n, 1)
            until = await newest(cast)
            heard = [event["kind"] for event in await his.events(until)]
            assert heard
            assert not [kind for kind in heard if kind.startswith("webhook.")]
            assert "webhook.added" in [event["kind"] for event in await hers.events(until)]


async def test_only_who_may_look_at_them_hears_of_posts_set_aside(
    cast: Cast, alice: Client, bob: Client
) -> None:
    start = await cursor_of(bob)
    for n in (1, 2):  # one in the catching up, one live
        async with bob.stream(f"after={start}") as his, alice.stream(f"after={start}") as hers:
            await take(cast, Unreadable(external_id=f"u{n}", reason="'carol' odd", payload="{"))
            aside = (await alice.get("/set-aside")).json()["items"][0]["id"]
            await alice.put(f"/set-aside/{aside}/discard", {"reason": "Carol wrote twice"})
            await burst(cast, n, 1)
            until = await newest(cast)
            heard = {event["kind"] for event in await his.events(until)}
            assert heard
            assert not [kind for kind in heard if kind.startswith("post.")]
            told = [e for e in await hers.events(until) if e["kind"].startswith("post.")]
            assert [e["kind"] for e in told[-2:]] == ["post.set_aside", "post.discarded"]
            assert [e["data"].keys() for e in told] == [{"aside"}] * len(told), "nobody's words"


async def test_who_becomes_an_agent_hears_no_more_of_webhooks(
    cast: Cast, alice: Client, bob: Client, quick: None
) -> None:
    await rows(cast, "UPDATE agent SET role = 'lead' WHERE id = $1", cast.bob.id)
    async with bob.stream() as his:
        await alice.post("/webhooks", {"url": "https://1.1.1.1/hook"})
        assert [e["kind"] for e in await his.events(await newest(cast))] == ["webhook.added"]
        await rows(cast, "UPDATE agent SET role = 'agent' WHERE id = $1", cast.bob.id)
        for _ in range(2):
            await his.next("beat")
        await alice.post("/webhooks", {"url": "https://1.1.1.1/other"})
        await burst(cast, 0, 1)
        heard = [event["kind"] for event in await his.events(await newest(cast))]
        assert heard == ["conversation.opened"]


async def test_who_is_shut_out_hears_bye(cast: Cast, alice: Client, bob: Client) -> None:
    async with bob.stream("after=0") as stream:
        await stream.next("")
        await alice.ask("PATCH", f"/agents/{cast.bob.id}", {"disabled": True})
        assert (await stream.next("bye"))[0] == "bye"


@pytest.mark.usefixtures("quick")
async def test_a_revoked_session_ends_its_stream_even_when_it_is_busy(
    cast: Cast, alice: Client
) -> None:
    [session] = (await alice.get("/sessions")).json()
    async with alice.stream("after=0") as stream:
        assert (await stream.next("beat"))[0] == "beat"
        await alice.delete(f"/sessions/{session['id']}")
        busy = asyncio.create_task(burst(cast, 0, 40))
        assert (await stream.next("bye"))[0] == "bye"
        await busy


async def test_presence_is_told_to_who_may_see_it(
    cast: Cast, alice: Client, bob: Client, eve: Client
) -> None:
    await burst(cast, 0, 1)
    home = await home_of(cast, "0")
    async with alice.stream("after=1") as stream, eve.stream("after=0") as other:
        await stream.next("")
        await other.next("")
        await bob.put(f"/conversations/{home}/presence", {"state": "typing"})
        _, _, [said] = await stream.next("presence")
        assert (said["agent_id"], said["state"]) == (cast.bob.id, "typing")
        shown = (await alice.get(f"/conversations/{home}")).json()["presence"]
        assert [one["state"] for one in shown] == ["typing"]
        cast.time.pass_(minutes=2)
        assert (await alice.get(f"/conversations/{home}")).json()["presence"] == []
        await bob.put(f"/conversations/{home}/presence", {"state": "gone"})
        await stream.next("presence")
        assert other.quiet()


async def test_a_screen_too_slow_starts_over(cast: Cast) -> None:
    slow = Subscriber(cast.workspace_id, str(cast.alice.id), None)
    for n in range(MOST_QUEUED + 1):
        slow.offer(Packet("events", n, b"[]"))
    assert slow.queue.qsize() == 1
    assert slow.queue.get_nowait().name == "reset"


async def test_what_one_may_not_see_is_told_once_and_never_after_what_one_may(cast: Cast) -> None:
    screen = Subscriber(cast.workspace_id, str(cast.bob.id), frozenset({"a"}))
    hidden = [pack(screen.inboxes, [Entry(n, "tag.changed", "b", b"{}")]) for n in (1, 2)]
    shown = pack(screen.inboxes, [Entry(3, "tag.changed", "a", b"{}")])
    assert [packet.empty for packet in (*hidden, shown)] == [True, True, False]
    screen.owed = hidden[0]
    screen.owed = hidden[1]
    screen.settle()
    screen.settle()
    assert await screen.next() == [hidden[1]]
    screen.owed = hidden[1]
    screen.offer(shown)
    screen.settle()
    assert await screen.next() == [shown]


async def test_stopping_says_so(app: Litestar, alice: Client) -> None:
    async with alice.stream("after=0") as stream:
        await stream.next("")
        await app.state.hub.stop()
        assert (await stream.next("restart"))[0] == "restart"
