"""Whether two posts say the same: copies, retold with other names, links, signs, or in other order.

A post becomes a small sketch of its words (MinHash: the share of equal numbers in two sketches is
about the share of words that both have), and bands of it: who shares no band is hardly alike, so
that a look-up finds whom to compare with. No word can be read back from them.
"""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Iterable
from hashlib import shake_128
from operator import eq
from typing import NamedTuple

import regex

from earful.kit.search import words

NUMBERS = 32
BANDS = 5
SHARE = 0.55
"""Of two sketches' numbers, equal in posts that say the same."""
SHORT = 5
"""Posts of fewer words say the same only when all of them are the same."""
READ = 1_000
"""Characters of a post that are looked at."""

_ASIDE = regex.compile(r"(?:https?://|www\.)\S+|(?<!\w)@[\w.-]+|^\s*rt\b|n['’]t\b", regex.I)
_MARKS = regex.compile(r"\p{M}+")
_SMALL = """
a an and are as at be but by do for from has have i if in is it its me my of on or our so that the
their them they this to us was we were with you your please via rt again just
der die das und ist ein eine ich zu mit auf le la les et un une de du des je est el los las y
en es o os e um uma que i w z na jest
"""
_NOT_WORDS = """
not no never none nobody nothing cannot cant dont doesnt didnt isnt wont nicht kein keine nie pas
jamais aucun nunca ninguno nao niet geen non mai
"""
SMALL = frozenset(_SMALL.split())
NOT = frozenset(_NOT_WORDS.split())
_PACKED = struct.Struct(f"<{NUMBERS}I")


class Likeness(NamedTuple):
    """A post's sketch, and the bands under which posts like it are found."""

    sketch: bytes
    bands: tuple[int, ...]


def likeness(text: str) -> Likeness | None:
    """The likeness of a post; None where it says nothing but names and links."""
    plain = _ASIDE.sub(_aside, text[:READ])
    if not plain.isascii():
        plain = _MARKS.sub("", unicodedata.normalize("NFD", plain))
    found = set(words(plain))
    telling = found - SMALL
    if len(telling) < SHORT:
        return _short(sorted(found) or plain.split())
    each = [_PACKED.unpack(shake_128(word.encode()).digest(_PACKED.size)) for word in telling]
    numbers = list(map(min, *each))
    says_not = b"n" if found & NOT else b"y"
    pairs = zip(numbers[0 : 2 * BANDS : 2], numbers[1 : 2 * BANDS : 2], strict=True)
    bands = tuple(_signed(place + 1, one ^ (two << 28)) for place, (one, two) in enumerate(pairs))
    return Likeness(says_not + _PACKED.pack(*numbers), bands)


def alike(one: bytes, other: bytes) -> float:
    """How much two sketches share, from 0 to 1; 0 where they do not say the same."""
    if one == other:
        return 1.0
    if len(one) != len(other) or len(one) < NUMBERS or one[:1] != other[:1]:
        return 0.0
    share = sum(map(eq, _PACKED.unpack(one[1:]), _PACKED.unpack(other[1:]))) / NUMBERS
    return share if share >= SHARE else 0.0


def _aside(found: regex.Match[str]) -> str:
    return " not " if found.group(0)[:1] in "nN" else " "


def _short(said: Iterable[str]) -> Likeness | None:
    whole = " ".join(said).encode()
    if not whole:
        return None
    sketch = struct.pack("<II", zlib.crc32(whole), zlib.adler32(whole))
    return Likeness(sketch, (_signed(0, int.from_bytes(sketch, "little")),))


def _signed(place: int, number: int) -> int:
    """A band as the database's bigint; of another place it is another."""
    mixed = (number * 8 + place) & 0xFFFFFFFFFFFFFFFF
    return mixed - (1 << 64) if mixed >> 63 else mixed
