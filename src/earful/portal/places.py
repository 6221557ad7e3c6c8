"""Which portal an address means, and the portals of a workspace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from earful.kit.refusal import NotFound, Refused
from earful.portal.settings import PortalSettings, checklist, settings_of
from earful.stream.work import Work


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A portal: its channel, and what its workspace decided. `state` is the channel's."""

    workspace_id: str
    channel_id: str
    inbox_id: str
    slug: str
    name: str
    state: str
    settings: PortalSettings
    live: bool
    logo_id: str | None = None

    @property
    def path(self) -> str:
        """Where it lies on this desk."""
        return f"/portal/{self.slug}"


def _place(row: Any) -> Place:
    return Place(
        workspace_id=row["workspace_id"],
        channel_id=row["id"],
        inbox_id=row["inbox_id"],
        slug=row["external_id"],
        name=row["name"],
        state=row["state"],
        settings=settings_of(row["settings"]),
        live=row["live_at"] is not None,
        logo_id=row["logo_id"],
    )


async def place_at(db: Any, slug: str) -> Place | None:
    """The portal at an address, of whichever workspace: it is all that a visitor knows of us."""
    if "\x00" in slug:  # what no row can have, the database does not even look for
        return None
    row = await db.fetchrow(f"{_PLACES} AND c.external_id = $1", slug)
    return None if row is None else _place(row)


async def places_of(db: Any, workspace_id: str) -> list[Place]:
    """The portals of a workspace, the oldest first."""
    rows = await db.fetch(
        f"{_PLACES} AND c.workspace_id = $1 ORDER BY c.created_at, c.id", workspace_id
    )
    return [_place(row) for row in rows]


async def place_of(db: Any, workspace_id: str, channel_id: str) -> Place:
    """One portal of a workspace. Raises NotFound."""
    row = await db.fetchrow(
        f"{_PLACES} AND c.workspace_id = $1 AND c.id = $2", workspace_id, channel_id
    )
    if row is None:
        raise NotFound("portal")
    return _place(row)


async def keep_settings(work: Work, place: Place, settings: PortalSettings) -> None:
    """Set what a portal shows and allows. One that is live keeps what it must have."""
    if place.live:
        refuse_unfinished(settings, place.name)
    await work.db.execute(
        """INSERT INTO portal (workspace_id, channel_id, settings) VALUES ($1, $2, $3)
           ON CONFLICT (workspace_id, channel_id) DO UPDATE SET settings = $3""",
        work.workspace_id,
        place.channel_id,
        msgspec.to_builtins(settings),
    )
    _tell(work, place)


async def go_live(work: Work, place: Place) -> None:
    """Open the portal to visitors. Raises Refused while anything is missing."""
    refuse_unfinished(place.settings, place.name)
    await _set_live(work, place, work.now)


async def close(work: Work, place: Place) -> None:
    """Take the portal off again; talks that began stay open to those who have their links."""
    await _set_live(work, place, None)


async def keep_logo(work: Work, place: Place, media_id: str | None) -> None:
    """Show another logo, or none."""
    await work.db.execute(
        """INSERT INTO portal (workspace_id, channel_id, logo_id) VALUES ($1, $2, $3)
           ON CONFLICT (workspace_id, channel_id) DO UPDATE SET logo_id = $3""",
        work.workspace_id,
        place.channel_id,
        media_id,
    )
    _tell(work, place)


def refuse_unfinished(settings: PortalSettings, name: str) -> None:
    """Raise Refused with what is missing."""
    missing = [one.words for one in checklist(settings, name) if not one.done]
    if missing:
        raise Refused("unfinished", "Before it goes live it needs: " + " ".join(missing))


async def _set_live(work: Work, place: Place, at: datetime | None) -> None:
    await work.db.execute(
        """INSERT INTO portal (workspace_id, channel_id, live_at) VALUES ($1, $2, $3)
           ON CONFLICT (workspace_id, channel_id) DO UPDATE SET live_at = $3""",
        work.workspace_id,
        place.channel_id,
        at,
    )
    _tell(work, place)


def _tell(work: Work, place: Place) -> None:
    told: Mapping[str, str] = {"channel_id": place.channel_id}
    work.emit("portal.changed", {"portal": told}, inbox_id=place.inbox_id)


_PLACES = """
SELECT c.workspace_id, c.id, c.inbox_id, c.external_id, c.name, c.state, p.settings, p.live_at,
  p.logo_id
FROM channel c LEFT JOIN portal p ON p.workspace_id = c.workspace_id AND p.channel_id = c.id
WHERE c.network = 'portal' AND c.state <> 'off'
"""
