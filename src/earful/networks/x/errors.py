"""What X's refusals mean: each becomes an error that carries the decision."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime

import httpx
import msgspec

from earful.networks.contract import NetworkError, Reauthorize, Rejected, RetryLater, Uncertain
from earful.networks.x.sound import loosely

_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_HOUR = 3600.0
_DAY = 86_400.0
_SLOW = (408, 425)
"""X gave up waiting: whether something happened is not known."""
_FULL = ("over daily status", "daily limit", "reached your limit", "update limit")
_NO_ACCESS = ("access to a subset", "access level")
_NOT_OPEN = ("client-forbidden", "unsupported-authentication", "not-enrolled", "client-not")


class NotThere(Rejected):
    """What was asked for does not exist (any more), or is not for us to see."""


class NotSummoned(Rejected):
    """X lets no program answer this post."""


class Twice(Rejected):
    """X has this very text from us already."""


class NotAllowed(Rejected):
    """This app or plan may not use this part of X."""


_MEANINGS: tuple[tuple[tuple[str, ...], type[NetworkError], str], ...] = (
    (
        ("your account is suspended", "your account has been", "temporarily locked"),
        Reauthorize,
        "X has shut or locked our account: {words}",
    ),
    (
        ("not been mentioned", "where you are mentioned", "only reply to or quote"),
        NotSummoned,
        "X lets programs answer only those who mention or quote us. Open the post in X to answer "
        "there. X says: {words}",
    ),
    (
        ("duplicate content",),
        Twice,
        "X has this very text from us already and takes no second one.",
    ),
    (
        ("deleted or not visible", "that is deleted", "has been deleted"),
        NotThere,
        "The post you are answering has been deleted on X, or is hidden from us.",
    ),
)


class Unreachable(RetryLater):
    """No answer came."""


class Spent(RetryLater):
    """A rate limit is spent."""


class Refused(Exception):
    """An answer other than success. `stale`: another token may help."""

    def __init__(self, decision: NetworkError, *, stale: bool = False) -> None:
        super().__init__(str(decision))
        self.decision, self.stale = decision, stale


def from_transport(error: httpx.HTTPError, *, writing: bool) -> NetworkError:
    """What a failed call means when no answer came. `writing`: it may have published something."""
    name = type(error).__name__
    if writing and not isinstance(error, _NEVER_LEFT):
        return Uncertain(f"X gave no answer ({name}).")
    return Unreachable(f"X can't be reached ({name}).", after=5.0)


def from_answer(
    status: int, headers: Mapping[str, str], content: bytes, *, now: datetime, writing: bool
) -> Refused:
    """What an answer other than success means."""
    words, kind = words_of(content)
    if status == 401:
        return Refused(Reauthorize(f"X wants a new sign-in: {words or 'unauthorized'}"), stale=True)
    passing = _passing(status, words, kind, wait_for(headers, now))
    if passing is not None:
        return Refused(passing)
    if status >= 500 or status in _SLOW:
        trouble = f"X had a fault of its own ({status})."
        return Refused(Uncertain(trouble) if writing else RetryLater(trouble, after=10.0))
    if 300 <= status < 400:
        return Refused(Rejected("The address given for X leads elsewhere; use the right one."))
    return Refused(_refusal(status, words or str(status), kind))


def _passing(status: int, words: str, kind: str, after: float) -> RetryLater | None:
    """What is over after a while: nothing happened."""
    low = words.lower()
    if status == 429 and ("usage-capped" in kind or "usage cap" in low):
        return RetryLater(f"X's monthly cap is reached: {words}", after=_HOUR)
    if status == 429:
        return Spent("X's rate limit is spent.", after=after)
    if status == 402 or "credits" in kind:
        return RetryLater(f"The credit at X is used up: {words}", after=_HOUR / 4)
    if status == 403 and any(each in low for each in _FULL):
        return RetryLater(f"X takes no more today: {words}", after=_HOUR)
    return None


def _refusal(status: int, words: str, kind: str) -> NetworkError:
    """A refusal that stands: what is to be done about it."""
    low = words.lower()
    for signs, error, meaning in _MEANINGS:
        if any(sign in low for sign in signs):
            return error(meaning.format(words=words))
    if status in (404, 410) or "not-found" in kind:
        return NotThere(f"X does not have it: {words}")
    if any(each in kind for each in _NOT_OPEN) or any(each in low for each in _NO_ACCESS):
        return NotAllowed(f"This app or plan may not do that on X: {words}")
    return Rejected(f"X refused: {words}")


def wait_for(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds until the budget is full again, as the headers tell; a minute if they don't."""
    for name, since in (("retry-after", 0.0), ("x-rate-limit-reset", now.timestamp())):
        try:
            seconds = float(headers[name]) - since
        except (KeyError, ValueError):
            continue
        if math.isfinite(seconds) and seconds <= _DAY:
            return max(1.0, seconds)
    return 60.0


def words_of(content: bytes) -> tuple[str, str]:
    """The words for a person, and what kind of trouble it is."""
    try:
        said = loosely(content) if content else {}
    except (msgspec.DecodeError, RecursionError):
        said = {}
    said = said if isinstance(said, dict) else {}
    words = [str(said.get("detail") or said.get("error_description") or said.get("error") or "")]
    errors = said.get("errors")
    for error in errors if isinstance(errors, list) else ():
        if isinstance(error, dict):
            words.append(str(error.get("message") or error.get("detail") or ""))
    words = words if any(words) else [str(said.get("title") or "")]
    return " ".join(filter(None, dict.fromkeys(words)))[:500], str(said.get("type", ""))
