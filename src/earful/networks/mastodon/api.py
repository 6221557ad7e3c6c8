"""One call to a server that speaks Mastodon's API, with errors that carry the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import msgspec

from earful.kit.addresses import on_this_machine
from earful.kit.trust import web_trust
from earful.networks.contract import Ports, RetryLater, Uncertain
from earful.networks.mastodon.errors import from_answer, from_transport, resets_at

LARGEST = 20_000_000  # bytes of an answer that are read
_JSON = {"Content-Type": "application/json"}


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A call. `writes`: it may publish something; `bucket` names the budget it is taken from."""

    path: str
    method: str = "GET"
    params: Sequence[tuple[str, str]] = ()
    body: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None
    file: tuple[str, bytes, str] | None = None
    headers: Mapping[str, str] = {}
    bucket: str = "calls"
    writes: bool = False


class Answer(msgspec.Struct, frozen=True):
    """What a server answered: the status and the JSON."""

    status: int
    said: Any


class Api:
    """Carries calls to one server, and to no other: redirects are not followed.

    `ahead` is how far the server's clock is before ours, by the last answer.
    """

    def __init__(self, origin: str, ports: Ports, answer_within: float) -> None:
        self._http = httpx.AsyncClient(
            base_url=origin,
            verify=web_trust(),
            timeout=answer_within,
            follow_redirects=False,
            trust_env=not on_this_machine(origin),
            headers={"User-Agent": "Earful", "Accept": "application/json"},
        )
        self._ports = ports
        self.ahead = timedelta()

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.aclose()

    async def carry(self, call: Call, token: str) -> Answer:
        """The answer. Raises a NetworkError."""
        await self._ports.budget.take(call.bucket)
        try:
            answer, body = await self._exchange(self._request(call, token))
        except httpx.HTTPError as error:
            raise from_transport(error, writing=call.writes) from error
        await self._learn(call, answer)
        said = _json(body)
        if answer.is_success and said is not None:
            return Answer(answer.status_code, said)
        if answer.is_success:
            words = "The server's answer could not be read."
            raise Uncertain(words) if call.writes else RetryLater(words, after=10.0)
        raise from_answer(
            answer.status_code,
            answer.headers,
            _words(said),
            now=self._ports.now(),
            writing=call.writes,
        )

    async def _exchange(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        answer = await self._http.send(request, stream=True)
        try:
            body = bytearray()
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > LARGEST:
                    raise httpx.RemoteProtocolError("the answer has no end", request=request)
        finally:
            await answer.aclose()
        return answer, bytes(body)

    def _request(self, call: Call, token: str) -> httpx.Request:
        headers = {**call.headers}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        content = None
        if call.body is not None:
            content, headers = msgspec.json.encode(call.body), headers | _JSON
        return self._http.build_request(
            call.method,
            call.path,
            params=list(call.params) or None,
            content=content,
            data=dict(call.form) if call.form is not None else None,
            files={"file": call.file} if call.file else None,
            headers=headers,
        )

    async def _learn(self, call: Call, answer: httpx.Response) -> None:
        self._set_clock(answer.headers.get("date", ""))
        reset = resets_at(answer.headers, self._ports.now())
        left = answer.headers.get("x-ratelimit-remaining", "")
        if reset is not None and left.isdigit():
            await self._ports.budget.learn(call.bucket, int(left), reset)

    def _set_clock(self, told: str) -> None:
        try:
            at: datetime = parsedate_to_datetime(told)
            self.ahead = at - self._ports.now()
        except (TypeError, ValueError, OverflowError):
            return


def _json(body: bytes) -> Any:
    """What a body says; an empty one is an empty object; None for what is no JSON."""
    if not body:
        return {}
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _words(said: Any) -> str:
    """Why, in the server's own words: one line of bounded length."""
    if not isinstance(said, Mapping):
        return ""
    words = said.get("error_description") or said.get("error") or ""
    return " ".join(str(words).split())[:300].rstrip(".")
