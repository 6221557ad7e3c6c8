"""Pictures good and bad, made here."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PLACE = b"GPS-52.5163"
_MAKE, _ORIENTATION, _GPS, _GPS_PLACE = 0x010F, 0x0112, 0x8825, 0x001B


def drawn(form: str, size: tuple[int, int] = (40, 30), color: str = "teal") -> bytes:
    """A plain picture without metadata."""
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, form)
    return out.getvalue()


def located(form: str, turn: int = 6) -> bytes:
    """A picture that tells where it was taken, and how it is turned."""
    exif = Image.Exif()
    exif[_MAKE], exif[_ORIENTATION] = "Camera of Carol", turn
    exif.get_ifd(_GPS)[_GPS_PLACE] = PLACE
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, form, exif=exif, comment=b"Carol was here")
    return out.getvalue()


def animated() -> bytes:
    """Three frames that repeat, with a comment."""
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(
        out, "GIF", save_all=True, append_images=frames[1:], loop=0, comment=b"Carol was here"
    )
    return out.getvalue()


def bomb(side: int = 10_000) -> bytes:
    """A PNG of a few kB whose head promises `side` times `side` pixels, and whose body keeps it."""

    def chunk(name: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + check

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = b"\0" * (side // 8 + 1)
    rows = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
