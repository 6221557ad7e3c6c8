"""A rehearsal stays at home: what is connected in it can't reach anybody."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from earful.desk.connect import Typed, find
from earful.kit.refusal import Refused

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


async def stay_home(db: Any, workspace_id: str, given: Typed) -> None:
    """Raise Refused when this is a rehearsal and the account is on a real network.

    A network that says it stays home is let in, and one whose every address leads back to this
    machine (a simulator). Call it before the network is asked anything.
    """
    rehearsal = await db.fetchval("SELECT rehearsal FROM workspace WHERE id = $1", workspace_id)
    manifest = find(given.network).manifest
    if not rehearsal or manifest.stays_home or _leads_home(given):
        return
    raise Refused(
        "rehearsal",
        "This is a rehearsal: nothing leaves this machine. Choose “Start for real” and connect "
        f"{manifest.title} there.",
    )


def _leads_home(given: Typed) -> bool:
    addresses = [value for value in given.config.values() if "://" in value]
    return bool(addresses) and all(urlsplit(one).hostname in _LOOPBACK for one in addresses)
