"""Files that came with a mail: kept as they are, never opened or unpacked here.

What such a file says it is proves nothing, so it is told by its first bytes where these say more,
and whoever downloads it is told what may run as a program.
"""

from __future__ import annotations

import mimetypes

import msgspec

from earful.kit.text import storable

_STARTS = (
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (b"#!", "text/x-shellscript"),
    (b"%PDF-", "application/pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"\x1f\x8b", "application/gzip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
)
_ZIPPED = ("application/vnd.", "application/epub", "application/java-archive")
_PROGRAMS = frozenset(mime for start, mime in _STARTS[:4])
_ENDINGS = (
    "exe com scr pif bat cmd ps1 vbs vbe js jse wsf wsh hta lnk msi msix msp jar apk app dmg pkg "
    "iso img vhd reg cpl dll sh run desktop docm dotm xlsm xltm xlam pptm one chm html htm xhtml "
    "shtml mht mhtml svg url"
)
_RUNS = frozenset(_ENDINGS.split())
LONGEST_NAME = 150


class File(msgspec.Struct, frozen=True):
    """A file that was looked at. `warning` says in words what may happen when it is opened."""

    data: bytes
    mime: str
    name: str
    warning: str = ""
    width: None = None
    height: None = None


def look(data: bytes, name: str) -> File:
    """What `data` is, by its beginning, else by its name."""
    name = storable(name, LONGEST_NAME) or "file"
    mime = _told(data, mimetypes.guess_type(name)[0] or "")
    ending = name.rpartition(".")[2].lower()
    runs = mime in _PROGRAMS or ending in _RUNS
    warning = "This file may run as a program when it is opened." if runs else ""
    return File(data, mime, name, warning)


def _told(data: bytes, by_name: str) -> str:
    for start, mime in _STARTS:
        if data.startswith(start):
            return mime
    if data.startswith(b"PK\x03\x04") and not by_name.startswith(_ZIPPED):
        return "application/zip"
    return by_name or "application/octet-stream"
