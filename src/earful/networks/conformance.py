"""What every connector must do, as cases that its tests run against a real peer.

A test gives a `Harness` for its network and runs each of `CASES` on it::

    @pytest.mark.parametrize("case", CASES, ids=name_of)
    async def test_conforms(case: Case, harness: Harness) -> None:
        await case(harness)

A case raises `Broken` (an AssertionError) with what was promised and not kept.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, aclosing
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from earful.kit.ids import new_id
from earful.networks.contract import (
    Batch,
    Change,
    Connector,
    Deletion,
    Draft,
    Network,
    NetworkError,
    Post,
    Reauthorize,
    Receipt,
    Rejected,
    RetryLater,
    Sends,
    Settles,
    Streams,
    Target,
    Uncertain,
)

HEAR_WITHIN = 25.0  # seconds in which a real peer must have told us


class Fault(StrEnum):
    """What goes wrong between us and the network while a post is published."""

    UNREACHABLE = "no connection is accepted"
    HANGS = "the request is read and never answered"
    BROKEN = "the network answers 500"
    LIMITED = "the network answers 429"
    LOST_ANSWER = "the request is carried out and the answer lost"
    HALF_ANSWER = "the request is carried out and half the answer arrives"
    CUT_STREAM = "listening connections break in the middle of a frame"


class Channel(Connector, Streams, Sends, Settles, Protocol):
    """A connector that listens and speaks."""


class Harness(Protocol):
    """One account on a real peer, somebody who writes to it, and a line that can be disturbed."""

    network: Network

    def channel(self) -> Channel:
        """A fresh connector for the account; all share one stored session."""

    def intruder(self) -> Connector:
        """A connector for the account with a wrong secret and no session."""

    async def expire(self) -> None:
        """Make the stored session one that the network no longer takes."""

    async def write(
        self, text: str, *, at: datetime | None = None, below: str | None = None
    ) -> str | None:
        """Somebody addresses the account, below a post of their own if told. The external id, or
        None if the network takes no such text. `at` is the time that the post claims."""

    async def erase(self, external_id: str) -> None:
        """Take what `write` made away."""

    async def standing(self) -> list[str]:
        """The texts of all that the account has published, oldest first."""

    def fault(self, fault: Fault) -> AbstractAsyncContextManager[None]:
        """Disturb the line for a while."""


Case = Callable[[Harness], Awaitable[None]]


class Broken(AssertionError):
    """A promise of the contract that was not kept."""


def name_of(case: Case) -> str:
    """The case's name, for a test's id."""
    return getattr(case, "__name__", "case")


class Ear:
    """Listens in the background and keeps what it heard."""

    def __init__(self, channel: Channel, since: Any = None) -> None:
        self.changes: list[Change] = []
        self.cursor: Any = since
        self._channel = channel
        self._news = asyncio.Condition()
        self._task = asyncio.create_task(self._listen())

    async def __aenter__(self) -> Ear:
        """Wait until the network was heard at all, so that what follows happens while listening."""
        await self.until(lambda: self.cursor is not None, "a first batch")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def post(self, external_id: str | None) -> Post:
        """The post, as soon as it was told."""
        await self.until(lambda: bool(self._posts(external_id)), f"the post {external_id}")
        return self._posts(external_id)[0]

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        """Wait for something. Raises Broken when it takes too long or listening ended."""
        try:
            async with asyncio.timeout(HEAR_WITHIN), self._news:
                await self._news.wait_for(lambda: holds() or self._task.done())
        except TimeoutError:
            raise Broken(f"{what} was not told within {HEAR_WITHIN:.0f} s") from None
        if not holds():
            raise Broken(f"listening ended before {what}: {self._task}")

    def _posts(self, external_id: str | None) -> list[Post]:
        return [
            each
            for each in self.changes
            if isinstance(each, Post) and each.external_id == external_id
        ]

    async def _listen(self) -> None:
        try:
            while True:  # the caller reconnects, as the worker does
                try:
                    async with aclosing(_stream(self._channel, self.cursor)) as batches:
                        async for batch in batches:
                            await self._keep(batch)
                except RetryLater:
                    await asyncio.sleep(0.1)
        finally:
            async with self._news:
                self._news.notify_all()

    async def _keep(self, batch: Batch) -> None:
        async with self._news:
            self.changes += batch.changes
            self.cursor = batch.cursor
            self._news.notify_all()


def _stream(channel: Channel, cursor: Any) -> Any:
    return channel.stream(cursor)


def must(holds: object, promise: str) -> None:
    """Raise Broken unless `holds`."""
    if not holds:
        raise Broken(promise)


async def tells_who_wrote_what_and_when(harness: Harness) -> None:
    """A post addressed to us arrives whole."""
    async with Ear(harness.channel()) as ear:
        post = await ear.post(await harness.write("Where is my parcel?"))
    must("Where is my parcel?" in post.text, "the text arrives as it was written")
    must(post.author.external_id and post.author.handle, "the author has an id and a handle")
    must(post.published_at.tzinfo is not None, "instants are aware")
    must(post.addressed and not post.own, "it is addressed to us and not our own")


async def misses_nothing_while_away(harness: Harness) -> None:
    """What was written while nobody listened arrives after a restart from the cursor."""
    async with Ear(harness.channel()) as ear:
        await ear.post(await harness.write("first"))
    missed = [await harness.write(f"missed {number}") for number in range(5)]
    async with Ear(harness.channel(), ear.cursor) as again:
        for external_id in missed:
            await again.post(external_id)


async def tells_the_same_ids_again(harness: Harness) -> None:
    """The same post told twice has the same id, text and author, so that it is accepted once."""
    external_id = await harness.write("once and again")
    async with Ear(harness.channel()) as first:
        before = await first.post(external_id)
    async with Ear(harness.channel()) as second:
        after = await second.post(external_id)
    must(before.text == after.text, "a repeat has the same text")
    must(before.author.external_id == after.author.external_id, "a repeat has the same author")


async def hears_posts_that_claim_an_old_time(harness: Harness) -> None:
    """A back-dated post is not passed over because newer ones are known."""
    async with Ear(harness.channel()) as ear:
        await ear.post(await harness.write("a newer one"))
        old = datetime.now(UTC) - timedelta(days=3)
        await ear.post(await harness.write("from three days ago", at=old))


async def bears_posts_from_the_future(harness: Harness) -> None:
    """A post that claims a time to come arrives, and so does what follows it."""
    async with Ear(harness.channel()) as ear:
        soon = datetime.now(UTC) + timedelta(days=3)
        await ear.post(await harness.write("from the future", at=soon))
        await ear.post(await harness.write("from now"))
    later = await harness.write("after the future")
    async with Ear(harness.channel(), ear.cursor) as again:
        await again.post(later)


async def keeps_threads_told_out_of_order(harness: Harness) -> None:
    """An answer that claims to be older than what it answers names its parent all the same."""
    async with Ear(harness.channel()) as ear:
        parent = await harness.write("the parent")
        old = datetime.now(UTC) - timedelta(hours=5)
        post = await ear.post(await harness.write("the answer", below=parent, at=old))
        must(post.parent_id == parent, "a reply names its parent")
        await ear.post(parent)


async def bears_any_text(harness: Harness) -> None:
    """Emoji, right-to-left, controls, NUL, a megabyte: told whole, or refused by the network."""
    texts = (
        "👩\u200d👩\u200d👧\u200d👦🏳\ufe0f\u200d🌈 e\u0301",
        "شحنتي ضاعت \u200f🙏",
        "tab\tbell\x07 \u202eoverride",
        "nul\x00here",
        "x" * 1_000_000,
    )
    async with Ear(harness.channel()) as ear:
        for text in texts:
            external_id = await harness.write(text)
            if external_id is not None:
                post = await ear.post(external_id)
                must(text in post.text, f"the text arrives whole: {text[:20]!r}")


async def tells_deletions(harness: Harness) -> None:
    """A post that was taken away is told to be gone."""
    async with Ear(harness.channel()) as ear:
        external_id = await harness.write("I take this back")
        await ear.post(external_id)
        await harness.erase(external_id or "")
        await ear.until(
            lambda: any(
                isinstance(each, Deletion) and each.external_id == external_id
                for each in ear.changes
            ),
            "the deletion",
        )


async def listens_on_after_a_cut(harness: Harness) -> None:
    """Half a frame, then silence: the next post arrives all the same."""
    async with Ear(harness.channel()) as ear:
        await ear.post(await harness.write("before the cut"))
        async with harness.fault(Fault.CUT_STREAM):
            during = await harness.write("during the cut")
            await ear.post(during)
        await ear.post(await harness.write("after the cut"))


async def publishes_once_for_one_key(harness: Harness) -> None:
    """The same key twice is one post, if the manifest promises so."""
    if not harness.network.manifest.idempotent_send:
        return
    channel, key, draft = harness.channel(), new_id(), Draft(text="only once")
    first = await channel.send(draft, key)
    second = await harness.channel().send(draft, key)
    must(_ids(first) == _ids(second), "a repeat gives the same receipt")
    must(await harness.standing() == ["only once"], "one post stands")


async def settles_a_lost_answer(harness: Harness) -> None:
    """Carried out but not answered: uncertain, then found by looking."""
    for fault in (Fault.LOST_ANSWER, Fault.HALF_ANSWER):
        channel, key, draft = harness.channel(), new_id(), Draft(text=f"sent, {fault.name}")
        async with harness.fault(fault):
            await _raises(channel.send(draft, key), Uncertain)
        receipt = await channel.settle(draft, key)
        must(receipt, f"what was published is found ({fault.name})")
        texts = await harness.standing()
        must(texts.count(draft.text) == 1, "it stands once")


async def does_not_find_what_was_never_sent(harness: Harness) -> None:
    """A hanging or broken network leaves nothing behind, and settling says so."""
    for fault in (Fault.HANGS, Fault.BROKEN):
        channel, key, draft = harness.channel(), new_id(), Draft(text=f"lost, {fault.name}")
        async with harness.fault(fault):
            await _raises(channel.send(draft, key), Uncertain, RetryLater)
        must(await channel.settle(draft, key) is None, "nothing is found")
        if harness.network.manifest.idempotent_send:
            await channel.send(draft, key)
            texts = await harness.standing()
            must(texts.count(draft.text) == 1, "sent again, it stands once")


async def says_when_to_try_again(harness: Harness) -> None:
    """Unreachable or limited: nothing happened, and a time to try again."""
    for fault in (Fault.UNREACHABLE, Fault.LIMITED):
        channel, key, draft = harness.channel(), new_id(), Draft(text=f"later, {fault.name}")
        async with harness.fault(fault):
            error = await _raises(channel.send(draft, key), RetryLater)
        must(isinstance(error, RetryLater) and error.after > 0, "it says when")
        must(draft.text not in await harness.standing(), "nothing was published")
        await channel.send(draft, key)
        must(draft.text in await harness.standing(), "afterwards it is published")


async def renews_its_session(harness: Harness) -> None:
    """A session that ran out is renewed without a person."""
    await harness.expire()
    await harness.channel().send(Draft(text="still here"), new_id())
    must(await harness.standing() == ["still here"], "it was published")


async def asks_for_a_new_sign_in(harness: Harness) -> None:
    """A wrong secret holds the channel; it is not tried for ever."""
    await _raises(harness.intruder().probe(), Reauthorize)


async def refuses_to_answer_the_deleted(harness: Harness) -> None:
    """An answer to a post that is gone is refused in words."""
    async with Ear(harness.channel()) as ear:
        external_id = await harness.write("gone in a moment")
        post = await ear.post(external_id)
    await harness.erase(post.external_id)
    target = Target(post.external_id, post.author.handle, post.ref)
    draft = Draft(text="too late", reply_to=target)
    error = await _raises(harness.channel().send(draft, new_id()), Rejected)
    must(len(str(error).split()) > 3, "the refusal is in words")
    must(await harness.standing() == [], "nothing was published")


async def splits_or_refuses_the_long(harness: Harness) -> None:
    """A text over the limit becomes a thread in order where there are threads, else is refused."""
    manifest = harness.network.manifest
    text = " ".join(
        f"Sentence number {number} 👩\u200d👧." for number in range(manifest.length // 8)
    )
    channel, key = harness.channel(), new_id()
    if not manifest.threads:
        await _raises(channel.send(Draft(text=text), key), Rejected)
        return
    receipt = await channel.send(Draft(text=text), key)
    texts = [part.text for part in receipt.parts]
    must(len(texts) > 1, "it is a thread")
    must(" ".join(texts) == text, "the parts together say what was written")
    must(all(harness.network.count(each) <= manifest.length for each in texts), "each part fits")
    must(await harness.standing() == texts, "the parts stand in order")
    must(_ids(await channel.settle(Draft(text=text), key)) == _ids(receipt), "all are found again")


async def _raises(call: Awaitable[object], *kinds: type[NetworkError]) -> NetworkError:
    try:
        await call
    except kinds as error:
        return error
    raise Broken(f"it should have raised {' or '.join(kind.__name__ for kind in kinds)}")


def _ids(receipt: Receipt | None) -> list[str]:
    return [part.external_id for part in receipt.parts] if receipt else []


CASES: tuple[Case, ...] = (
    tells_who_wrote_what_and_when,
    misses_nothing_while_away,
    tells_the_same_ids_again,
    hears_posts_that_claim_an_old_time,
    bears_posts_from_the_future,
    keeps_threads_told_out_of_order,
    bears_any_text,
    tells_deletions,
    listens_on_after_a_cut,
    publishes_once_for_one_key,
    settles_a_lost_answer,
    does_not_find_what_was_never_sent,
    says_when_to_try_again,
    renews_its_session,
    asks_for_a_new_sign_in,
    refuses_to_answer_the_deleted,
    splits_or_refuses_the_long,
)
