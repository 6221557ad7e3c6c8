"""How much each word or piece of a text weighs: tf-idf with damped counts, of length one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from math import log, sqrt
from operator import mul

_UNKNOWN = -1
MOST_WORDS = 20_000
"""Words whose grams are remembered; about 10 MB."""
Row = tuple[list[int], list[float]]
"""Numbers of a vocabulary, and what each weighs."""


@dataclass(frozen=True)
class Grams:
    """A vocabulary: each gram's number, and how rare it is (inverse document frequency).

    tf is 1 + ln(count), idf is ln((1 + texts) / (1 + texts with it)) + 1 (Salton and Buckley 1988,
    smoothed); a row has Euclidean length 1.
    """

    numbers: dict[str, int]
    rarities: Sequence[float]
    _of_words: dict[str, list[int]] = field(default_factory=dict, compare=False, repr=False)
    """The grams of words seen lately: most words of a post were in one before."""

    @classmethod
    def of(cls, texts: Sequence[Iterable[str]], least: int = 2) -> Grams:
        """The grams that at least `least` texts have."""
        seen = Counter(gram for text in texts for gram in set(text))
        kept = sorted(gram for gram, count in seen.items() if count >= least)
        rarities = [log((1 + len(texts)) / (1 + seen[gram])) + 1 for gram in kept]
        return cls({gram: number for number, gram in enumerate(kept)}, rarities)

    def row(self, grams: Iterable[str]) -> Row:
        """One text's weights; empty when it has nothing of the vocabulary."""
        counts = Counter(map(self.numbers.get, grams, repeat(_UNKNOWN)))
        counts.pop(_UNKNOWN, None)
        return self._weighed(counts)

    def row_of_words(self, words: Iterable[str], split: Callable[[str], Iterable[str]]) -> Row:
        """The same of a text whose grams `split` finds in each of its words."""
        kept, found = self._of_words, list[list[int]]()
        if len(kept) > MOST_WORDS:
            kept.clear()
        for word in words:
            numbers = kept.get(word)
            if numbers is None:
                known = map(self.numbers.get, split(word))
                numbers = kept[word] = [number for number in known if number is not None]
            found.append(numbers)
        return self._weighed(Counter(chain.from_iterable(found)))

    def _weighed(self, counts: Counter[int]) -> Row:
        if not counts:
            return [], []
        numbers = list(counts)
        values = list(map(self.rarities.__getitem__, numbers))
        for at, count in enumerate(counts.values()):
            if count > 1:
                values[at] *= 1 + log(count)
        length = 1 / sqrt(sum(map(mul, values, values)))
        return numbers, list(map(mul, values, repeat(length)))
