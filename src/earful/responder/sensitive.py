"""Talk that no automatic text may follow: a person comes at once.

Words only, in the languages most of our customers write; a wrong alarm costs a look, a missed one
an automatic greeting under somebody's grief (facts of 2012). Triage by a model replaces it later
behind the same function.
"""

from __future__ import annotations

import re
import unicodedata

_KIN = (
    "(?:mother|father|mum|mom|dad|husband|wife|son|daughter|brother|sister|grandmother|"
    "grandfather|partner|friend|child|baby)"
)
_TOPICS: dict[str, str] = {
    "somebody died": rf"""
(?:passed|pass) away|my late {_KIN}|(?:my|our) {_KIN} (?:has |just |have )?(?:died|is dead)
funeral|bereave\w*|death certificate|deceased
gestorben|verstorben\w*|beerdigung|todesfall|sterbeurkunde|trauerfall
decede\w*|est morte?|obseques|enterrement|deuil
fallecio|fallecid\w+|ha muerto|murio|funerales|luto
faleceu|falecid\w+|morreu|deceduto|e morto|lutto
""",
    "may harm themselves": r"""
suicid\w*|kill myself|end my life|end it all|want to die|self[- ]?harm\w*|hurt myself
selbstmord\w*|mich umbringen|nicht mehr leben|das leben nehmen
me tuer|envie de mourir|quiero morir|matarme|quitarme la vida
quero morrer|me matar|voglio morire|uccidermi
""",
    "a threat": r"""
(?:i(?:'ll| will)|gonna|going to) (?:kill|shoot|stab|bomb|burn|hurt) (?:you|him|her|them|every\w*)
bomb (?:in|at|under)|know where you live
ich bringe? (?:dich|euch|sie) um|bombe (?:in|im)
je vais (?:te|vous) tuer|te voy a matar|los voy a matar|vou te matar|ti uccido
""",
}
_PATTERNS = {
    reason: re.compile(rf"\b(?:{'|'.join(ways.split(chr(10))[1:-1])})\b")
    for reason, ways in _TOPICS.items()
}
LONGEST = 10_000
"""Characters that are looked at."""


def sensitive(text: str) -> str:
    """Why no automatic text may follow; empty where nothing was found."""
    plain = _plain(text[:LONGEST])
    return next((reason for reason, way in _PATTERNS.items() if way.search(plain)), "")


_STOP = re.compile(
    r"(?:please )?(?:stopp?|unsubscribe|basta|arretez?|no bots|"
    r"no (?:more )?(?:bots?|automatic (?:replies|answers|messages))|"
    r"keine? (?:bots?|automatischen? (?:antworten|nachrichten)))[.! ]*"
)


def opts_out(text: str) -> bool:
    """Whether somebody asks, with nothing else, to be left alone by automatic texts."""
    plain = re.sub(r"@\S+", "", _plain(text[:200])).strip()
    return _STOP.fullmatch(plain) is not None


def _plain(text: str) -> str:
    """Without accents, small, and with straight apostrophes."""
    parts = unicodedata.normalize("NFKD", text).casefold().replace("\u2019", "'")
    return "".join(part for part in parts if not unicodedata.combining(part))
