"""Cases of listening: nothing is missed, whatever it says and whenever it claims to be from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from earful.networks.conformance.ear import Ear
from earful.networks.conformance.harness import Case, Fault, Harness, must
from earful.networks.contract import Deletion


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
    """A post that was taken away is told to be gone, where that can be done."""
    if not harness.network.manifest.recalls:
        return
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


HEARING: tuple[Case, ...] = (
    tells_who_wrote_what_and_when,
    misses_nothing_while_away,
    tells_the_same_ids_again,
    hears_posts_that_claim_an_old_time,
    bears_posts_from_the_future,
    keeps_threads_told_out_of_order,
    bears_any_text,
    tells_deletions,
    listens_on_after_a_cut,
)
