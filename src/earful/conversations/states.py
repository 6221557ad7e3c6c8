"""The states of a conversation, as a declared graph. What is not drawn here cannot happen."""

from __future__ import annotations

from earful.kit.refusal import Refused

OPEN, PENDING, SNOOZED, RESOLVED = "open", "pending", "snoozed", "resolved"

GRAPH: dict[str, frozenset[str]] = {
    OPEN: frozenset({PENDING, SNOOZED, RESOLVED}),
    PENDING: frozenset({OPEN, SNOOZED, RESOLVED}),
    SNOOZED: frozenset({OPEN, PENDING, SNOOZED, RESOLVED}),
    RESOLVED: frozenset({OPEN}),
}

DISPOSITIONS: dict[str, str] = {
    "solved": "resolved",
    "answered_elsewhere": "resolved",
    "no_reply_needed": "resolved",
    "praise_noted": "resolved",
    "duplicate": "resolved",
    "spam": "spam",
    "merged": "merged",
}
"""How a conversation may end, and the disposition its unanswered messages get by it."""


class NotAllowed(Refused):
    """The conversation cannot go from its state to the one asked for."""


def check(now: str, then: str) -> None:
    """Raise NotAllowed unless the graph has an edge from `now` to `then`."""
    if then in GRAPH[now]:
        return
    already = now == then
    words = (
        f"This conversation is {now} already."
        if already
        else (f"This conversation is {now}. Reopen it first.")
    )
    raise NotAllowed("not-allowed", words)
