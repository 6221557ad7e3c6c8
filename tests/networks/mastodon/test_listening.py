"""What only Mastodon's API does: ways to stream, lists with ids, edits and deletions untold."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from earful.networks.conformance import Ear
from earful.networks.contract import Reauthorize, Visibility
from earful.networks.mastodon import following
from earful.networks.mastodon.lines import Line, NotSpoken, follow, lines
from tests.networks.mastodon.bench import Bench, Heard, gone, listen, told, until
from tests.networks.mastodon.server import Account, MockServer
from tests.networks.mastodon.village_server import VillageServer


def named(url: str, status: dict[str, object]) -> str:
    """The external id of a status."""
    return f"{urlsplit(url).netloc}/{status['id']}"


async def test_the_stream_tells_before_the_lists_do(
    mastodon: MockServer, brand: Account, carol: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a list that is asked once only, what comes later can only have been streamed."""
    asked = asyncio.Event()
    bench = Bench(mastodon.url, brand.token)

    async def never(_: float) -> None:
        asked.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(bench, "_wait", never)
    async with Ear(bench.open()) as ear:
        await asked.wait()
        heard = await _posted_until_heard(ear, brand, carol, mastodon.url)
    await bench.close()
    assert heard


async def _posted_until_heard(ear: Ear, brand: Account, carol: Account, url: str) -> bool:
    """The stream may still be connecting when the first post is written."""
    for _ in range(50):
        await carol.post(f"@{brand.acct} anybody?")
        await asyncio.sleep(0.1)
        if ear.changes:
            return True
    return False


@pytest.mark.parametrize("kind", ["websocket", "sse"])
async def test_each_way_in_is_spoken(
    mastodon: MockServer, brand: Account, carol: Account, kind: str
) -> None:
    line = Line(
        kind, mastodon.url, own=True, signs_in="address" if kind == "websocket" else "header"
    )
    events = follow(line, brand.token)
    assert await anext(events) is None
    made = await carol.post(f"@{brand.acct} hello")
    event = await anext(events)
    await events.aclose()
    assert event is not None
    assert (event.name, str(made["id"]) in event.payload) == ("notification", True)


@pytest.mark.parametrize(
    "line",
    [
        Line("websocket", "http://127.0.0.1:1", own=True),
        Line("sse", "http://127.0.0.1:1", own=True),
        Line("websocket", "http://127.0.0.1:1", own=False),
        Line("sse", "http://localhost:1", own=False),
        Line("websocket", "http://nowhere.invalid", own=False),
    ],
    ids=lambda line: f"{line.kind} {line.own} {line.origin}",
)
async def test_what_is_not_spoken_or_not_allowed_is_left(line: Line) -> None:
    """Addresses that the server only names are never private ones, whoever listens there."""
    with pytest.raises(NotSpoken):
        await anext(follow(line, "token"))


async def test_a_private_address_that_the_server_names_is_not_called(
    village: VillageServer, northwind: Account
) -> None:
    """It answers at `localhost`, which is not what the operator typed."""
    elsewhere = village.url.replace("127.0.0.1", "localhost")
    with pytest.raises(NotSpoken, match="private network"):
        await anext(follow(Line("websocket", elsewhere, own=False), northwind.token))
    assert village.village.opened == []
    ways = lines(village.url, elsewhere)
    assert {(way.origin, way.own) for way in ways} == {(village.url, True), (elsewhere, False)}


