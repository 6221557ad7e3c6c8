"""What the network's refusals mean: each becomes an error that carries the decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from earful.networks.contract import NetworkError, Reauthorize, Rejected, RetryLater, Uncertain

# The session is at fault, not the request: a fresh one may help.
STALE = frozenset({"ExpiredToken", "InvalidToken"})
_SIGN_IN = frozenset(
    {
        "AccountDeactivated",
        "AccountSuspended",
        "AccountTakedown",
        "AuthFactorTokenRequired",
        "AuthMissing",
        "AuthenticationRequired",
        "InvalidToken",
        "ExpiredToken",
        "RepoDeactivated",
        "RepoSuspended",
        "RepoTakendown",
    }
)
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class NotThere(Rejected):
    """The post or person that was asked for does not exist (any more)."""


def from_transport(error: httpx.HTTPError, *, writing: bool) -> NetworkError:
    """What a failed call means when no answer came. `writing`: it may have published something."""
    name = type(error).__name__
    if writing and not isinstance(error, _NEVER_LEFT):
        return Uncertain(f"Bluesky gave no answer ({name}).")
    return RetryLater(f"Bluesky can't be reached ({name}).", after=5.0)


def from_answer(
    answer: httpx.Response, said: Mapping[str, Any], *, now: datetime, writing: bool
) -> NetworkError:
    """What an answer other than success means. `said` is its JSON body, or empty."""
    status = answer.status_code
    code, words = str(said.get("error", "")), str(said.get("message", ""))
    if status == 429 or code == "RateLimitExceeded":
        return RetryLater("Bluesky's rate limit is spent.", after=_wait(answer.headers, now))
    if status >= 500:
        if writing:
            return Uncertain(f"Bluesky had a fault of its own ({status} {code}).")
        return RetryLater(f"Bluesky has a fault of its own ({status} {code}).", after=10.0)
    if status == 401 or code in _SIGN_IN:
        return Reauthorize(f"Bluesky wants a new sign-in: {words or code or status}.")
    if code in {"RecordNotFound", "NotFound"} or "could not locate record" in words.lower():
        return NotThere(f"Bluesky does not have it: {words or code}.")
    return Rejected(f"Bluesky refused: {words or code or status}.")


def _wait(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds until the budget is full again, as the headers tell; a minute if they don't."""
    try:
        if "retry-after" in headers:
            return max(1.0, float(headers["retry-after"]))
        resets_at = datetime.fromtimestamp(int(headers["ratelimit-reset"]), UTC)
    except (KeyError, ValueError, OverflowError):
        return 60.0
    return max(1.0, (resets_at - now).total_seconds())
