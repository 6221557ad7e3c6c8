"""Whether a post shames a company before everybody: by a tag, or without any."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from earful.triage.openings import Starts
from earful.triage.said import said
from earful.triage.sensitive import plain
from earful.triage.words import HANDLE

MOST_TAGS = 40
ALIKE = 0.84
"""How alike a tag's name and a brand's are to be the same, misspelled: one letter in six."""
_TAG = re.compile(r"(?<![\w/])[#\uff03]([\w\u0300-\u036f]+)")
_AFTER = r"fails?|failed|failing|fiasco|sucks?|neveragain|versagt"
_BEFORE = (
    r"boycott|boykott|boicot|boicotta|bojkot|shameon|fuck|niewieder|plusjamais|nuncamas|maipiu"
)
# These are said of much else ("#seashell", "#cryptoscam"): they count beside a known brand only.
_AFTER_OURS = (
    rf"{_AFTER}|failure|shame|worst|scam|scammers?|fraud|liars|hell|horror|disaster|nightmare|joke"
    r"|never|trash|garbage|saftladen|abzocke|honte|arnaque|verguenza|estafa|vergogna|truffa|schande"
    r"|oplichters?|vergonha|golpe|wstyd|oszusci|out|gate"
)
_BEFORE_OURS = rf"{_BEFORE}|worst|avoid|screw|never|nie|nooit|ihate|hate|stop|cancel|leaving|bye"
_ALONE = re.compile(
    r"(?:epic|total|big|major|huge|customer|customerservice|service|delivery|pr|ux)?"
    r"(?:fail|fails|failed|fiasco|boycott|shameonyou|neveragain|worstservice|worstcompany|badservice"
    r"|nieweder|niewieder|plusjamais|nuncamas|maipiu|nooitmeer|nuncamais|nigdywiecej|honte|verguenza"
    r"|vergogna|schande|vergonha|wstyd)|worstcustomerservice|badcustomerservice"
)
_ANYBODY = re.compile(rf"(?P<a>\w{{2,}}?)(?:{_AFTER})|(?:{_BEFORE})(?P<b>\w{{2,}})")
_OURS = re.compile(rf"(?P<a>\w{{2,}}?)(?:{_AFTER_OURS})|(?:{_BEFORE_OURS})(?P<b>\w{{2,}})")
_HARMLESS = re.compile(
    r"(?:no|never|cant|cannot|dont|wont|without|power|heart|comic|market|gym|wall|wedding|diet|bake)"
    r"fails?|boycottchallenge"
)
_START = re.compile(r"[\s.\"“'(]*@(\w+)")


def shaming(
    text: str,
    brands: Sequence[str] = (),
    plainly: str | None = None,
    starts: Starts | None = None,
) -> str:
    """Why a post shames a company, in words; empty where it doesn't.

    `brands` are the names and handles of a workspace's own: tags of theirs, misspelled too, say
    whom, and praise of them ("@AcmeHelp does it better") shames nobody.
    """
    brands = [name for name in brands if squeezed(name)]
    own = [squeezed(name) for name in brands]
    for tag in _TAG.findall(text)[:MOST_TAGS] if "#" in text or "\uff03" in text else ():
        if reason := _by_tag(tag, own, brands):
            return reason
    plainly = plain(text) if plainly is None else plainly
    # Whom a post begins with is whom it is said to.
    whom = _START.match(text)
    known = {*own, squeezed(whom.group(1)) if whom else ""} - {""}
    found = said("shame", plainly, starts)
    if found is None:
        return ""
    if "@" in found.words and not whom and not _any_of(HANDLE.findall(text), own):
        return ""  # whoever praises somebody else to nobody shames nobody
    if _any_of(HANDLE.findall(found.words), known):
        return ""
    return f"shames in public: “{found.words}”"


def _any_of(handles: list[str], names: Iterable[str]) -> bool:
    squeezed_handles = [squeezed(handle) for handle in handles[:MOST_TAGS]]
    return any(same(handle, name) for name in names for handle in squeezed_handles)


def _by_tag(tag: str, own: list[str], brands: Sequence[str]) -> str:
    bare = squeezed(tag)
    if _HARMLESS.fullmatch(bare):
        return ""
    if _ALONE.fullmatch(bare):
        return f"shamed in public: “#{bare}”"
    if own and (found := _OURS.fullmatch(bare)):
        name = found["a"] or found["b"]
        for one, brand in zip(own, brands, strict=True):
            if same(name, one):
                return f"shames {brand} in public: “#{bare}”"
    return f"shamed in public: “#{bare}”" if _ANYBODY.fullmatch(bare) else ""


_ROLE = re.compile(r"(?:help|care|support|service|cares|official|uk|us|de|hq|team|ask)$")


@lru_cache(maxsize=1000)
def squeezed(name: str) -> str:
    """A name without case, accents, marks and spaces: "Acme_Air" and "acme-air" are one."""
    return re.sub(r"[\W_]+", "", plain(name[:80]))


def same(name: str, brand: str) -> bool:
    """Whether two squeezed names are one brand's, a letter wrong or a role at its end at most."""
    brand, name = _ROLE.sub("", brand) or brand, _ROLE.sub("", name) or name
    if name == brand:
        return True
    return min(len(name), len(brand)) > 4 and SequenceMatcher(None, name, brand).ratio() >= ALIKE
