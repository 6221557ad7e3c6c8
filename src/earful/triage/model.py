"""The model: linear heads over signs, words, pieces of words and handles; and its file.

A head's value is its bias plus the weights of what a text has: log-odds that it is so.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import exp
from operator import itemgetter, mul
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from earful.triage.grams import Grams, Row
from earful.triage.ready import Ready, clipped
from earful.triage.signs import WORDS, signs
from earful.triage.words import handles, pairs, pieces_of, plain, tidied, tokens

if TYPE_CHECKING:
    from earful.triage.reading import Written

SHIPPED = Path(__file__).with_name("model.bin")
"""The model that comes with Earful."""
KINDS = ("complaint", "question", "request", "praise", "chatter")
"""What a writer wants; each a head, where the examples told of it."""
ALL_KINDS = (*KINDS, "spam", "not_a_customer")
"""Those, and what only a desk's own decisions can tell."""
OWN = "own"
"""The group of grams that a desk's decisions are learnt by."""
FORMAT = 1
MOODS = ("negative", "positive")


class Damaged(Exception):
    """A model's file that can't be read, with the reason in words."""


@dataclass
class Head:
    """`signs`: a weight for each sign and mood; `groups`: for each group, one for each gram."""

    bias: float
    signs: list[float] = field(default_factory=list)
    groups: dict[str, Sequence[float]] = field(default_factory=dict)


_Picked = dict[str, tuple[Callable[[Sequence[float]], Iterable[float]], list[float]]]
"""For each group, what takes a text's weights out of a head's, and what each counts."""


@dataclass
class Read:
    """A text as heads see it: `signs` before they are scaled, a row for each group.

    `picked` are the rows, made ready once for all heads.
    """

    signs: list[float]
    rows: dict[str, Row]
    picked: _Picked = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.picked = self.picked or _picked(self.rows)


class Weighed(NamedTuple):
    """A text's signs, before they are scaled, with its moods; and the probability of each head."""

    signs: list[float]
    scores: dict[str, float]


@dataclass
class Model:
    """Heads by name, what they share, and `about`: what it was learnt from, when, how well."""

    groups: dict[str, Grams]
    moods: dict[str, Head]
    means: list[float]
    scales: list[float]
    heads: dict[str, Head]
    leniency: float
    about: dict[str, Any] = field(default_factory=dict)
    _ready: Ready | None = field(default=None, init=False, repr=False, compare=False)

    def weigh(self, text: str, *, to_us: bool = False) -> Weighed:
        """What `read` and `score` say of a text, faster from the second post on.

        Of a model that changes no more. `to_us`: whether it is for a company is not asked.
        """
        ready = self._ready = self._ready or Ready(self)
        tidy = tidied(text)
        low = plain(tidy)
        words = tokens(low)
        given = ready.of_words(words)
        moods = [
            self.moods[mood].bias + given.get(f"mood {mood}", 0.0)
            for mood in MOODS
            if mood in self.moods
        ]
        found = [*signs(tidy, words, low), *moods]
        told = ready.scores(tidy, found, given, "company" if to_us else "")
        return Weighed(found, {name: odds(value) for name, value in told.items()})

    def read(self, text: str) -> Read:
        """The signs, the moods among them, and the grams of a text."""
        tidy = tidied(text)
        low = plain(tidy)
        words = tokens(low)
        both = pairs(words)
        rows = {name: _row(name, grams, tidy, both) for name, grams in self.groups.items()}
        picked = _picked(rows)
        moods = [_sum(self.moods[mood], picked) for mood in MOODS if mood in self.moods]
        return Read([*signs(tidy, words, low), *moods], rows, picked)

    def score(self, read: Read) -> dict[str, float]:
        """The probability of each head."""
        scaled = [
            clipped((value - mean) * scale)
            for value, mean, scale in zip(read.signs, self.means, self.scales, strict=True)
        ]
        return {
            name: odds(_sum(head, read.picked) + sum(map(mul, head.signs, scaled)))
            for name, head in self.heads.items()
        }

    def complains(self, scores: dict[str, float], *, to_us: bool = False) -> float:
        """How likely a text complains of a company: that it complains, where it is for one.

        `leniency`: below a probability of 1/leniency of being for a company, it counts less.
        `to_us`: it is known to be for one, as what comes in at a desk is.
        """
        if to_us:
            return scores["complaint"]
        return scores["complaint"] * min(1.0, self.leniency * scores.get("company", 1.0))


