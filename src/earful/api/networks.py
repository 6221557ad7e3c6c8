"""The networks that can be connected, and how one is led through it."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import get

from earful.api.caller import Called
from earful.desk.guide import guide
from earful.networks.contract import Authorizes
from earful.networks.registry import networks


@get("/networks")
async def get_networks(caller: Called) -> list[dict[str, Any]]:
    """The networks, what each asks for, and its guide with the addresses of this desk."""
    caller.need("channel.read")
    settings = caller.state.settings
    return [
        {
            "network": name,
            "title": found.manifest.title,
            "fields": msgspec.to_builtins(found.manifest.fields),
            "guide": msgspec.to_builtins(guide(found.manifest, settings)),
            "authorizes": isinstance(found, Authorizes),
            "callback": settings.callback_url,
            "public": bool(settings.public_url),
        }
        for name, found in networks().items()
    ]


ROUTES = [get_networks]
