"""The firehose: new posts, edits and deletions as they happen, replayed from the cursor."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Literal

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from earful.kit.addresses import on_this_machine
from earful.networks.bluesky.frames import Frame, FrameBroken, concerns, read
from earful.networks.contract import RetryLater

_PATH = "/xrpc/com.atproto.sync.subscribeRepos"
_FRAME_BYTES = 8_000_000
_LOOK_EVERY = 500
"""Every so many frames one is decoded for its number alone, so that the cursor moves on."""


class FutureCursor(Exception):
    """The server has not come as far as our cursor: it is another one, or was set back."""


async def follow(url: str, our_did: str, cursor: int | None) -> AsyncGenerator[Frame, None]:
    """Frames that concern us, and now and then one that only moves the cursor.

    Ends or raises RetryLater when the connection does; raises FutureCursor.
    """
    address = f"{url}{_PATH}" + (f"?cursor={cursor}" if cursor is not None else "")
    needle = our_did.encode()
    proxy: Literal[True] | None = None if on_this_machine(url) else True
    try:
        async with connect(address, max_size=_FRAME_BYTES, open_timeout=20, proxy=proxy) as socket:
            passed = 0
            async for raw in socket:
                passed += 1
                if not isinstance(raw, bytes):
                    continue
                ours = concerns(raw, needle)
                if not ours and passed % _LOOK_EVERY != 1:
                    continue
                frame = read(raw, our_did)
                if frame.error:
                    raise _ended(frame.error)
                if frame.seq is not None:  # notices of the server have no number
                    yield frame if ours else Frame(seq=frame.seq)
    except (ConnectionClosed, InvalidHandshake, OSError, TimeoutError, FrameBroken) as error:
        raise RetryLater(f"The firehose broke off ({type(error).__name__}).") from error
    except InvalidURI as error:
        raise RetryLater(f"The firehose has no such address: {url}", after=60.0) from error


def _ended(error: str) -> Exception:
    if error == "FutureCursor":
        return FutureCursor()
    return RetryLater(f"The firehose ended: {error}.")
