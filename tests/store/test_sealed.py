"""The encrypted stream: nothing changed, moved or cut off goes unnoticed."""

from __future__ import annotations

import io
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earful.store import sealed
from earful.store.errors import StoreError
from earful.store.sealed import SealedReader, SealedWriter, Unreadable

PASSPHRASE = "correct horse battery"


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "CHUNK", 64)


def seal(plain: bytes) -> bytes:
    file = io.BytesIO()
    writer = SealedWriter(file, PASSPHRASE)
    writer.write(plain)
    writer.finish()
    return file.getvalue()


def unseal(text: bytes, passphrase: str = PASSPHRASE) -> bytes:
    reader = SealedReader(io.BytesIO(text), passphrase)
    return b"".join(iter(lambda: reader.read(50), b""))


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 128, 1000])
def test_what_goes_in_comes_out(size: int) -> None:
    plain = os.urandom(size)
    text = seal(plain)
    assert unseal(text) == plain
    assert size < 16 or plain not in text


@pytest.mark.parametrize("cut", [1, 16, 79, 80, 81, 160])
def test_a_cut_end_is_noticed(cut: int) -> None:
    with pytest.raises(Unreadable):
        unseal(seal(bytes(300))[:-cut])


def test_chunks_in_another_order_are_noticed() -> None:
    text = seal(bytes(64 * 4))
    tail = len(text) - 4 * 80
    moved = text[:tail] + text[tail + 80 : tail + 160] + text[tail : tail + 80]
    with pytest.raises(Unreadable):
        unseal(moved + text[tail + 160 :])


@settings(max_examples=50, deadline=None, database=None)
@given(st.data())
def test_a_flipped_bit_is_noticed(data: st.DataObject) -> None:
    text = bytearray(seal(bytes(200)))
    place = data.draw(st.integers(0, len(text) - 1))
    text[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Unreadable):
        unseal(bytes(text))


@pytest.mark.parametrize("number", [b'"n":36', b'"n":-6', b'"n":00', b'"n":1 '])
def test_a_head_that_asks_for_the_impossible_is_damaged(number: bytes) -> None:
    text = seal(b"text")
    assert b'"n":16' in text
    with pytest.raises(Unreadable, match="head is damaged"):
        unseal(text.replace(b'"n":16', number, 1))


def test_a_wrong_passphrase_is_named_as_such() -> None:
    with pytest.raises(Unreadable, match="passphrase is wrong"):
        unseal(seal(b"text"), "correct horse batteri")


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(StoreError, match="at least 12"):
        SealedWriter(io.BytesIO(), "short")


def test_the_same_text_never_looks_the_same() -> None:
    assert seal(b"text") != seal(b"text")
