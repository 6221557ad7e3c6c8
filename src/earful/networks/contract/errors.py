"""What a connector may raise: each error carries the decision (design law 8)."""

from __future__ import annotations


class NetworkError(Exception):
    """The root of what a connector may raise.

    `begun` is set by `Sends.send`: how many of the draft's parts stand on the network all the same.
    """

    begun = 0


class RetryLater(NetworkError):
    """Nothing happened. Try again after `after` seconds."""

    def __init__(self, reason: str, after: float = 5.0) -> None:
        super().__init__(reason)
        self.after = after


class Rejected(NetworkError):
    """The network will not take this as it stands; the message says why in words for an agent."""


class Reauthorize(NetworkError):
    """The account's rights ran out or were withdrawn; the channel is held until signed in again."""


class Uncertain(NetworkError):
    """The call may have worked. It must be settled by looking."""
