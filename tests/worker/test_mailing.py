"""Letters are sent by the worker: once taken they are gone, and what fails is tried again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from earful.accounts import letters, postbox
from earful.accounts.mail_server import Wanted, keep_server
from earful.accounts.secrets import Keyring
from earful.media.files import MediaFiles
from earful.store.pool import Database
from earful.worker.desk import Shared
from earful.worker.mailing import send_due
from tests.cast import Cast, gather
from tests.desk.acts import rows
from tests.mail_server import mail_server

KEYRING = Keyring(["a key for the tests of the worker, long enough"])
URL = "https://care.example/password/secret-token"


@pytest.fixture
async def cast(database: Database) -> Cast:
    return await gather(database)


@pytest.fixture
def shared(cast: Cast, tmp_path: Path) -> Shared:
    return Shared(cast.database, cast.time, KEYRING, MediaFiles(tmp_path))


async def forget(cast: Cast, port: int) -> None:
    """Bob forgot his password, in a workspace whose mail server is at `port`."""
    assert cast.bob.id is not None
    letter = letters.new_password("bob@northwind.example", name="Bob", url=URL)
    wanted = Wanted(host="127.0.0.1", port=port, security="none", sender="care@northwind.example")
    key, now = cast.workspace_id, cast.time()
    async with cast.database.transaction() as db:
        await keep_server(db, KEYRING, key, wanted, now=now)
        await postbox.put_in(
            db, KEYRING, key, cast.bob.id, letter, lasts_for=timedelta(hours=2), now=now
        )


async def trouble_of(cast: Cast) -> str:
    [row] = await rows(cast, "SELECT trouble FROM mail_server")
    words: str = row["trouble"]
    return words


async def kinds(cast: Cast) -> list[str]:
    return [row["kind"] for row in await rows(cast, "SELECT kind FROM event ORDER BY seq")]


async def test_a_letter_is_sent_once_and_nothing_of_it_is_kept(cast: Cast, shared: Shared) -> None:
    async with mail_server() as post:
        await forget(cast, post.port)
        [row] = await rows(cast, "SELECT sealed FROM letter")
        assert b"secret-token" not in row["sealed"]
        await send_due(shared)
        await send_due(shared)
    assert [URL in got.get_content() for got in post.got] == [True]
    assert await rows(cast, "SELECT 1 FROM letter") == []
    assert await kinds(cast) == ["mail.sent"]
    [line] = await rows(cast, "SELECT act, object_id FROM audit")
    assert (line["act"], line["object_id"]) == ("mail.sent", cast.bob.id)


async def test_what_fails_is_tried_again_with_longer_waits(cast: Cast, shared: Shared) -> None:
    async with mail_server() as post:
        await forget(cast, post.port)
        post.refuse["RCPT"] = "450 4.2.1 try later"
        await send_due(shared)
        for attempts, wait in ((1, 10), (2, 20), (3, 40)):
            cast.time.pass_(seconds=wait - 1)
            await send_due(shared)
            assert post.attempts == attempts, f"before {wait} s"
            cast.time.pass_(seconds=1)
            await send_due(shared)
            assert post.attempts == attempts + 1, f"after {wait} s"
        assert "try later" in await trouble_of(cast)
        post.refuse.clear()
        cast.time.pass_(minutes=2)
        await send_due(shared)
    assert len(post.got) == 1
    assert await trouble_of(cast) == ""


async def test_what_is_refused_for_good_is_not_tried_again(cast: Cast, shared: Shared) -> None:
    async with mail_server() as post:
        await forget(cast, post.port)
        post.refuse["RCPT"] = "550 5.1.1 no such user"
        await send_due(shared)
    assert await rows(cast, "SELECT 1 FROM letter") == []
    assert await kinds(cast) == ["mail.failed"]
    assert "no such user" in await trouble_of(cast)


async def test_a_letter_whose_worker_died_is_sent_by_the_next(cast: Cast, shared: Shared) -> None:
    async with mail_server() as post:
        await forget(cast, post.port)
        async with cast.database.transaction() as db:
            assert len(await postbox.claim(db, now=cast.time())) == 1
        await send_due(shared)
        assert post.got == []
        async with cast.database.acquire() as db:
            await db.execute("UPDATE letter SET lease_until = now() - interval '1 second'")
        await send_due(shared)
    assert len(post.got) == 1


async def test_a_link_that_is_too_old_is_not_sent(cast: Cast, shared: Shared) -> None:
    async with mail_server() as post:
        await forget(cast, post.port)
        cast.time.pass_(hours=2)
        await send_due(shared)
    assert post.got == []
    assert await rows(cast, "SELECT 1 FROM letter") == []
