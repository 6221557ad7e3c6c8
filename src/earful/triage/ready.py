"""A model made ready to judge one post after another: the same values, at a third of the cost.

`Model.read` and `Model.score` are what a model is: rows of weights, and heads summed over them.
Most words of a post were in one before; here what a word brings to every head is computed once
and kept, with how much it adds to the row's length, and a post is the sum of its words.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from itertools import chain, repeat
from math import log, sqrt
from operator import mul
from typing import TYPE_CHECKING

from earful.triage.grams import Grams, Row
from earful.triage.words import handles, pairs, pieces_of

if TYPE_CHECKING:
    from earful.triage.model import Head, Model

_UNKNOWN = -1
MOST_WORDS = 12_000
"""Words whose pieces are kept at hand; about 8 MB."""
CLIP = 4.0
"""Standard deviations beyond which a sign counts no more."""
_PIECES, _HANDLES = "pieces", "handles"
_Heads = dict[str, "Head"]


def _damped(count: int) -> float:
    """What a gram that stands `count` times counts: see Grams."""
    return 1 + log(count)


class Ready:
    """What a model brings to its heads, group by group; names of moods begin with "mood "."""

    def __init__(self, model: Model) -> None:
        moods = {f"mood {name}": head for name, head in model.moods.items()}
        heads = {**model.heads, **moods}
        apart = (_PIECES, _HANDLES)
        of_words = {name: one for name, one in model.groups.items() if name not in apart}
        of_words = dict(sorted(of_words.items(), key=lambda one: -len(one[1].numbers)))
        self._words = _Words(of_words, heads)
        self._pieces = _Pieces(model.groups, heads)
        self._model = model
        self._signs = _Signs(model)
        self._of_handles = {
            name: head.groups[_HANDLES]
            for name, head in model.heads.items()
            if _HANDLES in head.groups
        }

    def of_words(self, words: list[str]) -> dict[str, float]:
        """What the words of a post, in order, and pairs of them bring to each head."""
        return self._words.values(pairs(words))

    def scores(
        self, tidy: str, signs: Sequence[float], given: dict[str, float], leave_out: str
    ) -> dict[str, float]:
        """The log-odds of each head but one; `given` is what the words brought."""
        pieces = self._pieces.values(tidy.lower().split())
        found = self._signs.values(signs, leave_out)
        for name in found:
            found[name] += given.get(name, 0.0) + pieces.get(name, 0.0)
        for name, weights in self._of_handles.items():
            if name in found and "@" in tidy:
                numbers, values = self._named(tidy)
                found[name] += sum(map(mul, values, map(weights.__getitem__, numbers)))
        return found

    def _named(self, tidy: str) -> Row:
        return self._model.groups[_HANDLES].row(handles(tidy))


class _Signs:
    """The signs, scaled: most of a post's are nothing, which is known beforehand."""

    def __init__(self, model: Model) -> None:
        self._scales = list(zip(model.means, model.scales, strict=True))
        self._nothing = [clipped(-mean * scale) for mean, scale in self._scales]
        self._heads = {
            name: (head.bias + sum(map(mul, head.signs, self._nothing)), head.signs)
            for name, head in model.heads.items()
        }

    def values(self, signs: Sequence[float], leave_out: str) -> dict[str, float]:
        """The bias of each head, and what the signs bring to it."""
        places = [at for at, value in enumerate(signs) if value]
        more = []
        for at in places:
            mean, scale = self._scales[at]
            more.append(clipped((signs[at] - mean) * scale) - self._nothing[at])
        return {
            name: base + sum(map(mul, more, map(weights.__getitem__, places)))
            for name, (base, weights) in self._heads.items()
            if name != leave_out
        }


def clipped(deviations: float) -> float:
    """A sign's value, in standard deviations, where it counts."""
    return min(CLIP, max(-CLIP, deviations))


