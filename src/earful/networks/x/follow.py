"""A lasting connection to X: its lines, its silence, and how long to wait after it ended."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import httpx

from earful.networks.contract import Ports, RetryLater
from earful.networks.x.api import Api, Call
from earful.networks.x.errors import Refused, Spent, Unreachable, from_answer, from_transport
from earful.networks.x.session import Session, bearing

SILENT_FOR = 21.0
"""Seconds. X says something, if only an empty line, every 20."""

_TOO_MANY = 429
_LINE_BYTES = 2_000_000


class Crowded(Exception):
    """X holds more connections of this app than it allows."""


async def lines(session: Session, api: Api, call: Call) -> AsyncGenerator[bytes]:
    """What X says, line by line; an empty one when it has nothing to say.

    Ends when X ends it. Raises RetryLater, Refused, Crowded, or what the session does.
    """
    token = await session.token(app=call.app)
    await api.take(call)
    try:
        async with api.open(call, bearing(token), SILENT_FOR) as answer:
            await api.learn(call, answer)
            if not answer.is_success:
                await answer.aread()
                if answer.status_code == _TOO_MANY and "connection" in answer.text.lower():
                    raise Crowded
                raise from_answer(
                    answer.status_code, answer.headers, answer.content, now=session.now(),
                    writing=False,
                )  # fmt: skip
            yield b""
            async for line in _split(answer):
                yield line
    except httpx.HTTPError as error:
        raise from_transport(error, writing=False) from error


async def _split(answer: httpx.Response) -> AsyncGenerator[bytes]:
    rest = b""
    async for chunk in answer.aiter_bytes():
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.strip()
        if len(rest) > _LINE_BYTES:
            raise RetryLater("X's stream said more in one line than there ever is.", after=5.0)


class Patience:
    """How long to wait before connecting anew, as X asks: a quarter of a second more after each
    break (to 16 s), from 5 s doubling after a refusal (to 320 s), from 60 s doubling after 429."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._breaks = self._refusals = self._limits = 0

    def reset(self) -> None:
        """It went well."""
        self._breaks = self._refusals = self._limits = 0

    async def after(self, error: Exception | None) -> None:
        """Wait as the end of a connection asks."""
        decision = error.decision if isinstance(error, Refused) else error
        asked = decision.after if isinstance(decision, RetryLater) else 0.0
        if decision is None or isinstance(decision, Unreachable):
            self._breaks += 1
            seconds = min(0.25 * self._breaks, 16.0)
        elif isinstance(decision, Spent):
            self._limits += 1
            seconds = max(asked, min(60.0 * 2 ** (self._limits - 1), 960.0))
        else:
            self._refusals += 1
            seconds = max(asked, min(5.0 * 2 ** (self._refusals - 1), 320.0))
        await self._ports.wait(seconds)
