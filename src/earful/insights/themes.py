"""Which themes a stretch of posts has: pure, and the same for the same posts in any order.

A phrase counts how many different people said it, never how often. It weighs by that, and by how
many say it usually; phrases of the same posts are one theme. The numbers here are published in
docs/reference/radar.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from math import log2
from typing import Literal, NamedTuple

from earful.insights.phrases import parts_of, singles, together

SPOKEN = 2
"""People who must say the same before it is counted at all."""
LEAST, LEAST_ALONE = 3, 5
"""People who must say the same before it is a theme: several words, a word alone."""
MOST_THEMES = 20
MOST_PHRASES = 200
"""Phrases that are compared with each other, the weightiest."""
SHARED = 0.5
"""Share of a phrase's posts that stand in a theme, from which it is none of its own."""
JOINED = 0.8
"""The share from which its other posts are of the theme, too."""
COVERED = 0.7
"""Share of a theme's posts that stand in weightier ones, from which it says nothing new."""
SHARES = 4
"""In so many parts longer phrases are looked for: most are said once, and take room meanwhile."""
KEPT_PHRASES = 2000
"""Phrases of a day that are kept to compare later days with."""
EVERYWHERE = 0.3
"""Share of all people from which a word that does not rise is how one speaks there, no theme."""
FEW = 30
"""People below which shares say nothing."""
STEADY = 0.25
NEW, RISES, FALLS = 0.5, 2.0, 0.5

Trend = Literal["new", "rising", "steady", "falling"]


class Post(NamedTuple):
    """A post, and who wrote it."""

    id: str
    author: str
    text: str


class Theme(NamedTuple):
    """What people speak of. `usual` is how many people would in as long a time, as before."""

    label: str
    phrases: tuple[str, ...]
    posts: tuple[str, ...]
    authors: int
    usual: float
    score: float


class Found(NamedTuple):
    """The themes, the weightiest first, and how many people said each phrase."""

    themes: list[Theme]
    counts: dict[str, int]
    authors: int


class Phrase(NamedTuple):
    """A phrase and the posts (by their number) and people that have it."""

    words: str
    posts: frozenset[int]
    authors: int
    score: float


def find_themes(
    posts: Sequence[Post], usual: Mapping[str, float], brands: Collection[str] = ()
) -> Found:
    """The themes of these posts. `usual`: how many people say a phrase in as long a time."""
    ordered = sorted(posts, key=lambda post: post.id)
    said = _said(ordered, brands)
    people = len({post.author for post in ordered})
    counts = {words: _people(ordered, at) for words, at in said.items()}
    scores = {
        words: score(count, usual.get(words, 0.0))
        for words, count in counts.items()
        if count >= (LEAST if " " in words else LEAST_ALONE)
        and not _everywhere(count, people, usual.get(words, 0.0))
    }
    # Longer ones first among equals: they say more.
    best = sorted(scores, key=lambda words: (-scores[words], -words.count(" "), words))
    phrases = [
        Phrase(words, frozenset(said[words]), counts[words], scores[words])
        for words in best[:MOST_PHRASES]
    ]
    themes = [_theme(ordered, group, usual) for group in _grouped(phrases)]
    kept = sorted(counts, key=lambda words: (-counts[words], words))[:KEPT_PHRASES]
    return Found(themes, {words: counts[words] for words in kept}, people)


def score(authors: int, usual: float) -> float:
    """What a phrase weighs: how many more than usual say it, and a little how many do at all."""
    more = max(0.0, authors - usual)
    return more * log2(1 + authors / (usual + 1)) + STEADY * authors


def _everywhere(authors: int, people: int, usual: float) -> bool:
    if people < FEW or authors < EVERYWHERE * people:
        return False
    return usual >= NEW and authors < RISES * usual


def trend_of(authors: int, usual: float) -> Trend:
    """How it goes, beside what is usual."""
    if usual < NEW:
        return "new"
    if authors >= RISES * usual:
        return "rising"
    return "falling" if authors <= FALLS * usual else "steady"


def _said(posts: Sequence[Post], brands: Collection[str]) -> dict[str, list[int]]:
    """Where each phrase stands that enough people said.

    Only words that enough people said can stand in a longer phrase that enough people said.
    """
    parts = [parts_of(post.text, brands) for post in posts]
    words: defaultdict[str, list[int]] = defaultdict(list)
    for at, said in enumerate(parts):
        for word in singles(said):
            words[word].append(at)
    found = {one: at for one, at in words.items() if _people(posts, at) >= SPOKEN}
    del words
    known = frozenset(found)
    longer: dict[str, list[int]] = {}
    for share in range(SHARES):
        firsts = frozenset(sorted(known)[share::SHARES])
        longer |= _longer(posts, parts, known, firsts)
    return found | longer


def _longer(
    posts: Sequence[Post], parts: Sequence[list[list[str]]], known: Set[str], firsts: Set[str]
) -> dict[str, list[int]]:
    """Where each longer phrase stands that begins with one of `firsts`."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for at, said in enumerate(parts):
        for phrase in together(said, known, firsts):
            found[phrase].append(at)
    return {one: at for one, at in found.items() if _people(posts, at) >= SPOKEN}


def _people(posts: Sequence[Post], at: Collection[int]) -> int:
    return len({posts[one].author for one in at}) if len(at) >= SPOKEN else len(at)


def _grouped(phrases: Sequence[Phrase]) -> list[list[Phrase]]:
    """Phrases of the same posts together, the weightiest first; at most MOST_THEMES."""
    groups: list[list[Phrase]] = []
    for one in phrases:
        home = next((group for group in groups if _belongs(one, group[0])), None)
        if home is not None:
            home.append(one)
        elif len(groups) < MOST_THEMES and not _known(one, groups):
            groups.append([one])
    return groups


def _belongs(one: Phrase, core: Phrase) -> bool:
    return _shared(one, core) >= SHARED


def _shared(one: Phrase, core: Phrase) -> float:
    return len(one.posts & core.posts) / len(one.posts)


def _known(one: Phrase, groups: Sequence[Sequence[Phrase]]) -> bool:
    seen: set[int] = set()
    for group in groups:
        seen |= group[0].posts & one.posts
    return len(seen) >= COVERED * len(one.posts)


def _theme(posts: Sequence[Post], group: Sequence[Phrase], usual: Mapping[str, float]) -> Theme:
    core = group[0]
    joined = [one for one in group if _shared(one, core) >= JOINED]
    at = sorted(frozenset[int]().union(*(one.posts for one in joined)))
    # The longest of those that most of its people said names it.
    most = [one for one in joined if 3 * one.authors >= 2 * core.authors]
    label = max(most, key=lambda one: (one.words.count(" "), one.authors, one.words)).words
    others = [one.words for one in group if f" {one.words} " not in f" {label} "]
    ids = tuple(posts[one].id for one in at)
    named = (label, *others[:4])
    return Theme(label, named, ids, _people(posts, at), usual.get(core.words, 0.0), core.score)


def means(stretches: Sequence[Mapping[str, int]], length: float) -> dict[str, float]:
    """How many people say each phrase in `length` times one of these stretches, as they did."""
    if not stretches:
        return {}
    sums: Counter[str] = Counter()
    for counts in stretches:
        sums.update(counts)
    return {words: count * length / len(stretches) for words, count in sums.items()}
