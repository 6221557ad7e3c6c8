"""Pictures and avatars of a real Bluesky network: blobs of the account's own server, fetched."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import httpx
import pytest

from earful.media.pictures import inspect
from earful.networks.bluesky.blobs import CDN, Pictures
from tests.media.pictures import drawn
from tests.networks.bluesky.bench import Bench
from tests.networks.bluesky.network import Account, BlueskyNetwork, mention
from tests.networks.bluesky.test_first_answered_post import OPEN, Desk, desk, until

__all__ = ["desk"]
PICTURE = drawn("JPEG", (120, 80))


async def blob(account: Account, data: bytes, mime: str) -> Any:
    """Upload a picture to the account's server."""
    answer = await account.http.post(
        "/xrpc/com.atproto.repo.uploadBlob",
        content=data,
        headers={"Authorization": f"Bearer {account.jwt}", "Content-Type": mime},
    )
    answer.raise_for_status()
    return answer.json()["blob"]


@pytest.fixture
async def carol(network: BlueskyNetwork) -> Account:
    """Somebody with an avatar."""
    account = await network.account("carol", "Carol")
    profile = {
        "$type": "app.bsky.actor.profile",
        "displayName": "Carol",
        "avatar": await blob(account, drawn("PNG", (50, 50)), "image/png"),
    }
    await account.call(
        "com.atproto.repo.putRecord",
        repo=account.did,
        collection="app.bsky.actor.profile",
        rkey="self",
        record=profile,
    )
    await until(lambda: _avatar(account))
    return account


async def _avatar(account: Account) -> str:
    """The avatar that the AppView shows, once it has read the profile."""
    try:
        profile = await account.ask("app.bsky.actor.getProfile", actor=account.did)
    except httpx.HTTPStatusError:  # it has not heard of the account yet
        return ""
    return str(profile.get("avatar") or "")


async def test_a_picture_and_an_avatar_come_from_the_accounts_server(
    desk: Desk, network: BlueskyNetwork, brand: Account, carol: Account
) -> None:
    text = f"@{brand.handle} look at this"
    image = {
        "alt": "the router, its light is red",
        "image": await blob(carol, PICTURE, "image/jpeg"),
        "aspectRatio": {"width": 120, "height": 80},
    }
    embed = {"$type": "app.bsky.embed.images", "images": [image]}
    await carol.post(text, facets=[mention(text, brand)], embed=embed)
    await until(lambda: desk.one(OPEN))
    kept = "SELECT * FROM media WHERE workspace_id = $1 AND state = 'kept' ORDER BY width"
    avatar, picture = await until(lambda: _two(desk, kept))
    assert picture["source"].startswith(f"{network.pds}/xrpc/com.atproto.sync.getBlob?did=did")
    assert (picture["width"], picture["sha256"]) == (120, sha256(inspect(PICTURE).data).digest())
    assert (avatar["width"], avatar["contact_id"] is not None) == (50, True)
    [message] = await desk.all("SELECT media FROM message WHERE workspace_id = $1")
    assert [(item["state"], item["alt"]) for item in message["media"]] == [("kept", image["alt"])]


async def _two(desk: Desk, sql: str) -> list[Any]:
    rows = await desk.all(sql)
    return rows if len(rows) == 2 else []


async def test_a_film_is_a_link_to_its_post(
    bench: Bench, network: BlueskyNetwork, brand: Account, carol: Account
) -> None:
    text = f"@{brand.handle} it smokes"
    clip = await blob(carol, b"\0\0\0\x18ftypmp42" + b"\0" * 200, "video/mp4")
    embed = {"$type": "app.bsky.embed.video", "video": clip, "alt": "smoke"}
    made = await carol.post(text, facets=[mention(text, brand)], embed=embed)
    await carol.shown(made["uri"])
    post = await bench.connector.look(made["uri"])
    assert post is not None
    [film] = post.attachments
    assert (film.mime, film.alt, film.url) == ("video/mp4", "smoke", post.uri)


def test_pictures_lie_at_the_picture_server_unless_told_otherwise() -> None:
    own = Pictures("http://pds.test", from_server=True)
    assert CDN.picture("did:plc:a", "bafk") == (
        "https://cdn.bsky.app/img/feed_fullsize/plain/did:plc:a/bafk"
    )
    told = "https://cdn.bsky.app/img/avatar/plain/did:plc:a/bafk@jpeg"
    assert (CDN.avatar(told), CDN.avatar(""), CDN.avatar("javascript:x")) == (told, "", "")
    assert own.avatar(told) == own.picture("did:plc:a", "bafk")
    assert own.avatar("http://elsewhere/x") == ""
