"""Pure: bodies that are forms with files."""

from __future__ import annotations

import base64
import binascii
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

import msgspec

from earful.networks.x.simulator.problems import invalid
from earful.networks.x.simulator.wire import Request


def upload(request: Request) -> dict[str, Any]:
    """The fields of a form with files, or of JSON with the file in base64; `media` is bytes.

    Raises Trouble (400) when it is neither.
    """
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return _parts(request.body, kind)
    try:
        found = msgspec.json.decode(request.body, type=dict[str, Any])
        if "media" in found:
            found["media"] = base64.b64decode(found["media"], validate=True)
    except (msgspec.MsgspecError, binascii.Error, TypeError, RecursionError) as error:
        raise invalid("media", "", f"neither a form nor JSON: {error}") from error
    return found


def _parts(body: bytes, kind: str) -> dict[str, Any]:
    whole = b"content-type: " + kind.encode("latin-1") + b"\r\n\r\n" + body
    found: dict[str, Any] = {}
    for part in BytesParser(policy=HTTP).parsebytes(whole).iter_parts():
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(data, bytes):
            found[name] = data if name == "media" else data.decode("utf-8", "replace")
    return found
