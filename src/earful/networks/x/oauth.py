"""Signing in on X's own pages: OAuth 2.0 with PKCE, for the user's own app."""

from __future__ import annotations

import base64
import hashlib
import secrets as dice
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import msgspec

from earful.networks.contract import Grant, Reauthorize, Rejected, RetryLater
from earful.networks.x.api import client
from earful.networks.x.errors import Refused, from_answer, from_transport
from earful.networks.x.payloads import one, read_user
from earful.networks.x.times import number
from earful.networks.x.where import Where
from earful.networks.x.wire import Page

SCOPES = (
    "tweet.read",
    "tweet.write",
    "tweet.moderate.write",
    "users.read",
    "dm.read",
    "dm.write",
    "media.write",
    "offline.access",
)
_LIVES = 7200


class Given(msgspec.Struct):
    """A fresh pair of tokens."""

    access_token: str
    refresh_token: str = ""
    expires_in: int = _LIVES
    scope: str = ""


_GIVEN = msgspec.json.Decoder(Given)
_PAGE = msgspec.json.Decoder(Page)


def begin(place: Where, callback: str, state: str) -> Grant:
    """Where the person goes. Raises Rejected where X would refuse the address to come back to."""
    if not place.client_id:
        raise Rejected("X needs the client ID of your app (Keys and tokens, OAuth 2.0).")
    parts = urlsplit(callback)
    if parts.scheme != "https" and parts.hostname != "127.0.0.1":
        raise Rejected(
            "X sends people back to https addresses only, or to http://127.0.0.1. Open Earful "
            f"at one of these; it stands at {parts.scheme}://{parts.netloc} now."
        )
    verifier = dice.token_urlsafe(64)
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": place.client_id,
        "redirect_uri": callback,
        "scope": " ".join(SCOPES),
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return Grant(f"{place.authorize}?{urlencode(query)}", {"verifier": verifier})


async def finish(
    place: Where,
    callback: str,
    keep: Mapping[str, Any],
    query: Mapping[str, str],
    now: datetime,
) -> dict[str, Any]:
    """The session. Raises Rejected when the person said no."""
    code = query.get("code", "")
    if query.get("error") or not code:
        raise Rejected("X says that you did not allow it. Nothing was connected.")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback,
        "code_verifier": str(keep.get("verifier", "")),
    }
    async with client(place.api, place.answer_within) as http:
        try:
            given = await _ask(http, place, form, now)
        except Reauthorize as error:
            raise Rejected(f"X did not take the sign-in: {error}") from error
        return {**session(given, now), **await _who(http, given, now)}


async def renew(http: httpx.AsyncClient, place: Where, token: str, now: datetime) -> Given:
    """A fresh pair for a refresh token. Raises Reauthorize when X takes it no more."""
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return await _ask(http, place, form, now)


def session(given: Given, now: datetime) -> dict[str, Any]:
    """What is kept of a pair."""
    return {
        "access_token": given.access_token,
        "refresh_token": given.refresh_token,
        "expires_at": (now + timedelta(seconds=given.expires_in)).isoformat(),
        "scope": given.scope,
    }


async def _ask(
    http: httpx.AsyncClient, place: Where, form: Mapping[str, str], now: datetime
) -> Given:
    more: dict[str, Any] = {}
    if place.client_secret:
        more["auth"] = httpx.BasicAuth(place.client_id, place.client_secret)
    try:
        answer = await http.post(
            "/2/oauth2/token", data={**form, "client_id": place.client_id}, **more
        )
    except httpx.HTTPError as error:
        raise from_transport(error, writing=False) from error
    if answer.is_success:
        given = one(answer.content, _GIVEN)
        if given is None or not given.access_token:
            raise RetryLater("X's answer to a sign-in could not be read.", after=10.0)
        return given
    refused = from_answer(
        answer.status_code, answer.headers, answer.content, now=now, writing=False
    )
    if isinstance(refused.decision, RetryLater):
        raise refused.decision
    raise Reauthorize(f"X takes the sign-in no more: {refused}")


async def _who(http: httpx.AsyncClient, given: Given, now: datetime) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {given.access_token}"}
    try:
        answer = await http.get("/2/users/me", headers=headers)
    except httpx.HTTPError as error:
        raise from_transport(error, writing=False) from error
    if not answer.is_success:
        raise _refusal(answer, now)
    page = one(answer.content, _PAGE)
    user = read_user(page.data) if page else None
    if user is None or not user.username or not number(user.id):
        raise Rejected("X does not say whose account this is. Sign in again.")
    # An old word that the owner took her rights back does not end this sign-in.
    return {"id": user.id, "handle": user.username, "granted_at": now.isoformat()}


def _refusal(answer: httpx.Response, now: datetime) -> Exception:
    refused: Refused = from_answer(
        answer.status_code, answer.headers, answer.content, now=now, writing=False
    )
    return refused.decision