async def test_a_stream_that_tells_nothing_is_left(
    there: Bench, village: VillageServer, northwind: Account, dana: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The lists find what it should have told; then the next way is tried, and all is heard."""
    monkeypatch.setattr(following, "GRACE", timedelta())
    village.village.silent = True
    async with Ear(there.connector) as ear:
        for number in range(60):
            made = await dana.post(f"@{northwind.acct} {number}")
            await ear.post(named(village.url, made))
            if len(village.village.opened) > 1:
                break
    assert village.village.opened[:2] == ["header", "protocol"]


async def test_streaming_off(there: Bench, village: VillageServer, northwind: Account) -> None:
    """Asking alone tells everything too."""
    dana = await village.account("dana")
    made = await dana.post(f"@{northwind.acct} hello")
    connector = there.open(streaming="off")
    await listen(connector, told(named(village.url, made)))
    assert village.village.opened == []


async def test_a_long_outage_is_walked_to_its_end(
    there: Bench, village: VillageServer, northwind: Account, dana: Account
) -> None:
    """Some pages of news, each told once to who comes back with the cursor."""
    first = await dana.post(f"@{northwind.acct} before")
    heard = await listen(there.connector, told(named(village.url, first)))
    missed = [
        named(village.url, await dana.post(f"@{northwind.acct} missed {number}"))
        for number in range(150)
    ]

    def all_told(heard: Heard) -> bool:
        return {each.external_id for each in heard.changes} >= set(missed)

    again = await listen(there.open(), all_told, since=heard.cursor)
    ids = [each.external_id for each in again.changes if each.external_id in set(missed)]
    assert sorted(ids) == sorted(missed)


@pytest.mark.parametrize("adjacent", [True, False])
async def test_servers_that_give_the_newest_first_are_walked_to_the_end_too(
    there: Bench, village: VillageServer, dana: Account, adjacent: bool
) -> None:
    """Some take `min_id` as `since_id`, and a page would hide what lies below it."""
    village.village.adjacent = adjacent
    northwind = village.account_of(there.token)
    first = await dana.post(f"@{northwind.acct} before")
    heard = await listen(there.connector, told(named(village.url, first)))
    missed = [
        named(village.url, await dana.post(f"@{northwind.acct} {number}")) for number in range(130)
    ]

    def all_told(heard: Heard) -> bool:
        return {each.external_id for each in heard.changes} >= set(missed)

    await listen(there.open(streaming="off"), all_told, since=heard.cursor)


async def test_a_refusal_to_list_is_said_and_asked_again(
    there: Bench, village: VillageServer, dana: Account
) -> None:
    """The channel says so for as long as it lasts."""
    northwind = village.account_of(there.token)
    village.village.lists_nothing = True
    made = await dana.post(f"@{northwind.acct} hello")
    heard = Ear(there.connector)
    await until(lambda: any(there.said))
    village.village.lists_nothing = False
    async with heard as ear:
        await ear.post(named(village.url, made))
        await until(lambda: not there.said[-1])
    assert "does not let us listen" in there.said[0]


async def test_edits_and_deletions_that_nobody_tells(
    bench: Bench, mastodon: MockServer, brand: Account, carol: Account
) -> None:
    """This server tells them to followers only: they are found by looking again."""
    kept = await carol.post(f"@{brand.acct} my parcel is lost")
    taken = await carol.post(f"@{brand.acct} never mind")
    ids = named(mastodon.url, kept), named(mastodon.url, taken)
    heard = await listen(bench.connector, lambda heard: told(ids[0])(heard) and told(ids[1])(heard))
    await carol.edit(str(kept["id"]), f"@{brand.acct} my parcel is found")
    await carol.delete(str(taken["id"]))

    def both(heard: Heard) -> bool:
        edited = any(each.edited_at for each in heard.posts(ids[0]))
        return edited and gone(ids[1])(heard)

    again = await listen(bench.open(), both, since=heard.cursor)
    assert again.posts(ids[0])[-1].text.endswith("found")


async def test_edits_by_notification_and_deletions_by_event(
    there: Bench, village: VillageServer, northwind: Account, dana: Account
) -> None:
    made = await dana.post(f"@{northwind.acct} one")
    external_id = named(village.url, made)
    async with Ear(there.connector) as ear:
        await ear.post(external_id)
        await dana.edit(str(made["id"]), f"@{northwind.acct} two")
        await ear.until(
            lambda: any(getattr(each, "edited_at", None) for each in ear.changes), "the edit"
        )
        await dana.delete(str(made["id"]))
        await ear.until(lambda: "Deletion" in {type(each).__name__ for each in ear.changes}, "it")


async def test_an_edit_that_names_us_no_more(
    there: Bench, village: VillageServer, northwind: Account, dana: Account
) -> None:
    """No stream and no list tells us of it, only the post itself."""
    made = await dana.post(f"@{northwind.acct} you are thieves")
    async with Ear(there.connector) as ear:
        await ear.post(named(village.url, made))
        await dana.edit(str(made["id"]), "I take it back")
        await ear.until(
            lambda: "I take it back" in [getattr(each, "text", "") for each in ear.changes],
            "the edit",
        )


async def test_what_we_say_elsewhere_is_our_own(
    there: Bench, village: VillageServer, northwind: Account
) -> None:
    made = await northwind.post("We are hiring")
    heard = await listen(there.connector, told(named(village.url, made)))
    assert heard.posts(named(village.url, made))[0].own


async def test_looks_a_post_up(
    there: Bench, village: VillageServer, northwind: Account, dana: Account
) -> None:
    """A post nobody delivered; one that is gone, another server's, or hidden from us."""
    made = await dana.post("nobody was named")
    hidden = await dana.post("to myself", visibility="direct")
    post = await there.connector.look(named(village.url, made))
    assert post is not None
    assert (post.text, post.addressed) == ("nobody was named", False)
    assert post.author.handle == dana.full == f"{dana.acct}@village.example"
    assert await there.connector.look(named(village.url, hidden)) is None
    assert await there.connector.look(f"other.example/{made['id']}") is None
    assert await there.connector.look(f"{urlsplit(village.url).netloc}/../../x") is None
    await dana.delete(str(made["id"]))
    assert await there.connector.look(named(village.url, made)) is None


async def test_direct_posts_are_direct(
    there: Bench, village: VillageServer, northwind: Account, dana: Account
) -> None:
    made = await dana.post(f"@{northwind.acct} psst", visibility="direct")
    heard = await listen(there.connector, told(named(village.url, made)))
    assert heard.posts(named(village.url, made))[0].visibility is Visibility.DIRECT


async def test_a_token_withdrawn_while_listening(
    there: Bench, village: VillageServer, northwind: Account
) -> None:
    """It is told to who listens; a person must sign in again."""
    heard = await listen(there.connector, lambda _: True)
    del village.village.people[northwind.token]
    with pytest.raises(Reauthorize):
        await listen(there.connector, lambda _: False, since=heard.cursor)
