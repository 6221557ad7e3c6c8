"""Trains a model from judged texts, by logistic regressions of scikit-learn (not a dependency).

Three steps, each on what the one before gives: how a text sounds (moods), whether it is said to a
company, and whether it complains of one. The last learns from texts to companies only: else it
would learn what companies are, and hold each complaint about a new trade for chatter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from earful.triage.grams import Grams, Row
from earful.triage.model import MOODS, Head, Model, Read
from earful.triage.words import HANDLE, handles, pairs, pieces, plain, tidied, tokens

LENIENCY = 1.7
"""See Model.complains."""
SIGN = 0.25
"""How much a standard deviation of a sign weighs beside a whole text of grams (length 1)."""
FLOOR = 1e-6
LEAST = 10
"""Examples of each kind, below which a head is not trained: it would know those ten."""


@dataclass(frozen=True)
class Example:
    """A judged text. `heads`: what is known of it, by the head that asks it."""

    text: str
    heads: dict[str, bool]


@dataclass(frozen=True)
class Recipe:
    """How one head is trained: the weight of each group, and how freely (C of scikit-learn)."""

    groups: dict[str, float]
    freely: float
    nameless: bool = False
    """Whether it sees each text once more without handles, so that it holds without them too."""


COMPANY = Recipe({"handles": 2.0, "pieces": 1.0, "words": 2.0}, 3.0, nameless=True)
COMPLAINT = Recipe({"pieces": 2.0, "words": 3.0}, 1.0)
OTHERS = Recipe({"words": 2.0}, 0.5)
RECIPES = {"company": COMPANY, "complaint": COMPLAINT}


def learn(
    examples: Sequence[Example], moods: Sequence[tuple[str, str]], about: dict[str, Any]
) -> Model:
    """A model of these examples; `moods` are texts that sound "negative", "positive" or else.

    A head is trained for everything that LEAST examples are and LEAST aren't; "complaint" from
    those alone that are not known to be for no company.
    """
    groups = _groups([one.text for one in examples])
    mood_texts = [tokens(plain(tidied(text))) for text, _ in moods]
    if moods:
        groups["moods"] = Grams.of([pairs(words) for words in mood_texts])
    model = Model(groups, {}, [], [], {}, LENIENCY, about)
    for mood in MOODS if moods else ():
        model.moods[mood] = _mood(groups["moods"], mood_texts, [it == mood for _, it in moods])
    reads = [model.read(one.text) for one in examples]
    model.means, model.scales = _spread(reads)
    bare = [_nameless(model, one.text) for one in examples]
    for head in sorted({name for one in examples for name in one.heads}):
        told = [at for at, one in enumerate(examples) if head in one.heads and _counts(one, head)]
        truths = [examples[at].heads[head] for at in told]
        if len(set(truths)) == 2:
            recipe = RECIPES.get(head, OTHERS)
            twice = [bare[at] for at in told] if recipe.nameless else []
            model.heads[head] = _head(model, recipe, [reads[at] for at in told] + twice, truths)
    return model


def _counts(one: Example, head: str) -> bool:
    return head != "complaint" or one.heads.get("company", True)


def _groups(texts: list[str]) -> dict[str, Grams]:
    tidy = [tidied(text) for text in texts]
    named = Grams.of([handles(text) for text in tidy])
    return {
        "words": Grams.of([pairs(tokens(plain(text))) for text in tidy]),
        "pieces": Grams.of([pieces(text) for text in tidy]),
        # How rare a handle is says nothing.
        "handles": Grams(named.numbers, [1.0] * len(named.rarities)),
    }


def _nameless(model: Model, text: str) -> Read:
    """The text as if nobody knew the handles in it; its signs stay."""
    read = model.read(HANDLE.sub("@_", text))
    return Read(model.read(text).signs, read.rows | {"handles": ([], [])})


def _spread(reads: list[Read]) -> tuple[list[float], list[float]]:
    import numpy as np  # noqa: PLC0415 - comes with scikit-learn, for learning only

    table = np.array([read.signs for read in reads])
    deviation = table.std(axis=0)
    scales = np.where(deviation > FLOOR, 1 / np.maximum(deviation, FLOOR), 0.0)
    return table.mean(axis=0).tolist(), scales.tolist()


def _mood(grams: Grams, texts: list[list[str]], truths: list[bool]) -> Head:
    table = _sparse([grams.row(pairs(words)) for words in texts], len(grams.rarities))
    bias, weights = _fit(table, truths, 2.0)
    return Head(bias, [], {"moods": weights})


def _head(model: Model, recipe: Recipe, reads: list[Read], truths: list[bool]) -> Head:
    import numpy as np  # noqa: PLC0415
    from scipy import sparse  # noqa: PLC0415

    scaled = (np.array([read.signs for read in reads]) - model.means) * model.scales
    tables = [sparse.csr_matrix(np.clip(scaled, -4.0, 4.0) * SIGN)]
    for name, weight in recipe.groups.items():
        size = len(model.groups[name].rarities)
        tables.append(_sparse([read.rows[name] for read in reads], size) * weight)
    again = truths * (len(reads) // len(truths))
    bias, weights = _fit(sparse.hstack(tables).tocsr(), again, recipe.freely)
    count = len(model.means)
    head = Head(bias, [weight * SIGN for weight in weights[:count]])
    at = count
    for name, weight in recipe.groups.items():
        size = len(model.groups[name].rarities)
        head.groups[name] = [one * weight for one in weights[at : at + size]]
        at += size
    return head


def _sparse(rows: list[Row], size: int) -> Any:
    from scipy import sparse  # noqa: PLC0415

    ends: list[int] = [0]
    numbers: list[int] = []
    values: list[float] = []
    for there, weights in rows:
        numbers += there
        values += weights
        ends.append(len(numbers))
    return sparse.csr_matrix((values, numbers, ends), shape=(len(rows), size))


def _fit(table: Any, truths: list[bool], freely: float) -> tuple[float, list[float]]:
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    # Both kinds weigh alike: how often people complain differs from desk to desk.
    line = LogisticRegression(C=freely, class_weight="balanced", max_iter=3000)
    line.fit(table, truths)
    return float(line.intercept_[0]), line.coef_[0].tolist()
