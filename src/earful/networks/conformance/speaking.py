"""Cases of publishing: once, whatever the line does, with an error that carries the decision."""

from __future__ import annotations

from earful.kit.ids import new_id
from earful.networks.conformance.ear import Ear
from earful.networks.conformance.harness import Case, Fault, Harness, must, raises
from earful.networks.contract import (
    Draft,
    Hides,
    Reauthorize,
    Receipt,
    Rejected,
    Removes,
    RetryLater,
    Target,
    Uncertain,
)


async def publishes_once_for_one_key(harness: Harness) -> None:
    """The same key twice is one post, if the manifest promises so."""
    if not harness.network.manifest.idempotent_send:
        return
    channel, key, draft = harness.channel(), new_id(), Draft(text="only once")
    first = await channel.send(draft, key)
    second = await harness.channel().send(draft, key)
    must(_ids(first) == _ids(second), "a repeat gives the same receipt")
    must(await harness.standing() == ["only once"], "one post stands")


async def can_what_its_manifest_says(harness: Harness) -> None:
    """What is offered to agents before a channel is open is what its connector can do."""
    manifest, channel = harness.network.manifest, harness.channel()
    must(manifest.hides == isinstance(channel, Hides), "`hides` tells whether it is Hides")
    must(manifest.removes == isinstance(channel, Removes), "`removes` tells whether it is Removes")
    await channel.close()


async def settles_a_lost_answer(harness: Harness) -> None:
    """Carried out but not answered: uncertain, then found by looking."""
    for fault in (Fault.LOST_ANSWER, Fault.HALF_ANSWER):
        channel, key, draft = harness.channel(), new_id(), Draft(text=f"sent, {fault.name}")
        async with harness.fault(fault):
            await raises(channel.send(draft, key), Uncertain)
        receipt = await channel.settle(draft, key)
        must(receipt, f"what was published is found ({fault.name})")
        texts = await harness.standing()
        must(texts.count(draft.text) == 1, "it stands once")


async def does_not_find_what_was_never_sent(harness: Harness) -> None:
    """A hanging or broken network leaves nothing behind, and settling says so."""
    for fault in (Fault.HANGS, Fault.BROKEN):
        channel, key, draft = harness.channel(), new_id(), Draft(text=f"lost, {fault.name}")
        async with harness.fault(fault):
            await raises(channel.send(draft, key), Uncertain, RetryLater)
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
            error = await raises(channel.send(draft, key), RetryLater)
        must(isinstance(error, RetryLater) and error.after > 0, "it says when")
        must(draft.text not in await harness.standing(), "nothing was published")
        await channel.send(draft, key)
        must(draft.text in await harness.standing(), "afterwards it is published")


async def renews_its_session(harness: Harness) -> None:
    """A session that ran out is renewed without a person, where one signs in at all."""
    if not _signs_in(harness):
        return
    await harness.expire()
    await harness.channel().send(Draft(text="still here"), new_id())
    must(await harness.standing() == ["still here"], "it was published")


async def asks_for_a_new_sign_in(harness: Harness) -> None:
    """A wrong secret holds the channel, where there is one; it is not tried for ever."""
    if not _signs_in(harness):
        return
    await raises(harness.intruder().probe(), Reauthorize)


async def refuses_to_answer_the_deleted(harness: Harness) -> None:
    """An answer to a post that is gone is refused in words, where posts can be taken back."""
    if not harness.network.manifest.recalls:
        return
    async with Ear(harness.channel()) as ear:
        external_id = await harness.write("gone in a moment")
        post = await ear.post(external_id)
    await harness.erase(post.external_id)
    target = Target(post.external_id, post.author.handle, post.ref)
    draft = Draft(text="too late", reply_to=target)
    error = await raises(harness.channel().send(draft, new_id()), Rejected)
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
        await raises(channel.send(Draft(text=text), key), Rejected)
        return
    receipt = await channel.send(Draft(text=text), key)
    texts = [part.text for part in receipt.parts]
    must(len(texts) > 1, "it is a thread")
    must(" ".join(texts) == text, "the parts together say what was written")
    must(all(harness.network.count(each) <= manifest.length for each in texts), "each part fits")
    must(await harness.standing() == texts, "the parts stand in order")
    must(_ids(await channel.settle(Draft(text=text), key)) == _ids(receipt), "all are found again")


def _signs_in(harness: Harness) -> bool:
    return any(field.secret for field in harness.network.manifest.fields)


def _ids(receipt: Receipt | None) -> list[str]:
    return [part.external_id for part in receipt.parts] if receipt else []


SPEAKING: tuple[Case, ...] = (
    can_what_its_manifest_says,
    publishes_once_for_one_key,
    settles_a_lost_answer,
    does_not_find_what_was_never_sent,
    says_when_to_try_again,
    renews_its_session,
    asks_for_a_new_sign_in,
    refuses_to_answer_the_deleted,
    splits_or_refuses_the_long,
)
