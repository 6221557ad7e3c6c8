"""/portal/{slug}/lost: new links by mail, for whoever gave an address. It never tells who did."""

from __future__ import annotations

from datetime import timedelta

from litestar import get, post
from litestar.response import Response

from earful.accounts import postbox
from earful.accounts.emails import clean_email
from earful.accounts.errors import Invalid
from earful.accounts.tokens import new_token
from earful.pages.door import AnyRequest, Page
from earful.pages.markup import Html, field, fill, join
from earful.pages.portal import markup
from earful.pages.portal.door import PortalDoor, enter
from earful.pages.portal.form import in_words
from earful.portal import letters, talks

GOOD_FOR = timedelta(hours=2)


@get("/portal/{slug:str}/lost")
async def show(request: AnyRequest) -> Page:
    """The form."""
    door = await enter(request, talking=True)
    if isinstance(door, Response):
        return door
    return door.page(door.words("lost"), _body(door, None))


@post("/portal/{slug:str}/lost")
async def submit(request: AnyRequest) -> Page:
    """Send the links, if there are any, and say the same either way."""
    door = await enter(request, talking=True)
    if isinstance(door, Response):
        return door
    data = await door.form()
    title = door.words("lost")
    try:
        email = clean_email(str(data.get("email", ""))[:300])
    except Invalid:
        shown = _body(door, markup.told(door.words("bad_email")))
        return door.page(title, shown, status=422)
    key = f"{door.place.channel_id} {email}"
    wait = await door.pace.take("letters", key, door.now) or await door.pace.take(
        "addresses", f"lost {door.address}", door.now
    )
    if wait:
        words = door.words("often", wait=in_words(wait))
        return door.page(title, _body(door, markup.told(words)), status=429, wait=wait)
    await _send(door, email)
    return door.page(title, join(markup.told(door.words("lost_done"), "done")))


async def _send(door: PortalDoor, email: str) -> None:
    place = door.place
    async with door.database.transaction() as db:
        found = await talks.of_email(db, place, email)
        if not found or not await postbox.can_mail(db, place.workspace_id):
            return
        urls = []
        for thread_id in found:
            token = new_token()
            await talks.link(db, place.workspace_id, thread_id, token, door.now)
            urls.append(f"{door.base_url}{door.talk_path(token)}")
        letter = letters.links(email, brand=place.name, urls=urls, words=door.words)
        await postbox.put_in(
            db, door.keyring, place.workspace_id, None, letter, lasts_for=GOOD_FOR, now=door.now
        )


def _body(door: PortalDoor, told: Html | None) -> Html:
    email = field(
        "email",
        door.words("email"),
        kind="email",
        autocomplete="email",
        hint=door.words("lost_hint"),
        extra=Html(" required"),
    )
    form = (
        '<form method="post" action="{path}/lost">{email}<button type="submit">{t}</button></form>'
    )
    return join(told, fill(form, path=door.place.path, email=email, t=door.words("lost_send")))
