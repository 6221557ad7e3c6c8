"""A mention comes in and the answer goes out, on a real network."""

from __future__ import annotations

from earful.kit.ids import new_id
from earful.networks.contract import Change, Draft, Post, Target
from tests.networks.bluesky.bench import Bench, listen
from tests.networks.bluesky.network import Account, mention


async def test_says_who_we_are(bench: Bench, brand: Account) -> None:
    """Signing in gives the stable id, the handle and the display name."""
    assert await bench.connector.describe() == "Mon-Fri 9-17"
    who = await bench.connector.probe()
    assert (who.external_id, who.handle) == (brand.did, brand.handle)
    assert bench.tokens.saved[-1]["did"] == brand.did


async def test_mention_in_and_reply_out(bench: Bench, brand: Account, carol: Account) -> None:
    """The post arrives with its author's name; the reply stands below it, once."""
    text = f"👋 @{brand.handle} my parcel is lost"
    made = await carol.post(text, facets=[mention(text, brand)])

    heard = await listen(bench.connector, lambda changes: any(map(_is_post, changes)))
    post = next(change for change in heard.changes if isinstance(change, Post))
    assert (post.external_id, post.text, post.addressed) == (made["uri"], text, True)
    assert (post.author.handle, post.author.name) == (carol.handle, "Carol 🌻")

    target = Target(post.external_id, post.author.handle, post.ref)
    receipt = await bench.connector.send(Draft(text="We look for it.", reply_to=target), new_id())
    standing = await brand.posts()
    assert [each["uri"] for each in standing] == [receipt.parts[0].external_id]
    assert standing[0]["value"]["reply"] == {"root": made, "parent": made}


def _is_post(change: Change) -> bool:
    return isinstance(change, Post)
