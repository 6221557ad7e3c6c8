"""What a visitor wrote, as a post."""

from __future__ import annotations

from earful.networks.contract import Attachment, Person, Post, Said, Visibility

SCHEME = "portal:"
"""Of pictures that only the desk's own pages have."""


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
