"""What the model says of a text, and why, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from earful.triage.found import Found, find
from earful.triage.model import CLIP, KINDS, MOODS, SHIPPED, Model, Read, load
from earful.triage.severity import PRAISE
from earful.triage.severity import judge as judge_severity
from earful.triage.signs import WORDS

SURE = 0.5
MOST_REASONS = 3


@dataclass(frozen=True)
class Judged:
    """What a text is. Probabilities lie between 0 and 1, `sentiment` between -1 and 1.

    `kind` is the likeliest of KINDS; `reasons` are the signs that speak most for it, in words, then
    what was found, then the severity's own. `severity` is that of the rules, raised by
    what was found.
    """

    kind: str
    complaint: bool
    complaint_probability: float
    probabilities: dict[str, float]
    sentiment: float
    needs_reply: bool | None
    severity: int
    reasons: list[str]
    found: Found

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it; what was found stands among the rest."""
        said = asdict(self)
        del said["found"]
        return said | self.found.as_dict()


@cache
def shipped() -> Model:
    """The model that comes with Earful, read when first asked for. Raises Damaged."""
    return load(SHIPPED)


def judge(text: str, model: Model | None = None, brands: Sequence[str] = ()) -> Judged:
    """Judge one text; `brands` are names and handles of one's own.

    Never fails: what says nothing is chatter that nobody need be shown first.
    """
    model = model or shipped()
    read = model.read(text)
    scores = model.score(read)
    complaint = model.complains(scores)
    likely = {kind: scores[kind] for kind in KINDS if kind in scores} | {"complaint": complaint}
    severity = judge_severity(text)
    found = find(text, brands)
    if complaint > SURE:
        kind = "complaint"
    elif severity.reason == PRAISE.reason:
        kind = "praise"
    else:
        others = {one: value for one, value in likely.items() if one != "complaint"}
        kind = max(others, key=others.__getitem__, default="chatter")
    return Judged(
        kind=kind,
        complaint=complaint > SURE,
        complaint_probability=round(complaint, 4),
        probabilities={name: round(value, 4) for name, value in likely.items()},
        sentiment=_sentiment(read),
        needs_reply=scores["needs_reply"] > SURE if "needs_reply" in scores else None,
        severity=found.severity(severity.severity),
        reasons=_once([*_reasons(model, read, kind), *found.reasons(), severity.reason]),
        found=found,
    )


def _once(reasons: list[str]) -> list[str]:
    return list(dict.fromkeys(reasons))


def _sentiment(read: Read) -> float:
    """From the moods' log-odds, which stand last among the signs; 0 without moods."""
    if len(read.signs) == len(WORDS):
        return 0.0
    negative, positive = read.signs[-len(MOODS) :]
    return round(max(-1.0, min(1.0, (positive - negative) / 4)), 2)


def _reasons(model: Model, read: Read, kind: str) -> list[str]:
    """The signs the text has that speak most for its kind, the strongest first."""
    head = model.heads.get(kind)
    if head is None:
        return ["thanks or praises"] if kind == "praise" else []
    spoken = []
    named = zip(WORDS, read.signs, head.signs, model.means, model.scales, strict=False)
    for name, value, weight, mean, scale in named:
        speaks = weight * min(CLIP, (value - mean) * scale)
        if value and speaks > 0:
            spoken.append((speaks, WORDS[name]))
    ordered = dict.fromkeys(words for _, words in sorted(spoken, reverse=True))
    return list(ordered)[:MOST_REASONS]