def odds(value: float) -> float:
    """The probability of log-odds."""
    return 1 / (1 + exp(-max(-60.0, min(60.0, value))))


def _row(name: str, grams: Grams, tidy: str, words: list[str]) -> Row:
    """What a group sees of a text; "moods" has the words and pairs of another vocabulary."""
    if name == "pieces":
        return grams.row_of_words(tidy.lower().split(), pieces_of)
    return grams.row(handles(tidy) if name == "handles" else words)


def _picked(rows: dict[str, Row]) -> _Picked:
    """The rows, made ready once for all heads."""
    return {name: (_picker(numbers), values) for name, (numbers, values) in rows.items()}


def _picker(numbers: list[int]) -> Callable[[Sequence[float]], Iterable[float]]:
    if len(numbers) > 1:
        return itemgetter(*numbers)
    return lambda weights: [weights[number] for number in numbers]


def _sum(head: Head, rows: _Picked) -> float:
    value = head.bias
    for name, weights in head.groups.items():
        pick, values = rows[name]
        value += sum(map(mul, values, pick(weights)))
    return value


def dump(model: Model) -> bytes:
    """The model as a file's bytes; the same model gives the same bytes."""
    groups = {
        name: {"grams": list(grams.numbers), "rarities": [round(one, 3) for one in grams.rarities]}
        for name, grams in model.groups.items()
    }
    said = {
        "format": FORMAT,
        "names": list(WORDS),
        "groups": groups,
        "moods": {name: _short(head) for name, head in model.moods.items()},
        "means": [round(one, 5) for one in model.means],
        "scales": [round(one, 5) for one in model.scales],
        "heads": {name: _short(head) for name, head in model.heads.items()},
        "leniency": model.leniency,
        "about": model.about,
    }
    body = json.dumps(said, separators=(",", ":"), sort_keys=True).encode()
    return hashlib.sha256(body).digest() + zlib.compress(body, 9)


def _short(head: Head) -> dict[str, Any]:
    return {
        "bias": round(head.bias, 4),
        "signs": [round(one, 4) for one in head.signs],
        "groups": {name: [round(w, 3) for w in ws] for name, ws in head.groups.items()},
    }


def parse(data: bytes) -> Model:
    """The model in a file's bytes. Raises Damaged."""
    try:
        body = zlib.decompress(data[32:])
    except zlib.error as error:
        raise Damaged(f"the model's file is damaged: {error}") from error
    if hashlib.sha256(body).digest() != data[:32]:
        raise Damaged("the model's file is damaged: its sum is wrong")
    # Learning runs where there is no such library; it writes models and reads none.
    from earful.triage.reading import Unreadable, read_model  # noqa: PLC0415

    try:
        said = read_model(body)
    except Unreadable as error:
        raise Damaged(f"the model's file is damaged: {error}") from error
    if said.format != FORMAT or said.names != list(WORDS):
        raise Damaged("the model was made for another version of Earful; train it anew")
    # The same numbers stand in several vocabularies: each is kept once.
    numbers = list(range(max((len(one.grams) for one in said.groups.values()), default=0)))
    groups = {
        name: Grams(dict(zip(one.grams, numbers, strict=False)), array("d", one.rarities))
        for name, one in said.groups.items()
    }
    moods, heads = ({n: _head(h) for n, h in of.items()} for of in (said.moods, said.heads))
    return Model(groups, moods, said.means, said.scales, heads, said.leniency, said.about)


def _head(said: Written) -> Head:
    """A head whose weights lie side by side in memory: to read boxed ones costs much more."""
    return Head(said.bias, said.signs, {name: said.weights(name) for name in said.groups})


def load(path: Path) -> Model:
    """The model in a file. Raises Damaged, also where there is none."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Damaged(f"the model can't be read: {error.strerror}: {path.name}") from error
    return parse(data)
