"""Content read for somebody who waits: a store that hangs holds up nothing else of the process.

A browser has few connections, and the process few threads: a screen full of pictures must not take
all of them while a bucket does not answer.
"""

from __future__ import annotations

import asyncio
import errno
from concurrent.futures import ThreadPoolExecutor
from weakref import WeakKeyDictionary

import structlog

from earful.kit.refusal import Refused
from earful.store.contents import MediaStore

log = structlog.get_logger()
WITHIN = 10.0
"""Seconds until somebody is told that the store does not answer."""
AWAY_FOR = 15.0
"""Seconds for which a store that hung is not asked again."""
AT_ONCE = 4

_THREADS = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="media")
_AWAY: WeakKeyDictionary[MediaStore, float] = WeakKeyDictionary()


def away(error: Exception) -> Refused:
    """The refusal for a store that is in trouble."""
    log.warning("media store away", error=type(error).__name__)
    words = "The store of pictures and files does not answer. Try again in a moment."
    return Refused("media-away", words)


async def read(store: MediaStore, digest: bytes) -> bytes:
    """The bytes of `digest`. Raises FileNotFoundError, and Refused where the store is away."""
    loop = asyncio.get_running_loop()
    if _AWAY.get(store, 0.0) > loop.time():
        raise away(TimeoutError())
    try:
        reading = loop.run_in_executor(_THREADS, store.read, digest)
        return await asyncio.wait_for(reading, WITHIN)
    except FileNotFoundError:
        raise
    except TimeoutError as error:
        _AWAY[store] = loop.time() + AWAY_FOR
        raise away(error) from None
    except OSError as error:
        raise away(error) from None


async def write(store: MediaStore, data: bytes) -> bytes:
    """Keep `data`; returns its SHA-256. Raises Refused where the store is away."""
    try:
        return await asyncio.to_thread(store.write, data)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise  # a full disk is said in its own words
        raise away(error) from None
