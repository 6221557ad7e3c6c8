"""People's rights: what the desk knows of somebody, handed over or erased."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from litestar import delete, get
from litestar.params import FromPath, FromQuery

from earful.accounts import audit
from earful.accounts.acts import Act
from earful.api.caller import Called, Caller, check_id
from earful.contacts.links import same_person
from earful.desk.erasures import keep_erasure_and_copy
from earful.desk.privacy import erase_person, export_person, export_whole
from earful.kit.text import one_line, storable
from earful.media.keeping import drop_unused
from earful.stream.work import Work

MOST = 20


@get("/contacts/{contact_id:str}/export")
async def get_export(
    caller: Called, contact_id: FromPath[str], *, all: FromQuery[bool] = False
) -> dict[str, Any]:
    """Everything kept about a contact, with `all` of the whole person. Leads and owners only."""
    check_id(contact_id, "contact")
    async with caller.work("contact.export") as work:
        export = export_whole if all else export_person
        told = await export(work.db, caller.workspace_id, contact_id)
        for one in [told, *told.get("others", [])]:
            await _audit(caller, work, "contact.exported", one["contact"]["id"])
    return told


@get("/contacts")
async def get_contacts(caller: Called, q: FromQuery[str] = "") -> list[dict[str, Any]]:
    """People whose handle or name begins with `q`, at most 20, exactly so first.

    Leads and owners only.
    """
    caller.need("contact.export")
    begins = one_line(storable(q), 100).lower().removeprefix("@")
    if not begins:
        return []
    pattern = re.sub(r"([\\%_])", r"\\\1", begins) + "%"
    async with caller.state.database.acquire() as db:
        rows = await db.fetch(_FIND, caller.workspace_id, pattern, MOST, begins)
    return [dict(row) for row in rows]


@delete("/contacts/{contact_id:str}", status_code=200)
async def delete_contact(
    caller: Called, contact_id: FromPath[str], *, all: FromQuery[bool] = False
) -> dict[str, int]:
    """Erase a contact everywhere, with `all` the whole person, and say how much.

    Leads and owners only; it can't be undone.
    """
    check_id(contact_id, "contact")
    async with caller.work("contact.erase") as work:
        ids = await same_person(work, contact_id) if all else [contact_id]
        done = [await erase_person(work, one) for one in ids]
        for one in ids:
            await _audit(caller, work, "contact.erased", one)
    for erased in done:
        await asyncio.to_thread(keep_erasure_and_copy, caller.state.settings, erased.erasure)
        await drop_unused(caller.state.database, caller.state.media, erased.files)
    counted = ("messages", "conversations", "handles", "pictures")
    return {name: sum(getattr(erased, name) for erased in done) for name in counted}


async def _audit(caller: Caller, work: Work, act: Act, contact_id: str) -> None:
    line = audit.Line(
        actor_kind="agent",
        actor_id=caller.id,
        act=act,
        object_kind="contact",
        object_id=contact_id,
    )
    await audit.append(work.db, caller.workspace_id, line, now=work.now)


# Whoever is called exactly so is never crowded out by those who only begin alike.
_FIND = """
WITH exact AS MATERIALIZED (
  (SELECT contact_id FROM contact_handle WHERE workspace_id = $1 AND lower(handle) = $4 LIMIT $3)
  UNION
  (SELECT contact_id FROM contact_handle WHERE workspace_id = $1 AND lower(name) = $4 LIMIT $3)),
found AS (
  SELECT contact_id, 0 AS rank FROM exact
  UNION ALL
  SELECT contact_id, 1 FROM (
    SELECT contact_id FROM contact_handle WHERE workspace_id = $1 AND lower(handle) LIKE $2
    UNION SELECT contact_id FROM contact_handle WHERE workspace_id = $1 AND lower(name) LIKE $2
    LIMIT 2 * $3) alike
  WHERE contact_id NOT IN (SELECT contact_id FROM exact))
SELECT c.id, c.name, c.created_at, array(
  SELECT h.network || ' @' || h.handle FROM contact_handle h
  WHERE h.workspace_id = $1 AND h.contact_id = c.id ORDER BY 1) AS handles,
  (SELECT count(*) FROM conversation v WHERE v.workspace_id = $1 AND v.contact_id = c.id)
    AS conversations
FROM found JOIN contact c ON c.workspace_id = $1 AND c.id = found.contact_id
ORDER BY found.rank, c.name, c.id LIMIT $3
"""

ROUTES = [get_contacts, get_export, delete_contact]
