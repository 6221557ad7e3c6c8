"""What a tester makes customers do by hand: write, edit, delete, be heard twice."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from earful.networks.rehearsal.ledger import Entry
from earful.networks.rehearsal.people import person
from earful.networks.rehearsal.town import Refused, Town

_GUESTS = 20_000_000


class Guest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A post by a customer. `number` says who (the same number, the same person); `to` is the
    brand handle addressed (the first one when empty); `parent` the post it answers; `alts` are
    the alt texts of its pictures; `at` the time it claims, where that is not now."""

    text: str
    number: int = 0
    to: str = ""
    parent: str | None = None
    language: str = ""
    alts: tuple[str, ...] = ()
    at: datetime | None = None
    private: bool = False


class Aside(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something done to the post `id`: a new text, its deletion, or a second delivery."""

    id: str
    kind: Literal["edit", "deletion", "again"]
    text: str = ""


def guest(town: Town, said: Guest, now: datetime) -> Entry:
    """The entry for a guest's post. Raises Refused when the parent does not stand."""
    parent = town.post(said.parent) if said.parent else None
    if said.parent and parent is None:
        raise Refused("the post that is answered is gone")
    author = person(town.ledger.header.seed, _GUESTS + said.number)
    return Entry(
        kind="post",
        id=town.new_id("guest"),
        at=said.at or now,
        person=author.external_id,
        handle=author.handle,
        name=author.name,
        text=said.text,
        to=town.account(said.to or town.handles[0]).handle,
        parent=said.parent,
        root=(parent.root or parent.id) if parent else None,
        language=said.language,
        alts=said.alts,
        private=said.private,
    )


def aside(town: Town, wanted: Aside, now: datetime) -> Entry:
    """The entry for something done to a post. Raises Refused when it does not stand."""
    post = town.post(wanted.id)
    if post is None:
        raise Refused("there is no such post")
    if wanted.kind == "deletion":
        return Entry(kind="deletion", id=post.id, at=now, to=post.to)
    if wanted.kind == "edit":
        return msgspec.structs.replace(post, kind="edit", text=wanted.text, edited_at=now)
    return msgspec.structs.replace(post, kind="again")
