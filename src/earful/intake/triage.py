"""A first, simple severity: rules that say their reason in words.

The severities and their triggers follow the practice summarised in the reference on severity:
3 for a complaint or a shame tag, 4 for a question, 5 for praise and chatter; 1 and 2 are for what
endangers people or many.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from earful.kit.text import folded


class Judgement(NamedTuple):
    """A severity from 1 (worst) to 5, and why, in words an agent can read aloud."""

    severity: int
    reason: str


_DANGER = re.compile(
    r"\b(suicid\w*|kill (?:my|him|her|your)self|self[- ]harm|on fire|caught fire|electrocut\w*|"
    r"injur(?:ed|y)|data breach|my lawyer|legal action|sue (?:you|them))\b"
)
_OUTAGE = re.compile(
    r"\b(is (?:it|the app|the site|your (?:site|app|service)) down|down for everyone|outage|"
    r"nothing works for anyone)\b"
)
_SHAME = re.compile(r"#\w*fail\b|#\w*(?:sucks|worst|shame)\b")
_AGAIN = re.compile(
    r"\b((?:second|third|fourth|fifth|2nd|3rd|4th|5th|\d+ ?th) (?:time|call|email|message|day)|"
    r"called (?:\w+ )?(?:\d+|two|three|four|five|several|many) times|never again|still (?:no|not|"
    r"nothing|waiting|broken)|hours? on hold|on hold for)\b"
)
_COMPLAINT = re.compile(
    r"\b(terrible|awful|worst|horrible|useless|ridiculous|unacceptable|disgust\w*|angry|furious|"
    r"scam|fraud\w*|stole|refund|broken|doesn'?t work|not working|can'?t (?:log|sign|access|use)|"
    r"won'?t (?:load|start|open|work|let)|keeps? (?:crashing|freezing|failing)|error|charged|"
    r"disappointed|hacked|locked out|missing|delayed|cancel\w*)\b"
)
_PRAISE = re.compile(
    r"\b(thank(?:s| you)|love (?:you|your|the|this)|great|awesome|amazing|shoutout)\b"
)
_ASKS = re.compile(r"\?|\b(how|when|where|why|what|who|can you|could you|please|help)\b")

_RULES = (
    (_DANGER, 1, "may be danger or legal"),
    (_OUTAGE, 2, "may be an outage"),
    (_SHAME, 3, "shamed in public"),
    (_AGAIN, 3, "has tried before"),
    (_COMPLAINT, 3, "complaint"),
)


def judge(text: str) -> Judgement:
    """The severity of one incoming text. Never fails; unknown is a question's 4."""
    plain = folded(text[:5000]).replace("’", "'")
    for pattern, severity, words in _RULES:
        if found := pattern.search(plain):
            return Judgement(severity, f"{words}: “{found.group(0)}”")
    if _PRAISE.search(plain) and "?" not in plain:
        return Judgement(5, "praise")
    if _ASKS.search(plain):
        return Judgement(4, "question")
    return Judgement(4, "not judged: no rule applies")
