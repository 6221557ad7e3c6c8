"""What the model says of a text, and why, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from math import sqrt
from typing import Any, NamedTuple

from earful.triage.found import Found, find
from earful.triage.model import ALL_KINDS, KINDS, MOODS, OWN, SHIPPED, Model, load
from earful.triage.ready import CLIP
from earful.triage.severity import PRAISE, Judgement
from earful.triage.severity import judge as judge_severity
from earful.triage.signs import WORDS

SURE = 0.5
MOST_REASONS = 3
COMPLAINT = 3
"""From this severity on a post complains, by what rules heard in it."""
HEARD = -0.4
"""The mood at best of who complains by that alone."""


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


class Opinion(NamedTuple):
    """What a text was held for by whatever read it, before rules are heard.

    `probabilities` lie between 0 and 1, `sentiment` between -1 and 1. `reasons` gives those for a
    kind; `caution` is what must be known of the judge itself.
    """

    kind: str
    probabilities: dict[str, float]
    sentiment: float
    needs_reply: bool | None
    reasons: Callable[[str], list[str]]
    caution: Sequence[str] = ()


def judge(
    text: str, model: Model | None = None, brands: Sequence[str] = (), *, to_us: bool = False
) -> Judged:
    """Judge one text; `brands` are names and handles of one's own, `to_us` whether it came to them.

    Never fails: what says nothing is chatter that nobody need be shown first.
    """
    model = model or shipped()
    severity = judge_severity(text)
    opinion = _opinion(model, text, praised=severity.reason == PRAISE.reason, to_us=to_us)
    # The model reads no sarcasm, and few languages: whoever is heard to complain does not chat.
    return _concluded(opinion, severity, find(text, brands), hears=OWN not in model.groups)


def judge_asked(text: str, opinion: Opinion, brands: Sequence[str] = ()) -> Judged:
    """Judge a text of which another judge said its opinion: the rules are heard all the same."""
    return _concluded(opinion, judge_severity(text), find(text, brands), hears=True)


def _opinion(model: Model, text: str, *, praised: bool, to_us: bool) -> Opinion:
    read = model.weigh(text, to_us=to_us)
    scores = read.scores
    complaint = model.complains(scores, to_us=to_us)
    likely = {kind: scores[kind] for kind in KINDS if kind in scores} | {"complaint": complaint}
    beyond = {one: scores[one] for one in ALL_KINDS[len(KINDS) :] if one in scores}
    foremost = max(beyond, key=beyond.__getitem__, default="")
    if foremost and beyond[foremost] > max(SURE, complaint):
        kind = foremost
    elif complaint > SURE:
        kind = "complaint"
    elif praised and OWN not in model.groups:
        kind = "praise"
    else:
        others = {one: likely[one] for one in KINDS if one in likely and one != "complaint"}
        kind = max(others, key=others.__getitem__, default="chatter")
    return Opinion(
        kind,
        likely | beyond,
        _sentiment(read.signs, scores),
        scores["needs_reply"] > SURE if "needs_reply" in scores else None,
        partial(_reasons, model, read.signs),
        _caution(model),
    )


def _concluded(opinion: Opinion, severity: Judgement, found: Found, *, hears: bool) -> Judged:
    grave = found.severity(severity.severity)
    heard = hears and opinion.kind == "chatter" and grave <= COMPLAINT
    kind = "complaint" if heard else opinion.kind
    # Whoever shames us before everybody, asks again or is in need is answered, however they say it.
    pressing = heard or bool(found.shaming or found.prior or found.sensitive)
    said = [*found.reasons(), severity.reason, *opinion.caution]
    return Judged(
        kind=kind,
        complaint=kind == "complaint",
        complaint_probability=round(opinion.probabilities.get("complaint", 0.0), 4),
        probabilities={name: round(value, 4) for name, value in opinion.probabilities.items()},
        sentiment=min(opinion.sentiment, HEARD) if heard else opinion.sentiment,
        needs_reply=None if opinion.needs_reply is None else pressing or opinion.needs_reply,
        severity=grave,
        reasons=_once([*opinion.reasons(kind), *said]),
        found=found,
    )


def _caution(model: Model) -> list[str]:
    return [model.about["caution"]] if "caution" in model.about else []


def _once(reasons: list[str]) -> list[str]:
    return list(dict.fromkeys(reasons))


def _sentiment(found: Sequence[float], scores: dict[str, float]) -> float:
    """How the writer feels about whom they write to, from -1 to 1.

    Who complains is displeased in words of any sound, who praises is pleased; beside that count
    the valence of the words, brought between -1 and 1 as v / sqrt(v² + 8), and the moods. The
    weights were chosen on the judged posts that come with the script that trains the model.
    """
    signs = dict(zip(WORDS, found, strict=False))
    sounds = signs["sounds_good"] - abs(signs["sounds_bad"])
    value = 0.05 + 0.4 * sounds / sqrt(sounds * sounds + 8)
    if len(found) > len(WORDS):
        negative, positive = found[-len(MOODS) :]
        value += 0.2 * max(-1.0, min(1.0, (positive - negative) / 4))
    value += 0.7 * scores.get("praise", 0.0) - 0.9 * scores["complaint"]
    return round(max(-1.0, min(1.0, value)), 2)


def _reasons(model: Model, found: Sequence[float], kind: str) -> list[str]:
    """The signs the text has that speak most for its kind, the strongest first."""
    head = model.heads.get(kind)
    if head is None:
        return ["thanks or praises"] if kind == "praise" else []
    spoken = []
    named = zip(WORDS, found, head.signs, model.means, model.scales, strict=False)
    for name, value, weight, mean, scale in named:
        speaks = weight * min(CLIP, (value - mean) * scale)
        if value and speaks > 0:
            spoken.append((speaks, WORDS[name]))
    ordered = dict.fromkeys(words for _, words in sorted(spoken, reverse=True))
    return list(ordered)[:MOST_REASONS]
