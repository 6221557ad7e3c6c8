"""Scripts: what one customer does, and who joins in. Pure, and fixed by the seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from earful.networks.contract import Person
from earful.networks.rehearsal.dice import dice
from earful.networks.rehearsal.ledger import Entry, Header
from earful.networks.rehearsal.lines import (
    AFTERTHOUGHTS,
    BACK,
    NUDGES,
    SAME_HERE,
    THANKS,
    WRITTEN,
)
from earful.networks.rehearsal.people import person
from earful.networks.rehearsal.pictures import SUBJECTS
from earful.networks.rehearsal.recorded import Conversation, conversations, retold

_CROWD = 2800
_CROWD_SIZE = 1000
"""Bystanders are numbered from here; the first 2,800 stories have customers of their own."""


class Due(NamedTuple):
    """A happening and the instant at which the network delivers it."""

    at: datetime
    entry: Entry


class Scripts:
    """All stories of one town. `pace` stretches the pauses between their happenings."""

    def __init__(self, header: Header, handles: tuple[str, ...], pace: float = 1.0) -> None:
        self.seed = seed = header.seed
        self._town = header.town
        self.handles = handles
        self.pace = pace
        order = list(range(len(conversations())))
        dice(seed, "order").shuffle(order)
        self._order = order

    def opening(self, episode: int, at: datetime) -> Entry:
        """The post that opens story `episode`."""
        die = dice(self.seed, "opening", episode)
        handle = self.handles[0] if die.random() < 0.6 else die.choice(self.handles)
        language, text = "", ""
        if die.random() < 0.05:
            language, written = die.choice(WRITTEN)
            text = written.format(handle=handle)
        customer = person(self.seed, episode)
        return Entry(
            kind="post",
            id=f"{self._town}-{episode:06d}",
            at=at,
            person=customer.external_id,
            handle=customer.handle,
            name=customer.name,
            text=text or self._retold(self._conversation(episode).opening[0], handle),
            to=handle,
            language=language,
            alts=self._alts(episode) if not text else (),
            episode=episode,
        )

    def _alts(self, episode: int) -> tuple[str, ...]:
        """One story in five comes with pictures; a die of their own changes nothing else."""
        die = dice(self.seed, "pictures", episode)
        if die.random() > 1 / 5:
            return ()
        return tuple(die.sample(sorted(SUBJECTS), die.choice((1, 1, 1, 2))))

    def aftermath(self, opening: Entry) -> Iterator[Due]:
        """What happens after `opening` even if nobody answers."""
        die = dice(self.seed, "aftermath", opening.id)
        kind = die.random()
        more = self._conversation(opening.episode or 0).opening[1:] if not opening.language else ()
        if more or kind < 0.09:
            yield from self._burst(opening, die, more)
        elif kind < 0.13:
            text = f"{opening.text} {die.choice(AFTERTHOUGHTS)}"
            yield self._edit(opening, text, self._pause(die, 20, 90))
        elif kind < 0.16:
            yield self._deletion(opening, opening.at + self._pause(die, 60, 300))
        elif kind < 0.21:
            again = msgspec.structs.replace(opening, kind="again")
            yield Due(opening.at + self._pause(die, 1, 40), again)
        elif kind < 0.28:
            yield from self._same_here(opening, die)

    def reaction(self, opening: Entry, asked: Entry, reply: Entry, turn: int) -> Iterator[Due]:
        """What the author of `asked` does about our `reply`; `turn` counts our replies from 0."""
        die = dice(self.seed, "reaction", opening.id, turn)
        at = reply.at + self._pause(die, 15, 150)
        kind = die.random()
        later = self._conversation(opening.episode or 0).later
        if turn < len(later) and kind < 0.7 and asked.person == opening.person:
            text = self._retold(later[turn], opening.to)
        elif kind < 0.28:
            text = f"@{reply.handle} {die.choice(THANKS)}"
        elif kind < 0.5 and turn < 4:
            text = f"@{reply.handle} {die.choice(BACK)}"
        else:
            if kind > 0.95:
                yield self._deletion(asked, at)
            return
        author = Person(asked.person, asked.handle, asked.name)
        answer = self._answer(
            f"{opening.id}-t{turn}", opening, author, parent=reply.id, text=text, at=at
        )
        if reply.private:
            yield Due(at, msgspec.structs.replace(answer.entry, private=True))
        else:
            yield answer

    def _burst(self, opening: Entry, die: random.Random, more: tuple[str, ...]) -> Iterator[Due]:
        texts = [self._retold(text, opening.to) for text in more[:3]]
        texts = texts or [f"@{opening.to} {line}" for line in die.sample(NUDGES, die.randint(1, 2))]
        author = Person(opening.person, opening.handle, opening.name)
        at, parent = opening.at, opening.id
        for number, text in enumerate(texts):
            at += self._pause(die, 3, 20)
            id_ = f"{opening.id}-b{number}"
            due = self._answer(id_, opening, author, parent=parent, text=text, at=at)
            yield due
            parent = due.entry.id

    def _same_here(self, opening: Entry, die: random.Random) -> Iterator[Due]:
        at = opening.at
        for number in range(die.randint(1, 3)):
            at += self._pause(die, 15, 120)
            bystander = person(self.seed, _CROWD + die.randrange(_CROWD_SIZE))
            text = f"@{opening.handle} @{opening.to} {die.choice(SAME_HERE)}"
            id_ = f"{opening.id}-s{number}"
            yield self._answer(id_, opening, bystander, parent=opening.id, text=text, at=at)

    def _answer(
        self, id_: str, opening: Entry, author: Person, *, parent: str, text: str, at: datetime
    ) -> Due:
        entry = Entry(
            kind="post",
            id=id_,
            at=at,
            person=author.external_id,
            handle=author.handle,
            name=author.name,
            text=text,
            to=opening.to,
            parent=parent,
            root=opening.id,
        )
        return Due(at, entry)

    def _edit(self, entry: Entry, text: str, pause: timedelta) -> Due:
        at = entry.at + pause
        return Due(at, msgspec.structs.replace(entry, kind="edit", text=text, edited_at=at))

    def _deletion(self, entry: Entry, at: datetime) -> Due:
        return Due(at, Entry(kind="deletion", id=entry.id, at=at, to=entry.to))

    def _conversation(self, episode: int) -> Conversation:
        return conversations()[self._order[episode % len(self._order)]]

    def _retold(self, text: str, handle: str) -> str:
        return retold(text, handle, self.handles[0], self._friend)

    def _friend(self, mask: str) -> str:
        return person(self.seed, _CROWD + int(mask, 16) % _CROWD_SIZE).handle

    def _pause(self, die: random.Random, least: float, most: float) -> timedelta:
        return timedelta(seconds=round(max(1.0, die.uniform(least, most) * self.pace), 3))
