"""A rehearsal stays at home: what is connected in it can't reach anybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from earful.desk.connect import Typed, find
from earful.kit.addresses import is_here
from earful.kit.refusal import Refused


async def stay_home(db: Any, workspace_id: str, given: Typed) -> None:
    """Raise Refused when this is a rehearsal and the account is on a real network.

    Let in is what reaches this machine alone: a network that stays home, or one whose every place
    is here (a simulator, a mail server for tests). Call it before the network is asked anything.
    """
    rehearsal = await db.fetchval("SELECT rehearsal FROM workspace WHERE id = $1", workspace_id)
    manifest = find(given.network).manifest
    if not rehearsal or _leads_home(given):
        return
    raise Refused(
        "rehearsal",
        "This is a rehearsal: nothing leaves this machine. Choose “Start for real” and connect "
        f"{manifest.title} there.",
    )


def refuse_files(network: str, fields: Mapping[str, str]) -> None:
    """Raise Refused where a file of this machine is named: only its operator may, by command."""
    for field in find(network).manifest.fields:
        if field.local and fields.get(field.name):
            raise Refused("invalid", f"{field.label}: this is set by command only.")


def _leads_home(given: Typed) -> bool:
    """Whether every place the account would reach is on this machine. What is no place leads
    nowhere: the network's manifest says which fields are."""
    manifest = find(given.network).manifest
    places = [field for field in manifest.fields if field.place]
    if not places:
        return manifest.stays_home
    values = [(field, given.config.get(field.name, "")) for field in places]
    return all(value in field.nowhere or _is_here(value) for field, value in values)


def _is_here(value: str) -> bool:
    """Whether an address, with or without a scheme and a port, is one of this machine as written.

    What programs read differently (a user before the host, a backslash, a blank) is no address.
    """
    if any(sign in value for sign in "@\\ \t\r\n"):
        return False
    try:
        host = urlsplit(value if "://" in value else f"//{value}").hostname
    except ValueError:
        return False
    return host is not None and is_here(host)
