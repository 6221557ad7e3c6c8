"""A rehearsal stays at home: what is connected in it can't reach anybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from earful.desk.connect import Typed, find
from earful.kit.refusal import Refused

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_NAMES = ("handle", "client_id")
"""Fields that say who we are, and lead nowhere by themselves."""


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


def refuse_files(network: str, fields: Mapping[str, str]) -> None:
    """Raise Refused where a file of this machine is named: only its operator may, by command."""
    for field in find(network).manifest.fields:
        if field.local and fields.get(field.name):
            raise Refused("invalid", f"{field.label}: this is set by command only.")


def _leads_home(given: Typed) -> bool:
    """Whether nothing that was typed can name another machine: what is no address of this one must
    be empty, switched off, a choice, a plain word that was there already, or a name of ours."""
    fields = find(given.network).manifest.fields
    values = [(field, given.config.get(field.name, "")) for field in fields if not field.secret]
    return any(_is_here(value) for _, value in values) and all(
        _is_here(value)
        or value in ("", "off", *field.choices)
        or field.name in _NAMES
        or (value == field.default and not set(value) & set(".:/@"))
        for field, value in values
    )


def _is_here(value: str) -> bool:
    return "://" in value and urlsplit(value).hostname in _LOOPBACK
