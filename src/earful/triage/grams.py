"""How much each word or piece of a text weighs: tf-idf with damped counts, of length one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log, sqrt

Row = list[tuple[int, float]]
"""Numbers of a vocabulary, and what they weigh."""


@dataclass(frozen=True)
class Grams:
    """A vocabulary: each gram's number, and how rare it is (inverse document frequency).

    tf is 1 + ln(count), idf is ln((1 + texts) / (1 + texts with it)) + 1 (Salton and Buckley 1988,
    smoothed); a row has Euclidean length 1.
    """

    numbers: dict[str, int]
    rarities: list[float]

    @classmethod
    def of(cls, texts: Sequence[Iterable[str]], least: int = 2) -> Grams:
        """The grams that at least `least` texts have."""
        seen = Counter(gram for text in texts for gram in set(text))
        kept = sorted(gram for gram, count in seen.items() if count >= least)
        rarities = [log((1 + len(texts)) / (1 + seen[gram])) + 1 for gram in kept]
        return cls({gram: number for number, gram in enumerate(kept)}, rarities)

    def row(self, grams: Iterable[str]) -> Row:
        """One text's weights; empty when it has nothing of the vocabulary."""
        counts = Counter(map(self.numbers.get, grams))
        counts.pop(None, None)
        if not counts:
            return []
        rarities = self.rarities
        values = [
            rarities[number] * (1 + log(count)) if count > 1 else rarities[number]
            for number, count in counts.items()
            if number is not None
        ]
        length = 1 / sqrt(sum([value * value for value in values]))
        return [
            (number, value * length)
            for number, value in zip(counts, values, strict=True)
            if number is not None
        ]
