"""X's search of the last seven days, asked for words that somebody saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from earful.networks.contract import Batch, Change, RetryLater, Sought
from earful.networks.x.means import Means
from earful.networks.x.spending import WORDS, Level
from earful.networks.x.times import id_at
from earful.networks.x.walking import Listing

LONGEST = 512
"""Characters of a query that every tier takes."""
FIRST = timedelta(hours=1)
"""How far the first look goes back; also how long is waited while the day's money rests."""


async def search(means: Means, sought: Sought, since: Mapping[str, Any] | None) -> Batch:
    """Posts since the cursor, at the price of a read each. Raises a NetworkError.

    The first look goes back an hour only: each post costs money. While the day's money rests,
    nothing is asked.
    """
    level = await means.spending.level()
    if level >= Level.NO_SEARCH:
        raise RetryLater(WORDS[level], FIRST.total_seconds())
    known = int((since or {}).get("newest", id_at(means.ports.now() - FIRST)))
    changes: list[Change] = []
    newest = known
    for query in queries(sought):
        listing = Listing(
            name=f"saved {query}",
            path="/2/tweets/search/recent",
            bucket="search",
            params={"query": query},
            recent=True,
        )
        walk = await means.walker.since(listing, known)
        changes += walk.changes
        newest = max(newest, walk.newest)
    return Batch(tuple(changes), {"newest": str(newest)})


def queries(sought: Sought) -> list[str]:
    """X's words for it: as few queries as hold all the ways, each of at most LONGEST signs."""
    languages = " OR ".join(f"lang:{code}" for code in sought.languages)
    rest = (f" ({languages})" if languages else "") + " -is:retweet"
    found: list[str] = []
    for way in sought.ways:
        said = " ".join(_quoted(word) for word in way)
        said = f"({said})" if len(way) > 1 else said
        if found and len(found[-1]) + len(said) + len(rest) + 6 <= LONGEST:
            found[-1] = f"{found[-1]} OR {said}"
        else:
            found.append(said)
    return [f"({each}){rest}" for each in found]


def _quoted(word: str) -> str:
    return word if word.startswith("#") or word.isalnum() else f'"{word}"'
