"""Tells a receiver something over HTTP, signed, so that it knows that it was us."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

import httpx

from earful.kit.addresses import Blocked


def signature(secret: bytes, timestamp: int, body: bytes) -> str:
    """What a receiver computes to know that it was us: HMAC-SHA256 over "timestamp.body"."""
    return "v1=" + hmac.new(secret, f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


async def signed_post(
    client: httpx.AsyncClient, url: str, secret: bytes, key: str, *, body: bytes, at: datetime
) -> str:
    """POST a JSON `body` under the id `key`, signed as of the instant `at`.

    Returns the trouble in words, empty when it was taken. `client` must be a guarded one.
    """
    timestamp = int(at.timestamp())
    headers = {
        "Content-Type": "application/json",
        "Earful-Id": key,
        "Earful-Timestamp": str(timestamp),
        "Earful-Signature": signature(secret, timestamp, body),
    }
    try:
        async with client.stream("POST", url, content=body, headers=headers) as answer:
            if answer.is_success:
                return ""
            if answer.is_redirect:
                return f"It answers {answer.status_code}, and redirects are not followed."
            return f"It answers {answer.status_code}."
    except Blocked as error:
        return str(error)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return f"It can't be reached ({type(error).__name__})."


def verify(
    headers: Mapping[str, str], body: bytes, secret: bytes, *, now: datetime, within: int = 300
) -> bool:
    """Whether a call was signed so with `secret`, at most `within` seconds ago. Names of headers
    are in lower case."""
    said = headers.get("earful-timestamp", "")
    if not said.isascii() or not said.isdigit() or len(said) > 12:
        return False
    if abs(now.timestamp() - int(said)) > within:
        return False
    given = headers.get("earful-signature", "").encode()
    return hmac.compare_digest(signature(secret, int(said), body).encode(), given)
