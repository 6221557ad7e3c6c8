"""Talk that no automatic text may follow: a person comes at once.

By patterns of eight languages (grave.txt). It routes the one message and is kept about nobody. A
wrong alarm costs a look, a missed one an automatic greeting under somebody's grief.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

from earful.triage.openings import Starts, Ways, starts_of

LONGEST = 10_000
"""Characters that are looked at."""


def _patterns() -> dict[str, list[str]]:
    """By topic, the ways of all languages; and the idioms."""
    words: dict[str, str] = {}
    ways: dict[str, list[str]] = {}
    here: list[str] = []
    for line in (Path(__file__).parent / "grave.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            here = ways.setdefault(line.strip("[]").partition(":")[0], [])
        elif ways and line:
            here.append(_META.sub(lambda found: words[found[1]], line))
        elif line and not line.startswith("#"):
            name, _, pattern = line.partition(" = ")
            words[name] = pattern
    return ways


_META = re.compile(r"\{([a-z]+)\}")


class _Grave(NamedTuple):
    topics: dict[str, Ways]
    idioms: re.Pattern[str]


@cache
def _grave() -> _Grave:
    """Read when first asked for."""
    ways = _patterns()
    idioms = re.compile(rf"\b(?:{'|'.join(ways.pop('idioms'))})\b")
    return _Grave({topic: Ways(found, r"\b") for topic, found in ways.items()}, idioms)


def topics() -> list[Ways]:
    """The ways of speaking that are looked for."""
    return list(_grave().topics.values())


def sensitive(text: str, plainly: str | None = None, starts: Starts | None = None) -> str:
    """Why no automatic text may follow; empty where nothing was found.

    `plainly` is what `plain` makes of it, `starts` where a topic may open, where that is known.
    """
    said = plain(text[:LONGEST]) if plainly is None else plainly
    if not _found(said, starts_of(said) if starts is None else starts):
        return ""
    cleared = _grave().idioms.sub(" _ ", said)
    return _found(cleared, starts_of(cleared))


def _found(said: str, starts: Starts) -> str:
    topics = _grave().topics.items()
    return next((reason for reason, ways in topics if ways.search(said, starts)), "")


_STOP = re.compile(
    r"(?:please )?(?:stopp?|unsubscribe|basta|arretez?|no bots|"
    r"no (?:more )?(?:bots?|automatic (?:replies|answers|messages))|"
    r"keine? (?:bots?|automatischen? (?:antworten|nachrichten)))[.! ]*"
)


def opts_out(text: str) -> bool:
    """Whether somebody asks, with nothing else, to be left alone by automatic texts."""
    said = re.sub(r"@\S+", "", plain(text[:200])).strip()
    return _STOP.fullmatch(said) is not None


_ALIKE = str.maketrans(
    "\u0430\u0432\u0441\u0435\u043d\u0456\u0458\u043a\u043c\u043e\u0440\u0455\u0442\u0443\u0445"
    "\u0501\u0261\u03b1\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u2019\u2018\u00b4"
    "\u0060\u02bc\u0131\u0142",
    "abcehijkmopstyxdgaeikvoptux'''''il",
)
"""Letters of other scripts, and apostrophes, that look like ours."""
_JOINED = {ord("œ"): "oe", ord("æ"): "ae", ord("ø"): "o", ord("đ"): "d"}
"""Letters that no normal form takes apart, as in "sœur"."""
_INSTEAD = str.maketrans("0134578@$!", "oieastbasi")
# What stands before is looked at last: to look for one of few signs first costs a tenth.
_BETWEEN = re.compile(r"[0134578@$!](?<=[a-z].)(?=[a-z])")
_SPACES = re.compile(r"[\s_*~]{2,}|[^\S ]|[_*~]")
_AS_SPACES = {ord(one): " " for one in map(chr, range(128)) if one.isspace() or one in "_*~"}


def plain(text: str) -> str:
    """Small, without accents and what can't be seen, with single spaces and our own letters.

    Figures between letters are read as the letters they stand for ("k1ll").
    """
    if text.isascii():
        low = _BETWEEN.sub(_instead, text.lower()).translate(_AS_SPACES)
        while "  " in low:
            low = low.replace("  ", " ")
        return low
    parts = unicodedata.normalize("NFKD", text).casefold().translate(_JOINED)
    if not parts.isascii():
        kept = (one for one in parts if unicodedata.category(one) not in ("Mn", "Me", "Cf"))
        parts = "".join(kept).translate(_ALIKE)
    return _SPACES.sub(" ", _BETWEEN.sub(_instead, parts))


def _instead(found: re.Match[str]) -> str:
    return found.group().translate(_INSTEAD)
