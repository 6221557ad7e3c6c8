"""Pictures made small enough for the network, which counts bytes only when the post is made."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from earful.networks.contract import Rejected, Upload

BYTES = 1_000_000
_SIDES = (2000, 1600, 1280, 1024, 800, 640, 480, 320)
_QUALITIES = (88, 78, 65)
_READY = frozenset({"image/jpeg", "image/png", "image/webp"})


def fitted(upload: Upload) -> Upload:
    """The picture itself if it is small enough, else a JPEG of it. Blocks: run in a thread.

    The same bytes in give the same bytes out, so that a repeat is the same blob.
    """
    if len(upload.data) <= BYTES and upload.mime in _READY:
        return upload
    picture = _opened(upload.data)
    for side in _SIDES:
        smaller = picture.copy()
        smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
        for quality in _QUALITIES:
            out = io.BytesIO()
            smaller.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= BYTES:
                return Upload(out.getvalue(), "image/jpeg", upload.alt, *smaller.size)
    raise Rejected("The picture can't be made small enough for Bluesky (1 MB).")


def _opened(data: bytes) -> Image.Image:
    """The picture upright and without transparency, which JPEG lacks."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
            layered = picture.convert("RGBA")
    except (
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        SyntaxError,
        UnidentifiedImageError,
        ValueError,
    ) as error:
        raise Rejected(f"The picture can't be read: {error}") from error
    ground = Image.new("RGB", layered.size, "white")
    ground.paste(layered, mask=layered.getchannel("A"))
    return ground
