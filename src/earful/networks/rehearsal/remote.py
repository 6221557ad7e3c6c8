"""The way into a rehearsal server over loopback, and nowhere else."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import msgspec

from earful.kit.trust import web_trust
from earful.networks.contract import Person, Reauthorize, Rejected, RetryLater, Uncertain
from earful.networks.rehearsal.ledger import Entry
from earful.networks.rehearsal.town import Offer, Page

LONG_POLL_FOR = 20.0
TIMEOUT = 10.0
T = TypeVar("T")


def loopback(service: str) -> str:
    """`service` as an address of this machine. Raises Rejected for any other."""
    try:
        parts = urlsplit(service)
        host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
        fits = parts.scheme == "http" and ip_address(host).is_loopback and parts.port
    except ValueError:
        fits = None
    if not fits or parts.path not in ("", "/") or parts.username or parts.query:
        raise Rejected(f"a rehearsal stays on this machine: http://127.0.0.1:PORT, not {service!r}")
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{parts.port}"


class RemoteDoor:
    """A town behind a server at `service`; see Door. `timeout` is in seconds per answer."""

    def __init__(self, service: str, timeout: float = TIMEOUT) -> None:
        # No proxy, no redirect: either could lead off the machine. No kept connection: a server
        # that went away must refuse us (nothing happened), not leave us wondering.
        self._http = httpx.AsyncClient(
            base_url=loopback(service),
            verify=web_trust(),
            trust_env=False,
            follow_redirects=False,
            timeout=timeout,
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        self._timeout = timeout

    async def account(self, handle: str) -> Person:
        """See Door."""
        return _decoded(await self._get("/account", {"handle": handle}), Person)

    async def changes(self, handle: str, after: int, ledger: str) -> Page:
        """See Door."""
        query = {"handle": handle, "after": str(after), "ledger": ledger}
        query["wait"] = str(LONG_POLL_FOR)
        return _decoded(await self._get("/changes", query, self._timeout + LONG_POLL_FOR), Page)

    async def by_key(self, key: str) -> Entry | None:
        """See Door."""
        return await self._find({"key": key})

    async def post(self, id_: str) -> Entry | None:
        """See Door."""
        return await self._find({"id": id_})

    async def heard(self, after: int) -> tuple[Entry, ...]:
        """See Door."""
        return _decoded(await self._get("/heard", {"after": str(after)}), tuple[Entry, ...])

    async def takes_private(self, person: str) -> bool:
        """See Door."""
        return _decoded(await self._get("/reach", {"person": person}), bool)

    async def remove(self, id_: str) -> None:
        """See Door. It can be asked again, so that silence means to try later."""
        try:
            response = await self._http.delete("/posts", params={"id": id_})
        except httpx.TransportError as error:
            raise RetryLater(f"the rehearsal server does not answer: {error!r}") from error
        _check(response)

    async def publish(self, offer: Offer) -> Entry:
        """See Door. Once the request is out, silence and broken answers are Uncertain."""
        try:
            response = await self._http.post("/posts", content=msgspec.json.encode(offer))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise RetryLater(f"the rehearsal server cannot be reached: {error}") from error
        except httpx.TransportError as error:
            raise Uncertain(f"no answer to a publish: {error!r}") from error
        if response.status_code == 500:
            raise Uncertain("the rehearsal server failed while publishing")
        _check(response)
        try:
            return msgspec.json.decode(response.content, type=Entry)
        except msgspec.MsgspecError as error:
            raise Uncertain(f"an answer to a publish that makes no sense: {error}") from error

    async def close(self) -> None:
        """See Door."""
        await self._http.aclose()

    async def _find(self, query: dict[str, str]) -> Entry | None:
        response = await self._get("/posts", query)
        return None if response.status_code == 404 else _decoded(response, Entry)

    async def _get(
        self, path: str, query: dict[str, str], patience: float | None = None
    ) -> httpx.Response:
        try:
            return await self._http.get(path, params=query, timeout=patience or self._timeout)
        except httpx.TransportError as error:
            raise RetryLater(f"the rehearsal server does not answer: {error!r}") from error


def _decoded(response: httpx.Response, shape: type[T]) -> T:
    _check(response)
    try:
        return msgspec.json.decode(response.content, type=shape)
    except msgspec.MsgspecError as error:
        raise RetryLater(f"an answer that makes no sense: {error}") from error


def _check(response: httpx.Response) -> None:
    """Raise what the status means."""
    status = response.status_code
    if status < 300:
        return
    why = f"{status}: {response.text[:200]}"
    if status == 401:
        raise Reauthorize(f"the rehearsal token has expired ({why})")
    if status in (400, 403, 404, 413, 422):
        raise Rejected(why)
    raise RetryLater(why, _seconds(response.headers.get("retry-after", "")))


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 5.0
