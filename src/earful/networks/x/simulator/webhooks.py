"""Webhooks: checked by challenge, told of events, told again on demand. On loopback only."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import httpx
import msgspec

from earful.kit.trust import web_trust
from earful.networks.x.simulator.plan import Plan
from earful.networks.x.simulator.problems import invalid

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
PATIENCE = 10.0
"""Seconds that X waits for an answer."""


class Webhook(msgspec.Struct):
    """A receiver."""

    id: str
    url: str
    created_at: datetime
    valid: bool


class Delivery(msgspec.Struct, frozen=True):
    """One event on its way; kept for replays."""

    at: datetime
    webhook_id: str
    body: bytes


class Spoiling(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What is done to deliveries: told `repeat` times more, `reorder` held and told backwards.

    `late` holds everything until it is taken back; the next `lose` are never delivered.
    """

    repeat: int = 0
    reorder: int = 0
    late: bool = False
    lose: int = 0


class Webhooks:
    """All receivers, and what they were told. Deliveries go out one after the other."""

    def __init__(self, plan: Plan, now: Callable[[], datetime], secret: str) -> None:
        self._plan, self._now, self._secret = plan, now, secret
        self.hooks: dict[str, Webhook] = {}
        self.log: list[Delivery] = []
        self.answers: list[int] = []
        self.spoiling = Spoiling()
        self._held: list[Delivery] = []
        self._queue: asyncio.Queue[Delivery] = asyncio.Queue()
        self._worker: asyncio.Task[None] | None = None
        self._http = httpx.AsyncClient(verify=web_trust(), trust_env=False, timeout=PATIENCE)

    def signature(self, body: bytes) -> str:
        """What stands in `x-twitter-webhooks-signature`."""
        digest = hmac.new(self._secret.encode(), body, hashlib.sha256).digest()
        return "sha256=" + base64.b64encode(digest).decode()

    async def check(self, hook: Webhook) -> bool:
        """Send a challenge; the receiver is valid or not from now on."""
        token = secrets.token_urlsafe(24)
        try:
            answer = await self._http.get(self._address(hook.url), params={"crc_token": token})
            told = answer.json()["response_token"] if answer.status_code == 200 else ""
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            told = ""
        hook.valid = hmac.compare_digest(str(told), self.signature(token.encode()))
        return hook.valid

    def admissible(self, url: str) -> None:
        """Raise Trouble (400) for an address that X, or a simulator that stays home, won't take."""
        parts = urlsplit(url)
        if parts.hostname in _LOOPBACK:
            return
        if parts.scheme != "https" or parts.port is not None:
            raise invalid("url", url, "Webhook URL must be HTTPS and must not name a port")
        if parts.hostname not in self._plan.hosts:
            raise invalid("url", url, "this simulator reaches loopback and its `hosts` only")

    def deliver(self, webhook_id: str, body: bytes) -> None:
        """Tell a receiver, soon."""
        delivery = Delivery(self._now(), webhook_id, body)
        self.log.append(delivery)
        if self.spoiling.lose:
            self.spoiling.lose -= 1
            return
        self._held.append(delivery)
        if not self.spoiling.late and len(self._held) >= self.spoiling.reorder:
            self._flush()

    def replay(self, webhook_id: str, first: datetime, last: datetime, end: bytes) -> None:
        """Tell again all of a time, then `end`."""
        for delivery in self.log:
            if delivery.webhook_id == webhook_id and first <= delivery.at < last:
                self._send(delivery)
        self._send(Delivery(self._now(), webhook_id, end))

    def spoil(self, spoiling: Spoiling) -> None:
        """Change what is done to deliveries; what was held goes out."""
        self.spoiling = spoiling
        if not spoiling.late:
            self._flush()

    async def settled(self) -> None:
        """Wait until everything that was sent has been answered."""
        await self._queue.join()

    async def close(self) -> None:
        """Stop delivering."""
        if self._worker:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
        await self._http.aclose()

    def _flush(self) -> None:
        held, self._held = self._held, []
        for delivery in reversed(held) if self.spoiling.reorder else held:
            for _ in range(1 + self.spoiling.repeat):
                self._send(delivery)

    def _send(self, delivery: Delivery) -> None:
        self._queue.put_nowait(delivery)
        if self._worker is None:
            self._worker = asyncio.get_running_loop().create_task(self._work())

    async def _work(self) -> None:
        while True:
            delivery = await self._queue.get()
            hook = self.hooks.get(delivery.webhook_id)
            if hook and hook.valid:
                self.answers.append(await self._post(hook, delivery.body))
            self._queue.task_done()

    async def _post(self, hook: Webhook, body: bytes) -> int:
        headers = {
            "content-type": "application/json",
            "x-twitter-webhooks-signature": self.signature(body),
        }
        try:
            answer = await self._http.post(self._address(hook.url), content=body, headers=headers)
        except httpx.HTTPError:
            return 0
        if answer.is_redirect:
            hook.valid = False
        return answer.status_code

    def _address(self, url: str) -> str:
        parts = urlsplit(url)
        origin = self._plan.hosts.get(parts.hostname or "")
        return url if origin is None else f"{origin}{parts.path}"
