"""What a customer wrote, as it is judged."""

from __future__ import annotations

from typing import NamedTuple


class Written(NamedTuple):
    """A customer's words, as an event told of them."""

    message_id: str
    conversation_id: str
    contact_id: str | None
    text: str
