"""A refusal in words: what cannot be done and what to do instead. Doors turn it into an answer."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """`slug` names the kind ("changed", "unanswered", "too-late"...), `detail` says it in words."""

    def __init__(self, slug: str, detail: str, **extra: Any) -> None:
        super().__init__(detail)
        self.slug = slug
        self.detail = detail
        self.extra = extra


class NotFound(Refused):
    """There is no such thing, or not for this person to see."""

    def __init__(self, what: str) -> None:
        super().__init__("not-found", f"There is no such {what} here.")
