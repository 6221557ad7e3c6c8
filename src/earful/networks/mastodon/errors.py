"""What a server's refusals mean: each becomes an error that carries the decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from earful.networks.contract import NetworkError, Reauthorize, Rejected, RetryLater, Uncertain

_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_SHUT = ("login is currently disabled", "suspended", "not approved", "confirm your e-mail")
_WAIT = 60.0  # seconds, where a server says none
_LONGEST = 3600.0
_LONGEST_WINDOW = 1e8  # seconds; more is no length but a time


class NotThere(Rejected):
    """The post or account that was asked for does not exist (any more), or not for us."""


class Unknown(Rejected):
    """The server does not know this part of the API."""


class NotUnderstood(Rejected):
    """The server can make nothing of what was asked, or of how."""


def from_transport(error: Exception, *, writing: bool) -> NetworkError:
    """What a failed call means when no answer came. `writing`: it may have published something."""
    name = type(error).__name__
    if writing and not isinstance(error, _NEVER_LEFT):
        return Uncertain(f"The server gave no answer ({name}).")
    return RetryLater(f"The server can't be reached ({name}).", after=5.0)


def from_answer(
    status: int, headers: Mapping[str, str], words: str, *, now: datetime, writing: bool
) -> NetworkError:
    """What an answer other than success means. `words` is what the server said, or empty."""
    if status in (429, 503):
        what = "The server's rate limit is spent" if status == 429 else "The server is too busy"
        return RetryLater(f"{what}.", after=_wait(headers, now))
    if status >= 500:
        fault = f"The server had a fault of its own ({status})."
        return Uncertain(fault) if writing else RetryLater(fault, after=10.0)
    if 300 <= status < 400:
        return Rejected(_led_away(headers))
    return _refusal(status, words)


def _refusal(status: int, words: str) -> NetworkError:
    """What a 4xx means: it will be no different next time."""
    if status == 401:
        return Reauthorize(f"The server no longer takes the token: {words or status}.")
    if status == 403 and any(sign in words.lower() for sign in _SHUT):
        return Reauthorize(f"The account is shut: {words}.")
    if status == 413:
        return Rejected("The server takes no file of that size.")
    return _KINDS.get(status, Rejected)(f"The server refused: {words or status}.")


_KINDS: Mapping[int, type[Rejected]] = {
    400: NotUnderstood, 404: NotThere, 405: Unknown, 410: NotThere, 422: NotUnderstood,
}  # fmt: skip


def resets_at(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When the budget is full again: Mastodon says it in ISO 8601, others as an epoch or as the
    seconds from now on."""
    told = headers.get("x-ratelimit-reset", "")
    try:
        if told.replace(".", "", 1).isdigit():
            seconds = float(told)
            if seconds < _LONGEST_WINDOW:
                return now + timedelta(seconds=seconds)
            return datetime.fromtimestamp(seconds, UTC)
        found = datetime.fromisoformat(told)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _wait(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds until it is worth trying again, as the headers tell; a minute if they don't."""
    told = headers.get("retry-after", "")
    try:
        wait = float(told) if told.isdigit() else _until(parsedate_to_datetime(told), now)
    except (ValueError, OverflowError):
        reset = resets_at(headers, now)
        wait = _until(reset, now) if reset else _WAIT
    return min(_LONGEST, max(1.0, wait))


def _until(at: datetime, now: datetime) -> float:
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()


def _led_away(headers: Mapping[str, str]) -> str:
    """Nothing is ever followed: a redirect could lead to an address inside our own network."""
    origin = "/".join(headers.get("location", "").split("/")[:3])
    where = f" to {origin[:200]}" if origin.startswith(("https://", "http://")) else ""
    return f"The server sends us elsewhere{where}. Give the address where the account really lives."
