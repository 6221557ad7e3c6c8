"""HTTP to addresses that strangers chose: never to this machine or the network it stands in.

A name is resolved first, each of its addresses is checked, and the connection is made to a checked
address, so that a name that changes its mind in between gains nothing. Each redirect that is
followed is checked anew. No proxy of the environment is used.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

import httpx

from earful.kit.addresses import Blocked, Guard, resolve
from earful.kit.trust import web_trust

MOST_REDIRECTS = 3
_OWN = "earful_own_origins"


class TooLarge(httpx.TransportError):
    """The answer is larger than was asked for."""


class TooSlow(httpx.TransportError):
    """The whole answer takes longer than was allowed."""


class GuardedTransport(httpx.AsyncBaseTransport):
    """Connects to a checked address; TLS still proves the name."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        # Kept connections are known by address: another name there would get the first one's.
        limits = httpx.Limits(max_keepalive_connections=0)
        self._inner = httpx.AsyncHTTPTransport(limits=limits, trust_env=False, verify=web_trust())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Resolve, check, connect. Raises Blocked."""
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        found = await self._addresses(request, host, port)
        request.extensions = {**request.extensions, "sni_hostname": host}
        for address in found[:-1]:
            request.url = request.url.copy_with(host=address)
            try:
                return await self._inner.handle_async_request(request)
            except httpx.ConnectError:
                continue
        request.url = request.url.copy_with(host=found[-1])
        return await self._inner.handle_async_request(request)

    async def _addresses(self, request: httpx.Request, host: str, port: int) -> list[str]:
        if origin_of(request.url) not in request.extensions.get(_OWN, ()):
            return await self._guard.addresses(host, port)
        try:
            return await resolve(host.strip("[]"), port)
        except (OSError, UnicodeError):
            raise Blocked(f"The name {host} can't be found.", passing=True) from None

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


def origin_of(url: httpx.URL | str) -> tuple[str, str, int]:
    """Scheme, host and port: what two addresses of the same server have in common."""
    parts = httpx.URL(url)
    return parts.scheme, parts.host, parts.port or (443 if parts.scheme == "https" else 80)


async def fetch_bytes(
    client: httpx.AsyncClient,
    url: str,
    *,
    most: int,
    within: float,
    own: Iterable[str] = (),
) -> bytes:
    """The body at `url`: at most `most` bytes, within `within` seconds from the first look-up on.

    Addresses whose origin is one of `own` are not guarded: the operator named them herself. Raises
    Blocked, TooLarge, TooSlow, httpx.InvalidURL or another httpx.HTTPError.
    """
    extensions = {_OWN: frozenset(origin_of(one) for one in own)}
    try:
        async with asyncio.timeout(within):
            return await _follow(client, url, most, extensions)
    except TimeoutError:
        raise TooSlow(f"It takes longer than {within:g} seconds.") from None


async def _follow(
    client: httpx.AsyncClient, url: str, most: int, extensions: Mapping[str, object]
) -> bytes:
    for _ in range(MOST_REDIRECTS + 1):
        parts = httpx.URL(url)
        if parts.scheme not in ("http", "https") or not parts.host:
            raise Blocked("It is no web address.")
        request = client.build_request(
            "GET",
            url,
            headers={"Accept-Encoding": "identity"},
            extensions=_with_timeout(client, extensions),
        )
        answer = await client.send(request, stream=True)
        try:
            if answer.next_request is None:
                return await _body(answer, most)
            url = str(answer.next_request.url)
        finally:
            await answer.aclose()
    raise Blocked("It redirects too often.")


def _with_timeout(client: httpx.AsyncClient, extensions: Mapping[str, object]) -> dict[str, object]:
    """`extensions` beside the client's timeouts, which these would replace."""
    return {"timeout": client.timeout.as_dict(), **extensions}


async def _body(answer: httpx.Response, most: int) -> bytes:
    if answer.status_code != 200:
        raise httpx.HTTPStatusError(
            f"It answers {answer.status_code}.", request=answer.request, response=answer
        )
    body = bytearray()
    async for part in answer.aiter_raw():
        body += part
        if len(body) > most:
            raise TooLarge(f"It is larger than {most} bytes.")
    return bytes(body)
