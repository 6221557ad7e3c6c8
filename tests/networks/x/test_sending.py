"""Publishing on X: replies, threads, pictures, messages; once, and with words where X says no."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from earful.kit.ids import new_id
from earful.networks.contract import (
    Draft,
    Rejected,
    RetryLater,
    Target,
    Uncertain,
    Upload,
    Visibility,
)
from earful.networks.x import NETWORK
from earful.networks.x.simulator import stage
from earful.networks.x.simulator.faults import Fault
from tests.networks.x.bench import Bench

LONG = " ".join(f"This is sentence number {number}." for number in range(40))


def target(bench: Bench, id_: str, *, private: bool = False) -> Target:
    author = bench.world.users[bench.world.posts[id_].author_id]
    return Target(id_, author.username, {"id": id_}, author.id, private)


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


async def test_a_reply_with_a_picture(bench: Bench) -> None:
    asked = bench.says("@Northwind where?")
    upload = Upload(png(), "image/png", "A red card", 40, 30)
    draft = Draft(text="Here & now", reply_to=target(bench, asked), uploads=(upload,))
    [part] = (await bench.open().send(draft, new_id())).parts
    post = bench.world.posts[part.external_id]
    assert (post.reply_to, part.text) == (asked, "Here & now")
    [medium] = [bench.world.media[id_] for id_ in post.media]
    assert (medium.alt, medium.data) == ("A red card", upload.data)
    assert part.uri == f"https://x.com/Northwind/status/{part.external_id}"
    assert bench.memory.purse.charged == {"summoned_reply": 10_000}


async def test_a_large_picture_goes_in_chunks(bench: Bench) -> None:
    data = png() + b"\0" * 2_500_000
    draft = Draft(text="see", uploads=(Upload(data, "image/png", "Grey", 40, 30),))
    [part] = (await bench.open().send(draft, new_id())).parts
    [medium] = [bench.world.media[id_] for id_ in bench.world.posts[part.external_id].media]
    assert medium.data == data
    assert bench.memory.budget.taken["upload:user"] == 6


async def test_a_reply_goes_to_the_version_that_stands(bench: Bench) -> None:
    asked = bench.says("@Northwind wher?")
    newer = bench.says("@Northwind where?", previous=asked)
    post = await bench.open().look(newer)
    assert post is not None
    whom = Target(post.external_id, "carol", post.ref)
    [part] = (await bench.open().send(Draft(text="Here.", reply_to=whom), new_id())).parts
    assert post.external_id == asked
    assert bench.world.posts[part.external_id].reply_to == newer


async def test_a_thread_hangs_together_and_is_completed(bench: Bench) -> None:
    """The limit is reached after two parts: sent again, only the others are added."""
    asked = bench.says("@Northwind explain")
    key, draft = new_id(), Draft(text=LONG, reply_to=target(bench, asked))
    bench.state.limits.take("publish", bench.brand.id, on=True)
    window = bench.state.limits
    for _ in range(97):
        window.take("publish", bench.brand.id, on=True)
    with pytest.raises(RetryLater) as cut:
        await bench.open().send(draft, key)
    assert cut.value.begun == len(bench.ours()) == 2
    bench.state.now.advance(cut.value.after + 1)
    parts = (await bench.open().send(draft, key)).parts
    assert len(bench.ours()) == len(parts) > 3
    above = [asked, *(part.external_id for part in parts)]
    posts = [bench.world.posts[part.external_id] for part in parts]
    assert [post.reply_to for post in posts] == above[:-1]
    receipt = await bench.open().settle(draft, key)
    assert receipt is not None
    assert [each.external_id for each in receipt.parts] == above[1:]


@pytest.mark.parametrize("kind", ["drop", "half", "500-after", "hang-after"])
async def test_an_unknown_outcome_is_found(bench: Bench, kind: Any) -> None:
    asked = bench.says("@Northwind hi", by="dave")
    text = "Look: example.com/a & <b> 🎉"
    key, draft = new_id(), Draft(text=text, reply_to=target(bench, asked))
    bench.state.faults.add(Fault(kind, "publish"))
    with pytest.raises(Uncertain):
        await bench.open().send(draft, key)
    receipt = await bench.open().settle(draft, key)
    assert receipt is not None
    assert len(bench.ours()) == 1
    other = Draft(text=text, reply_to=target(bench, bench.says("@Northwind me too")))
    assert await bench.open().settle(other, key) is None  # the same words to somebody else


async def test_sent_again_it_is_found_and_not_doubled(bench: Bench) -> None:
    """X refuses the same text twice; then what stands is ours from before."""
    asked = bench.says("@Northwind hi")
    key, draft = new_id(), Draft(text="Hello.", reply_to=target(bench, asked))
    first = await bench.open().send(draft, key)
    again = await bench.open().send(draft, key)
    assert again == first
    assert len(bench.ours()) == 1


async def test_who_did_not_summon_us(bench: Bench) -> None:
    """Refused for good, in words, and only where X refuses."""
    stray = bench.says("northwind is slow")
    draft = Draft(text="Sorry!", reply_to=target(bench, stray))
    with pytest.raises(Rejected, match="Open the post in X"):
        await bench.open().send(draft, new_id())
    bench.state.plan.tier = "enterprise"
    assert (await bench.open(tier="enterprise").send(draft, new_id())).parts


async def test_messages_with_one_picture(bench: Bench) -> None:
    asked = bench.says("@Northwind my order is 4471")
    upload = Upload(png(), "image/png", "A label", 40, 30)
    draft = Draft(text="Thank you", reply_to=target(bench, asked), uploads=(upload,),
                  visibility=Visibility.DIRECT)  # fmt: skip
    key = new_id()
    receipt = await bench.open().send(draft, key)
    [dm] = bench.world.dms.values()
    assert (dm.text, len(dm.media)) == ("Thank you", 1)
    assert receipt.parts[0].external_id == f"dm:{dm.id}"
    assert await bench.open().settle(draft, key) == receipt
    two = Draft(text="x", reply_to=target(bench, asked), uploads=(upload, upload),
                visibility=Visibility.DIRECT)  # fmt: skip
    with pytest.raises(Rejected, match="one picture"):
        await bench.open().send(two, key)


async def test_who_can_be_written_to(bench: Bench) -> None:
    shut = bench.says("@Northwind hi", by="shut")
    stage.account(bench.world, stage.Account(username="shut", receives_dms=False))
    open_ = bench.says("@Northwind hi", by="open")
    connector = bench.open()
    assert (await connector.reach(target(bench, open_))).can
    no = await connector.reach(target(bench, shut))
    assert not no.can
    assert "@shut takes no messages" in no.why
    draft = Draft(text="hi", reply_to=target(bench, shut), visibility=Visibility.DIRECT)
    with pytest.raises(Rejected):
        await connector.send(draft, new_id())


async def test_hide_and_remove(bench: Bench) -> None:
    connector = bench.open()
    [part] = (await connector.send(Draft(text="News"), new_id())).parts
    rude = bench.says("@Northwind rude", reply_to=part.external_id)
    await connector.hide(rude, hidden=True)
    assert bench.world.posts[rude].hidden
    await connector.hide(rude, hidden=False)
    assert not bench.world.posts[rude].hidden
    await connector.remove(part.external_id)
    await connector.remove(part.external_id)  # twice is as good as once
    assert bench.ours() == []
    with pytest.raises(Rejected):
        await connector.remove(rude)
    with pytest.raises(Rejected, match="public posts only"):
        await connector.remove("dm:5")


async def test_look(bench: Bench) -> None:
    connector, asked = bench.open(), bench.says("@Northwind hello")
    found = await connector.look(asked)
    assert found is not None
    assert (found.text, found.author.handle) == ("@Northwind hello", "carol")
    stage.delete(bench.world, asked)
    assert await connector.look(asked) is None
    assert await connector.look("dm:1") is None


@pytest.mark.parametrize(
    "draft",
    [
        Draft(text="  "),
        Draft(text="x", visibility=Visibility.EMAIL),
        Draft(text="x", uploads=(Upload(b"x", "image/png", "a", 1, 1),) * 5),
        Draft(text="x", uploads=(Upload(b"x" * 5_000_001, "image/png", "a", 1, 1),)),
        Draft(text="word " * 4000),
        Draft(text="x", visibility=Visibility.DIRECT),
    ],
    ids=["empty", "mail", "five pictures", "too large", "too many posts", "to nobody"],
)
async def test_refuses_in_words(bench: Bench, draft: Draft) -> None:
    with pytest.raises(Rejected) as refused:
        await bench.open().send(draft, new_id())
    assert len(str(refused.value).split()) > 3
    assert bench.ours() == []


def test_what_is_known_before_sending() -> None:
    warn = NETWORK.warn
    assert warn("Hello", Visibility.PUBLIC, {}) == []
    assert warn("see example.com", Visibility.DIRECT, {}) == []
    [words] = warn("see example.com", Visibility.PUBLIC, {})
    assert "$0.20" in words
    there = NETWORK.answer_there("5", "", "a & b")
    assert there == "https://x.com/intent/post?in_reply_to=5&text=a+%26+b"
