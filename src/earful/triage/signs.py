"""Signs of what a post wants that hold in any trade: grammar, lasting, failing, thanking, shouting.

They are what makes the model hold for companies it has never read of; each is told in words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import chain
from typing import NamedTuple

from earful.triage import lexicon
from earful.triage.words import HANDLE, plain, tokens

REACH, TURNED = 3, -0.74
_WORK = (
    r"work|load|turn|get|connect|open|log|let|charge|show|receiv|deliver|arriv|respond|answer|play"
    r"|sync|happen|crash|freez|\w+ing"
)
_OURS = (
    "app|website|site|service|product|store|staff|support|team|update|customer|delivery|order"
    "|network|website|server"
)
# Of the small letters: what a pattern finds, in words. Whatever it finds has one of the stems: to
# look for those first costs a tenth.
PATTERNS: dict[str, tuple[str, tuple[str, ...], re.Pattern[str]]] = {
    name: (words, tuple(stems.split("|")), re.compile(pattern))
    for name, words, stems, pattern in (
        ("asks", "ends with a question", "?", r"\?\s*$"),
        (
            "why",
            "asks why",
            "why|wtf|how come|what gives",
            r"\b(?:why|wtf|how come|what gives)\b",
        ),
        (
            "how",
            "asks how, where or when",
            "how |where |when |is there|do you|can you|will you| know",
            r"\b(?:how (?:do|can|to)|where (?:can|do)|when (?:will|is|do|can)|is there|do you"
            r"|can you|will you|any(?:one)? know)\b",
        ),
        (
            "works_not",
            "something doesn't work",
            "won't|wont|can't|cant|cannot|doesn't|doesnt|didn't|isn't|not |never |stopped "
            "|no longer|unable to|keep|kept",
            r"\b(?:won't|wont|can't|cant|cannot|doesn't|doesnt|didn't|isn't|not|never|stopped"
            rf"|no longer|unable to|keeps?|kept) (?:{_WORK})",
        ),
        ("but", "praise or a plan, but", "but", r"\bbut\b"),
        ("smiles", "smiles", ":|;|=|😊|😀|❤|😍|👍|🎉|😁|☺", r"[:;=]-?[)d]|[😊😀❤😍👍🎉😁☺]"),
        (
            "frowns",
            "frowns",
            ":|;|=|😡|😠|😤|🙄|😭|😢|👎|💔|😞",
            r"[:;=]'?-?[(/\\]|[😡😠😤🙄😭😢👎💔😞]",
        ),
        (
            "wants",
            "says what the writer wants",
            "want|need|love|like",
            r"\b(?:i|i'm|im) (?:want|need|love|like)\b",
        ),
        (
            "tried",
            "has tried other ways",
            "on hold|customer s|no one|no re|no answer|called|emailed|contacted|been waiting",
            r"\b(?:on hold|customer service|customer support|no (?:one|response|reply|answer)"
            r"|called|emailed|contacted|been waiting)\b",
        ),
        ("yours", "speaks of the company's service", _OURS, rf"\b(?:your|ur|the) (?:{_OURS})"),
        ("mine", "speaks of the writer's own thing", "my ", r"\bmy \w+"),
        (
            "bought",
            "has bought or received something",
            "bought|ordered|purchased|paid|received|delivered|arrived|installed|updated|downloaded"
            "|returned|subscribed",
            r"\b(?:bought|ordered|purchased|paid|received|delivered|arrived|installed|updated"
            r"|downloaded|returned|subscribed)\b",
        ),
    )
}
_SETS = {
    "denies": ("says no", lexicon.DENIES),
    "fails": ("words of failure", lexicon.FAILS),
    "pleased": ("words of thanks or praise", lexicon.PLEASED),
    "requests": ("asks for something", lexicon.ASKS),
    "self": ("speaks of themselves", lexicon.SELF),
    "other": ("speaks to somebody", lexicon.OTHER),
    "lasts": ("it lasts, or happens again", lexicon.LASTS),
}
_CARE = re.compile(r"@\w*(?:help|support|care|serv|cust|assist|team|ask|uk\b|official)\w*", re.I)
_LOUD = re.compile(r"[A-Z](?<!\w.)[A-Z]{2,}(?!\w)")
_DRAWN = re.compile(r"(.)\1{2,}")
# Of the text as it was written.
_WRITTEN: dict[str, tuple[str, Callable[[str], float]]] = {
    "shouts": ("exclamation marks", lambda text: text.count("!")),
    "questions": ("question marks", lambda text: text.count("?")),
    "trails": ("trails off", lambda text: text.count("...") + text.count("…")),
    "capitals": ("words in capitals", lambda text: len(_LOUD.findall(text))),
    "drawn": ("drawn-out letters", lambda text: len(_DRAWN.findall(text))),
    "to": ("begins with a name", lambda text: text.lstrip().startswith("@")),
    "public": ("made public by a dot", lambda text: text.lstrip().startswith(".@")),
    "names": ("names somebody", lambda text: len(HANDLE.findall(text)) if "@" in text else 0),
    "repeats": ("repeats somebody's post", lambda text: text.startswith("RT ")),
    "tags": ("tags", lambda text: text.count("#")),
    "links": ("links", lambda text: text.count("http")),
    "length": ("its length", lambda text: len(text) / 140),
    "digits": ("a number", lambda text: any(map(str.isdigit, text))),
    "care": (
        "names an account for customers",
        lambda text: "@" in text and _CARE.search(text) is not None,
    ),
    "cut": ("was cut off", lambda text: text.rstrip().endswith("…")),
}
_NEAR = {"denies_pleased": "praise, denied", "denies_fails": "a failure, denied"}


class _Told(NamedTuple):
    """What a word says wherever it stands: 1 for each set it is of, and how it sounds."""

    counts: tuple[float, ...]
    valence: float


@cache
def _told() -> dict[str, _Told]:
    """What each word says; put together when first asked for."""
    valences = lexicon.valences()
    listed = [words for _, words in _SETS.values()]
    same: dict[tuple[float, ...], tuple[float, ...]] = {}
    found = {}
    for word in {*valences, *chain.from_iterable(listed)}:
        counts = tuple(float(word in words) for words in listed)
        found[word] = _Told(same.setdefault(counts, counts), valences.get(word, 0.0))
    return found


_NOTHING = (0.0,) * len(_SETS)
_DENIES = list(_SETS).index("denies")
_NEAR_AT = [list(_SETS).index(name.removeprefix("denies_")) for name in _NEAR]

WORDS: dict[str, str] = {
    **{name: words for name, (words, _) in _WRITTEN.items()},
    **{name: words for name, (words, _) in _SETS.items()},
    **{f"any_{name}": words for name, (words, _) in _SETS.items()},
    **_NEAR,
    "begins_asking": "begins with a question",
    **{name: words for name, (words, _, _) in PATTERNS.items()},
    "sounds_good": "words that sound good",
    "sounds_bad": "words that sound bad",
}
"""Each sign, in words; the order in which `signs` gives them."""


def signs(tidy: str, words: list[str] | None = None, low: str | None = None) -> list[float]:
    """The signs of a tidied text, in the order of WORDS; its tokens and plain form where known."""
    low = plain(tidy) if low is None else low
    words = tokens(low) if words is None else words
    told = _told()
    known = [(at, told[word]) for at, word in enumerate(words) if word in told]
    counts = list(map(sum, zip(_NOTHING, *(one.counts for _, one in known), strict=True)))
    denied = [at for at, one in known if one.counts[_DENIES]]
    near = [
        one.counts for at, one in known if denied and any(0 < at - no <= REACH for no in denied)
    ]
    return [
        *(float(count(tidy)) for _, count in _WRITTEN.values()),
        *counts,
        *(float(count > 0) for count in counts),
        *(float(any(counts[at] for counts in near)) for at in _NEAR_AT),
        float(bool(words) and words[0] in lexicon.ASKS),
        *(_has(stems, pattern, low) for _, stems, pattern in PATTERNS.values()),
        *_sounds(known, denied),
    ]


def _has(stems: tuple[str, ...], pattern: re.Pattern[str], low: str) -> float:
    for stem in stems:
        if stem in low:
            return float(pattern.search(low) is not None)
    return 0.0


def _sounds(known: list[tuple[int, _Told]], denied: list[int]) -> tuple[float, float]:
    """How good and how bad the words sound, summed; within three words of a "not", turned round.

    The share that turning leaves (0.74, as -0.74) follows Hutto and Gilbert 2014.
    """
    good = bad = 0.0
    for at, told in known:
        value = told.valence
        if not value:
            continue
        if denied and any(0 < at - no <= REACH for no in denied):
            value *= TURNED
        good, bad = (good + value, bad) if value > 0 else (good, bad - value)
    return good, bad
