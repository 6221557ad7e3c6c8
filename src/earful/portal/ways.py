"""The other ways to reach a brand: the channels that work in the same inbox."""

from __future__ import annotations

from typing import Any

import msgspec

from earful.portal.places import Place


class Reach(msgspec.Struct, frozen=True):
    """One way. `public`: what is written there everyone can read."""

    title: str
    url: str
    public: bool


async def ways_of(db: Any, place: Place) -> list[Reach]:
    """The channels of the portal's workspace that people can open, by network."""
    rows = await db.fetch(
        """SELECT network, handle, external_id, config FROM channel
           WHERE workspace_id = $1 AND state = 'active' AND id <> $2
           ORDER BY network, created_at""",
        place.workspace_id,
        place.channel_id,
    )
    found = [_way(row) for row in rows]
    return [way for way in found if way is not None]


def _way(row: Any) -> Reach | None:
    handle, network = row["handle"].lstrip("@"), row["network"]
    if network == "email":
        return Reach(handle, f"mailto:{handle}", False)
    if network == "x":
        return Reach(f"X: @{handle}", f"https://x.com/{handle}", True)
    if network == "bluesky":
        return Reach(f"Bluesky: @{handle}", f"https://bsky.app/profile/{handle}", True)
    if network == "mastodon" and "@" in handle:
        name, _, server = handle.partition("@")
        return Reach(f"Mastodon: @{handle}", f"https://{server}/@{name}", True)
    return None
