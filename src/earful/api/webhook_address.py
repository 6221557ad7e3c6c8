"""Which addresses a webhook may have."""

from __future__ import annotations

from urllib.parse import urlsplit

from earful.api.caller import Caller
from earful.kit.addresses import HOME, Blocked, Guard
from earful.kit.ranges import networks_of
from earful.kit.refusal import Refused

LONGEST = 2000


async def guard_of(caller: Caller) -> Guard:
    """What may be called from this workspace: nothing but this machine in a rehearsal."""
    async with caller.state.database.acquire() as db:
        rehearsal = await db.fetchval(
            "SELECT rehearsal FROM workspace WHERE id = $1", caller.workspace_id
        )
    if rehearsal:
        return HOME
    return Guard(networks_of(caller.state.settings.outgoing_allow))


async def check_url(caller: Caller, url: str) -> None:
    """Raise Refused in words unless `url` may be called. It is checked again at every call."""
    guard = await guard_of(caller)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        host, parts = "", None
    if parts is None or parts.scheme not in ("https", "http") or not host or len(url) > LONGEST:
        raise Refused("invalid", "A webhook's address looks like https://example.org/earful.")
    if parts.username is not None or parts.password is not None:
        raise Refused("invalid", "Leave name and password out of the address.")
    try:
        found = await guard.addresses(host, port)
    except Blocked as error:
        raise Refused("blocked-address", str(error)) from None
    if parts.scheme == "http" and not all(guard.is_exempt(address) for address in found):
        raise Refused("invalid", "Events carry personal data: the address must begin with https.")
