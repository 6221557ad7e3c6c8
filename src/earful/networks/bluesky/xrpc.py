"""One call to a server of the AT Protocol, with errors that carry the decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx
import msgspec

from earful.kit.addresses import on_this_machine
from earful.kit.trust import web_trust
from earful.networks.bluesky.errors import from_answer, from_transport
from earful.networks.contract import Ports, RetryLater, Uncertain


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A query (no body) or a procedure. `writes`: it may publish; `cost`: in rate points."""

    name: str
    params: Mapping[str, Any] = {}
    body: Mapping[str, Any] | None = None
    data: bytes | None = None
    mime: str = ""
    bucket: str = "read"
    cost: int = 1
    writes: bool = False

    @property
    def is_query(self) -> bool:
        """Whether this only asks."""
        return self.body is None and self.data is None and self.bucket == "read"


class Refused(Exception):
    """An answer other than success: what the network called it, and the decision it means."""

    def __init__(self, code: str, decision: Exception) -> None:
        super().__init__(str(decision))
        self.code = code
        self.decision = decision


class Xrpc:
    """Carries calls to one server. Knows nothing of sessions."""

    def __init__(self, service: str, ports: Ports, answer_within: float) -> None:
        direct = on_this_machine(service)
        self._http = httpx.AsyncClient(
            base_url=service,
            verify=web_trust(),
            timeout=answer_within,
            trust_env=not direct,
        )
        self._ports = ports

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.aclose()

    async def carry(self, call: Call, token: str | None, proxy: str = "") -> dict[str, Any]:
        """The answer's JSON. Raises Refused, or a NetworkError when there is no answer.

        `proxy` names the service to which the account's server hands the call on.
        """
        await self._ports.budget.take(call.bucket, call.cost)
        try:
            answer = await self._http.send(self._request(call, token, proxy))
        except httpx.HTTPError as error:
            raise from_transport(error, writing=call.writes) from error
        await self._learn(call, answer)
        said = _json(answer)
        if answer.is_success:
            if said is None:
                raise _garbled(call)
            return said
        said = said or {}
        decision = from_answer(answer, said, now=self._ports.now(), writing=call.writes)
        raise Refused(str(said.get("error", "")), decision)

    def _request(self, call: Call, token: str | None, proxy: str) -> httpx.Request:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if proxy:
            headers["atproto-proxy"] = proxy
        content = call.data
        if call.body is not None:
            content, headers["Content-Type"] = msgspec.json.encode(call.body), "application/json"
        elif call.mime:
            headers["Content-Type"] = call.mime
        return self._http.build_request(
            "GET" if call.is_query else "POST",
            f"/xrpc/{call.name}",
            params=dict(call.params),
            content=content,
            headers=headers,
        )

    async def _learn(self, call: Call, answer: httpx.Response) -> None:
        try:
            remaining = int(answer.headers["ratelimit-remaining"])
            resets_at = datetime.fromtimestamp(int(answer.headers["ratelimit-reset"]), UTC)
        except (KeyError, ValueError, OverflowError):
            return
        await self._ports.budget.learn(call.bucket, remaining, resets_at)


def _json(answer: httpx.Response) -> dict[str, Any] | None:
    """The body as an object; an empty body is an empty object; None when it is something else."""
    if not answer.content:
        return {}
    try:
        said = msgspec.json.decode(answer.content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _garbled(call: Call) -> Exception:
    if call.writes:
        return Uncertain("Bluesky's answer could not be read.")
    return RetryLater("Bluesky's answer could not be read.", after=10.0)
