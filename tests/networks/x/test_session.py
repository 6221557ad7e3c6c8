"""Signing in, and staying so: tokens are rotated, kept first, and shared."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest

from earful.kit.ids import new_id
from earful.networks.contract import Draft, Reauthorize, Rejected, RetryLater, Target
from earful.networks.x import NETWORK
from earful.networks.x.simulator.faults import Fault
from earful.networks.x.simulator.state import State
from tests.networks.x.bench import Bench
from tests.networks.x.memory import Budget

CALLBACK = "http://127.0.0.1:8420/oauth/x"


async def sign_in(bench: Bench, state: State) -> tuple[Mapping[str, Any], dict[str, str]]:
    """Through X's page, as the owner of the account: what was kept, and what came back."""
    config = {**bench.config, "authorize": f"{state.service}/i/oauth2/authorize"}
    grant = await NETWORK.begin(config, bench.secrets, CALLBACK, "state-1")
    async with httpx.AsyncClient() as browser:
        page = await browser.get(grant.url)
        assert page.is_redirect
    query = parse_qs(urlsplit(page.headers["location"]).query)
    return grant.keep, {name: value[0] for name, value in query.items()}


async def test_signing_in_on_xs_page(bench: Bench, state: State) -> None:
    state.plan.auto_approve = True
    state.plan.redirects = (CALLBACK,)
    kept, query = await sign_in(bench, state)
    assert query["state"] == "state-1"
    session = await NETWORK.finish(bench.config, bench.secrets, CALLBACK, kept, query)
    assert (session["handle"], session["id"]) == ("Northwind", bench.brand.id)
    await bench.memory.tokens.save(session)
    assert (await bench.open({"access_token": ""}).probe()).handle == "Northwind"
    with pytest.raises(Rejected, match="did not take the sign-in"):  # a code counts once
        await NETWORK.finish(bench.config, bench.secrets, CALLBACK, kept, query)


async def test_the_owner_says_no(bench: Bench) -> None:
    with pytest.raises(Rejected, match="did not allow"):
        await NETWORK.finish(bench.config, bench.secrets, CALLBACK, {}, {"error": "access_denied"})


@pytest.mark.parametrize("callback", ["http://localhost:8420/x", "http://desk.example/x"])
async def test_addresses_that_x_sends_nobody_back_to(bench: Bench, callback: str) -> None:
    with pytest.raises(Rejected, match="https"):
        await NETWORK.begin(bench.config, bench.secrets, callback, "s")


async def test_tokens_are_renewed_before_they_end_and_kept_first(bench: Bench) -> None:
    bench.state.tokens.expire(bench.brand.id)  # when a token ends is known from the first renewal
    await bench.open().probe()
    bench.state.now.advance(timedelta(hours=1, minutes=57).total_seconds())
    await bench.open().probe()
    kept = bench.memory.tokens.saved
    assert kept[-1]["access_token"] != bench.secrets["access_token"]
    before = len(kept)
    bench.state.now.advance(timedelta(hours=1, minutes=57).total_seconds())
    await asyncio.gather(*(bench.open().probe() for _ in range(4)))
    rotated = {each["refresh_token"] for each in kept[before:]}
    assert kept[-1]["refresh_token"] in rotated
    await bench.open().probe()  # whoever comes next goes on with what was kept


async def test_expired_in_the_middle(bench: Bench) -> None:
    """X says so before we know: renewed, and sent once."""
    await bench.open().probe()
    connector = bench.open()
    bench.state.tokens.expire(bench.brand.id)
    await connector.send(Draft(text="still here"), new_id())
    assert bench.ours() == ["still here"]


async def test_revoked_in_the_middle(bench: Bench) -> None:
    connector = bench.open()
    await connector.probe()
    bench.state.tokens.revoke_user(bench.brand.id)
    with pytest.raises(Reauthorize, match="sign-in"):
        await connector.send(Draft(text="lost"), new_id())
    assert bench.ours() == []


async def test_a_renewal_that_fails_for_now_is_tried_again(bench: Bench) -> None:
    await bench.open().probe()
    bench.state.tokens.expire(bench.brand.id)
    bench.state.faults.add(Fault("503", "token"))
    with pytest.raises(Exception, match="fault of its own"):
        await bench.open().probe()
    assert (await bench.open().probe()).handle == "Northwind"


async def test_limits_are_learned_from_headers(bench: Bench) -> None:
    await bench.open().probe()
    remaining, resets_at = bench.memory.budget.learned["me:user"]
    assert 0 < remaining < 75
    assert resets_at > bench.state.now()


async def test_what_x_counts_for_the_app_is_the_apps(bench: Bench) -> None:
    """Its bearer token's calls, and the posts of a day by whichever of its accounts."""
    shared = Budget()
    connector = bench.open()
    connector._means.api._ports = msgspec.structs.replace(bench.memory.ports, app_budget=shared)
    await connector.check()
    asked = bench.says("@Northwind hello")
    await connector.send(Draft(text="Hi", reply_to=Target(asked, "carol", {})), new_id())
    assert set(shared.learned) == {"rules:app", "publish:app:day"}
    assert {"me:user", "publish:user"} <= set(bench.memory.budget.learned)
    shared.spent.add("publish:app:day")
    with pytest.raises(RetryLater):
        await connector.send(Draft(text="Ho", reply_to=Target(asked, "carol", {})), new_id())
    assert bench.ours() == ["@carol Hi"]


@pytest.mark.parametrize(
    "config",
    [
        {"api": "ftp://x"}, {"tier": "gold"}, {"names": "toot"}, {"listen": "ears"},
        {"daily_cap": "much"}, {"daily_cap": "-1"}, {"look_again": "0"}, {"own_app": "perhaps"},
    ],
    ids=str,
)  # fmt: skip
def test_senseless_fields_are_refused_in_words(bench: Bench, config: dict[str, str]) -> None:
    with pytest.raises(Rejected):
        bench.open(**config)


async def test_the_set_up_is_looked_over(bench: Bench) -> None:
    bench.state.tokens.expire(bench.brand.id)
    good = await bench.open(daily_cap="5").check()  # renewed: from now on the rights are known
    assert {each.state for each in good} == {"good"}
    bench.state.tokens.revoke_user(bench.brand.id)
    found = await bench.open({"bearer_token": "wrong"}).check()
    assert [(each.state, each.title) for each in found] == [
        ("bad", "Sign-in"),
        ("bad", "Streams"),
        ("warn", "Money"),
        ("good", "Rights"),
        ("good", "Webhook"),
    ]
    assert all(len(each.words.split()) > 3 for each in found)


async def test_what_our_profile_says(bench: Bench) -> None:
    bench.brand.description = "Mon-Fri 9-17"
    assert await bench.open().describe() == "Mon-Fri 9-17"
