"""One payload in many shapes: each part of it missing, null, of another kind, or in other words."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

GONE = object()
"""Stands for a part that X leaves out."""

STRANGE: tuple[Any, ...] = (
    GONE, None, True, 5, -1, 1.5, 10**25, "", "x", "\ud83d", "&amp;&lt;" * 3000,
    [], {}, [None], ["a", 5], {"a": 1}, {"data": None},
)  # fmt: skip

_OTHER = {
    "edit_history_tweet_ids": "edit_history_post_ids",
    "note_tweet": "note_post",
    "referenced_tweets": "referenced_posts",
    "tweets": "posts",
    "in_reply_to_tweet_id": "in_reply_to_post_id",
    "pinned_tweet_id": "pinned_post_id",
    "most_recent_tweet_id": "most_recent_post_id",
    "tweet_count": "post_count",
    "retweet_count": "repost_count",
}

Path = tuple[str | int, ...]


def paths(thing: Any, path: Path = ()) -> Iterator[Path]:
    """Where its parts are; of a list the first two."""
    yield path
    if isinstance(thing, dict):
        for name, part in thing.items():
            yield from paths(part, (*path, name))
    elif isinstance(thing, list):
        for number, part in enumerate(thing[:2]):
            yield from paths(part, (*path, number))


def altered(thing: Any, path: Path, part: Any) -> Any:
    """A copy with another part at `path`."""
    made = copy.deepcopy(thing)
    at = made
    for name in path[:-1]:
        at = at[name]
    if part is GONE:
        del at[path[-1]]
    else:
        at[path[-1]] = part
    return made


def renamed(thing: Any) -> Any:
    """The same in X's newer words."""
    if isinstance(thing, dict):
        told = {_OTHER.get(name, name): renamed(part) for name, part in thing.items()}
        if told.get("type") == "retweeted":
            told["type"] = "reposted"
        return told
    return [renamed(part) for part in thing] if isinstance(thing, list) else thing
