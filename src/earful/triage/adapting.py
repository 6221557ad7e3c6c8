"""A model that goes on from another: it learns a desk's own words, and unlearns nothing else.

Each kind's head keeps its weights. Beside them it gets weights for the words of the desk's own
decisions, and no new bias, since decisions are no fair share of what is written (all may be spam):
logistic regressions whose starting point is what the model said before,
held near it by their regularisation (a "prior" of zero change; Chelba and Acero 2006, "Adaptation
of maximum entropy capitalizer"). Plain Python: a thousand decisions take seconds, and the same
decisions give the same model.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log, sqrt
from typing import Any

from earful.triage.grams import Grams, Row
from earful.triage.judging import judge
from earful.triage.model import ALL_KINDS, OWN, Head, Model, odds
from earful.triage.words import pairs, plain, tidied, tokens

FOLDS = 5
LEAST = 20
"""Decisions on different texts, below which nothing is learnt: it would know those by heart."""
LEAST_OF_KIND = 2
"""Different texts of a kind, below which it can't be both learnt and looked for."""
_SELDOM = log(0.1 / 0.9)
_EPOCHS, _STEP, _HOLD = 30, 0.5, 0.01


@dataclass(frozen=True)
class Decision:
    """A text and the kind that people say it is. `weight` is how surely they said so, 0 to 1; `by`
    who wrote it, empty where that is not known and each counts as somebody else's."""

    text: str
    kind: str
    weight: float = 1.0
    by: str = ""


class TooLittle(Exception):
    """There is not enough to learn from, in words."""


@dataclass(frozen=True)
class Score:
    """How often a model agrees: `macro_f1` over the kinds there are, and `right`, both 0 to 1."""

    macro_f1: float
    right: float


def check(decisions: Sequence[Decision]) -> None:
    """Raise TooLittle unless these can be learnt from."""
    if len(decisions) < LEAST:
        raise TooLittle(f"There are {len(decisions)} decisions; it takes {LEAST} at least.")
    kinds = Counter(kind for kind, _ in {(one.kind, one.text) for one in decisions})
    if len(kinds) < 2:
        only = next(iter(kinds))
        raise TooLittle(
            f"All {len(decisions)} decisions say {only}: from one kind nothing can be told apart."
        )
    texts = len({one.text for one in decisions})
    if texts < LEAST:
        raise TooLittle(f"There are {texts} different texts; it takes {LEAST} at least.")
    if sum(count >= LEAST_OF_KIND for count in kinds.values()) < 2:
        [(most, _)] = kinds.most_common(1)
        raise TooLittle(
            f"All but {len(kinds) - 1} of the texts are {most}: it takes {LEAST_OF_KIND} "
            "of another kind at least."
        )


def adapt(model: Model, decisions: Sequence[Decision], about: dict[str, Any]) -> Model:
    """A model that goes on from `model`. Raises TooLittle."""
    check(decisions)
    return _adapted(model, decisions, about)


def _adapted(model: Model, decisions: Sequence[Decision], about: dict[str, Any]) -> Model:
    words = [_words(one.text) for one in decisions]
    own = Grams.of(_people(decisions, words))
    rows = [own.row(pairs(each)) for each in words]
    scores = [model.score(model.read(one.text)) for one in decisions]
    made = replace(
        model,
        groups={**model.groups, OWN: own},
        about={**about, "from": model.about},
        heads=dict(model.heads),
    )
    told = {one.kind for one in decisions}
    for kind in ALL_KINDS:
        head = model.heads.get(kind)
        if kind not in told and head is None:
            continue
        truths = [one.kind == kind for one in decisions]
        bias = 0.0 if head else _seldom(truths)
        starts = [_odds_of(each[kind]) if head else bias for each in scores]
        weights = [one.weight for one in decisions]
        learnt = _fit(rows, truths, starts, weights, len(own.rarities))
        made.heads[kind] = _grown(head, model, bias, learnt)
    return made


def _people(decisions: Sequence[Decision], words: Sequence[list[str]]) -> list[list[str]]:
    """What each person wrote: what only one says, a name perhaps, is in no model's vocabulary."""
    found: dict[tuple[str, int], list[str]] = {}
    for at, one in enumerate(decisions):
        found.setdefault((one.by, 0 if one.by else at), []).extend(pairs(words[at]))
    return list(found.values())


