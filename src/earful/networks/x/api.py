"""One call to X's API, with its rate budget, and errors that carry the decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec

from earful.kit.addresses import on_this_machine
from earful.kit.trust import web_trust
from earful.networks.contract import NetworkError, Ports, RateBudget, RetryLater, Uncertain
from earful.networks.x.errors import from_answer, from_transport
from earful.networks.x.payloads import read_page
from earful.networks.x.wire import Page

_ANSWER_BYTES = 20_000_000
_MOST = 1_000_000_000
_LONGEST = timedelta(hours=25)
"""No limit of X's lasts longer than a day; clocks differ a little."""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One request. `app`: by the app's own token, else by the account's; `writes`: it may publish
    something; `bucket` names the rate limit it falls under."""

    path: str
    bucket: str
    method: str = "GET"
    params: Mapping[str, str] = {}
    body: Any = None
    form: Mapping[str, str] | None = None
    file: bytes | None = None
    app: bool = False
    writes: bool = False

    @property
    def budget(self) -> str:
        """Limits hold for each kind of token apart."""
        return f"{self.bucket}:{'app' if self.app else 'user'}"


def client(base: str, within: float) -> httpx.AsyncClient:
    """For an X at `base`: one on this very machine is reached past the environment's proxy. Each
    step may take `within` seconds."""
    direct = on_this_machine(base)
    return httpx.AsyncClient(
        base_url=base, verify=web_trust(), timeout=within, trust_env=not direct
    )


class Api:
    """Carries calls. Knows nothing of sessions."""

    def __init__(self, base: str, ports: Ports, answer_within: float) -> None:
        self._http = client(base, answer_within)
        self._ports = ports

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.aclose()

    async def carry(self, call: Call, headers: Mapping[str, str]) -> Page:
        """The answer. Raises Refused, or a NetworkError when there is none."""
        return _page(call, await self.fetch(call, headers))

    async def fetch(self, call: Call, headers: Mapping[str, str]) -> bytes:
        """The answer as it came. Raises Refused, or a NetworkError when there is none."""
        await self.take(call)
        try:
            answer = await self._http.send(self._request(call, headers))
        except httpx.HTTPError as error:
            raise from_transport(error, writing=call.writes) from error
        await self.learn(call, answer)
        if answer.is_success:
            return answer.content
        said = answer.content[:_ANSWER_BYTES]
        now, writing = self._ports.now(), call.writes
        raise from_answer(answer.status_code, answer.headers, said, now=now, writing=writing)

    async def take(self, call: Call) -> None:
        """One of what the limits leave. Raises RetryLater when nothing is left."""
        await (self._for_app if call.app else self._ports.budget).take(call.budget)
        if call.writes:
            await self._ports.budget.take(f"{call.budget}:day")
            await self._for_app.take(f"{call.bucket}:app:day")

    def open(self, call: Call, headers: Mapping[str, str], silent_for: float) -> Any:
        """A lasting answer, to be read line by line; ends after `silent_for` seconds of silence."""
        patience = httpx.Timeout(20.0, read=silent_for)
        return self._http.stream(
            "GET", call.path, params=dict(call.params), headers=headers, timeout=patience
        )

    async def learn(self, call: Call, answer: httpx.Response) -> None:
        """Keep what the headers say of the limits."""
        told = answer.headers
        ours, apps = self._ports.budget, self._for_app
        await self._learn(apps if call.app else ours, call.budget, told, "x-rate-limit")
        await self._learn(ours, f"{call.bucket}:user:day", told, "x-user-limit-24hour")
        await self._learn(apps, f"{call.bucket}:app:day", told, "x-app-limit-24hour")

    @property
    def _for_app(self) -> RateBudget:
        """X counts some for the app, whichever of its accounts asks."""
        return self._ports.app_budget or self._ports.budget

    async def _learn(
        self, budget: RateBudget, bucket: str, headers: Mapping[str, str], prefix: str
    ) -> None:
        try:
            remaining = int(headers[f"{prefix}-remaining"])
            resets_at = datetime.fromtimestamp(int(headers[f"{prefix}-reset"]), UTC)
        except (KeyError, ValueError, OverflowError, OSError):
            return
        # Numbers without sense would shut a channel for years, or not go into the database.
        if remaining <= _MOST and resets_at - self._ports.now() <= _LONGEST:
            await budget.learn(bucket, max(0, remaining), resets_at)

    def _request(self, call: Call, headers: Mapping[str, str]) -> httpx.Request:
        more: dict[str, Any] = {}
        sent = dict(headers)
        if call.file is not None:
            more = {"data": dict(call.form or {}), "files": {"media": ("blob", call.file)}}
        elif call.form is not None:
            more = {"data": dict(call.form)}
        elif call.body is not None:
            more = {"content": msgspec.json.encode(call.body)}
            sent["Content-Type"] = "application/json"
        return self._http.build_request(
            call.method, call.path, params=dict(call.params), headers=sent, **more
        )


def _page(call: Call, content: bytes) -> Page:
    try:
        return read_page(content) if content else Page()
    except (msgspec.DecodeError, RecursionError) as error:
        raise _garbled(call) from error


def _garbled(call: Call) -> NetworkError:
    if call.writes:
        return Uncertain("X's answer could not be read.")
    return RetryLater("X's answer could not be read.", after=10.0)
