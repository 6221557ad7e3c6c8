"""Calls the process that pages, and gives it only so long."""

from __future__ import annotations

import asyncio
import os
import sys

import msgspec

from earful.paging.call import Call, Outcome

WHOLE_FOR = 30.0
"""Seconds for all of a page; then the process is killed."""
AT_ONCE = 2
"""Such processes at the same time: each takes half a second and some 60 MB."""
_KEPT = ("PATH", "PYTHONPATH", "LANG", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
_AS_LARGE_AS = 10_000

_room = asyncio.Semaphore(AT_ONCE)


async def place(call: Call, *, within: float = WHOLE_FOR) -> Outcome:
    """Make the call. The address goes in by a pipe: neither a list of processes nor a log has it.

    The process gets no secret of ours, no proxy and no folder of anybody's settings.
    """
    async with _room:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "earful.paging.messenger",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_environment(),
        )
        try:
            async with asyncio.timeout(within):
                said, _ = await process.communicate(msgspec.json.encode(call))
        except TimeoutError:
            return Outcome(sent=False, words="It takes too long to answer.")
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    try:
        return msgspec.json.decode(said[:_AS_LARGE_AS], type=Outcome)
    except msgspec.DecodeError:
        return Outcome(sent=False, words="The process that pages broke off.")


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {"HOME": "/nonexistent", "NO_PROXY": "*", "PYTHONDONTWRITEBYTECODE": "1"}
