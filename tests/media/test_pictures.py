"""What is looked at before it is kept: bombs, polyglots, torn pictures, and where Carol was."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageOps

from earful.media.pictures import BadPicture, inspect
from tests.media.pictures import PLACE, SVG, animated, bomb, drawn, located

FORMS = ["JPEG", "PNG", "WEBP"]


@pytest.mark.parametrize("form", FORMS)
def test_where_it_was_taken_is_gone_and_the_pixels_are_not(form: str) -> None:
    data = located(form)
    assert PLACE in data
    picture = inspect(data)
    for word in (PLACE, b"Carol", b"Camera"):
        assert word not in picture.data
    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(picture.data))
    assert not ImageChops.difference(before.convert("RGB"), after.convert("RGB")).getbbox()
    assert (picture.width, picture.height) == before.size


def test_a_jpeg_stays_upright() -> None:
    kept = Image.open(io.BytesIO(inspect(located("JPEG", turn=6)).data))
    assert dict(kept.getexif()) == {0x0112: 6}
    assert ImageOps.exif_transpose(kept).size == (30, 40)


@pytest.mark.parametrize("form", [*FORMS, "GIF"])
def test_what_carries_no_metadata_stays_as_it_is(form: str) -> None:
    data = drawn(form)
    assert inspect(data).data == data or form == "GIF"
    assert inspect(inspect(data).data).data == inspect(data).data


def test_an_animation_keeps_its_frames_and_loses_its_comment() -> None:
    picture = inspect(animated())
    assert b"Carol" not in picture.data
    kept = Image.open(io.BytesIO(picture.data))
    assert (getattr(kept, "n_frames", 0), kept.info["loop"]) == (3, 0)


@pytest.mark.parametrize("form", [*FORMS, "GIF"])
def test_what_hides_behind_the_end_is_cut_off(form: str) -> None:
    hidden = b"PK\x03\x04<script>alert(1)</script>"
    assert hidden not in inspect(drawn(form) + hidden).data


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (SVG, "not a PNG"),
        (b"GIF89a/*<script>alert(1)</script>*/", "cut off|not a PNG|damaged"),
        (b"%PDF-1.7 nothing here", "not a PNG"),
        (drawn("JPEG", (400, 300))[:-200], "cut off|not a PNG"),
        (drawn("PNG", (400, 300))[:-20], "cut off|not a PNG"),
        (drawn("WEBP", (400, 300))[:-20], "cut off|not a PNG"),
        (animated()[:-40], "cut off|not a PNG"),
    ],
)
def test_what_is_no_whole_picture_is_refused_in_words(data: bytes, why: str) -> None:
    with pytest.raises(BadPicture, match=why):
        inspect(data)


def test_a_bomb_of_100_megapixels_is_not_unpacked() -> None:
    data = bomb()
    assert len(data) < 20_000
    with pytest.raises(BadPicture, match="too many pixels"):
        inspect(data)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(FORMS), st.data())
def test_no_damage_is_an_error_of_ours(form: str, draw: st.DataObject) -> None:
    """Whatever is done to a picture, it is kept as a picture or refused: never anything else."""
    data = bytearray(located(form))
    for _ in range(draw.draw(st.integers(1, 6))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    data = data[: draw.draw(st.integers(len(data) // 2, len(data)))]
    try:
        picture = inspect(bytes(data))
    except BadPicture:
        return
    assert picture.mime.startswith("image/")
