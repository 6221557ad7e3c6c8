"""X's search of the last seven days, asked for words that somebody saved."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from earful.networks.contract import Batch, Change, RetryLater, Sought
from earful.networks.contract.searching import quoted
from earful.networks.x.means import Means
from earful.networks.x.spending import WORDS, Level
from earful.networks.x.times import id_at, number
from earful.networks.x.walking import Listing, version

LONGEST = 512
"""Characters of a query that every tier takes."""
LEFT_OUT = 200
"""Of them, what names posts that are not wanted."""
FIRST = timedelta(hours=1)
"""How far the first look goes back; also how long is waited while the day's money rests."""
OLDEST = timedelta(days=6, hours=23)
"""X finds nothing older."""
PAGES = 10
"""Of a hundred posts each, of one query at once; what is older is left for the next look."""


async def search(means: Means, sought: Sought, since: Mapping[str, Any] | None) -> Batch:
    """Posts since the cursor, at the price of a read each. Raises a NetworkError.

    The first look goes back an hour only: each post costs money. While the day's money rests,
    nothing is asked; where it ends midway, the cursor says what is left.
    """
    level = await means.spending.level(anew=True)
    if level >= Level.NO_SEARCH:
        raise RetryLater(WORDS[level], FIRST.total_seconds())
    now = means.ports.now()
    place = since or {}
    known = number(str(place.get("newest", ""))) or id_at(now - FIRST)
    stretches = [(known, 0)]
    left = place.get("left") or ("", "")
    if (end := number(str(left[1]))) > id_at(now - OLDEST):
        stretches.append((number(str(left[0])), end))
    changes: list[Change] = []
    newest, cuts = known, []
    for after, before in stretches:
        for query in queries(sought):
            walk = await means.walker.since(_listing(query, before), after)
            changes += walk.changes
            newest = max(newest, walk.newest)
            if not walk.ended:
                read = [at for at in map(version, walk.changes) if at]
                cuts.append((after, min(read, default=before or id_at(now))))
    cursor: dict[str, Any] = {"newest": str(newest)}
    if cuts:
        cursor["left"] = [str(min(cut[0] for cut in cuts)), str(max(cut[1] for cut in cuts))]
    return Batch(tuple(changes), cursor)


def _listing(query: str, before: int) -> Listing:
    return Listing(
        name=f"saved {query}",
        path="/2/tweets/search/recent",
        bucket="search",
        params={"query": query} | ({"until_id": str(before)} if before else {}),
        recent=True,
        rests=True,
        pages=PAGES,
    )


def queries(sought: Sought) -> list[str]:
    """X's words for it: as few queries as hold all the ways, each of at most LONGEST signs."""
    languages = " OR ".join(f"lang:{code}" for code in sought.languages)
    rest = (f" ({languages})" if languages else "") + " -is:retweet"
    for word in sought.without:
        out = f" -{_quoted(word)}" if not word.startswith("from:") or _HANDLE(word[5:]) else ""
        if len(rest) + len(out) <= LEFT_OUT:
            rest += out
    found: list[str] = []
    for way in sought.ways:
        said = " ".join(_quoted(word) for word in way)
        said = f"({said})" if len(way) > 1 else said
        if found and len(found[-1]) + len(said) + len(rest) + 6 <= LONGEST:
            found[-1] = f"{found[-1]} OR {said}"
        else:
            found.append(said)
    return [f"({each}){rest}" for each in found]


_HANDLE = re.compile(r"\w{1,15}", re.ASCII).fullmatch


def _quoted(word: str) -> str:
    if word.startswith("url:"):
        return f'url:"{word[4:]}"'
    return word if word.startswith(("@", "from:")) else quoted(word)
