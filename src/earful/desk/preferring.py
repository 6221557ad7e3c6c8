"""By which network a person wishes to be written to, and what time it is where they are."""

from __future__ import annotations

from earful.contacts.erased import refuse_erased
from earful.contacts.links import hold_links
from earful.conversations.rows import record_activity, tell
from earful.desk.linking import newest_of
from earful.kit.refusal import NotFound, Refused
from earful.networks.registry import networks
from earful.sla.walls import available_zones
from earful.stream.work import Work


async def prefer(work: Work, contact_id: str, network: str) -> None:
    """Note a person's wish, for all their accounts; empty for none.

    Raises NotFound, and Refused for a network on which they have no account.
    """
    await hold_links(work)
    await refuse_erased(work, contact_id)
    known = await work.db.fetchrow(_KNOWN, work.workspace_id, contact_id, network)
    if known is None:
        raise NotFound("contact")
    if network and not known["there"]:
        raise Refused("invalid", "They have no account there that we know of.")
    changed = await work.db.execute(_WISH, work.workspace_id, contact_id, network)
    if changed == "UPDATE 0":
        return
    if home := await newest_of(work, contact_id):
        wish = f"they prefer {_title(network)}" if network else "they prefer no network to another"
        line = await record_activity(work, home, f"{work.actor.name} noted: {wish}")
        await tell(work, home, "contact.preferred", message_ids=[line])


async def live_in(work: Work, contact_id: str, zone: str) -> None:
    """Note the time zone (IANA) a person lives in, for all their accounts; empty for unknown.

    Raises NotFound, and Refused for a zone that is none.
    """
    if zone and zone not in available_zones():
        raise Refused("invalid", f"There is no time zone “{zone[:60]}”. One is Europe/Berlin.")
    await hold_links(work)
    await refuse_erased(work, contact_id)
    known = "SELECT true FROM contact WHERE workspace_id = $1 AND id = $2"
    if not await work.db.fetchval(known, work.workspace_id, contact_id):
        raise NotFound("contact")
    changed = await work.db.execute(_LIVES, work.workspace_id, contact_id, zone)
    if changed == "UPDATE 0":
        return
    if home := await newest_of(work, contact_id):
        where = f"their time is that of {zone}" if zone else "their time is not known"
        line = await record_activity(work, home, f"{work.actor.name} noted: {where}")
        await tell(work, home, "contact.located", message_ids=[line])


def _title(network: str) -> str:
    known = networks().get(network)
    return known.manifest.title if known else network


_KNOWN = """
SELECT EXISTS (SELECT FROM contact_handle h WHERE h.workspace_id = $1
  AND h.contact_id = ANY(same_person($1, $2)) AND h.network = $3) AS there
FROM contact WHERE workspace_id = $1 AND id = $2
"""

_WISH = """
UPDATE contact SET preferred = $3
WHERE workspace_id = $1 AND id = ANY(same_person($1, $2)) AND preferred <> $3
"""

_LIVES = """
UPDATE contact SET zone = $3
WHERE workspace_id = $1 AND id = ANY(same_person($1, $2)) AND zone <> $3
"""
