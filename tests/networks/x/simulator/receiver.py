"""A real receiver of webhooks: answers challenges, keeps what it was told."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any, Self

import msgspec

from earful.networks.x.simulator.wire import Answer, Listening, Request


class Receiver:
    """Listens on loopback while it is entered. `answers` are the statuses to give, then 200."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._server = Listening(self._handle)
        self.url = ""
        self.told: list[dict[str, Any]] = []
        self.forged = 0
        self.honest = True
        self.answers: list[int] = []

    async def __aenter__(self) -> Self:
        self.url = await self._server.open(0) + "/hooks/x"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    def types(self) -> list[str]:
        return [body["data"]["event_type"] for body in self.told if "data" in body]

    async def _handle(self, request: Request) -> Answer:
        if request.method == "GET":
            token = request.query["crc_token"] if self.honest else "another"
            return Answer(200, {"response_token": self._signed(token.encode())})
        if request.headers["x-twitter-webhooks-signature"] != self._signed(request.body):
            self.forged += 1
        status = self.answers.pop(0) if self.answers else 200
        if status == 200:
            self.told.append(msgspec.json.decode(request.body))
        return Answer(status, b"", {"location": "/elsewhere"} if status == 302 else {})

    def _signed(self, body: bytes) -> str:
        digest = hmac.new(self._secret.encode(), body, hashlib.sha256).digest()
        return "sha256=" + base64.b64encode(digest).decode()
