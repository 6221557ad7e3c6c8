"""A mail's bytes into parts by the standard library, kept from headers that were made to hurt."""

from __future__ import annotations

import email
from email._policybase import Compat32
from email.message import Message

LONGEST = 20_000
"""Characters of one header that are read: a thousand recipients say no more than a few."""
_LONGEST_OF_CONTENT = 2_000
"""Of what says how a part is to be read, whose parameters the library reads slowly."""


class _Bounded(Compat32):
    """Reads headers as ever, and none of them beyond its bounds."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """Name and value of a header."""
        name, value = super().header_source_parse(sourcelines)
        most = _LONGEST_OF_CONTENT if name[:8].lower() == "content-" else LONGEST
        return name, value[:most]


_POLICY = _Bounded()


def parsed(raw: bytes) -> Message:
    """The mail. Raises RecursionError where parts stand in parts beyond all measure."""
    return email.message_from_bytes(raw, policy=_POLICY)
