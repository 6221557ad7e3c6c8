"""What a visitor wrote, as a post."""

from __future__ import annotations

from earful.networks.contract import Attachment, Change, Deletion, Person, Post, Said, Visibility

SCHEME = "portal:"
"""Of pictures that only the desk's own pages have."""


def change_of(said: Said) -> Change:
    """What a visitor wrote, or took back."""
    if said.gone_at is not None:
        return Deletion(external_id=said.id, at=said.gone_at)
    return post_of(said)


def post_of(said: Said) -> Post:
    """The message as the desk takes it in. A visitor is known by her talk, and by nothing else."""
    return Post(
        external_id=said.id,
        author=Person(said.person, f"guest-{said.person[-6:]}", said.name or "Guest"),
        text=said.text,
        published_at=said.at,
        uri=said.uri,
        parent_id=said.before,
        visibility=Visibility.PUBLIC if said.public else Visibility.DIRECT,
        attachments=tuple(Attachment(f"{SCHEME}{name}") for name in said.pictures),
        invitation=said.invitation,
        ref={"thread": said.thread},
    )
