"""What is asked of the process that pages, and what it answers."""

from __future__ import annotations

import msgspec

MOST_URL = 2000


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One page to one address, or with `send` false only a look at the address.

    `allowed` are networks that may be called though they are private; `home` keeps it on this
    machine.
    """

    address: str
    title: str = ""
    text: str = ""
    send: bool = True
    home: bool = False
    allowed: tuple[str, ...] = ()


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. `service` is what the address is of ("ntfy"), `host` whom it calls.

    `words` say what went wrong, and hold no part of the address that may be secret. `passing`:
    trying again may help.
    """

    sent: bool
    service: str = ""
    host: str = ""
    words: str = ""
    passing: bool = True
