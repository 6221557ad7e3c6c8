"""What was taken away on X: asked for by batch job, which costs nothing, or post by post."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

import httpx
import msgspec

from earful.kit.trust import web_trust
from earful.networks.contract import Change, Deletion, Post, Rejected
from earful.networks.x.api import Call
from earful.networks.x.asking import post_fields
from earful.networks.x.means import Means
from earful.networks.x.payloads import one, several
from earful.networks.x.prices import Item
from earful.networks.x.spending import Level
from earful.networks.x.times import instant, number
from earful.networks.x.translate import to_changes
from earful.networks.x.wire import Page, XPost

_PAGE = 100
_POLLS = 360
_PAUSE = 10.0
_MISSING = ("/resource-not-found", "/not-authorized-for-resource")
"""That X may not tell one field of a post is another matter."""

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
_POST = msgspec.json.Decoder(XPost)


class Gone:
    """Finds out which posts are gone, or were edited."""

    def __init__(self, means: Means) -> None:
        self._session, self._spending, self._ports = means.session, means.spending, means.ports
        self._api, self._names = means.place.api, means.place.names

    async def among(self, ids: Iterable[str]) -> tuple[Change, ...]:
        """Deletions, and edits where posts are looked at one by one. Raises a NetworkError."""
        known = [each for each in dict.fromkeys(ids) if number(each)]
        if not known:
            return ()
        try:
            return await self._by_job(known)
        except Rejected:
            return await self._one_by_one(known)

    async def _by_job(self, ids: Sequence[str]) -> tuple[Change, ...]:
        path = "/2/compliance/jobs"
        call = Call(
            method="POST", path=path, bucket="compliance", body={"type": "tweets"}, app=True
        )
        job = await self._job(call)
        async with httpx.AsyncClient(verify=web_trust(), timeout=60.0) as http:
            await self._carried(http, "PUT", job.upload_url, "\n".join(ids).encode())
            for _ in range(_POLLS):
                job = await self._job(Call(path=f"{path}/{job.id}", bucket="compliance", app=True))
                if job.status in ("complete", "failed", "expired"):
                    break
                await self._ports.wait(_PAUSE)
            if job.status != "complete":
                raise Rejected(f"X did not finish the batch job: {job.status}.")
            told = await self._carried(http, "GET", job.download_url)
        return tuple(self._verdicts(told, frozenset(ids)))

    async def _job(self, call: Call) -> Job:
        page = await self._session.call(call)
        job = one(page.data, _JOB)
        if job is None:
            raise Rejected("X's answer about a batch job could not be read.")
        return job

    async def _carried(
        self, http: httpx.AsyncClient, method: str, url: str, data: bytes = b""
    ) -> bytes:
        parts = urlsplit(url)
        same = f"{parts.scheme}://{parts.netloc}" == self._api
        if parts.scheme != "https" and not same:
            raise Rejected("X named a place for a batch job that is not safe to go to.")
        headers = {"Content-Type": "text/plain"} if data else {}
        try:
            answer = await http.request(method, url, content=data or None, headers=headers)
        except httpx.HTTPError as error:
            raise Rejected(f"A batch job's file did not pass ({type(error).__name__}).") from error
        if not answer.is_success:
            raise Rejected(f"A batch job's file did not pass ({answer.status_code}).")
        return answer.content

    def _verdicts(self, told: bytes, ids: frozenset[str]) -> list[Change]:
        found: list[Change] = []
        now = self._ports.now()
        for line in told.splitlines():
            verdict = one(line, _VERDICT)
            if verdict is None or verdict.id not in ids or verdict.action != "delete":
                continue
            if verdict.reason not in _PLACES:
                at = instant(verdict.redacted_at, now)
                found.append(Deletion(external_id=verdict.id, at=min(at, now)))
        return found

    async def _one_by_one(self, ids: Sequence[str]) -> tuple[Change, ...]:
        found: list[Change] = []
        for first in range(0, len(ids), _PAGE):
            if await self._spending.level() >= Level.NO_SEARCH:
                break
            found += await self._looked_at(ids[first : first + _PAGE])
        return tuple(found)

    async def _looked_at(self, ids: Sequence[str]) -> list[Change]:
        page = await self._page(ids)
        now = self._ports.now()
        missing = {
            str(problem.resource_id or problem.value)
            for problem in page.errors or ()
            if problem.type.endswith(_MISSING) or problem.title == "Not Found Error"
        }
        missing -= {id_ for history in _histories(page) for id_ in history}
        gone = [Deletion(external_id=each, at=now) for each in ids if each in missing]
        return [*gone, *await self._edits(page)]

    async def _edits(self, page: Page) -> list[Change]:
        """The newest versions of posts that were edited since: they are asked for by their ids."""
        newest = [history[-1] for history in _histories(page) if len(history) > 1]
        if not newest:
            return []
        us, now = await self._session.us(), self._ports.now()
        found = to_changes(await self._page(newest[:_PAGE]), us, now)
        return [each for each in found if isinstance(each, Post) and each.edited_at]

    async def _page(self, ids: Sequence[str]) -> Page:
        params = {"ids": ",".join(ids), **post_fields(self._names)}
        page = await self._session.call(Call(path="/2/tweets", bucket="posts", params=params))
        await self._spending.read(Item.READ_POST, [each[0] for each in _histories(page)])
        return page


def _histories(page: Page) -> list[list[str]]:
    return [post.history for post in several(page.data, _POST)]
