"""The door at which X calls us: its challenge, its signature, and what its events say."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac

import msgspec
import regex

from earful.networks.contract import Answer, Batch, Call, Change
from earful.networks.x.activity import Told, read
from earful.networks.x.means import Means
from earful.networks.x.spending import charge

BODY_LIMIT = 2_000_000
"""Bytes. X's events are a few thousand; more is somebody else's."""

LOOKS_FOR = 4.0
"""Seconds to ask for what an event leaves out; X takes no answer that comes after ten."""

SIGNATURE = "x-twitter-webhooks-signature"
_TOKEN = regex.compile(r"[A-Za-z0-9+/=_.~-]{1,200}")
"""No challenge with a brace or a quote in it is answered: our answer is the very signature that a
body of these words would bear, and nobody shall have one made for a forged event."""


class Hook:
    """Answers X for one channel."""

    def __init__(self, means: Means) -> None:
        self._secret, self._session = means.place.consumer_secret.encode(), means.session
        self._people, self._spending, self._ports = means.people, means.spending, means.ports
        self._pictures = means.pictures
        # The activity stream tells the same events, in a process that has charged them.
        self._heard_twice = bool(means.place.bearer) and "activity" in means.place.ways

    async def hear(self, call: Call) -> Answer:
        """Prove to X that it is we, or take in what it tells."""
        if not self._secret:
            return _no(403, "This channel has no consumer secret, so no call can be checked.")
        if call.method == "GET":
            return self._challenged(call)
        if call.method != "POST":
            return _no(405, "X asks by GET and tells by POST.")
        return self._stranger(call) or await self._told(call.body)

    def _stranger(self, call: Call) -> Answer | None:
        """The refusal of a call that is not X's."""
        if len(call.body) > BODY_LIMIT:
            return _no(413, "This is more than X ever tells at once.")
        signed = call.headers.get(SIGNATURE, "").encode("utf-8", "replace")
        if not hmac.compare_digest(sign(self._secret, call.body).encode(), signed):
            return _no(401, "The signature is not X's.")
        return None

    async def _told(self, body: bytes) -> Answer:
        try:
            told = read(body, await self._session.us(), self._ports.now())
        except (ValueError, RecursionError):
            return _no(400, "The body is no event of X.")
        if told.revoked and await self._session.granted_since(told.revoked_at):
            told = Told(uuid=told.uuid)
        if not self._heard_twice:
            await charge(self._spending, told.changes)
        changes = await self._completed(told)
        batch = Batch(tuple(changes), None) if changes else None
        return Answer(200, b"{}", batch=batch, revoked=told.revoked)

    async def _completed(self, told: Told) -> list[Change]:
        """With names and pictures, as far as X tells them soon: it waits for our answer, too."""
        try:
            async with asyncio.timeout(LOOKS_FOR):
                changes = await self._people.completed(told.changes)
                return await self._pictures.completed(changes, told.bare)
        except TimeoutError:
            return self._people.named(told.changes)

    def _challenged(self, call: Call) -> Answer:
        token = call.query.get("crc_token", "")
        if not _TOKEN.fullmatch(token):
            return _no(400, "There is no challenge of X's in this call.")
        body = {"response_token": sign(self._secret, token.encode())}
        return Answer(200, msgspec.json.encode(body))


def sign(secret: bytes, body: bytes) -> str:
    """As X signs: HMAC-SHA256 over the bytes."""
    digest = hmac.new(secret, body, hashlib.sha256).digest()
    return f"sha256={base64.b64encode(digest).decode()}"


def _no(status: int, words: str) -> Answer:
    return Answer(status, msgspec.json.encode({"detail": words}))
