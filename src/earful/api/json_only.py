"""The API takes JSON: a body of another kind is refused in words, not misread."""

from __future__ import annotations

from typing import Any

from litestar import Request

from earful.kit.bodies import type_of_body
from earful.kit.refusal import Refused

RAW = "raw"
"""The `opt` of a route that takes bytes of any kind."""


def only_json(request: Request[Any, Any, Any]) -> None:
    """Raise Refused for a body that calls itself something else; one without a name is tried."""
    kind = type_of_body(request.headers)
    if kind in ("", "application/json") or kind.endswith("+json"):
        return
    if not request.route_handler.opt.get(RAW):
        raise Refused("wrong-type", "Send JSON here, with `Content-Type: application/json`.")
