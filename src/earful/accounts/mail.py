"""A mail server and a letter to hand to it, and what can go wrong with either."""

from __future__ import annotations

from typing import Literal

import msgspec

Security = Literal["tls", "starttls", "none"]
Step = Literal["dns", "connect", "tls", "auth", "sender", "recipient", "content"]


class MailServer(msgspec.Struct, frozen=True, kw_only=True):
    """How to reach a mail server, and as whom. `password` is "" where none is needed.

    `security`: "tls" from the first byte, "starttls" before anything else is said, or "none".
    `local_only`: a rehearsal, which hands mail to a server on this machine and to no other.
    """

    host: str
    port: int
    security: Security
    username: str
    password: str
    sender: str
    sender_name: str
    local_only: bool = False


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """Plain text for one person. `id` stays the same however often it is tried.

    `unsubscribe` is the address at which one click ends such letters, where they can be ended;
    `sender_name` is who writes, where that is not Earful.
    """

    id: str
    to: str
    subject: str
    text: str
    unsubscribe: str = ""
    sender_name: str = ""


class MailTrouble(Exception):
    """A letter was not taken. The text is for an owner; `step` says how far it came.

    `passing`: it may be taken later, or once the setting is mended.
    """

    def __init__(self, step: Step, words: str, *, passing: bool = True) -> None:
        super().__init__(words)
        self.step = step
        self.passing = passing
