"""Pictures of a town that has no cameras: drawn from their address, the same each time."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random
from urllib.parse import urlsplit
from zlib import crc32

from PIL import Image, ImageDraw

SIZE = (960, 640)
SUBJECTS = {
    "Screenshot of the app: Something went wrong, error 503": "error",
    "A grey screen with a spinner that does not end": "spinner",
    "A parcel with a torn corner on a doorstep": "parcel",
    "The router, its light is red": "router",
    "A bill on which the same amount stands twice": "bill",
}
"""Alt texts that customers give, and what is drawn for them."""
_SKIES = ("#dbe7f0", "#efe4d6", "#e3e7df", "#eadfe6", "#dfe3ee")
_SKINS = ("#f1c9a5", "#d9a06f", "#b97a4e", "#8a5a3c", "#f4d7bd")
_SHIRTS = ("#3b6ea5", "#9c4f4f", "#4c7a5a", "#7a5c99", "#a67c37", "#47707a")
_HAIR = ("#2b211c", "#5a3b22", "#a6672f", "#d3b06b", "#77706c")


def address(post: str, number: int, alt: str) -> str:
    """Where picture `number` of a post is to be had."""
    return f"rehearsal://pictures/{SUBJECTS.get(alt, 'error')}/{post}/{number}"


def face(person: str) -> str:
    """The address of somebody's avatar; every third has none."""
    return f"rehearsal://faces/{person}" if crc32(person.encode()) % 3 else ""


def draw(url: str) -> bytes | None:
    """The PNG at `url`, or None. Blocks: run in a thread."""
    parts = urlsplit(url)
    die = Random(url)  # noqa: S311 - a picture, no secret
    if parts.netloc == "faces":
        return _png(_face(die))
    drawer = _DRAWERS.get(parts.path.split("/")[1]) if parts.netloc == "pictures" else None
    if drawer is None:
        return None
    picture = Image.new("RGB", SIZE, die.choice(_SKIES))
    drawer(ImageDraw.Draw(picture), die)
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _face(die: Random) -> Image.Image:
    picture = Image.new("RGB", (160, 160), die.choice(_SKIES))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((18, 112, 142, 240), fill=die.choice(_SHIRTS))
    pen.ellipse((42, 22, 118, 104), fill=die.choice(_HAIR))
    pen.ellipse((48, 36, 112, 120), fill=die.choice(_SKINS))
    for x in (66, 88):
        pen.ellipse((x, 72, x + 6, 79), fill="#2a2320")
    pen.arc((68, 84, 92, 102), 20, 160, fill="#7d3f38", width=3)
    return picture


def _phone(pen: ImageDraw.ImageDraw) -> None:
    pen.rounded_rectangle((330, 40, 630, 600), 36, fill="#20242a")
    pen.rounded_rectangle((346, 60, 614, 580), 22, fill="#f7f7f5")


def _error(pen: ImageDraw.ImageDraw, die: Random) -> None:
    _phone(pen)
    pen.polygon(((480, 170), (540, 275), (420, 275)), fill="#c8553d")
    pen.text((480, 245), "!", fill="white", font_size=56, anchor="mm")
    pen.text((480, 330), "Something went wrong", fill="#20242a", font_size=22, anchor="mm")
    number = f"Error 503-{die.randrange(100, 999)}"
    pen.text((480, 366), number, fill="#777c84", font_size=18, anchor="mm")
    pen.rounded_rectangle((400, 440, 560, 490), 12, fill="#3b6ea5")
    pen.text((480, 465), "Try again", fill="white", font_size=19, anchor="mm")


def _spinner(pen: ImageDraw.ImageDraw, die: Random) -> None:
    _phone(pen)
    start = die.randrange(360)
    pen.arc((430, 270, 530, 370), start, start + 250, fill="#9aa1aa", width=10)


def _parcel(pen: ImageDraw.ImageDraw, die: Random) -> None:
    pen.rectangle((0, 470, 960, 640), fill="#8d8578")
    pen.rectangle((150, 0, 810, 470), fill="#7b4a3a")
    pen.rectangle((180, 0, 780, 470), fill="#8b5543")
    top = 300 + die.randrange(-20, 20)
    pen.rectangle((300, top, 660, 560), fill="#c49a6c")
    pen.rectangle((462, top, 498, 560), fill="#dcc39a")
    pen.polygon(((580, top), (660, top), (660, top + 90), (625, top + 42)), fill="#4d3a28")


def _router(pen: ImageDraw.ImageDraw, die: Random) -> None:
    pen.rectangle((0, 450, 960, 640), fill="#a58a68")
    for x in (300, 640):
        pen.rectangle((x, 150, x + 14, 380), fill="#2b2f35")
    pen.rounded_rectangle((240, 370, 720, 480), 18, fill="#343a42")
    red = die.randrange(5)
    for number in range(5):
        color = "#e0443a" if number == red else "#565d66"
        pen.ellipse((320 + 70 * number, 416, 338 + 70 * number, 434), fill=color)


def _bill(pen: ImageDraw.ImageDraw, die: Random) -> None:
    pen.rectangle((290, 40, 670, 640), fill="#fdfdfb")
    pen.text((330, 90), "Northwind", fill="#20242a", font_size=30)
    amount = f"{die.randrange(15, 90)}.{die.randrange(10, 99)}"
    for number, (name, sum_) in enumerate((("Monthly plan", amount), ("Monthly plan", amount))):
        y = 210 + 60 * number
        pen.text((330, y), name, fill="#20242a", font_size=22)
        pen.text((630, y), sum_, fill="#20242a", font_size=22, anchor="ra")
    pen.line((330, 350, 630, 350), fill="#20242a", width=2)
    pen.text((330, 370), "Total", fill="#20242a", font_size=24)
    pen.text((630, 370), f"{2 * float(amount):.2f}", fill="#c8553d", font_size=24, anchor="ra")


_DRAWERS: dict[str, Callable[[ImageDraw.ImageDraw, Random], None]] = {
    "error": _error,
    "spinner": _spinner,
    "parcel": _parcel,
    "router": _router,
    "bill": _bill,
}
