"""Places that a search may name: countries in several languages, the cities that time zones are
called by, and towns of 15,000 people and more. All come from kept sources: nothing is made up here.

The towns are GeoNames' (https://www.geonames.org, CC BY 4.0), gathered by scripts/gather_places.py.
"""

from __future__ import annotations

import re
import zlib
from functools import cache, lru_cache
from pathlib import Path
from zoneinfo import available_timezones

from earful.listening.words import words_of

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl")
TOWNS = Path(__file__).with_name("towns.bin")


@cache
def _names() -> frozenset[str]:
    from babel import Locale  # noqa: PLC0415 - only for who searches by place

    found = set()
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2:
                found.add(" ".join(words_of(name)))
    for zone in available_timezones():
        area, _, city = zone.rpartition("/")
        if area and not area.startswith(("Etc", "SystemV", "US")):
            found.add(" ".join(words_of(re.sub(r"[_-]", " ", city))))
    return frozenset(found - {""})


@lru_cache(maxsize=1000)
def known(plain: str) -> bool:
    """Whether a folded name is one of a place."""
    return plain in _names() or _is_town(plain)


def _is_town(plain: str) -> bool:
    """Unpacked anew each time, and dropped: to keep 100,000 names costs every worker memory."""
    if not plain or "\n" in plain:
        return False
    return f"\n{plain}\n".encode() in zlib.decompress(TOWNS.read_bytes())