def compare(
    model: Model, decisions: Sequence[Decision], about: dict[str, Any]
) -> tuple[Score, Score]:
    """How well `model` does on decisions, and how well what goes on from it does, on those that it
    did not learn from: five folds, each kind spread evenly, texts that read alike in one of them.
    Raises TooLittle."""
    check(decisions)
    after = [""] * len(decisions)
    fold_of = _folds(decisions)
    for fold in range(FOLDS):
        rest = [one for at, one in enumerate(decisions) if fold_of[at] != fold]
        made = _adapted(model, rest, about) if _apart(rest) else model
        for at, one in enumerate(decisions):
            if fold_of[at] == fold:
                after[at] = judge(one.text, made, to_us=True).kind
    return agreement(model, decisions), _score(decisions, after)


def agreement(model: Model, decisions: Sequence[Decision]) -> Score:
    """How often a model says what people decided."""
    said = [judge(one.text, model, to_us=True).kind for one in decisions]
    return _score(decisions, said)


def _apart(decisions: Sequence[Decision]) -> bool:
    return len({one.kind for one in decisions}) > 1


def _folds(decisions: Sequence[Decision]) -> list[int]:
    """Of each decision, its fold: that of the first which reads like it, since who learnt from a
    copy learnt from it."""
    die, seen = random.Random(0), Counter[str]()  # noqa: S311 - not a secret
    order = list(range(len(decisions)))
    die.shuffle(order)
    found, fold_of = [0] * len(decisions), dict[tuple[str, ...], int]()
    for at in order:
        kind, reads = decisions[at].kind, tuple(_words(decisions[at].text))
        if reads not in fold_of:
            fold_of[reads] = seen[kind] % FOLDS
            seen[kind] += 1
        found[at] = fold_of[reads]
    return found


def _score(decisions: Sequence[Decision], said: Sequence[str]) -> Score:
    """Each decision counts by its weight."""
    both: dict[str, float] = defaultdict(float)
    theirs: dict[str, float] = defaultdict(float)
    ours: dict[str, float] = defaultdict(float)
    for one, kind in zip(decisions, said, strict=True):
        theirs[one.kind] += one.weight
        ours[kind] += one.weight
        if one.kind == kind:
            both[kind] += one.weight
    f1 = [2 * both[kind] / (theirs[kind] + ours[kind]) for kind in theirs]
    return Score(round(sum(f1) / len(f1), 3), round(sum(both.values()) / sum(theirs.values()), 3))


def _words(text: str) -> list[str]:
    return tokens(plain(tidied(text)))


def _odds_of(probability: float) -> float:
    safe = min(1 - 1e-6, max(1e-6, probability))
    return log(safe / (1 - safe))


def _seldom(truths: Sequence[bool]) -> float:
    """Where a kind begins that no head knew: as often as it was said, and rather less;
    at most one in ten, however many were brought: of other words they say nothing."""
    return min(_SELDOM, _odds_of((sum(truths) + 0.5) / (len(truths) + 1)) - 0.5)


def _grown(head: Head | None, model: Model, bias: float, learnt: list[float]) -> Head:
    if head is None:
        return Head(bias, [0.0] * len(model.means), {OWN: learnt})
    return Head(head.bias + bias, head.signs, {**head.groups, OWN: learnt})


def _fit(
    rows: Sequence[Row],
    truths: Sequence[bool],
    starts: Sequence[float],
    weights: Sequence[float],
    size: int,
) -> list[float]:
    """Weights by AdaGrad (Duchi, Hazan and Singer 2011), each step drawn back to none."""
    learnt, seen = [0.0] * size, [1e-8] * size
    order = list(range(len(rows)))
    die = random.Random(0)  # noqa: S311 - not a secret
    for _ in range(_EPOCHS):
        die.shuffle(order)
        for at in order:
            numbers, values = rows[at]
            value = starts[at]
            value += sum(learnt[n] * v for n, v in zip(numbers, values, strict=True))
            slope = (odds(value) - truths[at]) * weights[at]
            for n, v in zip(numbers, values, strict=True):
                steep = slope * v + _HOLD * learnt[n]
                seen[n] += steep * steep
                learnt[n] -= _STEP * steep / sqrt(seen[n])
    return learnt
