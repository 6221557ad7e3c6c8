"""HTTP to addresses that strangers chose: never to this machine or the network it stands in.

A name is resolved first, each of its addresses is checked, and the connection is made to a checked
address, so that a name that changes its mind in between gains nothing. No redirect is followed, no
proxy of the environment is used.
"""

from __future__ import annotations

from collections.abc import Sequence

import httpx

from earful.kit.addresses import Blocked, Guard


class TooLarge(httpx.TransportError):
    """The answer is larger than was asked for."""


class GuardedTransport(httpx.AsyncBaseTransport):
    """Connects to a checked address; TLS still proves the name."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        # Kept connections are known by address: another name there would get the first one's.
        limits = httpx.Limits(max_keepalive_connections=0)
        self._inner = httpx.AsyncHTTPTransport(limits=limits, trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Resolve, check, connect. Raises Blocked."""
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        found = await self._guard.addresses(host, port)
        request.extensions = {**request.extensions, "sni_hostname": host}
        for address in found[:-1]:
            request.url = request.url.copy_with(host=address)
            try:
                return await self._inner.handle_async_request(request)
            except httpx.ConnectError:
                continue
        request.url = request.url.copy_with(host=found[-1])
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close."""
        await self._inner.aclose()


def guarded_client(guard: Guard, *, timeout_for: float = 10.0) -> httpx.AsyncClient:
    """A client that only calls what `guard` allows; each step may take `timeout_for` seconds."""
    return httpx.AsyncClient(
        transport=GuardedTransport(guard),
        timeout=timeout_for,
        follow_redirects=False,
        trust_env=False,
        headers={"User-Agent": "Earful"},
    )


async def fetch_bytes(
    client: httpx.AsyncClient, url: str, *, most: int, kinds: Sequence[str] = ()
) -> bytes:
    """The body at `url`, at most `most` bytes, of a content type that begins with one of `kinds`.

    Raises Blocked, TooLarge or another httpx.HTTPError.
    """
    async with client.stream("GET", url, headers={"Accept-Encoding": "identity"}) as answer:
        if answer.status_code != 200:
            raise httpx.HTTPStatusError(
                f"It answers {answer.status_code}.", request=answer.request, response=answer
            )
        kind = answer.headers.get("content-type", "")
        if kinds and not kind.startswith(tuple(kinds)):
            raise Blocked(f"It is no {' or '.join(kinds)} but {kind[:80] or 'something unnamed'}.")
        body = bytearray()
        async for part in answer.aiter_raw():
            body += part
            if len(body) > most:
                raise TooLarge(f"It is larger than {most} bytes.")
    return bytes(body)
