"""What kind of body comes with a request, by its header alone."""

from __future__ import annotations

from collections.abc import Mapping


def type_of_body(headers: Mapping[str, str]) -> str:
    """The media type of the body, in small letters; "" without a body, or when it isn't said.

    By RFC 9110, 8.3 and 8.6; `headers` finds names in small letters.
    """
    empty = headers.get("content-length", "0") in ("", "0")
    if empty and "transfer-encoding" not in headers:
        return ""
    return headers.get("content-type", "").partition(";")[0].strip().lower()
