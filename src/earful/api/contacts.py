"""People's rights: what the desk knows of somebody, handed over or erased."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import delete, get
from litestar.params import FromPath

from earful.accounts import audit
from earful.api.caller import Called, Caller, check_id
from earful.desk.erasures import keep_erasure
from earful.desk.privacy import erase_person, export_person
from earful.media.keeping import drop_unused
from earful.stream.work import Work


@get("/contacts/{contact_id:str}/export")
async def get_export(caller: Called, contact_id: FromPath[str]) -> dict[str, Any]:
    """Everything kept about a person. Leads and owners only; it is audited."""
    check_id(contact_id, "contact")
    async with caller.work("contact.export") as work:
        told = await export_person(work.db, caller.workspace_id, contact_id)
        await _audit(caller, work, "contact.exported", contact_id)
    return told


@delete("/contacts/{contact_id:str}")
async def delete_contact(caller: Called, contact_id: FromPath[str]) -> None:
    """Erase a person everywhere. Leads and owners only; it can't be undone."""
    check_id(contact_id, "contact")
    async with caller.work("contact.erase") as work:
        erased = await erase_person(work, contact_id)
        await _audit(caller, work, "contact.erased", contact_id)
    await asyncio.to_thread(keep_erasure, caller.state.settings.data_dir, erased.erasure)
    await drop_unused(caller.state.database, caller.state.media, erased.files)


async def _audit(caller: Caller, work: Work, act: str, contact_id: str) -> None:
    line = audit.Line(
        actor_kind="agent",
        actor_id=caller.id,
        act=act,
        object_kind="contact",
        object_id=contact_id,
    )
    await audit.append(work.db, caller.workspace_id, line, now=work.now)


ROUTES = [get_export, delete_contact]
