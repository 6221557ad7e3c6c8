"""Promises: made, reminded of, kept with evidence, broken when not; none is forgotten."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from earful.accounts.secrets import Keyring
from earful.composing.automatic import say
from earful.conversations.rows import lock
from earful.desk.deliveries import undo
from earful.desk.merge import merge
from earful.desk.privacy import erase_person
from earful.desk.resolve import resolve
from earful.desk.settle import delivery_troubled
from earful.kit.refusal import NotFound, Refused
from earful.media.files import MediaFiles
from earful.outbox import outcome, queue
from earful.promises import register
from earful.promises.listing import promises_in
from earful.promises.record import record_of
from earful.promises.register import Given, Promise
from earful.store.pool import Database
from earful.worker.desk import Shared
from earful.worker.responding import hear_on, promises_due
from tests.cast import DAVE, Cast, gather, post
from tests.desk.acts import answer, card_of, home_of, rows, take


@pytest.fixture
async def cast(database: Database) -> Cast:
    return await gather(database)


@pytest.fixture
def shared(cast: Cast, tmp_path: Path) -> Shared:
    keyring = Keyring(["a key for the tests of promises, long enough"])
    return Shared(cast.database, cast.time, keyring, MediaFiles(tmp_path))


async def _give(cast: Cast, home: str, **more: object) -> Promise:
    more.setdefault("due_at", cast.time() + timedelta(days=4))
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        return await register.give(work, home, Given(words="refund", **more))  # type: ignore[arg-type]


async def _home(cast: Cast, number: str = "1") -> str:
    await take(cast, post(number, author=DAVE if number == "2" else post("x").author))
    return await home_of(cast, number)


async def _promise(cast: Cast, home: str) -> Promise:
    async with cast.database.acquire() as db:
        page = await promises_in(db, cast.workspace_id, home)
    [found] = page.items
    return found


async def test_it_comes_back_before_it_is_due_and_is_kept_by_evidence(
    cast: Cast, shared: Shared
) -> None:
    home = await _home(cast)
    made = await _give(cast, home)
    assert (made.owner_id, made.remind_at) == (cast.bob.id, made.due_at - timedelta(hours=8))
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await resolve(work, home, "solved", "The refund is under way")
    cast.time.pass_(days=3, hours=16)
    await promises_due(shared)
    await promises_due(shared)
    assert (await card_of(cast, home)).status == "open"
    lines = await rows(cast, "SELECT text FROM message WHERE text LIKE 'Promised by%'")
    assert [line["text"] for line in lines] == ["Promised by 2026-11-06 09:00 UTC: refund"]
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        kept = await register.prove(work, made.id, "Bank slip 4471")
    assert (kept.state, kept.evidence, kept.evidence_by) == (
        "kept",
        "Bank slip 4471",
        cast.alice.id,
    )
    cast.time.pass_(days=2)
    await promises_due(shared)
    assert (await _promise(cast, home)).state == "kept"


async def test_what_is_not_kept_is_broken_and_stays_so_with_late_evidence(
    cast: Cast, shared: Shared
) -> None:
    home = await _home(cast)
    made = await _give(cast, home)
    cast.time.pass_(days=4)
    await promises_due(shared)
    assert (await _promise(cast, home)).state == "broken"
    cast.time.pass_(hours=5)
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        late = await register.prove(work, made.id, "Bank slip")
    assert (late.state, late.done_at) == ("broken", cast.time())
    async with cast.database.acquire() as db:
        [record] = await record_of(db, cast.workspace_id, made.made_at, cast.time())
    assert (record.made, record.broken, record.kept_rate) == (1, 1, 0.0)
    assert record.late_for_median == timedelta(hours=5).total_seconds()
    kinds = await rows(cast, "SELECT kind FROM event WHERE kind LIKE 'promise.%' ORDER BY seq")
    assert [row["kind"] for row in kinds] == [
        "promise.made",
        "promise.reminded",
        "promise.broken",
        "promise.broken",
    ]


async def test_withdrawn_needs_a_reason_and_counts_apart(cast: Cast, shared: Shared) -> None:
    home = await _home(cast)
    made = await _give(cast, home)
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        with pytest.raises(Refused, match="told"):
            await register.withdraw(work, made.id, " ")
        await register.withdraw(work, made.id, "They wanted a voucher instead")
        with pytest.raises(Refused, match="withdrawn"):
            await register.prove(work, made.id, "slip")
    cast.time.pass_(days=5)
    await promises_due(shared)
    assert (await _promise(cast, home)).state == "withdrawn"


async def test_merged_away_it_comes_back_where_it_went(cast: Cast, shared: Shared) -> None:
    home, other = await _home(cast), await _home(cast, "2")
    made = await _give(cast, home)
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await merge(work, home, other)
    assert (await _promise(cast, other)).id == made.id, "where one reads it now"
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await resolve(work, other, "solved", "All told")
    cast.time.pass_(days=4)
    await promises_due(shared)
    assert (await card_of(cast, other)).status == "open"
    assert (await card_of(cast, home)).status == "resolved"


async def test_odd_promises_are_refused(cast: Cast) -> None:
    home = await _home(cast)
    with pytest.raises(Refused, match="future"):
        await _give(cast, home, due_at=cast.time())
    with pytest.raises(Refused, match="future"):
        await _give(cast, home, due_at=cast.time() + timedelta(days=400))
    with pytest.raises(Refused, match="before it is due"):
        await _give(cast, home, remind_at=cast.time() + timedelta(days=5))
    with pytest.raises(NotFound):
        await _give(cast, home, owner_id=home)
    assert await rows(cast, "SELECT 1 FROM promise") == []


async def test_erased_its_words_are_gone_and_nobody_breaks_it(cast: Cast, shared: Shared) -> None:
    home = await _home(cast)
    await _give(cast, home)
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await erase_person(work, (await card_of(cast, home)).contact.id)
    left = await _promise(cast, home)
    assert (left.words, left.state) == ("", "withdrawn")
    cast.time.pass_(days=9)
    await promises_due(shared)
    assert await rows(cast, "SELECT 1 FROM event WHERE kind = 'promise.broken'") == []
    assert await rows(cast, "SELECT 1 FROM event WHERE data::text LIKE '%refund%'") == []


async def test_taken_back_with_its_reply_it_was_never_made(cast: Cast, shared: Shared) -> None:
    home = await _home(cast)
    reply = await answer(cast, home, "Your refund is there by Friday.", undo_for=60)
    made = await _give(cast, home, message_id=reply.message_id)
    await hear_on(shared)
    assert (await _promise(cast, home)).state == "open"
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await undo(work, reply.id)
    await hear_on(shared)
    gone = await _promise(cast, home)
    assert (gone.id, gone.state, gone.message_id) == (made.id, "withdrawn", reply.message_id)
    assert "taken back" in gone.evidence
    with pytest.raises(Refused, match="taken back"):
        await _give(cast, home, message_id=reply.message_id)
    with pytest.raises(NotFound):
        await _give(cast, home, message_id=home)


async def test_what_could_not_be_said_by_itself_is_no_promise(cast: Cast, shared: Shared) -> None:
    home = await _home(cast)
    async with cast.works.open(cast.workspace_id) as work:
        said = await say(work, home, "A person answers by noon.", why="responder")
        due_at = cast.time() + timedelta(hours=3)
        await register.say_answer_by(work, await lock(work, home), due_at, said.message_id)
    await hear_on(shared)
    assert (await _promise(cast, home)).state == "open"
    async with cast.works.open(cast.workspace_id) as work:
        [claimed] = await queue.claim(work)
        await outcome.back_to(work, claimed, "failed", "The network refuses it")
        await delivery_troubled(work, claimed, "failed")
    await hear_on(shared)
    cast.time.pass_(hours=4)
    await promises_due(shared)
    assert (await _promise(cast, home)).state == "withdrawn"


async def test_what_a_machine_said_to_spam_is_no_broken_promise(cast: Cast, shared: Shared) -> None:
    home, other = await _home(cast), await _home(cast, "2")
    async with cast.works.open(cast.workspace_id) as work:
        for one in (home, other):
            row = await lock(work, one)
            await register.say_answer_by(work, row, cast.time() + timedelta(hours=1))
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await resolve(work, home, "spam", "An advertisement")
    cast.time.pass_(hours=2)
    await promises_due(shared)
    assert (await _promise(cast, home)).state == "withdrawn"
    assert (await card_of(cast, home)).status == "resolved", "spam does not come back"
    assert (await _promise(cast, other)).state == "broken"
