"""Signing in by the browser: an app of our own on every server, then its authorization code.

A server knows no apps but those registered on it, so one is registered when a channel is first
connected there; its id and secret are kept with the channel.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import urlencode

import msgspec

from earful.networks.contract import NetworkError, Reauthorize, Rejected
from earful.networks.mastodon.api import Api, Call

SCOPES = "read write"
_NAME = "Earful"


class App(msgspec.Struct, frozen=True):
    """Our app on a server, registered for one redirect address."""

    client_id: str
    client_secret: str
    redirect_uri: str


class Tokens(msgspec.Struct, frozen=True):
    """What a sign-in gave. Mastodon's tokens do not end; some of its kin's do."""

    token: str = ""
    refresh_token: str = ""


async def register(api: Api, redirect_uri: str, website: str = "") -> App:
    """A new app of ours on the server. Raises Rejected or RetryLater."""
    body = {
        "client_name": _NAME,
        "redirect_uris": redirect_uri,
        "scopes": SCOPES,
    } | ({"website": website} if website else {})
    said = (await api.carry(Call(path="/api/v1/apps", method="POST", body=body), "")).said
    try:
        return App(str(said["client_id"]), str(said["client_secret"]), redirect_uri)
    except (KeyError, TypeError):
        raise Rejected("The server registers no apps.") from None


async def takes_challenges(api: Api) -> bool:
    """Whether the server checks PKCE (Mastodon from 4.3 on says so; others ignore it)."""
    path = "/.well-known/oauth-authorization-server"
    try:
        said = (await api.carry(Call(path=path), "")).said
    except NetworkError:
        return False
    methods = said.get("code_challenge_methods_supported") if isinstance(said, dict) else None
    return isinstance(methods, list) and "S256" in methods


def authorize_url(origin: str, app: App, state: str, verifier: str = "") -> str:
    """Where the browser is sent to. `verifier` is the secret of PKCE, empty for none."""
    query = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": app.redirect_uri,
        "scope": SCOPES,
        "state": state,
    }
    if verifier:
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    return f"{origin}/oauth/authorize?{urlencode(query)}"


async def exchange(api: Api, app: App, code: str, verifier: str = "") -> Tokens:
    """The token for a code that the browser brought back. Raises Reauthorize when it is no good."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": app.redirect_uri,
        "scope": SCOPES,
    } | ({"code_verifier": verifier} if verifier else {})
    return await _granted(api, app, form)


async def renewed(api: Api, app: App, refresh_token: str) -> Tokens:
    """A fresh token, where the server's tokens end; none when a person must sign in again."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    try:
        fresh = await _granted(api, app, form)
    except (Reauthorize, Rejected):
        return Tokens()
    return fresh if fresh.refresh_token else Tokens(fresh.token, refresh_token)


async def revoke(api: Api, app: App, token: str) -> None:
    """Give a token back. One that is gone already is fine."""
    form = {"client_id": app.client_id, "client_secret": app.client_secret, "token": token}
    try:
        await api.carry(Call(path="/oauth/revoke", method="POST", form=form), "")
    except (Reauthorize, Rejected):
        return


async def _granted(api: Api, app: App, form: dict[str, str]) -> Tokens:
    form |= {"client_id": app.client_id, "client_secret": app.client_secret}
    said: Any = (await api.carry(Call(path="/oauth/token", method="POST", form=form), "")).said
    token = said.get("access_token") if isinstance(said, dict) else None
    if not isinstance(token, str) or not token:
        raise Reauthorize("The server gave no token.")
    refresh = said.get("refresh_token")
    return Tokens(token, refresh if isinstance(refresh, str) else "")
