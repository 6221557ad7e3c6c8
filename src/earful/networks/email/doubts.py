"""Pure: what the server that took a mail in says of its sender (RFC 8601), as far as it is a doubt.

Only the topmost header is read: whoever takes a mail in writes above all that stood there, so what
lies below may be the sender's own. And it is only ever believed where it says no. A "pass" gives
nobody any right here, so there is nothing to be gained by forging one.
"""

from __future__ import annotations

import re

from earful.networks.email.headers import Headers

RESULTS = "authentication-results"
_ASIDE = re.compile(r'\([^()]*\)|"(?:[^"\\]|\\.)*"')
_RESULT = re.compile(r"\s*(spf|dkim|dmarc)\s*=\s*([a-z]+)", re.IGNORECASE)
_NO = frozenset({"fail", "softfail", "permerror"})
_NESTED = 3
_LONGEST = 4000


def failed(headers: Headers) -> list[str]:
    """The proofs that failed, by name. What is said in comments or quotes counts for nothing."""
    said = headers.raw(RESULTS)[:_LONGEST]
    for _ in range(_NESTED):
        said = _ASIDE.sub(" ", said)
    found = (_RESULT.match(part) for part in said.split(";")[1:])
    return sorted({each[1].lower() for each in found if each and each[2].lower() in _NO})


def warning(headers: Headers, address: str) -> str:
    """Words where the mail may not be from who it says; empty where nobody doubts it."""
    if RESULTS not in headers or "dmarc" not in failed(headers):
        return ""
    domain = address.rpartition("@")[2] or "its sender"
    return (
        f"Your mail server could not confirm that this mail comes from {domain} (DMARC failed): it "
        "may be from somebody else. Ask again before anything private is told or changed."
    )
