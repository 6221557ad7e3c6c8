"""A day of the rehearsal's posts, told again by a hundred times as many people."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from earful.kit.clock import system_clock
from earful.networks.rehearsal.crowd import Burst, crowd
from earful.networks.rehearsal.ledger import Entry, Header
from earful.networks.rehearsal.people import person

TIMES = 100
SEED = 4
AGAIN = 0.1
"""The share of posts that the network tells twice."""
_DRESS = ("{}", "RT @{who}: {}", "{} 😡😡", "{} https://example.org/{n}", "{}!!!", "PLEASE {}")
_OTHERS = 20_000_000


def flood(posts: int, handle: str) -> list[Entry]:
    """`posts` posts by as many people: a hundredth of them different, each in a hundred dresses.

    Every tenth comes a second time, some time after the first.
    """
    header = Header("flood", SEED, system_clock())
    burst = Burst(n=max(1, posts // TIMES), replies=0)
    day = list(crowd(burst, header=header, handle=handle, first=0, at=header.started_at))
    told = [_again(day[n % len(day)], n) for n in range(posts)]
    return list(_stammer(told))


def _again(entry: Entry, number: int) -> Entry:
    who = person(SEED, _OTHERS + number)
    dress = _DRESS[number % len(_DRESS)]
    return msgspec.structs.replace(
        entry,
        id=f"{entry.id}-{number}",
        person=who.external_id,
        handle=who.handle,
        name=who.name,
        text=dress.format(entry.text, who=entry.handle, n=number),
    )


def _stammer(told: list[Entry]) -> Iterator[Entry]:
    every = round(1 / AGAIN)
    for number, entry in enumerate(told):
        yield entry
        if number % every == every - 1:
            yield msgspec.structs.replace(told[number // 2], kind="again")
