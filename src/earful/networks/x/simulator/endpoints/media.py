"""Pictures and films: begun, handed over in parts, closed; and fetched again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from earful.networks.x.prices import GIF_BYTES, IMAGE_BYTES, VIDEO_BYTES
from earful.networks.x.simulator.call import Call, Route, checked
from earful.networks.x.simulator.fields import words
from earful.networks.x.simulator.forms import upload
from earful.networks.x.simulator.pictures import content
from earful.networks.x.simulator.problems import forbidden, invalid, not_found
from earful.networks.x.simulator.things import Medium
from earful.networks.x.simulator.wire import Answer

_WRITE = words("media.write")
_KEPT_FOR = 86_400
_MOST = {"photo": IMAGE_BYTES, "animated_gif": GIF_BYTES, "video": VIDEO_BYTES}
_TAKES = timedelta(seconds=5)
"""What a film is worked on after it was handed over."""


async def initialize(call: Call) -> Answer:
    """Begin."""
    body = call.body()
    total = body.get("total_bytes")
    if not isinstance(total, int) or total < 1:
        raise invalid("total_bytes", str(total), "a size is wanted")
    medium = _begun(call, str(body.get("media_type") or ""), total, body.get("media_category"))
    return _said(call, _told(call, medium))


async def append(call: Call) -> Answer:
    """One part."""
    medium = _own(call, call.path["id"])
    given = upload(call.request)
    data, index = given.get("media"), str(given.get("segment_index", ""))
    if not isinstance(data, bytes) or not index.isdecimal() or int(index) > 999:
        raise invalid("segment_index", index, "`media` and a `segment_index` to 999 are wanted")
    medium.chunks[int(index)] = data
    return _said(call, {"expires_at": int(call.state.now().timestamp()) + _KEPT_FOR})


async def finalize(call: Call) -> Answer:
    """All parts are there."""
    medium = _own(call, call.path["id"])
    data = b"".join(medium.chunks[index] for index in sorted(medium.chunks))
    if len(data) != medium.total or sorted(medium.chunks) != list(range(len(medium.chunks))):
        raise invalid("id", medium.id, f"{len(data)} of {medium.total} bytes were handed over")
    _keep(call, medium, data)
    return _said(call, _told(call, medium))


async def at_once(call: Call) -> Answer:
    """A small picture in one request."""
    given = upload(call.request)
    data = given.get("media")
    if not isinstance(data, bytes) or not given.get("media_category"):
        raise invalid("media", "", "`media` and `media_category` are wanted")
    mime = given.get("media_type") or "image/png"
    medium = _begun(call, mime, len(data), given.get("media_category"))
    _keep(call, medium, data)
    return _said(call, _told(call, medium))


async def status(call: Call) -> Answer:
    """How far X is with it."""
    medium = _own(call, call.request.query.get("media_id", ""))
    return _said(call, _told(call, medium))


async def metadata(call: Call) -> Answer:
    """The alt text."""
    body = call.body()
    medium = _own(call, str(body.get("id") or ""))
    alt = ((body.get("metadata") or {}).get("alt_text") or {}).get("text")
    if not isinstance(alt, str) or len(alt) > 1000:
        raise invalid("metadata.alt_text.text", "", "a text of at most 1000 characters is wanted")
    medium.alt = alt
    told = {"id": medium.id, "associated_metadata": {"alt_text": {"text": alt}}}
    return call.say({"data": told})


async def show(call: Call) -> Answer:
    """The file itself, for everybody."""
    medium = call.state.world.media.get(call.path["id"])
    if medium is None:
        raise not_found("media", "id", call.path["id"])
    mime = medium.mime if medium.data else "image/png"
    return Answer(200, content(medium), {"content-type": mime})


def _begun(call: Call, mime: str, total: int, category: Any) -> Medium:
    if not mime.startswith(("image/", "video/")):
        raise invalid("media_type", mime, "not one of them")
    medium = Medium(
        id=call.state.world.new_id(),
        owner_id=call.me.id,
        mime=mime,
        total=total,
        created_at=call.state.now(),
        category=str(category or "tweet_image"),
    )
    if total > _MOST[medium.kind]:
        raise invalid("total_bytes", str(total), f"at most {_MOST[medium.kind]} bytes")
    call.state.world.media[medium.id] = medium
    return medium


def _keep(call: Call, medium: Medium, data: bytes) -> None:
    medium.data, medium.chunks = data, {}
    wait = _TAKES if medium.kind == "video" else timedelta()
    medium.ready_at = call.state.now() + wait


def _own(call: Call, id_: str) -> Medium:
    medium = call.state.world.media.get(checked("id", id_))
    if medium is None:
        raise not_found("media", "id", id_)
    if medium.owner_id != call.me.id:
        raise forbidden("This media is not yours.")
    return medium


def _said(call: Call, data: dict[str, Any]) -> Answer:
    """X's older description demands a `meta` without saying what stands in it."""
    return call.say({"data": data, "meta": {}})


def _told(call: Call, medium: Medium) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": medium.id,
        "media_key": medium.key,
        "expires_after_secs": _KEPT_FOR,
    }
    if medium.data:
        told["size"] = len(medium.data)
    if medium.kind == "video" and medium.ready_at is not None:
        left = (medium.ready_at - call.state.now()).total_seconds()
        told["processing_info"] = (
            {"state": "in_progress", "check_after_secs": max(int(left), 1), "progress_percent": 50}
            if left > 0
            else {"state": "succeeded", "progress_percent": 100}
        )
        if call.names == "tweet":
            told["processing_info"]["type"] = "video"  # demanded by the one, refused by the other
    return told


ROUTES = (
    Route("POST", "/2/media/upload/initialize", "upload", initialize, "user", _WRITE),
    Route("POST", "/2/media/upload/{id}/append", "upload", append, "user", _WRITE),
    Route("POST", "/2/media/upload/{id}/finalize", "upload", finalize, "user", _WRITE),
    Route("POST", "/2/media/upload", "upload", at_once, "user", _WRITE),
    Route("GET", "/2/media/upload", "upload", status, "user", _WRITE),
    Route("POST", "/2/media/metadata", "upload", metadata, "user", _WRITE),
    Route("GET", "/media/{id}", "pictures", show, "nobody"),
)
