"""Hands pictures to the server, and waits until it has looked at them."""

from __future__ import annotations

from typing import Any

from earful.networks.contract import Ports, Rejected, RetryLater, Upload
from earful.networks.mastodon.api import Answer, Call
from earful.networks.mastodon.errors import NotThere
from earful.networks.mastodon.instance import Instance
from earful.networks.mastodon.session import Session

_LOOK_EVERY = 1.0  # seconds
_LOOKS = 30
_MORE = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}


class Uploads:
    """Uploads for one account. What is uploaded and never posted, the server forgets."""

    def __init__(self, session: Session, ports: Ports) -> None:
        self._session, self._ports = session, ports

    async def put(self, upload: Upload, instance: Instance) -> str:
        """The picture's id, once it can be posted. Raises Rejected in words."""
        if upload.mime not in instance.image_types:
            raise Rejected(f"The server takes no {upload.mime} pictures.")
        if len(upload.data) > instance.image_bytes:
            most = instance.image_bytes // 1_000_000
            raise Rejected(f"The picture is larger than the {most} MB that the server takes.")
        name = f"picture.{_MORE.get(upload.mime, 'bin')}"
        # Better told in part than not at all: a longer text would be refused, and the post with it.
        form = {"description": upload.alt[: instance.alt_length]}
        file = (name, upload.data, upload.mime)
        answer = await self._post(form, file)
        media = _id(answer)
        if answer.status != 202 and answer.said.get("url"):
            return media
        return await self._finished(media)

    async def _post(self, form: dict[str, str], file: tuple[str, bytes, str]) -> Answer:
        for path in ("/api/v2/media", "/api/v1/media"):
            call = Call(path=path, method="POST", form=form, file=file, bucket="uploads")
            try:
                return await self._session.call(call)
            except NotThere:
                continue
        raise Rejected("The server takes no pictures.")

    async def _finished(self, media: str) -> str:
        """Wait while the server is at work: it answers 206 until the picture has an address."""
        for _ in range(_LOOKS):
            answer = await self._session.call(Call(path=f"/api/v1/media/{media}"))
            if answer.status != 206 and answer.said.get("url"):
                return media
            await self._ports.wait(_LOOK_EVERY)
        raise RetryLater("The server is still at work on the picture.", after=30.0)


def _id(answer: Answer) -> str:
    said: Any = answer.said
    if not isinstance(said, dict) or not str(said.get("id") or ""):
        raise RetryLater("The server did not say what became of the picture.", after=10.0)
    return str(said["id"])
