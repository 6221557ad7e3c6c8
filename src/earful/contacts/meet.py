"""Meets the people of a batch: known handles are found and freshened, new ones get a contact."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import msgspec

from earful.kit.ids import new_id
from earful.kit.text import storable
from earful.stream.work import Work

LONGEST_ADDRESS = 4000
"""Characters of an address that are kept."""


class Person(Protocol):
    """Somebody as a network tells of them; a network's own type fits."""

    @property
    def external_id(self) -> str:
        """Stable."""

    @property
    def handle(self) -> str:
        """Without @; may change."""

    @property
    def name(self) -> str:
        """May be empty; may change."""

    @property
    def bot(self) -> bool:
        """The account says of itself that no person writes there."""

    @property
    def avatar(self) -> str:
        """Where its picture lies; may be empty; may change."""

    @property
    def followers(self) -> int | None:
        """How many follow it; None where the network does not say."""


class Known(msgspec.Struct, frozen=True):
    """A contact as one network shows it."""

    contact_id: str
    name: str
    handle: str
    bot: bool = False
    followers: int | None = None
    wanted_avatar: str | None = None
    """The id under which the avatar of somebody just met is still to be fetched."""


async def meet(work: Work, network: str, people: Iterable[Person]) -> dict[str, Known]:
    """Contacts by the person's external id. Creates those never seen; two may race, one wins."""
    newest = {person.external_id: person for person in people}
    if not newest:
        return {}
    known = await _find(work, network, list(newest))
    if strangers := [newest[key] for key in sorted(newest.keys() - known.keys())]:
        known |= await _create(work, network, strangers)
        # Somebody else met them at the same moment.
        if missed := [key for key in newest if key not in known]:
            known |= await _find(work, network, missed)
    changed = [
        person
        for key, person in sorted(newest.items())
        if person.handle and _differs(known[key], person)
    ]
    if changed:
        await _freshen(work, network, changed)
        known |= await _find(work, network, [person.external_id for person in changed])
    return known


def _differs(known: Known, person: Person) -> bool:
    return (known.name, known.handle, known.bot) != (
        _name(person),
        _handle(person),
        person.bot,
    ) or _grown(known.followers, person.followers)


def _grown(known: int | None, now: int | None) -> bool:
    """Whether so many more or fewer follow them that it is worth a write: a fifth, not each one."""
    if now is None:
        return False
    return known is None or abs(now - known) * 5 > max(known, 100)


def _handle(person: Person) -> str:
    return storable(person.handle, 300)


def _name(person: Person) -> str:
    return storable(person.name, 300).strip() or _handle(person)


def avatar_of(person: Person) -> str:
    """Where the person's picture lies; empty when the address can't be kept, thus fetched."""
    return person.avatar if storable(person.avatar, LONGEST_ADDRESS) == person.avatar else ""


async def _find(work: Work, network: str, ids: list[str]) -> dict[str, Known]:
    rows = await work.db.fetch(
        """SELECT external_id, contact_id, name, handle, bot, followers FROM contact_handle
           WHERE workspace_id = $1 AND network = $2 AND external_id = ANY($3::text[])""",
        work.workspace_id,
        network,
        ids,
    )
    return {
        row["external_id"]: Known(
            row["contact_id"], row["name"], row["handle"], row["bot"], row["followers"]
        )
        for row in rows
    }


async def _create(work: Work, network: str, people: list[Person]) -> dict[str, Known]:
    """Make contacts with their handles. Returns those whose handle nobody else had made first."""
    made = {
        storable(person.external_id, 500): Known(
            new_id(),
            _name(person),
            _handle(person),
            person.bot,
            person.followers,
            new_id() if avatar_of(person) else None,
        )
        for person in people
    }
    sources = {storable(person.external_id, 500): avatar_of(person) for person in people}
    rows = await work.db.fetch(
        """WITH taken AS (
             INSERT INTO contact_handle
               (workspace_id, network, external_id, contact_id, handle, name, bot,
                followers, avatar_id, avatar_source)
             SELECT $1, $2, p.*
             FROM unnest($4::text[], $5::uuid[], $6::text[], $7::text[], $8::boolean[],
               $9::integer[], $10::uuid[], $11::text[]) AS p
             ON CONFLICT DO NOTHING RETURNING external_id, contact_id, name
           ), met AS (
             INSERT INTO contact (workspace_id, id, name, created_at)
             SELECT $1, contact_id, name, $3 FROM taken)
           SELECT external_id FROM taken""",
        work.workspace_id,
        network,
        work.now,
        list(made),
        [known.contact_id for known in made.values()],
        [known.handle for known in made.values()],
        [known.name for known in made.values()],
        [known.bot for known in made.values()],
        [known.followers for known in made.values()],
        [known.wanted_avatar for known in made.values()],
        list(sources.values()),
    )
    return {row["external_id"]: made[row["external_id"]] for row in rows}


async def _freshen(work: Work, network: str, people: list[Person]) -> None:
    await work.db.execute(
        """UPDATE contact_handle h SET handle = p.handle, name = p.name, bot = p.bot,
             followers = coalesce(p.followers, h.followers)
           FROM unnest($3::text[], $4::text[], $5::text[], $6::boolean[], $7::integer[])
             AS p (external_id, handle, name, bot, followers)
           WHERE h.workspace_id = $1 AND h.network = $2 AND h.external_id = p.external_id""",
        work.workspace_id,
        network,
        [person.external_id for person in people],
        [_handle(person) for person in people],
        [_name(person) for person in people],
        [person.bot for person in people],
        [person.followers for person in people],
    )
