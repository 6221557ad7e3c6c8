"""Calls to another desk's API: JSON in and out, with errors that say what to do."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec

from earful.handoff.ticket import Trouble
from earful.kit.addresses import Blocked

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
MOST = 2_000_000


class Calls:
    """One API at `base`, with the headers that sign us in."""

    def __init__(
        self, client: httpx.AsyncClient, name: str, base: str, headers: dict[str, str]
    ) -> None:
        self._client, self._name = client, name
        self._base, self._headers = base.rstrip("/"), headers

    async def ask(self, path: str, **query: str) -> Any:
        """GET; None for what is not there. Whatever goes wrong, nothing happened."""
        try:
            answer = await self._send("GET", path, query, None)
        except Trouble as trouble:
            raise Trouble(str(trouble), passing=trouble.passing or trouble.uncertain) from None
        return None if answer.status_code == 404 else self._read(answer)

    async def tell(
        self, method: str, path: str, body: Any, headers: dict[str, str] | None = None
    ) -> Any:
        """POST, PUT or PATCH; once it is out, silence is uncertain."""
        answer = await self._send(method, path, {}, body, headers)
        if answer.status_code == 404:
            raise Trouble(f"{self._name} has nothing at {path}.")
        return self._read(answer)

    async def _send(
        self,
        method: str,
        path: str,
        query: dict[str, str],
        body: Any,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        said = {"Accept": "application/json", **self._headers, **(headers or {})}
        content = None if body is None else msgspec.json.encode(body)
        if content is not None:
            said["Content-Type"] = "application/json"
        try:
            answer = await self._client.request(
                method, f"{self._base}{path}", params=query or None, content=content, headers=said
            )
        except (*NOT_SENT, Blocked) as error:
            words = str(error) if isinstance(error, Blocked) else "it can't be reached"
            raise Trouble(f"{self._name}: {words}", passing=True) from error
        except httpx.HTTPError as error:
            raise Trouble(f"{self._name} did not answer.", uncertain=True) from error
        self._check(answer)
        return answer

    def _check(self, answer: httpx.Response) -> None:
        status = answer.status_code
        if status < 300 or status == 404:
            return
        if status in (401, 403):
            raise Trouble(f"{self._name} does not take our sign-in ({status}).")
        if status == 429:
            raise Trouble(f"{self._name} asks us to slow down.", passing=True)
        if status >= 500:
            raise Trouble(f"{self._name} failed ({status}).", uncertain=True)
        raise Trouble(f"{self._name} refuses it ({status}): {answer.text[:200]}")

    def _read(self, answer: httpx.Response) -> Any:
        if not answer.content:
            return {}
        if len(answer.content) > MOST:
            raise Trouble(f"{self._name} answers with more than {MOST} bytes.")
        try:
            return msgspec.json.decode(answer.content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Trouble(f"{self._name}'s answer makes no sense.", uncertain=True) from None
