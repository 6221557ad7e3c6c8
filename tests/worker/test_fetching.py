"""Pictures of posts: fetched under guard, told to the screen, and forgotten with their people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from earful.desk.privacy import erase_person
from earful.kit.addresses import LOOPBACK, Guard
from earful.media.keeping import drop_unused
from earful.media.wanted import want_again
from earful.networks.bluesky.network import BlueskyNetwork
from earful.networks.contract import Attachment
from earful.networks.rehearsal.pictures import address, face
from earful.worker import fetching
from earful.worker.desk import Shared
from earful.worker.fetching import Fetcher, Most, claim_some, fetch_one
from tests.cast import CAROL, DAVE, Cast, post
from tests.desk.acts import rows, take
from tests.worker.picture_server import PICTURE, PictureServer, picture_server

MOST = Most(200_000, 1_000_000)


@pytest.fixture
async def host() -> AsyncIterator[PictureServer]:
    async with picture_server() as running:
        yield running


@pytest.fixture
async def fetcher(shared: Shared) -> AsyncIterator[Fetcher]:
    """A fetcher that may call this machine, but nothing else that is private."""
    shared.guard = Guard(allowed=LOOPBACK)
    made = Fetcher(shared, MOST)
    yield made
    await made.close()


async def turn(shared: Shared, fetcher: Fetcher) -> int:
    """Fetch what is due. Returns how much it was."""
    claims = await claim_some(shared, 10)
    for claim in claims:
        await fetch_one(shared, fetcher, claim)
    return len(claims)


async def shown(cast: Cast, external_id: str) -> dict[str, Any]:
    """The one picture of a post, as the screen is told."""
    [row] = await rows(cast, "SELECT media FROM message WHERE external_id = $1", external_id)
    [item] = row["media"]
    return dict(item)


def pictured(external_id: str, url: str, **more: Any) -> Any:
    return post(external_id, attachments=(Attachment(url=url, alt="the router"),), **more)


async def test_a_picture_is_fetched_and_told(
    cast: Cast, shared: Shared, fetcher: Fetcher, host: PictureServer
) -> None:
    await take(cast, pictured("p1", f"{host.url}/picture"))
    before = await shown(cast, "p1")
    assert (before["state"], before["alt"]) == ("wanted", "the router")
    assert await turn(shared, fetcher) == 1
    item = await shown(cast, "p1")
    assert (item["state"], item["width"], item["height"]) == ("kept", 60, 40)
    assert item["mime"] == "image/png", "by its content, whatever its server says"
    [kept] = await rows(cast, "SELECT sha256 FROM media")
    assert shared.media.read(kept["sha256"]) == PICTURE
    *_, told = await rows(cast, "SELECT kind, data, inbox_id FROM event ORDER BY seq")
    assert (told["kind"], told["inbox_id"]) == ("picture.changed", cast.channel.inbox_id)
    assert told["data"]["messages"][0]["media"] == [item]
    assert await turn(shared, fetcher) == 0


@pytest.mark.parametrize(
    "case",
    [
        ("/svg", "not a PNG"),
        ("/bomb", "too many pixels"),
        ("/large", "too large"),
        ("/empty", "empty"),
        ("/inside", "private network"),
        ("/file", "no web address"),
        ("/round", "redirects too often"),
        ("/nothing", "gone from the network"),
        ("/refused", "does not hand it out"),
    ],
)
async def test_what_can_never_be_shown_says_why(
    cast: Cast, shared: Shared, fetcher: Fetcher, host: PictureServer, case: tuple[str, str]
) -> None:
    path, why = case
    await take(cast, pictured("p1", host.url + path))
    await turn(shared, fetcher)
    item = await shown(cast, "p1")
    assert item["state"] == "failed"
    assert why in item["reason"]
    cast.time.pass_(days=1)
    assert await turn(shared, fetcher) == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x", "http://localhost/x", "http://169.254.169.254/latest/meta-data",
        "http://[::1]/x", "http://2130706433/x", "http://[::ffff:10.0.0.1]/x",
    ],
)  # fmt: skip
async def test_private_addresses_are_not_called(cast: Cast, shared: Shared, url: str) -> None:
    fetcher = Fetcher(shared, MOST)
    await take(cast, pictured("p1", url))
    await turn(shared, fetcher)
    item = await shown(cast, "p1")
    assert (item["state"], "not called" in item["reason"]) == ("failed", True)
    await fetcher.close()


@pytest.mark.parametrize("url", ["ftp://x/y", "javascript:alert(1)", "http://", "data:,x", "//x"])
async def test_what_is_no_address_is_not_called(
    cast: Cast, shared: Shared, fetcher: Fetcher, url: str
) -> None:
    await take(cast, pictured("p1", url))
    await turn(shared, fetcher)
    assert (await shown(cast, "p1"))["state"] == "failed"


async def test_redirects_are_followed(
    cast: Cast, shared: Shared, fetcher: Fetcher, host: PictureServer
) -> None:
    await take(cast, pictured("p1", f"{host.url}/moved"))
    await turn(shared, fetcher)
    assert (await shown(cast, "p1"))["state"] == "kept"


async def test_a_server_that_drips_is_left_and_tried_again(
    cast: Cast,
    shared: Shared,
    fetcher: Fetcher,
    host: PictureServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetching, "FETCH_FOR", 0.2)
    await take(cast, pictured("p1", f"{host.url}/drip"))
    await turn(shared, fetcher)
    assert (await shown(cast, "p1"))["state"] == "wanted"
    for length in fetching.PAUSES:
        assert await turn(shared, fetcher) == 0
        cast.time.pass_(seconds=length)
        assert await turn(shared, fetcher) == 1
    item = await shown(cast, "p1")
    assert (item["state"], "can't be reached" in item["reason"]) == ("failed", True)


async def test_a_server_that_comes_back_is_asked_again(
    cast: Cast, shared: Shared, fetcher: Fetcher, host: PictureServer
) -> None:
    host.down = True
    await take(cast, pictured("p1", f"{host.url}/picture"))
    await turn(shared, fetcher)
    host.down = False
    cast.time.pass_(seconds=fetching.PAUSES[0])
    await turn(shared, fetcher)
    assert (await shown(cast, "p1"))["state"] == "kept"


async def test_what_was_given_up_gets_one_more_try_when_asked(
    cast: Cast, shared: Shared, fetcher: Fetcher, host: PictureServer
) -> None:
    host.down = True
    await take(cast, pictured("p1", f"{host.url}/picture"))
    await turn(shared, fetcher)
    for length in fetching.PAUSES:
        cast.time.pass_(seconds=length)
        await turn(shared, fetcher)
    [row] = await rows(cast, "SELECT id FROM media")
    for up in (False, True):
        assert (await shown(cast, "p1"))["state"] == "failed"
        host.down = not up
        async with cast.works.open(cast.workspace_id, cast.bob) as work:
            assert await want_again(work, row["id"])
            assert not await want_again(work, row["id"])
        assert await turn(shared, fetcher) == 1
        assert await turn(shared, fetcher) == 0
    assert (await shown(cast, "p1"))["state"] == "kept"


async def test_a_channels_own_server_may_stand_inside_but_lead_nowhere_else(
    cast: Cast, shared: Shared, host: PictureServer
) -> None:
    """What whoever connected the channel typed is called; a redirect from there is not trusted."""
    closed = Fetcher(shared, MOST)
    config = {"service": host.url, "handle": "northwind.test", "pictures": "server"}
    assert BlueskyNetwork().origins(config) == (host.url,)
    assert BlueskyNetwork().origins(config | {"pictures": ""}) == ()
    async with cast.database.acquire() as db:
        await db.execute("UPDATE channel SET network = 'bluesky', config = $1", config)
    elsewhere = host.url.replace("127.0.0.1", "127.0.0.2")
    await take(
        cast,
        pictured("p1", f"{host.url}/picture"),
        pictured("p2", f"{host.url}/inside", author=DAVE),
        pictured("p3", f"{elsewhere}/picture", author=DAVE),
    )
    await turn(shared, closed)
    states = [(await shown(cast, one))["state"] for one in ("p1", "p2", "p3")]
    assert states == ["kept", "failed", "failed"]
    await closed.close()


async def test_a_rehearsal_fetches_nothing_from_beyond_this_machine(
    cast: Cast, shared: Shared, fetcher: Fetcher
) -> None:
    async with cast.database.acquire() as db:
        await db.execute("UPDATE workspace SET rehearsal = true")
    await take(
        cast,
        pictured("p1", "http://93.184.216.34/picture"),
        pictured("p2", address("p2", 0, "The router, its light is red"), author=DAVE),
        pictured("p3", "rehearsal://elsewhere/x", author=DAVE),
    )
    await turn(shared, fetcher)
    states = [(await shown(cast, one))["state"] for one in ("p1", "p2", "p3")]
    assert states == ["failed", "kept", "failed"]


async def test_two_workers_do_not_fetch_the_same(
    cast: Cast, shared: Shared, fetcher: Fetcher, host: PictureServer
) -> None:
    await take(cast, pictured("p1", f"{host.url}/picture"))
    [first] = await claim_some(shared, 10)
    assert await claim_some(shared, 10) == []
    async with cast.database.acquire() as db:  # the first one is killed: its lease runs out
        await db.execute("UPDATE media SET lease_until = now() - interval '1 second'")
    [second] = await claim_some(shared, 10)
    await fetch_one(shared, fetcher, first)
    assert (await shown(cast, "p1"))["state"] == "wanted", "too late: it is another's now"
    await fetch_one(shared, fetcher, second)
    assert (await shown(cast, "p1"))["state"] == "kept"


async def test_films_are_links(cast: Cast, shared: Shared, fetcher: Fetcher) -> None:
    film = Attachment(url="https://bsky.app/profile/x/post/y", mime="video/mp4", alt="it smokes")
    await take(cast, post("p1", attachments=(film,)))
    assert await turn(shared, fetcher) == 0
    item = await shown(cast, "p1")
    assert (item["id"], item["state"], item["url"]) == (None, "elsewhere", film.url)


async def test_avatars_are_fetched_once_and_replaced(
    cast: Cast, shared: Shared, fetcher: Fetcher
) -> None:
    people = [f"rehearsal://faces/{number}" for number in (1, 2)]
    first, second = (msgspec.structs.replace(CAROL, avatar=url) for url in people)
    await take(cast, post("p1", author=first), post("p2", author=first))
    assert await turn(shared, fetcher) == 1
    [old] = await rows(cast, "SELECT id, sha256 FROM media")
    *_, told = await rows(cast, "SELECT kind, data FROM event ORDER BY seq")
    assert told["kind"] == "contact.pictured"
    assert told["data"]["contact"]["avatar"] == f"/api/v1/media/{old['id']}"
    await take(cast, post("p3", author=second))
    assert await turn(shared, fetcher) == 1
    [new] = await rows(cast, "SELECT id, sha256 FROM media")
    assert new["id"] != old["id"]
    assert not shared.media.has(old["sha256"])
    assert any(face(f"person-{number}") for number in range(9))


async def test_erasure_takes_pictures_that_nobody_else_has(
    cast: Cast, shared: Shared, fetcher: Fetcher, host: PictureServer, tmp_path: Path
) -> None:
    carol = msgspec.structs.replace(CAROL, avatar="rehearsal://faces/1")
    await take(
        cast,
        pictured("p1", f"{host.url}/picture", author=carol),
        pictured("p2", f"{host.url}/picture", author=DAVE),
        pictured("p3", "rehearsal://pictures/bill/p3/0", author=carol),
    )
    await turn(shared, fetcher)
    await take(cast, pictured("p4", f"{host.url}/picture", author=carol))
    [under_way] = await claim_some(shared, 10)
    [contact] = await rows(cast, "SELECT contact_id FROM contact_handle WHERE name LIKE 'Carol%'")
    async with cast.works.open(cast.workspace_id) as work:
        erased = await erase_person(work, contact["contact_id"])
    await drop_unused(cast.database, shared.media, erased.files)
    await fetch_one(shared, fetcher, under_way)
    [left] = await rows(cast, "SELECT sha256, message_id FROM media")
    assert shared.media.read(left["sha256"]) == PICTURE, "Dave sent it as well"
    files = await asyncio.to_thread(lambda: [path.name for path in tmp_path.glob("??/??/*")])
    assert files == [left["sha256"].hex()]
