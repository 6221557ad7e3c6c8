"""/page/{token}: whoever was woken says that she has it, without signing in, script or cookie.

Opening the link changes nothing: programs that look through mail open links too. The address is the
secret: the form needs no proof, since no browser adds anything of its own.
"""

from __future__ import annotations

from datetime import timedelta

from litestar import get, post

from earful.accounts import audit, throttle
from earful.kit.refusal import NotFound
from earful.pages.door import AnyRequest, Door, Page
from earful.pages.markup import Html, form, join, link, paragraph, problem
from earful.paging import pages
from earful.paging.alerts import acknowledge
from earful.paging.pages import Found
from earful.paging.texts import WHY, title
from earful.stream.work import Actor, Works


@get("/page/{token:str}")
async def show_page(request: AnyRequest) -> Page:
    """What is the matter, and one button."""
    door = Door(request)
    found = await _look(door)
    return _gone(door) if found is None else _shown(door, found)


@post("/page/{token:str}")
async def have_it(request: AnyRequest) -> Page:
    """She has it."""
    door = Door(request)
    if (wait := await _throttled(door)) is not None:
        words = f"Please wait {throttle.in_words(wait)}, then try again."
        return door.wait("Too often", join(problem(words)), wait, cookie=False)
    found = await _look(door)
    if found is None:
        return _gone(door)
    works = Works(door.database, lambda: door.now, door.keyring)
    try:
        async with works.open(found.workspace_id, _actor(found)) as work:
            await acknowledge(work, found.alert.id, found.agent_id, found.name)
            if found.alert.state == "raised":
                line = audit.Line(
                    actor_kind="agent" if found.agent_id else "system",
                    actor_id=found.agent_id,
                    act="alert.acknowledged",
                    object_kind="alert",
                    object_id=found.alert.id,
                )
                await audit.append(work.db, found.workspace_id, line, now=work.now)
    except NotFound:
        return _gone(door)
    async with door.database.transaction() as db:
        await throttle.succeeded(db, **_counted(door))
    return door.go(request.url.path)


def _actor(found: Found) -> Actor:
    if found.agent_id is None:
        return Actor("system", None, found.name)
    return Actor("agent", found.agent_id, found.name)


async def _look(door: Door) -> Found | None:
    async with door.database.acquire() as db:
        return await pages.look(db, door.request.path_params["token"])


async def _throttled(door: Door) -> timedelta | None:
    async with door.database.transaction() as db:
        return await throttle.attempt(db, **_counted(door), now=door.now)


def _counted(door: Door) -> dict[str, str]:
    token: str = door.request.path_params["token"]
    return {"purpose": "page", "account": token, "address": door.address}


def _shown(door: Door, found: Found) -> Page:
    alert = found.alert
    head = title(alert, found.place)
    parts: list[Html] = [paragraph(WHY[alert.cause])]
    if alert.state == "raised":
        token: str = door.request.path_params["token"]
        parts.append(form(f"/page/{token}", csrf="", button="I have it", fields=Html("")))
        parts.append(paragraph("Then nobody else is woken for it."))
    elif alert.state == "acknowledged":
        parts.append(paragraph(f"{alert.acknowledged_name} has it. Nobody else is woken for it."))
    else:
        parts.append(paragraph("It is over. There is nothing to do."))
    where = f"/c/{alert.conversation_id}" if alert.conversation_id else "/"
    parts.append(link(f"{door.settings.base_url}{where}", "Open it in the desk"))
    return door.page(head, join(*parts), cookie=False, brand=found.workspace)


def _gone(door: Door) -> Page:
    words = "It is too old, or was copied in part. Sign in to the desk to see what is the matter."
    return door.page("This link does not work", paragraph(words), status=404, cookie=False)
