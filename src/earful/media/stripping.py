"""Takes out of a picture what no screen shows: where and by whom it was taken, what hides in it.

The pixels are not touched: a picture is a row of parts, and only the parts that show something are
kept. So it costs no memory, loses nothing, and what a polyglot carries behind its end is gone. A
JPEG's orientation is kept, as it would lie on its side without.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT pHYs bKGD acTL fcTL fdAT cICP".split()
)
_WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_EXIF_OR_XMP = 0x04 | 0x08
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_DROPPED = frozenset({0xFE, *range(0xE0, 0xF0)})
_ORIENTATION = 0x0112


class CutOff(ValueError):
    """The picture ends before its end."""


def stripped(data: bytes, mime: str) -> bytes:
    """`data`, a picture of type `mime`, without its metadata. Raises CutOff."""
    try:
        return _BY_MIME[mime](data)
    except (struct.error, IndexError) as error:
        raise CutOff("The picture is cut off.") from error


def _jpeg(data: bytes) -> bytes:
    kept, turn = bytearray(b"\xff\xd8"), 1
    at = 2
    while True:
        if data[at] != 0xFF:
            raise CutOff("The picture is damaged.")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == _EOI:
            return bytes(_turned(kept, turn) + b"\xff\xd9")
        end = at + 2 + struct.unpack_from(">H", data, at + 2)[0]
        if marker == _SOS:
            end = _after_scan(data, end)
        part = data[at:end]
        if len(part) < end - at:
            raise CutOff("The picture is cut off.")
        if part[4:10] == b"Exif\0\0":
            turn = _orientation(part[10:])
        if marker not in _DROPPED or part[4:].startswith((b"ICC_PROFILE\0", b"Adobe", b"JFIF\0")):
            kept += part
        at = end


def _after_scan(data: bytes, at: int) -> int:
    """Where the entropy-coded bytes end: at a marker that is neither stuffing nor restart."""
    while (at := data.find(b"\xff", at)) >= 0:
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2
    raise CutOff("The picture is cut off.")


def _turned(kept: bytearray, turn: int) -> bytes:
    """`kept` with the orientation alone as its Exif, behind the start (and JFIF, if there)."""
    if not 2 <= turn <= 8:
        return bytes(kept)
    entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, turn, 0)
    exif = b"Exif\0\0MM\0*\0\0\0\x08" + struct.pack(">H", 1) + entry + b"\0\0\0\0"
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    at = 2
    if kept[3:4] == b"\xe0":
        at += 2 + int(struct.unpack_from(">H", kept, 4)[0])
    return bytes(kept[:at]) + segment + bytes(kept[at:])


def _orientation(tiff: bytes) -> int:
    """How a picture is turned, by its Exif; 1 where that can't be read."""
    try:
        order = {b"II": "<", b"MM": ">"}[tiff[:2]]
        start = struct.unpack_from(f"{order}I", tiff, 4)[0]
        for number in range(struct.unpack_from(f"{order}H", tiff, start)[0]):
            at = start + 2 + 12 * number
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", tiff, at)
            if tag == _ORIENTATION:
                return int(value)
    except (KeyError, struct.error):
        pass
    return 1


def _png(data: bytes) -> bytes:
    kept, at = bytearray(_PNG), len(_PNG)
    while True:
        size, name = struct.unpack_from(">I4s", data, at)
        part = data[at : at + 12 + size]
        if len(part) < 12 + size:
            raise CutOff("The picture is cut off.")
        if name in _PNG_KEPT:
            kept += part
        if name == b"IEND":
            return bytes(kept)
        at += len(part)


def _webp(data: bytes) -> bytes:
    kept = bytearray()
    for name, body in _chunks(data):
        if name == b"VP8X":
            body = bytes([body[0] & ~_EXIF_OR_XMP]) + body[1:]  # noqa: PLW2901
        if name in _WEBP_KEPT:
            kept += name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
    return b"RIFF" + struct.pack("<I", len(kept) + 4) + b"WEBP" + bytes(kept)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    whole = 8 + struct.unpack_from("<I", data, 4)[0]
    if len(data) < whole:
        raise CutOff("The picture is cut off.")
    at = 12
    while at + 8 <= whole:
        name, size = struct.unpack_from("<4sI", data, at)
        yield name, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _gif(data: bytes) -> bytes:
    flags = data[10]
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    kept = bytearray(data[:at])
    while data[at] != 0x3B:
        start = at
        if data[at] == 0x2C:
            flags = data[at + 9]
            at += 11 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
            shown = True
        elif data[at] == 0x21:
            # Graphic control, and the one application that says how often to repeat.
            shown = data[at + 1] == 0xF9 or data[at + 3 : at + 14] == b"NETSCAPE2.0"
            at += 2
        else:
            raise CutOff("The picture is damaged.")
        while data[at]:
            at += 1 + data[at]
        at += 1
        if shown:
            kept += data[start:at]
    return bytes(kept + b";")


_BY_MIME: dict[str, Callable[[bytes], bytes]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
    "image/gif": _gif,
}
