"""What customers do: the tester writes their parts."""

from __future__ import annotations

from typing import Literal

import msgspec

from earful.networks.x.simulator.state import State
from earful.networks.x.simulator.things import Dm, Medium, Post, User
from earful.networks.x.simulator.world import World
from earful.networks.x.simulator.writing import Written, message, write


class Unknown(ValueError):
    """What a part names is not there."""


class Account(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """An account as it shall be from now on; what is left out stays."""

    username: str
    name: str | None = None
    description: str | None = None
    protected: bool | None = None
    suspended: bool | None = None
    receives_dms: bool | None = None
    followers: int | None = None
    verified_type: Literal["none", "blue", "business", "government"] | None = None
    withheld: tuple[str, ...] | None = None


class Line(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`by` (a handle) writes. `edit` is the id of what it replaces; `alts` makes pictures."""

    by: str
    text: str = ""
    reply_to: str | None = None
    quote: str | None = None
    edit: str | None = None
    alts: tuple[str, ...] = ()
    lang: str = "en"
    reply_settings: str = "everyone"
    key: str = ""


class Word(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`by` writes to `to` directly."""

    by: str
    to: str
    text: str = ""
    alts: tuple[str, ...] = ()


class Burst(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A crowd: `n` posts of `people` accounts that call the account `to`."""

    n: int
    to: str = ""
    people: int = 100
    text: str = "it happened again"


def account(world: World, wish: Account) -> User:
    """Make or change an account."""
    user = world.add_user(wish.username)
    for name in wish.__struct_fields__[1:]:
        if (value := getattr(wish, name)) is not None:
            setattr(user, name, value)
    return user


def post(world: World, line: Line) -> Post:
    """Somebody posts, replies, quotes or edits, in X's own app."""
    for id_ in (line.reply_to, line.quote, line.edit):
        if id_ is not None and world.post(id_) is None:
            raise Unknown(f"no post {id_}")
    author = world.add_user(line.by)
    if line.edit:
        return write(world, author, _again(world, line))
    return write(
        world,
        author,
        Written(
            text=line.text,
            reply_to=line.reply_to,
            quoted=line.quote,
            media=_pictures(world, author, line.alts),
            lang=line.lang,
            reply_settings=line.reply_settings,
            key=line.key,
        ),
    )


def dm(state: State, word: Word) -> Dm:
    """Somebody writes directly."""
    world = state.world
    recipient = world.user(word.to)
    if recipient is None:
        raise Unknown(f"no account {word.to}")
    sender = world.add_user(word.by)
    sent = message(world, sender, recipient, word.text, _pictures(world, sender, word.alts))
    world.send(sent, by_api=False)
    return sent


def burst(world: World, wish: Burst) -> list[str]:
    """A crowd writes; the ids of its posts."""
    to = wish.to or world.users[world.brands[0]].username
    made = []
    for number in range(wish.n):
        author = world.add_user(f"crowd{number % wish.people}")
        text = f"@{to} {wish.text} {number}"
        made.append(write(world, author, Written(text=text, key=f"burst {number}")).id)
    return made


def delete(world: World, id_: str) -> Post:
    """Somebody deletes their post."""
    found = world.post(id_)
    if found is None:
        raise Unknown(f"no post {id_}")
    world.remove(found, by_api=False)
    return found


def _again(world: World, line: Line) -> Written:
    previous = world.posts[line.edit or ""]
    return Written(
        text=line.text,
        reply_to=previous.reply_to,
        quoted=previous.quoted,
        media=_pictures(world, world.add_user(line.by), line.alts) or previous.media,
        lang=line.lang,
        previous=previous.id,
        key=line.key or previous.key,
    )


def _pictures(world: World, owner: User, alts: tuple[str, ...]) -> tuple[str, ...]:
    made = []
    for alt in alts:
        medium = Medium(
            id=world.new_id(),
            owner_id=owner.id,
            mime="image/png",
            total=0,
            created_at=world.now(),
            ready_at=world.now(),
            alt=alt,
        )
        world.media[medium.id] = medium
        made.append(medium.id)
    return tuple(made)
