"""Looks a channel over: what its connector finds, or at least whether it is still signed in."""

from __future__ import annotations

import asyncio

from earful.networks.contract import Checks, Connector, Finding, NetworkError, Reauthorize, Rejected

CHECK_FOR = 60.0
_ORDER = {"bad": 0, "warn": 1, "good": 2}


async def look_over(connector: Connector) -> list[Finding]:
    """What was found, the worst first. Talks to the network: hold no transaction.

    Trouble on the way is a finding too.
    """
    try:
        async with asyncio.timeout(CHECK_FOR):
            found = await _found(connector)
    except Reauthorize as error:
        found = [Finding("bad", "It must be signed in again", str(error))]
    except Rejected as error:
        found = [Finding("bad", "The network refuses", str(error))]
    except (NetworkError, TimeoutError, OSError) as error:
        words = str(error) or "It did not answer in time."
        found = [Finding("warn", "The network can't be asked now", words)]
    return sorted(found, key=lambda finding: _ORDER.get(finding.state, 1))


async def _found(connector: Connector) -> list[Finding]:
    if isinstance(connector, Checks):
        return list(await connector.check())
    who = await connector.probe()
    return [Finding("good", "Signed in", f"The network answers, and knows us as @{who.handle}.")]
