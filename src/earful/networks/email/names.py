"""Pure: what a mail is called: message ids, our own ones, and the token that leads a reply home.

Our Message-ID is the delivery's key at our domain, and the token is that key written shorter. Both
need no signature: nobody who was not sent one can guess the seventy-odd random bits of a key, and
one that was made up names no message that we know, so that it leads nowhere.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from uuid import UUID

import msgspec

_OURS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TOKEN = re.compile(r"\[ref:([a-z2-7]{26})\]", re.IGNORECASE)
_INVITED = re.compile(r"\[([a-z2-9]{10})\]", re.IGNORECASE)
US = "us"


class Us(msgspec.Struct, frozen=True):
    """The mailbox that a channel is. `aliases` are other addresses whose mail comes to it."""

    address: str
    name: str = ""
    aliases: frozenset[str] = frozenset()

    @property
    def external_id(self) -> str:
        """What the account is called. Not its address: whoever merely claims to write from there
        must not pass for it."""
        return f"mailbox:{self.address}"

    @property
    def domain(self) -> str:
        """The domain, as DNS has it."""
        domain = self.address.rpartition("@")[2]
        try:
            return domain.encode("idna").decode()
        except UnicodeError:
            return domain

    def is_us(self, address: str) -> bool:
        """Whether mail to this address comes here; what follows a plus does not matter."""
        local, _, domain = address.lower().rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        return address.lower() in self.addresses or plain in self.addresses

    @property
    def addresses(self) -> frozenset[str]:
        """All of its addresses."""
        return self.aliases | {self.address}


def message_id(key: str, us: Us) -> str:
    """Our Message-ID of a delivery, without brackets: the same at every attempt."""
    return f"{UUID(key)}@{us.domain}"


def is_ours(identifier: str, us: Us) -> bool:
    """Whether an id is of the kind that we give."""
    local, _, domain = identifier.partition("@")
    return domain.lower() == us.domain.lower() and bool(_OURS.fullmatch(local))


def name_of(identifier: str, author: str) -> str:
    """What a mail is called at the desk: its Message-ID, and whose it is.

    Two people may use one Message-ID, by mistake or to have the other's mail taken for a repeat.
    """
    return f"{identifier}#{hashlib.sha256(author.encode('utf-8', 'replace')).hexdigest()[:10]}"


def our_name(key: str, us: Us) -> str:
    """What our mail of that delivery is called."""
    return name_of(message_id(key, us), US)


def without_id(raw: bytes) -> str:
    """The id of a mail that has none: the same for the same mail."""
    return f"none-{hashlib.sha256(raw).hexdigest()[:40]}"


def token_of(key: str) -> str:
    """The key in 26 letters that survive a change of case."""
    return base64.b32encode(UUID(key).bytes).decode().rstrip("=").lower()


def key_of(token: str) -> str | None:
    """The key that a token stands for."""
    try:
        return str(UUID(bytes=base64.b32decode(token.upper() + "=" * (-len(token) % 8))))
    except (ValueError, binascii.Error):
        return None


def tagged(address: str, key: str) -> str:
    """Our address with the token behind a plus."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{token_of(key)}@{domain}"


def key_in(addresses: Iterable[str], subject: str, us: Us) -> str | None:
    """The delivery that a mail answers, by the token in an address it was sent to or in its
    subject."""
    for address in addresses:
        local, _, domain = address.rpartition("@")
        base, plus, token = local.partition("+")
        if plus and f"{base}@{domain}" in us.addresses and len(token) == 26:
            return key_of(token)
    found = _TOKEN.search(subject)
    return key_of(found[1]) if found else None


def with_token(subject: str, key: str) -> str:
    """A subject that ends in the token; an older one is replaced."""
    return f"{without_token(subject)} [ref:{token_of(key)}]".strip()


def without_token(subject: str) -> str:
    """A subject as people wrote it."""
    return " ".join(_TOKEN.sub(" ", subject).split())


def invited(code: str) -> str:
    """What somebody who was asked to write to us puts into the subject."""
    return f"[{code}]"


def invitation_in(subject: str) -> str:
    """The code in a subject; empty when there is none."""
    found = _INVITED.search(subject)
    return found[1].lower() if found else ""
