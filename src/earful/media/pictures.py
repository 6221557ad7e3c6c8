"""Looks at a picture before it is kept: its real type, its size, and whether it is a bomb."""

from __future__ import annotations

import io
import warnings

import msgspec
from PIL import Image

from earful.media.stripping import CutOff, stripped

TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}
MOST_PIXELS = 40_000_000
"""A small file may unpack to gigabytes; more pixels than this are not unpacked."""

_TOO_MANY = "This picture has too many pixels."


class BadPicture(Exception):
    """Not a picture we keep; the text says why."""


class Picture(msgspec.Struct, frozen=True):
    """A picture that was looked at; sizes in pixels."""

    data: bytes
    mime: str
    width: int
    height: int


def inspect(data: bytes) -> Picture:
    """Tell what `data` is by its content, and take its metadata out. Raises BadPicture.

    Blocks: run in a thread. The pixels are not unpacked.
    """
    if not data:
        raise BadPicture("The picture is empty.")
    mime, width, height = _looked_at(data)
    if width * height > MOST_PIXELS:
        raise BadPicture(_TOO_MANY)
    try:
        return Picture(stripped(data, mime), mime, width, height)
    except CutOff as error:
        raise BadPicture(str(error)) from error


def _looked_at(data: bytes) -> tuple[str, int, int]:
    """The type and size that the picture's own head tells, its parts checked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=list(TYPES)) as image:
                width, height = image.size
                if width * height <= MOST_PIXELS:
                    image.verify()
                return TYPES[image.format or ""], width, height
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture(_TOO_MANY) from error
    except Exception as error:  # what a decoder raises on damaged input is not documented
        raise BadPicture("This is not a PNG, JPEG, WebP or GIF picture.") from error
