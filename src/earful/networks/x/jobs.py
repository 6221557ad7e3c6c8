"""Batch compliance jobs: ids are handed in, what is to be forgotten is handed back. They cost
nothing, and X works on one of an app's at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

import httpx
import msgspec

from earful.kit.addresses import on_this_machine
from earful.networks.contract import Deletion, Rejected, RetryLater
from earful.networks.x.api import Call, client
from earful.networks.x.errors import NotAllowed, NotThere
from earful.networks.x.means import Means
from earful.networks.x.payloads import one, several
from earful.networks.x.times import instant

_PATH = "/2/compliance/jobs"
_PAUSE = 15.0
"""Seconds between two questions: X answers 150 of them in a quarter of an hour."""

_POLLS = 240
_TRIES = 60
_WITHIN = 60.0
_PLACES = frozenset({"scrub_geo"})
"""What is to be removed of a post that stays: its place, which is never kept here."""


class Job(msgspec.Struct):
    """A batch compliance job."""

    id: str = ""
    status: str = ""
    upload_url: str = ""
    download_url: str = ""


class Verdict(msgspec.Struct):
    """What is to be done with one post."""

    id: str = ""
    action: str = ""
    reason: str = ""
    redacted_at: str = ""
    created_at: str = ""


_JOB = msgspec.json.Decoder(Job)
_VERDICT = msgspec.json.Decoder(Verdict)


class Jobs:
    """Has X look through lists of posts."""

    def __init__(self, means: Means) -> None:
        self._session, self._ports, self._api = means.session, means.ports, means.place.api

    async def gone(self, ids: Sequence[str]) -> list[Deletion]:
        """Those that are to be forgotten. Raises Rejected where X takes no list of ours, RetryLater
        where another of this app's is worked on for long."""
        job = await self._made()
        await self._carried("PUT", job.upload_url, "\n".join(ids).encode())
        for _ in range(_POLLS):
            job = await self._job(Call(path=f"{_PATH}/{job.id}", bucket="compliance", app=True))
            if job.status in ("complete", "failed", "expired"):
                break
            await self._ports.wait(_PAUSE)
        if job.status != "complete":
            raise Rejected(f"X did not finish the batch job: {job.status}.")
        told = await self._carried("GET", job.download_url)
        return self._verdicts(told.splitlines(), frozenset(ids))

    async def _made(self) -> Job:
        """A new job. Another channel, or another process, may have one under way: it is waited
        for, because to look at each post instead would cost money."""
        body = {"type": "tweets"}
        call = Call(method="POST", path=_PATH, bucket="compliance", body=body, app=True)
        idle = False
        for _ in range(_TRIES):
            try:
                return await self._job(call)
            except (NotAllowed, NotThere):
                raise
            except Rejected:
                was_idle, idle = idle, not await self._one_is_under_way()
                if was_idle and idle:
                    raise  # the other one had not just ended: it is refused for something else
            await self._ports.wait(_PAUSE)
        raise RetryLater("X works on another list of this app for long.", after=900.0)

    async def _one_is_under_way(self) -> bool:
        call = Call(path=_PATH, bucket="compliance", params={"type": "tweets"}, app=True)
        page = await self._session.call(call)
        standing = several(page.data, _JOB)
        return any(each.status in ("created", "in_progress") for each in standing)

    async def _job(self, call: Call) -> Job:
        page = await self._session.call(call)
        job = one(page.data, _JOB)
        if job is None:
            raise Rejected("X's answer about a batch job could not be read.")
        return job

    async def _carried(self, method: str, url: str, data: bytes = b"") -> bytes:
        """A job's file lies with somebody else, at an address that X names."""
        parts = urlsplit(url)
        same = f"{parts.scheme}://{parts.netloc}" == self._api
        if not same and (parts.scheme != "https" or on_this_machine(url)):
            raise Rejected("X named a place for a batch job that is not safe to go to.")
        headers = {"Content-Type": "text/plain"} if data else {}
        try:
            async with client(url, _WITHIN) as http:
                answer = await http.request(method, url, content=data or None, headers=headers)
        except httpx.HTTPError as error:
            raise Rejected(f"A batch job's file did not pass ({type(error).__name__}).") from error
        if not answer.is_success:
            raise Rejected(f"A batch job's file did not pass ({answer.status_code}).")
        return answer.content

    def _verdicts(self, lines: Iterable[bytes], ids: frozenset[str]) -> list[Deletion]:
        found: list[Deletion] = []
        now = self._ports.now()
        for line in lines:
            verdict = one(line, _VERDICT)
            if verdict is None or verdict.id not in ids or verdict.action != "delete":
                continue
            if verdict.reason not in _PLACES:
                at = instant(verdict.redacted_at, now)
                found.append(Deletion(external_id=verdict.id, at=min(at, now)))
        return found
