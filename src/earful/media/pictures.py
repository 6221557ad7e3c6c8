"""Looks at a picture before it is kept: its real type, its size, and whether it is a bomb."""

from __future__ import annotations

import io
import warnings

import msgspec
from PIL import Image, UnidentifiedImageError

TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}
MOST_PIXELS = 40_000_000
"""A small file may unpack to gigabytes; more pixels than this are not unpacked."""


class BadPicture(Exception):
    """Not a picture we keep; the text says why."""


class Picture(msgspec.Struct, frozen=True):
    """A picture that was looked at; sizes in pixels."""

    data: bytes
    mime: str
    width: int
    height: int


def inspect(data: bytes) -> Picture:
    """Tell what `data` is by its content. Raises BadPicture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=list(TYPES)) as image:
                width, height = image.size
                if width * height > MOST_PIXELS:
                    raise BadPicture("This picture has too many pixels.")
                image.verify()
                return Picture(data, TYPES[image.format or ""], width, height)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture("This picture has too many pixels.") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError) as error:
        raise BadPicture("This is not a PNG, JPEG, WebP or GIF picture.") from error
