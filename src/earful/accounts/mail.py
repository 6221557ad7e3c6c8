"""The port through which pages send mail; without one, owners copy links."""

from __future__ import annotations

from typing import Protocol


class SendsMail(Protocol):
    """Somebody who can send a plain text message."""

    async def send(self, *, to: str, subject: str, text: str) -> None:
        """Hand the message over. Raises OSError when that fails."""
        ...
