"""Signing in at a provider's own pages (OAuth 2 with PKCE), with addresses that are settings."""

from __future__ import annotations

import base64
import hashlib
import secrets as randomness
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

from earful.kit.clock import system_clock
from earful.networks.contract import Grant, Reauthorize, Rejected
from earful.networks.email.login import OAuth, ask_token, session_of


class Provider(msgspec.Struct, frozen=True):
    """Where a provider signs people in, and what is asked for."""

    authorize_url: str
    token_url: str
    scope: str
    extra: Mapping[str, str] = {}


_MICROSOFT = "https://login.microsoftonline.com/organizations/oauth2/v2.0"
PROVIDERS = {
    "google": Provider(
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        "https://mail.google.com/",
        {"access_type": "offline", "prompt": "consent"},
    ),
    "microsoft": Provider(
        f"{_MICROSOFT}/authorize",
        f"{_MICROSOFT}/token",
        "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send "
        "offline_access",
    ),
    "oauth": Provider("", "", ""),
}


def provider_of(config: Mapping[str, str]) -> Provider | None:
    """Where to sign in; None for a password. Raises Rejected."""
    way = (config.get("sign_in") or "password").strip().lower()
    if way == "password":
        return None
    if way not in PROVIDERS:
        raise Rejected("Sign in with: password, google, microsoft or oauth.")
    known = PROVIDERS[way]
    found = msgspec.structs.replace(
        known,
        authorize_url=config.get("authorize_url") or known.authorize_url,
        token_url=config.get("token_url") or known.token_url,
        scope=config.get("scope") or known.scope,
    )
    if urlsplit(found.token_url).scheme not in ("https", "http"):
        raise Rejected("Write the addresses at which the provider signs people in.")
    return found


def oauth_of(config: Mapping[str, str], secrets: Mapping[str, str]) -> OAuth | None:
    """The app that signs in; None for a password. Raises Rejected."""
    provider = provider_of(config)
    if provider is None:
        return None
    if not config.get("client_id"):
        raise Rejected("Write the client id of your app at the provider.")
    return OAuth(
        provider.token_url,
        config["client_id"].strip(),
        secrets.get("client_secret", ""),
        provider.scope,
    )


def authorization(
    config: Mapping[str, str], secrets: Mapping[str, str], callback: str, state: str
) -> Grant:
    """Where to send a person, and the verifier to keep meanwhile."""
    provider, oauth = provider_of(config), oauth_of(config, secrets)
    if provider is None or oauth is None:
        raise Rejected("This mailbox signs in with a password.")
    verifier = randomness.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    query = {
        "response_type": "code",
        "client_id": oauth.client_id,
        "redirect_uri": callback,
        "scope": oauth.scope,
        "state": state,
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
        "login_hint": config.get("username") or config.get("address", ""),
        **provider.extra,
    }
    mark = "&" if "?" in provider.authorize_url else "?"
    return Grant(f"{provider.authorize_url}{mark}{urlencode(query)}", {"verifier": verifier})


async def redeemed(
    config: Mapping[str, str],
    secrets: Mapping[str, str],
    callback: str,
    keep: Mapping[str, Any],
    query: Mapping[str, str],
) -> dict[str, Any]:
    """The session for a code. Raises Rejected when the person said no, or the code is stale."""
    oauth = oauth_of(config, secrets)
    if oauth is None or not query.get("code"):
        why = query.get("error_description") or query.get("error") or "no code came back"
        raise Rejected(f"The provider did not let us in: {why[:300]}")
    form = {
        "grant_type": "authorization_code",
        "code": query["code"],
        "redirect_uri": callback,
        "client_id": oauth.client_id,
        "client_secret": oauth.client_secret,
        "code_verifier": str(keep["verifier"]),
    }
    try:
        said = await ask_token(oauth, form, 20.0)
    except Reauthorize as error:
        raise Rejected(f"The provider does not take the sign-in: {error}") from error
    session = session_of(said, system_clock())
    if not session["refresh_token"]:
        raise Rejected("The provider gave no refresh token: allow offline access and try again.")
    return session
