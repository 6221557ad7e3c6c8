"""OAuth 2.0 with PKCE: the page, the tokens, their rotation and end."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from .client import Brand

VERIFIER = "a-verifier-that-is-long-enough-to-be-one-of-them"
REDIRECT = "https://desk.example/x/callback"


def asking(brand: Brand, **changed: str) -> dict[str, str]:
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    return {
        "response_type": "code",
        "client_id": brand.keys["client_id"],
        "redirect_uri": REDIRECT,
        "scope": "tweet.read users.read offline.access",
        "state": "s1",
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
        **changed,
    }


async def token(brand: Brand, **form: str) -> httpx.Response:
    keys = (brand.keys["client_id"], brand.keys["client_secret"])
    async with httpx.AsyncClient(base_url=brand.state.service, trust_env=False) as client:
        return await client.post("/2/oauth2/token", data=form, auth=keys)


async def signed_in(brand: Brand) -> dict[str, Any]:
    form = asking(brand) | {"as": "Northwind"}
    back = await brand.user.post("/i/oauth2/authorize", data=form)
    query = parse_qs(urlsplit(back.headers["location"]).query)
    assert (back.status_code, query["state"]) == (302, ["s1"])
    given = {"grant_type": "authorization_code", "redirect_uri": REDIRECT}
    answer = await token(brand, **given, code=query["code"][0], code_verifier=VERIFIER)
    assert answer.status_code == 200, answer.text
    again = await token(brand, **given, code=query["code"][0], code_verifier=VERIFIER)
    assert again.status_code == 400
    told: dict[str, Any] = answer.json()
    return told


async def me(brand: Brand, access: str) -> int:
    headers = {"authorization": f"Bearer {access}"}
    return (await brand.user.get("/2/users/me", headers=headers)).status_code


async def test_a_user_approves_on_a_page(brand: Brand) -> None:
    page = await brand.user.get("/i/oauth2/authorize", params=asking(brand))
    assert "Authorize app as @NorthwindHelp" in page.text
    no = await brand.user.post("/i/oauth2/authorize", data=asking(brand) | {"as": ""})
    assert "error=access_denied" in no.headers["location"]
    brand.state.plan.auto_approve = True
    back = await brand.user.get("/i/oauth2/authorize", params=asking(brand))
    assert back.headers["location"].startswith(REDIRECT)


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "another"},
        {"redirect_uri": "http://localhost:8420/x"},
        {"redirect_uri": "http://desk.example/x"},
        {"code_challenge": ""},
        {"state": ""},
        {"scope": "tweet.read shoes.read"},
    ],
)
async def test_the_page_is_not_shown_to_whoever_asks_wrongly(
    brand: Brand, changed: dict[str, str]
) -> None:
    page = await brand.user.get("/i/oauth2/authorize", params=asking(brand, **changed))
    assert page.status_code == 400


async def test_tokens_live_two_hours_and_rotate(brand: Brand) -> None:
    told = await signed_in(brand)
    assert (told["expires_in"], await me(brand, told["access_token"])) == (7200, 200)
    brand.state.now.advance(7200)
    assert await me(brand, told["access_token"]) == 401
    refresh = {"grant_type": "refresh_token", "refresh_token": told["refresh_token"]}
    renewed = (await token(brand, **refresh)).json()
    assert await me(brand, renewed["access_token"]) == 200
    stale = await token(brand, **refresh)
    assert (stale.status_code, stale.json()["error"]) == (400, "invalid_request")
    form = {"token": renewed["access_token"], "client_id": brand.keys["client_id"]}
    assert (await brand.user.post("/2/oauth2/revoke", data=form)).json() == {"revoked": True}
    assert await me(brand, renewed["access_token"]) == 401


async def test_a_token_does_only_what_was_granted(brand: Brand) -> None:
    headers = {"authorization": f"Bearer {(await signed_in(brand))['access_token']}"}
    answer = await brand.user.post("/2/tweets", json={"text": "Hi"}, headers=headers)
    assert answer.status_code == 403
    by_app = await brand.app.post("/2/tweets", json={"text": "Hi"})
    assert by_app.json()["title"] == "Unsupported Authentication"
    assert (await brand.user.get("/2/tweets/search/stream/rules")).status_code == 403


async def test_a_stranger_gets_no_tokens(brand: Brand) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": "x"}
    async with httpx.AsyncClient(base_url=brand.state.service, trust_env=False) as client:
        answer = await client.post("/2/oauth2/token", data=form, auth=("a", "b"))
        assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized_client")
        keys = (brand.keys["client_id"], brand.keys["client_secret"])
        form = {"grant_type": "client_credentials"}
        told = (await client.post("/oauth2/token", data=form, auth=keys)).json()
    assert told == {"token_type": "bearer", "access_token": brand.keys["bearer"]}
