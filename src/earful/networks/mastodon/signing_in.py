"""A sign-in on a server's own page: begun with a fresh app there, finished with the session."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from earful.kit.clock import system_clock
from earful.networks.contract import Grant, Ports, Rejected
from earful.networks.mastodon.api import Api
from earful.networks.mastodon.oauth import (
    App,
    authorize_url,
    exchange,
    register,
    takes_challenges,
)

ANSWER_WITHIN = 10.0  # seconds


class _Nobody:
    """Tokens and budget of an account that is not there yet."""

    async def load(self) -> Mapping[str, Any] | None:
        return None

    async def save(self, session: Mapping[str, Any]) -> None:
        """Kept by who asked."""

    async def take(self, bucket: str, cost: int = 1) -> None:
        """Nothing is known of the budget yet."""

    async def learn(self, bucket: str, remaining: int, resets_at: datetime) -> None:
        """Nothing is kept of it either."""


async def begin(origin: str, callback: str, state: str) -> Grant:
    """The page of the server at `origin` to go to. Raises a NetworkError."""
    api = _api(origin)
    try:
        app = await register(api, callback)
        verifier = secrets.token_urlsafe(48) if await takes_challenges(api) else ""
    finally:
        await api.close()
    keep = {"app": msgspec.to_builtins(app), "verifier": verifier}
    return Grant(authorize_url(origin, app, state, verifier), keep)


async def finish(
    origin: str, callback: str, keep: Mapping[str, Any], query: Mapping[str, str]
) -> Mapping[str, Any]:
    """The session, as the connector keeps it. Raises a NetworkError."""
    if not query.get("code"):
        told = query.get("error_description") or query.get("error") or "there is no code"
        raise Rejected(f"The server did not let us in: {' '.join(told.split())[:200]}.")
    app = msgspec.convert(keep["app"], App)
    if app.redirect_uri != callback:
        raise Rejected("The address of this desk changed meanwhile. Begin again.")
    api = _api(origin)
    try:
        tokens = await exchange(api, app, query["code"], str(keep.get("verifier") or ""))
    finally:
        await api.close()
    return {
        "token": tokens.token,
        "refresh_token": tokens.refresh_token,
        "app": msgspec.to_builtins(app),
    }


def _api(origin: str) -> Api:
    nobody = _Nobody()
    ports = Ports(now=system_clock, wait=asyncio.sleep, tokens=nobody, budget=nobody)
    return Api(origin, ports, ANSWER_WITHIN)
