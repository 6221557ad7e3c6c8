"""Pure: a mail's headers as strangers write them, into text, people, ids and instants."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

import msgspec

from earful.networks.email.parsing import LONGEST

_ID = re.compile(r"<\s*([^<>\s]{1,900})\s*>")
_BETWEEN_IDS = re.compile(r"[<>\s,;]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]+")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\\]{1,255}")
_PLAIN = re.compile(
    r'(?:("[^"\\<>]*"|[^"\\<>,;:@()\[\]]*?)\s*<([^\s@<>,;:"()\[\]\\]{1,64}@[^\s@<>,;:"()\\]{1,255})>'
    r'|([^\s@<>,;:"()\[\]\\]{1,64}@[^\s@<>,;:"()\\]{1,255}))'
)
_DATES = (datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))


class Mailbox(msgspec.Struct, frozen=True):
    """An address in lower case and the name that stands before it."""

    address: str
    name: str = ""


class Headers:
    """The headers of one part, by name in lower case; each as it stood there."""

    def __init__(self, message: Message) -> None:
        self._read: dict[str, str] = {}
        self._all: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            self._all.setdefault(name.lower(), []).append(str(value)[:LONGEST])

    def raw(self, name: str) -> str:
        """The first of that name with its folding undone; empty for none."""
        return _unfolded(self._all.get(name, ("",))[0])

    def every(self, name: str) -> list[str]:
        """All of that name."""
        return [_unfolded(value) for value in self._all.get(name, ())]

    def text(self, name: str) -> str:
        """The header as a person would read it, on one line."""
        if name not in self._read:
            self._read[name] = decoded(self.raw(name))
        return self._read[name]

    def people(self, *names: str) -> list[Mailbox]:
        """The addresses in these headers, in order."""
        return [one for name in names for value in self.every(name) for one in mailboxes(value)]

    def ids(self, name: str) -> list[str]:
        """Message ids without their brackets."""
        return ids_in(self.raw(name))

    def __contains__(self, name: str) -> bool:
        """Whether there is such a header."""
        return name in self._all


def decoded(value: str) -> str:
    """RFC 2047 words undone, whatever their charset claims to be; controls taken out."""
    if "=?" in value:
        try:
            pieces = decode_header(value)
        except (ValueError, HeaderParseError):  # what is not even base64
            pieces = [(value, None)]
        value = "".join(
            piece if isinstance(piece, str) else to_text(piece, charset or "ascii")
            for piece, charset in pieces
        )
    return " ".join(_CONTROLS.sub(" ", value).split())


def to_text(data: bytes, charset: str) -> str:
    """Bytes as text: by the charset they claim, else by what they can be. Never fails."""
    for name in (charset.strip("\"' ").lower() or "utf-8", "utf-8"):
        name = _ALIASES.get(name, name)  # noqa: PLW2901
        try:
            return data.decode(name)
        except (LookupError, UnicodeError, ValueError):
            continue
    return data.decode("cp1252", "replace")


_ALIASES = {
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "unknown-8bit": "utf-8",
    "gb2312": "gb18030",
    "ks_c_5601-1987": "cp949",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "utf8mb4": "utf-8",
}


def mailboxes(value: str) -> list[Mailbox]:
    """The addresses in one header. A name that pretends to be an address stays a name."""
    if one := _PLAIN.fullmatch(value.strip()):  # of the usual form, as nearly all are
        return [Mailbox(lowered(one[2] or one[3]), decoded(one[1] or "").strip('"')[:200])]
    found = []
    for name, address in getaddresses([value]):
        plain = address.strip().strip("<>")
        if _ADDRESS.fullmatch(plain):
            found.append(Mailbox(lowered(plain), decoded(name)[:200]))
    return found


def lowered(address: str) -> str:
    """An address as it is compared."""
    return address.strip().lower()


def ids_in(value: str) -> list[str]:
    """Message ids in a header, in order and without repeats; those without brackets too."""
    bare = (one for one in _BETWEEN_IDS.split(value) if "@" in one[1:-1])
    found = _ID.findall(value) or bare
    return list(dict.fromkeys(_short(each) for each in found))


def _short(identifier: str) -> str:
    """An id of a length that can be kept and compared."""
    if len(identifier) <= 250:
        return identifier
    return f"long-{hashlib.sha256(identifier.encode('utf-8', 'replace')).hexdigest()}"


def when(value: str, otherwise: datetime) -> datetime:
    """The time that a Date header claims, in UTC; `otherwise` where it makes no sense."""
    try:
        found = parsedate_to_datetime(value)
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return otherwise
    return found if _DATES[0] < found < _DATES[1] else otherwise


def _unfolded(value: str) -> str:
    """A header on one line, with bytes that are no ASCII read as what they can be."""
    if not value.isascii():
        value = to_text(value.encode("ascii", "surrogateescape"), "utf-8") if _raw(value) else value
    return " ".join(value.splitlines()) if "\n" in value or "\r" in value else value


def _raw(value: str) -> bool:
    return any("\udc80" <= sign <= "\udcff" for sign in value) and all(
        ord(sign) < 128 or "\udc80" <= sign <= "\udcff" for sign in value
    )
