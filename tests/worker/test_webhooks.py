"""Webhooks hear of each event at least once, in order, signed, and never inside the house."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from earful.accounts.secrets import Keyring, context_of
from earful.kit.addresses import LOOPBACK, Guard
from earful.kit.ids import new_id
from earful.kit.safe_http import guarded_client
from earful.media.files import MediaFiles
from earful.store.pool import Database
from earful.worker import webhooks
from earful.worker.desk import Shared
from tests.cast import Cast, gather
from tests.desk.acts import rows
from tests.worker.receiver import Receiver, receiving
from tests.worker.test_names import started
from tests.worker.waiting import eventually

SECRET = "a webhook's secret"


@pytest.fixture
async def cast(database: Database) -> Cast:
    return await gather(database)


@pytest.fixture
def shared(cast: Cast, tmp_path: Path) -> Shared:
    keyring = Keyring(["a key for the tests of webhooks, long enough"])
    guard = Guard(LOOPBACK)
    return Shared(cast.database, cast.time, keyring, MediaFiles(tmp_path), guard=guard)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as running:
        yield running


async def add(shared: Shared, cast: Cast, url: str, *kinds: str) -> str:
    webhook_id = new_id()
    sealed = shared.keyring.seal(
        SECRET.encode(), context=context_of(cast.workspace_id, "webhook.secret", webhook_id)
    )
    await rows(
        cast,
        """INSERT INTO webhook (workspace_id, id, url, kinds, secret, seq, run_at, created_at)
           VALUES ($1, $2, $3, $4, $5, 0, $6, $6)""",
        cast.workspace_id,
        webhook_id,
        url,
        list(kinds),
        sealed,
        cast.time(),
    )
    return webhook_id


async def happen(cast: Cast, *kinds: str) -> None:
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        for kind in kinds:
            work.emit(kind, {"what": kind})


async def turn(shared: Shared, guard: Guard | None = None) -> int:
    hooks = await webhooks.claim(shared)
    async with guarded_client(guard or Guard(LOOPBACK)) as client:
        for hook in hooks:
            await webhooks.take_turn(shared, hook, client)
    return len(hooks)


def kinds_told(receiver: Receiver) -> list[str]:
    return [msgspec.json.decode(told.body)["kind"] for told in receiver.told]


async def told(cast: Cast) -> bool:
    """Whether the webhook has come to the end of the log."""
    return bool(
        await rows(
            cast,
            "SELECT FROM webhook h JOIN event_counter c USING (workspace_id) "
            "WHERE h.seq = c.seq AND h.lease_until IS NULL",
        )
    )


async def state(cast: Cast) -> tuple[str, str, int]:
    [row] = await rows(cast, "SELECT state, error, seq FROM webhook")
    return row["state"], row["error"], row["seq"]


async def test_events_that_expired_before_they_were_told_are_said_to_be_lost(
    shared: Shared, cast: Cast, receiver: Receiver
) -> None:
    await add(shared, cast, receiver.url)
    await happen(cast, *(f"tag.n{n}" for n in range(5)))
    await rows(cast, "DELETE FROM event WHERE seq <= 3")
    await turn(shared)
    assert kinds_told(receiver) == ["tag.n3", "tag.n4"]
    [hook] = await rows(cast, "SELECT seq, skipped, state FROM webhook")
    assert (hook["seq"], hook["skipped"], hook["state"]) == (5, 3, "active")
    [said] = await rows(cast, "SELECT data FROM event WHERE kind = 'webhook.lagged'")
    assert said["data"]["webhook"]["skipped"] == 3
    await rows(cast, "DELETE FROM event")  # even the one that says so
    await turn(shared)
    [hook] = await rows(cast, "SELECT seq, skipped FROM webhook")
    assert (hook["seq"], hook["skipped"]) == (6, 4)


async def test_events_are_told_in_order_signed_and_once(
    shared: Shared, cast: Cast, receiver: Receiver
) -> None:
    await add(shared, cast, receiver.url, "tag.*", "conversation.assigned")
    await happen(cast, "tag.changed", "macro.changed", "conversation.assigned", "tag.removed")
    assert await turn(shared) == 1
    assert kinds_told(receiver) == ["tag.changed", "conversation.assigned", "tag.removed"]
    assert await turn(shared) == 0
    told = receiver.told[1]
    assert told.headers["host"] == f"localhost:{receiver.port}"
    assert told.headers["earful-id"] == f"{cast.workspace_id}:3"
    assert msgspec.json.decode(told.body)["id"] == f"{cast.workspace_id}:3"
    stamp = told.headers["earful-timestamp"]
    digest = hmac.new(SECRET.encode(), f"{stamp}.".encode() + told.body, hashlib.sha256)
    assert told.headers["earful-signature"] == "v1=" + digest.hexdigest()


async def test_trouble_is_said_and_tried_again_from_where_it_stopped(
    shared: Shared, cast: Cast, receiver: Receiver
) -> None:
    await add(shared, cast, receiver.url)
    await happen(cast, "tag.changed", "tag.removed")
    receiver.answers = ["200 OK", "500 Oops"]
    await turn(shared)
    assert await state(cast) == ("failing", "It answers 500.", 1)
    assert await turn(shared) == 0, "not before its time"
    cast.time.pass_(seconds=2)
    await turn(shared)
    assert kinds_told(receiver) == ["tag.changed", "tag.removed", "tag.removed"]
    assert (await state(cast))[:2] == ("active", "")


async def test_after_days_of_trouble_it_is_disabled(
    shared: Shared, cast: Cast, receiver: Receiver
) -> None:
    await add(shared, cast, receiver.url)
    await happen(cast, "tag.changed")
    receiver.answers = ["500 Oops"] * 20
    await turn(shared)
    cast.time.pass_(days=3)
    await turn(shared)
    assert (await state(cast))[0] == "disabled"
    cast.time.pass_(days=1)
    assert await turn(shared) == 0


async def test_a_redirect_is_not_followed(shared: Shared, cast: Cast, receiver: Receiver) -> None:
    await add(shared, cast, receiver.url)
    await happen(cast, "tag.changed")
    receiver.answers = [f"307 Go\r\nLocation: {receiver.url}/other"]
    await turn(shared)
    assert "redirects are not followed" in (await state(cast))[1]
    assert len(receiver.told) == 1


async def test_loopback_is_never_called_unless_allowed(
    shared: Shared, cast: Cast, receiver: Receiver
) -> None:
    await add(shared, cast, receiver.url)
    await happen(cast, "tag.changed")
    await turn(shared, Guard())
    assert "private network or of this machine" in (await state(cast))[1]
    assert receiver.told == []


async def test_a_worker_that_died_in_its_turn_loses_nothing(
    shared: Shared, cast: Cast, receiver: Receiver
) -> None:
    await add(shared, cast, receiver.url)
    await happen(cast, "tag.changed")
    assert len(await webhooks.claim(shared)) == 1
    assert await turn(shared) == 0, "leased"
    await rows(cast, "UPDATE webhook SET lease_until = now() - interval '1 second'")
    await turn(shared)
    assert kinds_told(receiver) == ["tag.changed"]


async def test_what_a_killed_worker_was_telling_is_told_without_waiting_for_its_lease(
    shared: Shared, cast: Cast, receiver: Receiver
) -> None:
    process, name = started()
    process.communicate()
    await add(shared, cast, receiver.url)
    await happen(cast, "tag.changed")
    shared.name, alive = name, shared.name
    assert len(await webhooks.claim(shared)) == 1  # then kill -9
    shared.name = alive
    assert await webhooks.outlook(shared) == (0.05, [name])
    keeping = asyncio.create_task(webhooks.keep_webhooks(shared))
    await eventually(lambda: told(cast))
    shared.stopping.set()
    shared.wake()
    await keeping
    assert kinds_told(receiver) == ["tag.changed"]


async def test_a_living_worker_keeps_its_lease(
    shared: Shared, cast: Cast, receiver: Receiver
) -> None:
    await add(shared, cast, receiver.url)
    await happen(cast, "tag.changed")
    await webhooks.claim(shared)
    assert (await webhooks.outlook(shared))[1] == []
    assert await turn(shared) == 0


async def test_a_paused_one_waits_and_misses_nothing(
    shared: Shared, cast: Cast, receiver: Receiver
) -> None:
    await add(shared, cast, receiver.url)
    await happen(cast, "tag.changed")
    [hook] = await webhooks.claim(shared)
    await rows(cast, "UPDATE webhook SET state = 'paused'")
    async with guarded_client(Guard(LOOPBACK)) as client:
        await webhooks.take_turn(shared, hook, client)
    assert await state(cast) == ("paused", "", 1), "a turn under way does not start it again"
    [row] = await rows(cast, "SELECT told_at FROM webhook")
    assert row["told_at"] == cast.time()
    await happen(cast, "tag.removed")
    assert await turn(shared) == 0
    await rows(cast, "UPDATE webhook SET state = 'active'")
    await turn(shared)
    assert kinds_told(receiver) == ["tag.changed", "tag.removed"]
