"""Pure: the parts of a mail: the text to be read, and the files beside it."""

from __future__ import annotations

import binascii
import re
from email.message import Message

import msgspec

from earful.kit.html_text import text_of
from earful.networks.email.headers import Headers, decoded, to_text

DEEPEST = 30
"""Parts within parts that are looked into; what lies deeper is in the original alone."""
MOST_PARTS = 500
_NAME = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069/\\:*?\"<>|]+")
_MOST_TEXT = 5_000_000
_ENDINGS = {"text/calendar": "ics", "application/ms-tnef": "dat", "text/plain": "txt"}
_SEALED = frozenset(
    {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}
)


class File(msgspec.Struct, frozen=True):
    """A part that is no text of the mail. `section` is its place as IMAP counts (`2.1`)."""

    section: str
    mime: str
    name: str
    size: int
    inline: bool = False


class Body(msgspec.Struct, frozen=True):
    """What a mail says. `from_html`: the text was made from HTML; `cut`: parts were passed over."""

    text: str
    files: tuple[File, ...]
    from_html: bool = False
    cut: bool = False

    @property
    def is_sealed(self) -> bool:
        """Whether what it says is encrypted, or wrapped in a signature."""
        return not self.text.strip() and any(one.mime in _SEALED for one in self.files)


class _Leaf(msgspec.Struct, frozen=True):
    part: Message
    kind: str
    section: str
    related: bool


def body_of(message: Message) -> Body:
    """The text of a mail and its files. A part that can't be decoded is shown as it stands."""
    plain: list[str] = []
    html: list[_Leaf] = []
    files: list[File] = []
    leaves, cut = _leaves(message)
    for leaf in leaves:
        disposition, name = _disposition(leaf.part)
        # A multipart whose parts can't be found is shown as it stands.
        read = leaf.kind in ("text/plain", "text/html") or leaf.kind.startswith("multipart/")
        if read and disposition != "attachment" and not name:
            if leaf.kind == "text/html":
                html.append(leaf)
            else:
                plain.append(_text(leaf.part))
        else:
            files.append(_file(leaf, disposition, name))
    text = "\n\n".join(each.strip("\n") for each in plain if each.strip())
    from_html = not text.strip() and bool(html)
    if from_html:
        text = "\n\n".join(text_of(_text(each.part)) for each in html)
    return Body(text, tuple(files), from_html, cut)


def _leaves(message: Message) -> tuple[list[_Leaf], bool]:
    """The parts that hold something, in order, and whether others were passed over."""
    found: list[_Leaf] = []
    cut = False
    stack = [(message, "", 0, False)]
    while stack:
        part, section, depth, related = stack.pop()
        kind = part.get_content_type()
        inner = part.get_payload()
        if not kind.startswith("multipart/") or not isinstance(inner, list):
            found.append(_Leaf(part, kind, section or "1", related))
            continue
        cut = cut or depth >= DEEPEST or len(found) + len(stack) + len(inner) > MOST_PARTS
        if cut:
            continue
        within = related or kind == "multipart/related"
        numbered = [
            (each, f"{section}.{number}" if section else str(number), depth + 1, within)
            for number, each in enumerate(inner, 1)
            if isinstance(each, Message)
        ]
        stack += reversed(numbered)
    return found, cut


def _disposition(part: Message) -> tuple[str, str]:
    try:
        return part.get_content_disposition() or "", part.get_filename() or ""
    except (LookupError, TypeError, ValueError):  # parameters that make no sense
        return "attachment", "file"


def _file(leaf: _Leaf, disposition: str, name: str) -> File:
    inline = disposition != "attachment" and (leaf.related or "content-id" in Headers(leaf.part))
    payload = leaf.part.get_payload()
    size = len(payload) if isinstance(payload, str) else 0
    if str(leaf.part.get("content-transfer-encoding", "")).strip().lower() == "base64":
        size = size * 3 // 4
    return File(leaf.section, leaf.kind[:100], clean_name(name, leaf.kind), size, inline)


def clean_name(name: str, kind: str) -> str:
    """A file's name that no system misunderstands: no folders, no controls, no tricks."""
    flat = _NAME.sub("_", decoded(name)).strip(" ._")
    if flat:
        head, dot, end = flat.rpartition(".")
        return f"{head[:100]}{dot}{end[:20]}" if dot and len(end) <= 20 else flat[:120]
    return "message.eml" if kind == "message/rfc822" else f"file.{_ending(kind)}"


def _ending(kind: str) -> str:
    if kind in _ENDINGS:
        return _ENDINGS[kind]
    ending = kind.rpartition("/")[2].split("+")[0].removeprefix("x-")
    return ending if ending.isalnum() and len(ending) <= 8 else "bin"


def _text(part: Message) -> str:
    try:
        data = part.get_payload(decode=True)
    except (binascii.Error, ValueError, AssertionError):
        data = None
    if not isinstance(data, bytes):
        return ""
    text = to_text(data[:_MOST_TEXT], _parameter(part, "charset"))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _parameter(part, "format").lower() == "flowed":
        return unflowed(text, joined=_parameter(part, "delsp").lower() == "yes")
    return text


def _parameter(part: Message, name: str) -> str:
    try:
        value = part.get_param(name)
    except (LookupError, TypeError, ValueError):
        return ""
    return value if isinstance(value, str) else ""


def unflowed(text: str, *, joined: bool = False) -> str:
    """Paragraphs of format=flowed (RFC 3676) on one line each. `joined`: DelSp=yes."""
    done: list[list[str]] = []  # of each line the pieces
    flowing: str | None = None  # the quote marks of the paragraph that goes on
    for line in text.split("\n"):
        content = line.lstrip(">")
        marks = line[: len(line) - len(content)]
        content = content.removeprefix(" ")
        soft = content.endswith(" ") and content != "-- "
        shown = content[:-1] if soft and joined else content
        if flowing == marks and content != "-- ":
            done[-1].append(shown)
        else:
            done.append([f"{marks} {shown}" if marks else shown])
        flowing = marks if soft else None
    whole = ("".join(pieces) for pieces in done)
    return "\n".join(line if line == "-- " else line.rstrip() for line in whole)
