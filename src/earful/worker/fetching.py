"""Fetches pictures of posts and people: claim, fetch with no transaction open, record."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import httpx
import msgspec
import structlog

from earful.conversations.pictures import tell_avatar, tell_picture
from earful.intake.receive import PASSING
from earful.kit.addresses import HOME, Blocked
from earful.kit.safe_http import TooLarge, fetch_bytes, guarded_client
from earful.media import keeping, wanted
from earful.media.attached import File, look
from earful.media.pictures import BadPicture, Picture, inspect
from earful.media.wanted import Claim
from earful.networks.contract import Hosts, NetworkError, Rejected, Shows
from earful.networks.registry import network
from earful.worker.desk import Shared, pause_calmly

log = structlog.get_logger()
AT_ONCE = 4
"""Pictures under way in one worker: each may take as much memory as the largest that is allowed."""
FETCH_FOR = 30.0
"""Seconds one fetch may take altogether, however slowly its bytes drip."""
LEASE_FOR = 90.0
PAUSES = (5.0, 30.0, 120.0, 600.0, 3600.0)
"""Seconds before another try, in order; then it is given up."""
_TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class Unfetched(Exception):
    """What went wrong, in words for an agent; `again` tells whether trying again may help."""

    def __init__(self, reason: str, *, again: bool) -> None:
        super().__init__(reason)
        self.again = again


class Most(msgspec.Struct, frozen=True):
    """The largest picture and the largest other file, in bytes."""

    picture: int
    file: int

    def of(self, claim: Claim) -> int:
        """The most that this may be."""
        return self.file if claim.name else self.picture


class Fetcher:
    """Fetches claimed pictures. A rehearsal's never come from beyond this machine."""

    def __init__(self, shared: Shared, most: Most) -> None:
        self._shared, self._most = shared, most
        self._real, self._tame = guarded_client(shared.guard), guarded_client(HOME)

    async def close(self) -> None:
        """Let go of connections."""
        await self._real.aclose()
        await self._tame.aclose()

    async def fetch(self, claim: Claim) -> Picture | File:
        """The picture or the file, looked at. Raises Unfetched."""
        try:
            data = await self._data(claim)
            if claim.name:
                return look(data, claim.name)
            return await asyncio.to_thread(inspect, data)
        except BadPicture as error:
            raise Unfetched(str(error), again=False) from error
        except Blocked as error:
            raise Unfetched(str(error), again=error.passing) from error
        except TooLarge as error:
            what = "file" if claim.name else "picture"
            raise Unfetched(f"The {what} is too large.", again=False) from error
        except httpx.HTTPStatusError as error:
            raise _answered(error.response.status_code) from error
        except (httpx.InvalidURL, ValueError) as error:
            raise Unfetched("Its address makes no sense.", again=False) from error
        except (httpx.HTTPError, OSError, TimeoutError, NetworkError) as error:
            raise Unfetched(
                f"Its server can't be reached ({type(error).__name__}).",
                again=not isinstance(error, Rejected),
            ) from error

    async def _data(self, claim: Claim) -> bytes:
        if not claim.source.startswith(("http://", "https://")):
            return await self._by_connector(claim)
        net = network(claim.network)
        own = net.origins(claim.config) if isinstance(net, Hosts) and not claim.rehearsal else ()
        return await fetch_bytes(
            self._tame if claim.rehearsal else self._real,
            claim.source,
            most=self._most.of(claim),
            within=FETCH_FOR,
            own=own,
        )

    async def _by_connector(self, claim: Claim) -> bytes:
        row = await self._shared.channel(claim.workspace_id, claim.channel_id)
        async with self._shared.connector(row) as connector:
            if not isinstance(connector, Shows):
                raise Unfetched("Its address is none that can be fetched.", again=False)
            async with asyncio.timeout(FETCH_FOR):
                data = await connector.picture(claim.source)
        if data is None:
            raise _answered(404)
        if len(data) > self._most.of(claim):
            raise TooLarge("too large")
        return data


def _answered(status: int) -> Unfetched:
    if status in (404, 410):
        return Unfetched("It is gone from the network.", again=False)
    if status in (401, 403, 451):
        return Unfetched("Its server does not hand it out.", again=False)
    return Unfetched(f"Its server answers {status}.", again=status in _TRY_AGAIN)


async def keep_fetching(shared: Shared, most: Most) -> None:
    """Fetch what is wanted until told to stop; fetches under way are finished first."""
    waker = shared.waker()
    fetcher = Fetcher(shared, most)
    under_way: set[asyncio.Task[None]] = set()

    def done(task: asyncio.Task[None]) -> None:
        under_way.discard(task)
        waker.set()
        if not task.cancelled() and (error := task.exception()):
            log.warning("fetch lost", error=type(error).__name__)  # its lease runs out

    while not shared.stopping.is_set():
        waker.clear()
        wait_for = 1.0
        with contextlib.suppress(*PASSING):
            for claim in await claim_some(shared, AT_ONCE - len(under_way)):
                task = asyncio.create_task(fetch_one(shared, fetcher, claim))
                under_way.add(task)
                task.add_done_callback(done)
            wait_for = 30.0 if len(under_way) >= AT_ONCE else await _until_next(shared)
        await pause_calmly(waker, wait_for)
    await asyncio.gather(*under_way, return_exceptions=True)
    await fetcher.close()


async def claim_some(shared: Shared, most: int) -> list[Claim]:
    """Lease up to `most` pictures that are due."""
    if most < 1:
        return []
    async with shared.database.transaction() as db:
        return await wanted.claim(db, shared.clock(), LEASE_FOR, most)


async def _until_next(shared: Shared) -> float:
    async with shared.database.acquire() as db:
        due = await wanted.next_at(db)
    return 30.0 if due is None else max(0.05, float((due - shared.clock()).total_seconds()))


async def fetch_one(shared: Shared, fetcher: Fetcher, claim: Claim) -> None:
    """One try at one picture, and what became of it."""
    try:
        picture = await fetcher.fetch(claim)
    except Unfetched as error:
        await _record_failure(shared, claim, error)
        return
    digest = await asyncio.to_thread(shared.media.write, picture.data)
    unused = [digest]  # erased meanwhile: nothing of it stays
    async with shared.works.open(claim.workspace_id) as work:
        if there := await wanted.kept(work, claim, picture, digest):
            await tell_picture(work, claim.id, _shown(picture))
            unused = await tell_avatar(work, claim.id, claim.contact_id)
    if there:
        await keeping.hold(shared.database, shared.media, picture.data, digest)
    await keeping.drop_unused(shared.database, shared.media, unused)


def _shown(found: Picture | File) -> dict[str, Any]:
    """What the screen is told of what was kept."""
    if isinstance(found, File):
        size = {"bytes": len(found.data)}
        return {"state": "kept", "reason": found.warning, "mime": found.mime, **size}
    size = {"width": found.width, "height": found.height}
    return {"state": "kept", "reason": "", "mime": found.mime, **size}


async def _record_failure(shared: Shared, claim: Claim, error: Unfetched) -> None:
    final = not error.again or claim.attempts > len(PAUSES)
    after = None if final else PAUSES[claim.attempts - 1]
    async with shared.works.open(claim.workspace_id) as work:
        if await wanted.failed(work, claim, str(error), after) and final:
            await tell_picture(work, claim.id, {"state": "failed", "reason": str(error)})
