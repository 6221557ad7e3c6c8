"""Crowds for measurements: many distinct posts at once, some in reply, some told twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from earful.networks.rehearsal.dice import dice
from earful.networks.rehearsal.ledger import Entry, Header
from earful.networks.rehearsal.people import person
from earful.networks.rehearsal.recorded import conversations, retold

_CROWD = 10_000_000


class Burst(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`n` distinct posts; the share `replies` of them replies to others of the burst, and the
    share `repeats` delivered a second time. The posts are by `people` people (0: one each)."""

    n: int
    replies: float = 0.2
    repeats: float = 0.0
    people: int = 0


def crowd(
    burst: Burst, *, header: Header, handle: str, first: int, at: datetime
) -> Iterator[Entry]:
    """The entries of `burst`; `first` (the ledger's length) keeps ids apart between bursts."""
    die = dice(header.seed, "crowd", first)
    roots: list[Entry] = []
    for number in range(first, first + burst.n):
        author = person(header.seed, _CROWD + (number % burst.people if burst.people else number))
        answered = die.choice(roots) if roots and die.random() < burst.replies else None
        entry = Entry(
            kind="post",
            id=f"{header.town}-crowd-{number:07d}",
            at=at,
            person=author.external_id,
            handle=author.handle,
            name=author.name,
            text=_words(number, handle),
            to=handle,
            parent=answered.id if answered else None,
            root=answered.id if answered else None,
        )
        if answered is None:
            roots.append(entry)
        yield entry
        if die.random() < burst.repeats:
            yield msgspec.structs.replace(entry, kind="again")


def _words(number: int, handle: str) -> str:
    story = conversations()[number % len(conversations())]
    text = retold(story.opening[0], handle, handle, lambda mask: f"friend_{mask}")
    return f"{text} (no. {number})"
