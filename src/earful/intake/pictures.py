"""The attachments of a post on its way in: what the screen is told, and what is to be fetched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from earful.contacts.meet import LONGEST_ADDRESS, Known, avatar_of
from earful.intake.arrival import Arrival
from earful.kit.ids import new_id
from earful.kit.text import storable
from earful.media.attached import LONGEST_NAME
from earful.media.wanted import Wish, want
from earful.networks.contract import Attachment, Person
from earful.stream.work import Work

if TYPE_CHECKING:
    from earful.intake.channel import Channel

MOST = 20
"""Attachments of one post that are kept; no network allows as many."""
_LARGEST_SIDE = 100_000


def items(arrival: Arrival) -> list[dict[str, Any]]:
    """The post's attachments as a message carries them."""
    return [
        _item(one, media_id)
        for one, media_id in zip(arrival.post.attachments[:MOST], arrival.media_ids, strict=False)
    ]


def wishes(channel_id: str, arrival: Arrival) -> list[Wish]:
    """What is to be fetched for the post."""
    return [
        Wish(
            id=media_id,
            source=one.url,
            channel_id=channel_id,
            message_id=arrival.message_id,
            name=storable(one.name, LONGEST_NAME),
        )
        for one, media_id in zip(arrival.post.attachments[:MOST], arrival.media_ids, strict=False)
        if _is_fetched(one)
    ]


async def avatars(
    work: Work, channel: Channel, arrivals: list[Arrival], people: Mapping[str, Known]
) -> None:
    """Want the avatars of the posts' authors where the network tells of a new address."""
    authors: dict[str, Person] = {
        one.post.author.external_id: one.post.author for one in arrivals if not one.post.own
    }
    met = [key for key in authors if people[key].wanted_avatar]
    wishes = [
        Wish(
            id=people[key].wanted_avatar or "",
            source=avatar_of(authors[key]),
            channel_id=channel.id,
            contact_id=people[key].contact_id,
        )
        for key in met
    ]
    told = {key: source for key in authors.keys() - met if (source := avatar_of(authors[key]))}
    await want(work, wishes + await _changed(work, channel, dict(sorted(told.items()))))


async def _changed(work: Work, channel: Channel, told: Mapping[str, str]) -> list[Wish]:
    """Note new addresses of people we know; what is to be fetched."""
    if not told:
        return []
    rows = await work.db.fetch(
        """UPDATE contact_handle h SET avatar_source = p.source, avatar_id = p.id
           FROM unnest($3::text[], $4::text[], $5::uuid[]) AS p (external_id, source, id)
           WHERE h.workspace_id = $1 AND h.network = $2 AND h.external_id = p.external_id
             AND h.avatar_source <> p.source
           RETURNING h.avatar_id, h.avatar_source, h.contact_id""",
        work.workspace_id,
        channel.network,
        list(told),
        list(told.values()),
        [new_id() for _ in told],
    )
    return [
        Wish(
            id=row["avatar_id"],
            source=row["avatar_source"],
            channel_id=channel.id,
            contact_id=row["contact_id"],
        )
        for row in rows
    ]


def _is_kept_whole(address: str) -> bool:
    """An address that can't be kept whole can't be fetched either."""
    return len(address) <= LONGEST_ADDRESS and storable(address) == address


def _is_fetched(attachment: Attachment) -> bool:
    """Films stay where they are, unless they came as a file."""
    film = attachment.mime.startswith(("video/", "audio/")) and not attachment.name
    return not film and _is_kept_whole(attachment.url)


def _item(attachment: Attachment, media_id: str) -> dict[str, Any]:
    fetched = _is_fetched(attachment)
    name = {"name": storable(attachment.name, LONGEST_NAME)} if attachment.name else {}
    return {
        **name,
        "id": media_id if fetched else None,
        "url": f"/api/v1/media/{media_id}" if fetched else storable(attachment.url, 2000),
        "state": "wanted" if fetched else "elsewhere",
        "reason": "",
        "mime": storable(attachment.mime, 100),
        "alt": storable(attachment.alt, 5000),
        "width": _side(attachment.width),
        "height": _side(attachment.height),
    }


def _side(length: object) -> int | None:
    """A length in pixels, if it is one: a stranger wrote it."""
    return length if isinstance(length, int) and 0 < length <= _LARGEST_SIDE else None
