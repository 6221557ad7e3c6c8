"""What a network allows and asks for, and who we are on it."""

from __future__ import annotations

import msgspec


class Field(msgspec.Struct, frozen=True):
    """One thing a person gives to connect a channel; an `optional` secret may be left out.

    With `instead`, nobody need sign in on the network's own pages once it is given; with `choices`,
    while it is the first of them. What is `rare` is shown on request only. `local` names a file of
    this machine: nobody sets it from a screen. `place` says that its value decides where something
    is reached; `nowhere` are the values by which nothing is.
    """

    name: str
    label: str
    secret: bool = False
    default: str = ""
    help: str = ""
    optional: bool = False
    instead: bool = False
    choices: tuple[str, ...] = ()
    rare: bool = False
    local: bool = False
    place: bool = False
    nowhere: tuple[str, ...] = ()


class Step(msgspec.Struct, frozen=True):
    """One step of connecting a channel: what to do, in words, and what to copy.

    `copy` may hold {callback} (where the network sends people back to), {hook} (where it calls us)
    and {origin}; they are filled in before a person sees them.
    """

    title: str
    text: str
    copy: str = ""
    link: str = ""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one channel's server allows, where servers of a network differ. 0 or () leaves the
    manifest's; `link_length` is what a link counts as, 0 for its own length."""

    length: int = 0
    link_length: int = 0
    images: int = 0
    image_bytes: int = 0
    image_types: tuple[str, ...] = ()


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a network allows. `length` is counted as `counted_in` says: `graphemes`, `characters`,
    `weighted` (as X does), or `shortened` (links and names, as Mastodon does).

    `direct_length` is a private message's, 0 where there are none from here; `direct_note` says in
    words what a private message is there, where that is not plain ("readable by everyone it
    mentions"). `private` networks (mail) have no public posts at all. `hides`, `removes` and
    `warnings` say before a channel is open whether its connectors are `Hides` and `Removes`, and
    whether `Draft.warning` is shown before the text there; `idempotent_send` is of public posts
    alone. `guide` leads whoever
    connects a channel. `recalls`: who wrote something can take it back for everybody. `forgets`:
    by the network's terms what is taken away or changed there goes here as well, words and all;
    else it is kept as a fact. `cap_field` names the field with what a channel may cost a day, in
    dollars, `app_field` the one that names the app at the network: channels with the same share
    `Ports.app_budget`. `stays_home`: it reaches nobody beyond this machine of itself. In a
    rehearsal it may be connected if its places, where it has any, are on this machine too; a
    network that names no place may be if it stays home. `files` is how many files a message takes,
    pictures among them; those that are no pictures are of `file_types` (mime types), of at most
    `file_bytes` each. `bare_handles`: a handle is an address or a name, and is written without an
    @. `outreach` says by which rules of the network somebody may be written to who did not write to
    us; empty where nobody may. With `spares_complaints`, not to who complains.
    """

    network: str
    title: str
    fields: tuple[Field, ...]
    length: int
    counted_in: str = "graphemes"
    threads: bool = False
    images: int = 0
    image_bytes: int = 0
    image_types: tuple[str, ...] = ()
    alt_text_required: bool = True
    idempotent_send: bool = False
    settle_for: float = 600.0
    direct_length: int = 0
    direct_images: int = 0
    direct_note: str = ""
    private: bool = False
    hides: bool = False
    removes: bool = False
    warnings: bool = False
    recalls: bool = True
    forgets: bool = False
    guide: tuple[Step, ...] = ()
    cap_field: str = ""
    app_field: str = ""
    stays_home: bool = False
    files: int = 0
    file_bytes: int = 0
    file_types: tuple[str, ...] = ()
    bare_handles: bool = False
    outreach: str = ""
    spares_complaints: bool = False


class Identity(msgspec.Struct, frozen=True):
    """Who we are on the network."""

    external_id: str
    handle: str
    name: str = ""
