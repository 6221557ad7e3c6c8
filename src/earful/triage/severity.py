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


class Rule(NamedTuple):
    """What a text must say to be given a severity.

    `stems` are pieces of plain text of which whatever `pattern` finds has at least one: to look for
    those first costs a tenth.
    """

    severity: int
    reason: str
    stems: tuple[str, ...]
    pattern: re.Pattern[str]

    def find(self, plain: str) -> str | None:
        """The words in a folded text that the rule is about, if any."""
        for stem in self.stems:
            if stem in plain:
                found = self.pattern.search(plain)
                return found.group(0) if found else None
        return None


def _rule(severity: int, reason: str, *ways: tuple[str, str]) -> Rule:
    """A rule of whole words; each of `ways` is its stems with | between, and its pattern."""
    stems = tuple(stem for way, _ in ways for stem in way.split("|"))
    pattern = "|".join(pattern for _, pattern in ways)
    return Rule(severity, reason, stems, re.compile(rf"\b({pattern})\b"))


def _words(text: str) -> list[tuple[str, str]]:
    """Ways that are what they look for."""
    return [(word, word) for word in text.split("|")]


RULES = (
    _rule(
        1,
        "may be danger or legal",
        ("suicid", r"suicid\w*"),
        ("kill ", "kill (?:my|him|her|your)self"),
        ("self-harm|self harm", "self[- ]harm"),
        ("electrocut", r"electrocut\w*"),
        ("injur", "injur(?:ed|y)"),
        ("sue ", "sue (?:you|them)"),
        *_words("on fire|caught fire|data breach|my lawyer|legal action"),
    ),
    _rule(
        2,
        "may be an outage",
        (" down", "is (?:it|the app|the site|your (?:site|app|service)) down"),
        *_words("down for everyone|outage|nothing works for anyone"),
    ),
    Rule(
        3,
        "shamed in public",
        ("#",),
        re.compile(r"#\w*fail\b|#\w*(?:sucks|worst|shame)\b"),
    ),
    Rule(
        3,
        "angry",
        ("😡", "😠", "🤬", "😤", "👎"),
        re.compile("[😡😠🤬😤👎]+"),
    ),
    _rule(
        3,
        "has tried before",
        (
            " time| call| email| message| day",
            r"(?:second|third|fourth|fifth|2nd|3rd|4th|5th|\d+ ?th) "
            "(?:time|call|email|message|day)",
        ),
        ("called ", r"called (?:\w+ )?(?:\d+|two|three|four|five|several|many) times"),
        ("still ", "still (?:no|not|nothing|waiting|broken)"),
        (" on hold", "hours? on hold"),
        *_words("never again|on hold for"),
    ),
    _rule(
        3,
        "complaint",
        ("doesn't work|doesnt work", "doesn'?t work"),
        ("can't |cant ", "can'?t (?:log|sign|access|use)"),
        ("won't |wont ", "won'?t (?:load|start|open|work|let)"),
        (" crashing| freezing| failing", "keeps? (?:crashing|freezing|failing)"),
        ("disgust", r"disgust\w*"),
        ("fraud", r"fraud\w*"),
        ("cancel", r"cancel\w*"),
        *_words(
            "terrible|awful|worst|horrible|useless|ridiculous|unacceptable|angry|furious|scam|"
            "stole|refund|broken|not working|error|charged|disappointed|hacked|locked out|missing|"
            "delayed"
        ),
    ),
)
PRAISE = _rule(
    5,
    "praise",
    ("thank", "thank(?:s| you)"),
    ("love ", "love (?:you|your|the|this)"),
    *_words("great|awesome|amazing|shoutout"),
)
_ASKS = re.compile(r"\b(how|when|where|why|what|who|can you|could you|please|help)\b")


def judge(text: str) -> Judgement:
    """The severity of one incoming text. Never fails; unknown is a question's 4."""
    plain = folded(text[:5000]).replace("’", "'")
    for rule in RULES:
        if found := rule.find(plain):
            return Judgement(rule.severity, f"{rule.reason}: “{found}”")
    asks = "?" in plain
    if not asks and PRAISE.find(plain):
        return Judgement(PRAISE.severity, PRAISE.reason)
    if asks or _ASKS.search(plain):
        return Judgement(4, "question")
    return Judgement(4, "not judged: no rule applies")
