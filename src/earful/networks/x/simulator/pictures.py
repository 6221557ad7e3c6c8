"""Pictures that customers post: plain areas, each of its own colour."""

from __future__ import annotations

import functools
import io

from PIL import Image

from earful.networks.x.simulator.things import Medium


def content(medium: Medium) -> bytes:
    """The file of a picture: what was handed over, or one of our own."""
    return medium.data or picture(medium.id, medium.width, medium.height)


@functools.lru_cache(maxsize=64)
def picture(name: str, width: int, height: int) -> bytes:
    """A PNG; the same name has the same colour."""
    number = int(name) if name.isdecimal() else len(name)
    colour = (64 + number % 128, 64 + number // 128 % 128, 64 + number // 16_384 % 128)
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()
