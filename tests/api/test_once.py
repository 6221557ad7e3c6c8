"""Every POST that acts takes an idempotency key: the same again does nothing and says so."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from litestar import Litestar

from earful.api import other_desks
from earful.kit.ids import new_id
from earful.networks.contract import Person
from earful.outreach.queue import put
from earful.outreach.rules import Rules, keep_rules
from tests.api.client import Client
from tests.api.world import World, bodies, filled, furnish, routes, state_of
from tests.cast import Cast, post
from tests.desk.acts import home_of, take

WITHOUT_KEY = {
    "/rule-trials": "it only looks",
    "/search-previews": "it only looks",
    "/mentions/{mention_id}/contact-preview": "it changes nothing: it counts",
    "/webhooks/{webhook_id}/test": "each trial is meant anew, and they are throttled",
    "/channels/{channel_id}/check": "each trial is meant anew, and they are throttled",
    "/pagers/{pager_id}/test": "each trial is meant anew, and they are throttled",
    "/mail/test": "each trial is meant anew, and they are throttled",
    "/set-aside/{aside_id}/replay": "each post is accepted once, whoever brings it",
    "/hours/preview": "it changes nothing: it says what would be",
    "/policies/preview": "it changes nothing: it says what would be",
    "/retention/preview": "it changes nothing: it says what would be",
    "/inboxes/{inbox_id}/responder/trial": "it changes nothing: it says what would be said",
    "/conversations/{conversation_id}/preview": "it changes nothing: it counts",
    "/rehearsal/start-for-real": "it changes nothing: it says where to go",
}
"""POST routes that take no key, and why."""

SHOWN_ONCE = {
    "/conversations/{conversation_id}/link-codes",
    "/channels/authorizations",
    "/desks",
    "/roster/feeds",
    "/tokens",
    "/webhooks",
    "/webhooks/{webhook_id}/secret",
    "/agents/{agent_id}/invitation",
}
"""Those whose answer holds a secret that is kept nowhere in clear."""


@pytest.fixture
async def world(cast: Cast, alice: Client) -> World:
    return await furnish(cast, alice)


async def prepared(cast: Cast, path: str, world: World) -> None:
    """Bring the world to where the act is allowed."""
    states = {"retry": "failed", "settlement": "uncertain"}
    if state := states.get(path.rpartition("/")[2]):
        async with cast.database.acquire() as db:
            await db.execute("UPDATE delivery SET state = $1 WHERE id = $2", state, world.delivery)
            await db.execute("UPDATE handoff SET state = 'uncertain'")
    private = path.endswith("/link-codes")
    async with cast.database.acquire() as db:
        await db.execute(
            "UPDATE conversation SET visibility = $1 WHERE id = $2",
            "direct" if private else "public",
            world.conversation,
        )
    if path == "/policy-profiles":
        async with cast.database.acquire() as db:
            await db.execute("DELETE FROM policy")
    if path.endswith("/contact"):
        await in_the_queue(cast, world.mention)
    if path.endswith("/answer-there"):
        async with cast.database.acquire() as db:
            await db.execute("UPDATE message SET disposition = NULL WHERE id = $1", world.message)


async def in_the_queue(cast: Cast, mention_id: str) -> None:
    """Its writer may be written to."""
    asks = msgspec.json.encode(post("m", "Who sells routers?", Person("z", "z"))).decode()
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await keep_rules(work, "rehearsal", Rules(on=True))
        await work.db.execute(
            "UPDATE mention SET post = $2::text::jsonb, state = 'new', published_at = $3 "
            "WHERE id = $1",
            mention_id,
            asks,
            work.now,
        )
        await put(work, mention_id)


async def another_conversation(cast: Cast) -> str:
    """One that the world's can be merged into, with nothing on its way."""
    await take(cast, post("other", author=Person("did:erin", "erin.example", "Erin")))
    return await home_of(cast, "other")


async def answers(*_: Any) -> None:
    """Another desk that takes our sign-in, wherever it is said to be."""


def lasting(state: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """What a repeat must leave as it is; that somebody called is noted by her session."""
    return {table: lines for table, lines in state.items() if table != "session"}


async def test_every_post_takes_its_key_or_says_why_not(
    app: Litestar, cast: Cast, world: World, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(other_desks, "probe", answers)
    asked = bodies(world)
    asked[("POST", "/conversations/{conversation_id}/merge")] = {
        "into": await another_conversation(cast)
    }
    asked[("POST", "/conversations/{conversation_id}/links")] |= {"handle": "erin.example"}
    asked[("POST", "/desks")] = {
        "kind": "chatwoot",
        "url": "https://1.1.1.1",
        "fields": {"token": "t", "account": "1", "inbox": "2"},
    }
    asked[("POST", "/webhooks")] = {"url": "https://1.1.1.1/hook"}
    posts = sorted(path for method, path in routes(app) if method == "POST")
    assert WITHOUT_KEY.keys() | SHOWN_ONCE <= set(posts), "a route that is no more"
    last = ("/bulk", "/conversations/{conversation_id}/merge")  # the world is another after it
    for path in sorted(set(posts) - WITHOUT_KEY.keys(), key=lambda p: (p in last, p)):
        await prepared(cast, path, world)
        before = await state_of(cast)
        there, body = filled(path, world), asked.get(("POST", path))
        key = {"idempotency-key": new_id()}
        first = await alice.post(there, body, headers=key)
        assert first.status_code in (200, 201), (path, first.text)
        after = await state_of(cast)
        assert lasting(after) != lasting(before), path
        again = await alice.post(there, body, headers=key)
        assert lasting(await state_of(cast)) == lasting(after), f"{path} acted twice"
        if path in SHOWN_ONCE:
            names = ("token", "hook_secret", "secret", "url", "code")
            secret = next(first.json()[name] for name in names if name in first.json())
            assert (again.status_code, again.json()["type"]) == (409, "already-made"), path
            assert secret not in again.text
            assert secret not in str(after["idempotency"])
            assert again.json()["made"].items() <= first.json().items()
        else:
            assert (again.status_code, again.json()) == (first.status_code, first.json()), path
