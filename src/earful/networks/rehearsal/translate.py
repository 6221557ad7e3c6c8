"""Ledger entries in the contract's words. Pure."""

from __future__ import annotations

from zlib import crc32

from earful.networks.contract import (
    Attachment,
    Change,
    Deletion,
    Person,
    Post,
    Published,
    Receipt,
    Visibility,
)
from earful.networks.rehearsal.ledger import Entry
from earful.networks.rehearsal.pictures import address, face


def uri(entry: Entry) -> str:
    """Where the post would stand; not an address anything can fetch."""
    return f"rehearsal://{entry.handle}/{entry.id}"


def to_change(entry: Entry) -> Change:
    """A happening as the desk is told of it; a repeat is simply told again."""
    if entry.kind == "deletion":
        return Deletion(external_id=entry.id, at=entry.at)
    return to_post(entry)


def to_post(entry: Entry) -> Post:
    """A post, or its newer text."""
    return Post(
        external_id=entry.id,
        author=Person(
            entry.person,
            entry.handle,
            entry.name,
            avatar="" if entry.own else face(entry.person),
            followers=None if entry.own else 20 + crc32(entry.person.encode()) % 3000,
        ),
        attachments=() if entry.own else attachments(entry),
        text=entry.text,
        published_at=entry.at,
        uri=uri(entry),
        parent_id=entry.parent,
        root_id=entry.root,
        language=entry.language,
        own=entry.own,
        visibility=Visibility.DIRECT if entry.private else Visibility.PUBLIC,
        edited_at=entry.edited_at,
        ref={"to": entry.to} | ({"key": entry.key} if entry.key else {}),
    )


def attachments(entry: Entry) -> tuple[Attachment, ...]:
    """A customer's pictures, under addresses that only this network's connector can draw."""
    return tuple(
        Attachment(url=address(entry.id, number, alt), mime="image/png", alt=alt)
        for number, alt in enumerate(entry.alts)
    )


def to_receipt(entry: Entry) -> Receipt:
    """Proof that `entry` stands."""
    return Receipt((Published(entry.id, uri(entry), entry.text, {"to": entry.to}),))
