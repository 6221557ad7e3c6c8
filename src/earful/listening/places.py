"""Places that a search may name: countries in several languages, and the cities that time zones
are called by. Both come with kept libraries, so that nothing is made up here."""

from __future__ import annotations

import re
from functools import cache
from zoneinfo import available_timezones

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl")


@cache
def _names() -> frozenset[str]:
    from babel import Locale  # noqa: PLC0415 - only for who searches by place

    from earful.listening.query import words_of  # noqa: PLC0415 - query asks here

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


def known(plain: str) -> bool:
    """Whether a folded name is one of a place."""
    return plain in _names()
