"""What in a theme may be arranged: one who writes it over and over, many new ones with one text.

Pure, and a hint to look: nothing is left out for it. A new account is one that this desk had not
seen before the two days until its post.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from earful.insights.phrases import fingerprint

OFTEN = 5
"""Posts of one person in a theme."""
HALF = 0.5
"""Share of a theme's posts that are one person's."""
ALIKE = 5
"""People with the same text."""
MOSTLY_NEW = 0.8
"""Share of them that are new here."""
NEW_FOR = timedelta(days=2)

Suspected = Literal["one_author", "same_text"]


class Written(NamedTuple):
    """A post of a theme. `known_since`: when this desk first heard of its author."""

    author: str
    text: str
    at: datetime
    known_since: datetime | None


def suspected(posts: Sequence[Written]) -> list[Suspected]:
    """Why a theme may be arranged; empty where nothing speaks for that."""
    found: list[Suspected] = []
    by_author = Counter(post.author for post in posts)
    often = max(by_author.values(), default=0)
    if often >= OFTEN and often >= HALF * len(posts):
        found.append("one_author")
    alike: defaultdict[str, dict[str, bool]] = defaultdict(dict)
    for post in posts:
        said = fingerprint(post.text)
        if said:
            alike[said][post.author] = _new(post)
    if any(
        len(authors) >= ALIKE and sum(authors.values()) >= MOSTLY_NEW * len(authors)
        for authors in alike.values()
    ):
        found.append("same_text")
    return found


def _new(post: Written) -> bool:
    return post.known_since is not None and post.known_since >= post.at - NEW_FOR