class _Words:
    """Groups whose grams are words and pairs of words, in one table.

    A gram's row has, for each group, the square of what it weighs, and that times the weight of
    each head which uses the group.
    """

    def __init__(self, groups: dict[str, Grams], heads: _Heads) -> None:
        self._heads = [
            [key for key, head in heads.items() if name in head.groups] for name in groups
        ]
        self._wide = sum(1 + len(keys) for keys in self._heads)
        first, *others = groups.values() or [Grams({}, [])]
        # Most grams are of the first group: its own numbers serve, and of others the rest.
        self._numbers, self._rest = first.numbers, dict[str, int]()
        for gram in chain.from_iterable(one.numbers for one in others):
            if gram not in self._numbers:
                self._rest.setdefault(gram, len(self._numbers) + len(self._rest))
        many = len(self._numbers) + len(self._rest)
        self._table = array("d", [0.0]) * (many * self._wide)
        column = 0
        for (name, grams), keys in zip(groups.items(), self._heads, strict=True):
            places = [self._place(gram) * self._wide for gram in grams.numbers]
            columns = [map(mul, grams.rarities, heads[key].groups[name]) for key in keys]
            for values in (map(mul, grams.rarities, grams.rarities), *columns):
                for place, value in zip(places, values, strict=True):
                    self._table[place + column] = value
                column += 1
        self._again: dict[int, tuple[float, ...]] = {}

    def values(self, grams: Sequence[str]) -> dict[str, float]:
        """What these grams bring to each head."""
        rest = map(self._rest.get, grams, repeat(_UNKNOWN))
        counts = Counter(map(self._numbers.get, grams, rest))
        counts.pop(_UNKNOWN, None)
        if not counts:
            return {}
        table, wide = self._table, self._wide
        rows: list[Sequence[float]] = [table[n * wide : n * wide + wide] for n in counts]
        if max(counts.values()) > 1:
            for at, count in enumerate(counts.values()):
                if count > 1:
                    rows[at] = tuple(map(mul, rows[at], self._factors(count)))
        return self._by_head(list(map(sum, zip(*rows, strict=True))))

    def _place(self, gram: str) -> int:
        number = self._numbers.get(gram)
        return self._rest[gram] if number is None else number

    def _by_head(self, sums: list[float]) -> dict[str, float]:
        found: dict[str, float] = {}
        at = 0
        for keys in self._heads:
            length = 1 / sqrt(sums[at]) if sums[at] else 0.0
            for at, key in enumerate(keys, start=at + 1):  # noqa: B020 - goes on from there
                found[key] = found.get(key, 0.0) + sums[at] * length
            at += 1
        return found

    def _factors(self, count: int) -> tuple[float, ...]:
        if count not in self._again:
            more = _damped(count)
            self._again[count] = tuple(
                one for keys in self._heads for one in (more * more, *[more] * len(keys))
            )
        return self._again[count]


class _Pieces:
    """The group of pieces of words: a column for the squares of what they weigh, and by head."""

    def __init__(self, groups: dict[str, Grams], heads: _Heads) -> None:
        self._kept: dict[str, tuple[tuple[int, ...], tuple[float, ...]]] = {}
        self._keys = [key for key, head in heads.items() if _PIECES in head.groups]
        grams = groups.get(_PIECES)
        self._numbers = grams.numbers if grams else {}
        self._columns = [array("d", map(mul, grams.rarities, grams.rarities))] if grams else []
        if grams:
            for key in self._keys:
                weights = heads[key].groups[_PIECES]
                self._columns.append(array("d", map(mul, grams.rarities, weights)))

    def values(self, words: Sequence[str]) -> dict[str, float]:
        """What the pieces of these words in small letters bring to each head."""
        if not words or not self._columns:
            return {}
        if len(self._kept) > MOST_WORDS:
            self._kept.clear()
        kept = self._kept
        found = [kept.get(word) or self._keep(word) for word in words]
        numbers, rows = zip(*found, strict=True)
        square, *sums = map(sum, zip(*rows, strict=True))
        counts = Counter(chain.from_iterable(numbers))
        # These were summed once for each time they stand there.
        again: dict[int, list[int]] = {}
        for number, count in counts.items():
            if count > 1:
                again.setdefault(count, []).append(number)
        for count, those in again.items():
            more = _damped(count)
            squares, *columns = (sum(map(one.__getitem__, those)) for one in self._columns)
            square += squares * (more * more - count)
            sums = [one + value * (more - count) for one, value in zip(sums, columns, strict=True)]
        length = 1 / sqrt(square) if counts else 0.0
        return {key: one * length for key, one in zip(self._keys, sums, strict=True)}

    def _keep(self, word: str) -> tuple[tuple[int, ...], tuple[float, ...]]:
        told = map(self._numbers.get, pieces_of(word))
        numbers = tuple(number for number in told if number is not None)
        self._kept[word] = (
            numbers,
            tuple(sum(map(one.__getitem__, numbers)) for one in self._columns),
        )
        return self._kept[word]
