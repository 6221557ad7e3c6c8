"""What goes out: rich text, pictures, threads that are completed, deletions."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from earful.kit.ids import new_id
from earful.networks.bluesky.keys import made_at, record_key, stamp
from earful.networks.contract import Draft, Rejected, RetryLater, Target, Upload, Visibility
from tests.networks.bluesky.bench import Bench
from tests.networks.bluesky.network import Account

LONG = "First sentence, quite long as sentences go. " * 20


async def test_mentions_links_and_tags_carry_byte_offsets(
    bench: Bench, brand: Account, carol: Account
) -> None:
    """Bytes, not characters: an emoji stands before each."""
    text = f"👋🏽 @{carol.handle} see https://example.com/help?a=1. 🙏 #Service @nobody.invalid"
    key = new_id()
    receipt = await bench.connector.send(Draft(text=text, language="en"), key)
    record = (await brand.posts())[0]["value"]
    spots = {
        text.encode()[each["index"]["byteStart"] : each["index"]["byteEnd"]].decode():
            each["features"][0] for each in record["facets"]
    }  # fmt: skip
    assert spots[f"@{carol.handle}"]["did"] == carol.did
    assert spots["https://example.com/help?a=1"]["uri"] == "https://example.com/help?a=1"
    assert spots["#Service"]["tag"] == "Service"
    assert len(spots) == 3
    assert (record["langs"], record["createdAt"]) == (["en"], stamp(made_at(key)))
    assert receipt.parts[0].uri.startswith("https://bsky.app/profile/did:plc:")


async def test_completes_a_broken_thread(bench: Bench, brand: Account) -> None:
    """Some parts stand: settling says no, sending again fills in, and nothing stands twice."""
    key, draft = new_id(), Draft(text=LONG)
    whole = await bench.connector.send(draft, key)
    await brand.delete(whole.parts[1].external_id)
    assert await bench.connector.settle(draft, key) is None

    again = await bench.connector.send(draft, key)
    assert [part.external_id for part in again.parts] == [part.external_id for part in whole.parts]
    standing = await brand.posts()
    assert len(standing) == len(whole.parts)
    below = {each["uri"]: each["value"]["reply"] for each in standing if "reply" in each["value"]}
    first = whole.parts[0].external_id
    assert all(reply["root"]["uri"] == first for reply in below.values())
    assert below[whole.parts[2].external_id]["parent"]["uri"] == whole.parts[1].external_id


async def test_a_thread_cut_short_says_how_far_it_came(
    bench: Bench, brand: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The budget is spent after the first part; the same key completes the thread later."""
    honest = bench.budget.take

    async def take(bucket: str, cost: int = 1) -> None:
        if bucket == "write" and "write" in bench.budget.taken:
            raise RetryLater("spent")
        await honest(bucket, cost)

    key, draft = new_id(), Draft(text=LONG)
    with monkeypatch.context() as patch:
        patch.setattr(bench.budget, "take", take)
        with pytest.raises(RetryLater) as cut:
            await bench.connector.send(draft, key)
    assert (cut.value.begun, len(await brand.posts())) == (1, 1)
    whole = await bench.connector.send(draft, key)
    assert len(await brand.posts()) == len(whole.parts) > 2


async def test_large_picture_is_made_smaller(bench: Bench, brand: Account) -> None:
    """Noise, which compresses badly, far over a megabyte; the alt text goes with it."""
    noise = random.Random(7).randbytes(1200 * 900 * 3)  # noqa: S311 - a picture, no secret
    out = io.BytesIO()
    Image.frombytes("RGB", (1200, 900), noise).save(out, "PNG")
    upload = Upload(out.getvalue(), "image/png", "Grey noise", 1200, 900)
    assert len(upload.data) > 3_000_000
    await bench.connector.send(Draft(text="see", uploads=(upload,)), new_id())
    image = (await brand.posts())[0]["value"]["embed"]["images"][0]
    assert image["alt"] == "Grey noise"
    assert image["image"]["size"] <= 1_000_000
    assert image["aspectRatio"]["width"] * 3 == image["aspectRatio"]["height"] * 4


async def test_reply_to_a_post_without_luggage(
    bench: Bench, brand: Account, carol: Account
) -> None:
    """The reference is looked up when the target carries none."""
    made = await carol.post("who helps?")
    await carol.shown(made["uri"])
    target = Target(made["uri"], carol.handle, {})
    await bench.connector.send(Draft(text="We do.", reply_to=target), new_id())
    assert (await brand.posts())[0]["value"]["reply"]["parent"] == made


async def test_deletes_our_own_only(bench: Bench, brand: Account, carol: Account) -> None:
    """Twice is as good as once; a stranger's post is refused in words."""
    receipt = await bench.connector.send(Draft(text="oops"), new_id())
    await bench.connector.remove(receipt.parts[0].external_id)
    await bench.connector.remove(receipt.parts[0].external_id)
    assert await brand.posts() == []
    theirs = await carol.post("mine")
    with pytest.raises(Rejected, match="this account"):
        await bench.connector.remove(theirs["uri"])


@pytest.mark.parametrize(
    "draft",
    [
        Draft(text="  "),
        Draft(text="psst", visibility=Visibility.DIRECT),
        Draft(text="x", uploads=(Upload(b"", "image/png", "a", 1, 1),) * 5),
        Draft(text="x", uploads=(Upload(b"no picture", "image/gif", "a", 1, 1),)),
        Draft(text="word " * 7000),
    ],
    ids=["empty", "direct", "five pictures", "no picture", "too many posts"],
)
async def test_refuses_in_words(bench: Bench, brand: Account, draft: Draft) -> None:
    """What Bluesky can't carry is refused before anything is published."""
    with pytest.raises(Rejected) as refused:
        await bench.connector.send(draft, new_id())
    assert len(str(refused.value).split()) > 3
    assert await brand.posts() == []


def test_record_keys_are_tids_in_order() -> None:
    """13 characters, the same for the same key, sorted by part and by time."""
    key, later = "019a0000-0000-7abc-8def-0123456789ab", "019a0000-0001-7abc-8def-0123456789ab"
    keys = [record_key(key, part) for part in range(100)]
    assert keys == sorted(set(keys))
    assert {len(each) for each in keys} == {13}
    assert keys[-1] < record_key(later, 0)
    assert record_key(key, 3) == keys[3]
    with pytest.raises(ValueError, match="at most"):
        record_key(key, 100)
