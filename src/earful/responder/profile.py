"""Whether an account's profile says other hours than the desk's: asked by hand and each night."""

from __future__ import annotations

import asyncio
from datetime import datetime

from earful.networks.contract import Connector, Describes, Finding
from earful.responder.published import Published, disagreement, spans_said
from earful.sla.calendar import Calendar

DESCRIBE_FOR = 20.0
"""Seconds a network has to tell what our profile says."""


async def look_at_profile(
    connector: Connector, hours: tuple[Published, Calendar] | None, now: datetime
) -> Finding | None:
    """What was found; None where no hours are published, or the network tells of no profile.

    Talks to the network: hold no transaction. Raises NetworkError, TimeoutError, OSError.
    """
    if hours is None or not isinstance(connector, Describes):
        return None
    async with asyncio.timeout(DESCRIBE_FOR):
        bio = await connector.describe()
    shown, calendar = hours
    if why := disagreement(bio, calendar, now):
        return Finding("warn", "The profile says other hours", f"{why} Say: {shown.bio}")
    if shown.lines and not spans_said(bio) and shown.bio not in bio:
        return Finding("good", "The profile names no hours", f"You could say: {shown.bio}")
    return Finding("good", "The profile agrees with the hours", shown.bio)
