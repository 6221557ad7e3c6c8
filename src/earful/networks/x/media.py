"""Uploads pictures in chunks, with their alt text."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from earful.networks.contract import Ports, Rejected, RetryLater, Upload
from earful.networks.x.api import Api, Call
from earful.networks.x.errors import Refused
from earful.networks.x.payloads import one
from earful.networks.x.prices import GIF_BYTES, IMAGE_BYTES
from earful.networks.x.session import Session, bearing

CHUNK = 1_000_000
_POLLS = 30
_LONGEST = 30.0
"""Seconds until X is asked again, whatever it proposes."""

_ALT = 1000


class Processing(msgspec.Struct):
    """How far X is with a film or a moving picture."""

    state: str = ""
    check_after_secs: float = 1.0


class Uploaded(msgspec.Struct):
    """What X says of an upload."""

    id: str = ""
    processing_info: Processing | None = None


_UPLOADED = msgspec.json.Decoder(Uploaded)


class Uploads:
    """Carries pictures to X. Nothing is published by it, so it may be done again."""

    def __init__(self, session: Session, api: Api, ports: Ports) -> None:
        self._session, self._api, self._ports = session, api, ports

    async def carry(self, uploads: Sequence[Upload], *, private: bool = False) -> list[str]:
        """The media ids, in order. Raises a NetworkError."""
        return [await self._one(each, "dm" if private else "tweet") for each in uploads]

    async def _one(self, upload: Upload, place: str) -> str:
        moving = upload.mime == "image/gif"
        if len(upload.data) > (GIF_BYTES if moving else IMAGE_BYTES):
            most = "15 MB for a moving one" if moving else "5 MB"
            raise Rejected(f"The picture is larger than X takes: {most}.")
        body = {
            "media_type": upload.mime,
            "total_bytes": len(upload.data),
            "media_category": f"{place}_{'gif' if moving else 'image'}",
        }
        id_ = (await self._ask("/2/media/upload/initialize", body=body)).id
        if not id_:
            raise RetryLater("X did not take the picture.", after=10.0)
        for number, start in enumerate(range(0, len(upload.data), CHUNK)):
            chunk = upload.data[start : start + CHUNK]
            form = {"segment_index": str(number)}
            await self._ask(f"/2/media/upload/{id_}/append", form=form, file=chunk)
        done = await self._ask(f"/2/media/upload/{id_}/finalize")
        await self._ready(id_, done)
        if upload.alt:
            alt = {"id": id_, "metadata": {"alt_text": {"text": upload.alt[:_ALT]}}}
            await self._ask("/2/media/metadata", body=alt)
        return id_

    async def _ready(self, id_: str, said: Uploaded) -> None:
        for _ in range(_POLLS):
            if said.processing_info is None or said.processing_info.state == "succeeded":
                return
            if said.processing_info.state == "failed":
                raise Rejected("X could not read the picture.")
            await self._ports.wait(min(max(said.processing_info.check_after_secs, 1.0), _LONGEST))
            params = {"command": "STATUS", "media_id": id_}
            said = await self._carry(Call(path="/2/media/upload", bucket="upload", params=params))
        raise RetryLater("X is not done with the picture yet.", after=30.0)

    async def _ask(
        self,
        path: str,
        *,
        body: object = None,
        form: dict[str, str] | None = None,
        file: bytes | None = None,
    ) -> Uploaded:
        return await self._carry(
            Call(method="POST", path=path, bucket="upload", body=body, form=form, file=file)
        )

    async def _carry(self, call: Call) -> Uploaded:
        token = await self._session.token(app=False)
        try:
            page = await self._api.carry(call, bearing(token))
        except Refused as refused:
            raise refused.decision from refused
        return one(page.data, _UPLOADED) or Uploaded()
