"""Signing in on the server's own page, tokens that end, tokens typed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from earful.desk import authorize
from earful.desk.connect import typed
from earful.kit.clock import system_clock
from earful.networks.contract import Authorizes, NetworkError, Reauthorize, Rejected
from earful.networks.mastodon import NETWORK
from earful.networks.mastodon.api import Api
from earful.networks.mastodon.oauth import App, revoke
from tests.networks.mastodon.bench import Bench
from tests.networks.mastodon.server import Account, MockServer
from tests.networks.mastodon.village_server import VillageServer

CALLBACK = "https://desk.example/connected"


async def signed_in(origin: str, back: Mapping[str, str], keep: Mapping[str, Any]) -> Any:
    """The session for what the browser brought back."""
    return await NETWORK.finish({"instance": origin}, {}, CALLBACK, keep, back)


async def test_by_code_and_challenge(mastodon: MockServer, brand: Account) -> None:
    """The whole way on a server that says it checks PKCE."""
    assert isinstance(NETWORK, Authorizes)
    grant = await NETWORK.begin({"instance": mastodon.url}, {}, CALLBACK, "our-state")
    asked = dict(parse_qsl(urlsplit(grant.url).query))
    assert (asked["state"], asked["redirect_uri"]) == ("our-state", CALLBACK)
    assert (asked["code_challenge_method"], asked["scope"]) == ("S256", "read write")
    assert grant.keep["verifier"] not in grant.url
    assert (await mastodon.http.get(grant.url)).is_success

    form = {**asked, "username": brand.acct}
    sent = await mastodon.http.post("/oauth/authorize", data=form, follow_redirects=False)
    back = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
    session = await signed_in(mastodon.url, back, grant.keep)

    bench = Bench(mastodon.url, "")
    await bench.tokens.save(session)
    assert (await bench.open().probe()).handle == brand.full
    await bench.close()


async def _back(village: VillageServer) -> tuple[Mapping[str, Any], dict[str, str]]:
    """What is kept, and what the browser brings back from the village."""
    grant = await NETWORK.begin({"instance": village.url}, {}, CALLBACK, "state")
    sent = await village.http.get(grant.url, follow_redirects=False)
    return grant.keep, dict(parse_qsl(urlsplit(sent.headers["location"]).query))


async def test_a_token_that_ends_is_renewed_and_saved(village: VillageServer) -> None:
    keep, back = await _back(village)
    session = await signed_in(village.url, back, keep)
    bench = Bench(village.url, "")
    await bench.tokens.save(session)
    before = await bench.open().probe()

    who = village.village.people.pop(session["token"])
    who.token = session["refresh_token"].removeprefix("refresh ")
    village.village.people[who.token] = who  # it still renews,
    bench.tokens.saved[-1] = {**bench.tokens.saved[-1], "token": "ended"}  # but signs in no more
    assert await bench.open().probe() == before
    assert bench.tokens.saved[-1]["token"] not in ("ended", session["token"])
    assert bench.tokens.saved[-1]["refresh_token"] != session["refresh_token"]
    await bench.close()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"error": "access_denied", "error_description": "She said no"}, "She said no"),
        ({}, "no code"),
        ({"code": "made-up"}, "refused"),
    ],
)
async def test_who_is_not_let_in(village: VillageServer, told: dict[str, str], words: str) -> None:
    keep, _ = await _back(village)
    with pytest.raises(Rejected, match=words):
        await signed_in(village.url, told, keep)


async def test_a_code_works_once_and_only_for_who_asked(village: VillageServer) -> None:
    village.village.challenges = True
    keep, back = await _back(village)
    with pytest.raises(NetworkError):
        await signed_in(village.url, back, {**keep, "verifier": "somebody else's"})
    keep, back = await _back(village)
    await signed_in(village.url, back, keep)
    with pytest.raises(NetworkError):
        await signed_in(village.url, back, keep)
    with pytest.raises(Rejected, match="address of this desk"):
        await NETWORK.finish({"instance": village.url}, {}, "https://other/", keep, back)


async def test_a_token_given_back_is_no_good(village: VillageServer, northwind: Account) -> None:
    bench = Bench(village.url, northwind.token)
    api = Api(village.url, bench.ports(), 5.0)
    app = App("app", "secret", CALLBACK)
    await revoke(api, app, northwind.token)
    await revoke(api, app, northwind.token)
    await api.close()
    with pytest.raises(Reauthorize):
        await bench.connector.probe()
    await bench.close()


async def test_no_token_at_all(there: Bench) -> None:
    with pytest.raises(Reauthorize, match="access token"):
        await there.open(token="").probe()


async def test_what_was_learned_is_kept(there: Bench, village: VillageServer) -> None:
    """The next connection need not ask who we are and what the server allows."""
    await there.connector.probe()
    calls = there.budget.taken["calls"]
    assert (await there.open().limits()).length == 5000
    assert there.budget.taken["calls"] == calls


@pytest.mark.parametrize("act", ["probe", "begin"])
async def test_a_server_that_redirects_into_a_private_network(
    there: Bench, village: VillageServer, act: str
) -> None:
    """Nothing is ever followed; the words say where it led, so that an honest move can be typed."""
    village.village.moved_to = "http://169.254.169.254/latest/meta-data/"
    config = {"instance": village.url}
    call = there.connector.probe() if act == "probe" else NETWORK.begin(config, {}, CALLBACK, "s")
    with pytest.raises(Rejected, match=r"sends us elsewhere to http://169\.254\.169\.254"):
        await call


async def test_the_desk_signs_in_there(village: VillageServer) -> None:
    """As the desk does it: the account with its own limits, and a session that needs no token."""
    given = typed("mastodon", {"instance": village.url})
    grant = await authorize.begin(given, CALLBACK, "state")
    sent = await village.http.get(grant.url, follow_redirects=False)
    back = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
    kept = authorize.Kept(given, dict(grant.keep))
    account = await authorize.finish(kept, CALLBACK, back, system_clock)
    assert account.identity.handle.endswith("@village.example")
    assert (account.limits["length"], account.limits["link_length"]) == (5000, 25)
    assert account.session is not None
    assert account.session["token"] in village.village.people
