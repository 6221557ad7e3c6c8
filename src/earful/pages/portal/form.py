"""/portal/{slug}: where somebody without an account writes."""

from __future__ import annotations

import math

from litestar import get, post
from litestar.response import Response

from earful.intake.receive import PASSING
from earful.pages.door import AnyRequest, Page
from earful.pages.markup import Html, field, fill, join
from earful.pages.portal import markup
from earful.pages.portal.door import PortalDoor, enter
from earful.pages.portal.pace import BITS, Held
from earful.pages.portal.sent import TRAP, Form, email_of, invitation_of, read_form
from earful.pages.portal.taking import is_known, take
from earful.pages.portal.ticket import issue
from earful.portal import talks


@get("/portal/{slug:str}")
async def show(request: AnyRequest) -> Page:
    """The form."""
    door = await enter(request)
    if isinstance(door, Response):
        return door
    async with door.database.acquire() as db:
        known = await talks.notices(db, door.place)
    form = Form(
        ticket=issue(door.keyring, door.place, door.now),
        invitation=invitation_of(request.query_params.get("m", "")),
    )
    path = door.place.path
    notices = join(*(markup.line_of(one, door.place, "", path, words=door.words) for one in known))
    intro = fill('<p class="intro" dir="auto">{text}</p>', text=door.place.settings.intro)
    return door.page(
        door.words("write"),
        join(
            _notices(door, notices),
            intro if door.place.settings.intro else None,
            body(door, form),
        ),
        findable=True,
    )


@post("/portal/{slug:str}")
async def submit(request: AnyRequest) -> Page:
    """Take the message, and go on to its talk."""
    door = await enter(request)
    if isinstance(door, Response):
        return door
    if not door.place.live:
        return door.unknown("closed")
    form = await read_form(door)
    if form.ticket is None:
        return again(door, form, form.problem, form.status)
    try:
        await _take(door, form)
    except Held as held:
        door.flooded = door.flooded or held.word == "flood"
        words = form.problem or door.words(held.word, wait=in_words(held.wait))
        return again(door, form, words, held.status, held.wait)
    return door.go(door.talk_path(form.ticket.token) + "?sent=1")


async def _take(door: PortalDoor, form: Form) -> None:
    """Take what is not taken yet. Raises Held."""
    if await is_known(door, form):
        return
    if form.problem:
        raise Held("", 0, form.status)
    try:
        await _pace(door, form)
        await take(door, form)
    except PASSING as error:
        raise Held("away", 5, 503) from error


async def _pace(door: PortalDoor, form: Form) -> None:
    """Raise Held for what comes too fast, too often, or twice."""
    assert form.ticket is not None  # noqa: S101 - asked before
    portal, pace = door.place.channel_id, door.pace
    same = f"{portal} {door.address} {form.text}"
    if await pace.take("texts", same, door.now, cost=0):
        raise Held("twice", 0)
    if (email := email_of(form)) and await pace.take("letters", f"{portal} {email}", door.now):
        raise Held("often", 60)
    await pace.admit(portal, door.address, form.ticket, form.work, door.now)
    await pace.take("texts", same, door.now, cost=2)


def again(door: PortalDoor, form: Form, words: str, status: int, wait: float = 0) -> Page:
    """The form once more, with all that was typed in it."""
    if form.ticket is None:
        form = Form(
            ticket=issue(door.keyring, door.place, door.now),
            text=form.text,
            name=form.name,
            email=form.email,
            public=form.public,
            invitation=form.invitation,
        )
    if form.pictures:
        words = f"{words} {door.words('kept')}"
    title = door.words("write")
    shown = join(markup.told(words), body(door, form))
    return door.page(title, shown, status=status, wait=wait)


def in_words(wait: float) -> str:
    """Seconds as a person reads them."""
    seconds = max(1, math.ceil(wait))
    return f"{seconds} s" if seconds < 120 else f"{math.ceil(seconds / 60)} min"


def body(door: PortalDoor, form: Form) -> Html:
    """The form with what was typed."""
    words = door.words
    return fill(
        _FORM,
        path=door.place.path,
        hidden=hidden(door, form),
        text=markup.area("text", words("text"), form.text, error=form.field == "text"),
        pictures=pictures_field(door),
        who=_who(door, form),
        name=field(
            "name",
            words("name"),
            value=form.name,
            autocomplete="name",
            hint=words("name_hint"),
            extra=Html(' dir="auto" maxlength="80"'),
        ),
        email=field(
            "email",
            words("email"),
            kind="email",
            value=form.email,
            autocomplete="email",
            hint=words("email_hint"),
            extra=Html(' aria-invalid="true"' if form.field == "email" else ""),
        ),
        send=words("send"),
        legal=fill('<a href="{p}/legal">{t}</a>', p=door.place.path, t=words("legal")),
    )


def hidden(door: PortalDoor, form: Form) -> Html:
    """What a form carries unseen: its ticket, the sum it may need, and the trap."""
    assert form.ticket is not None  # noqa: S101 - it is given one before
    return fill(
        _HIDDEN,
        ticket=form.ticket.text,
        m=form.invitation,
        bits=BITS if door.flooded else 0,
        trap=TRAP,
    )


def pictures_field(door: PortalDoor) -> Html:
    """The field for pictures."""
    words = door.words
    return fill(_PICTURES, label=words("pictures"), hint=words("pictures_hint"))


def _who(door: PortalDoor, form: Form) -> Html:
    words, allowed = door.words, door.place.settings.public
    if not allowed:
        return fill('<p class="hint who">{text}</p>', text=words("private_hint"))
    return fill(
        "<fieldset><legend>{legend}</legend>{private}{public}</fieldset>",
        legend=words("who"),
        private=markup.choice(
            "who", "private", words("private"), words("private_hint"), chosen=not form.public
        ),
        public=markup.choice(
            "who", "public", words("public"), words("public_hint"), chosen=form.public
        ),
    )


def _notices(door: PortalDoor, shown: Html) -> Html | None:
    if not shown:
        return None
    title = door.words("notices")
    return fill('<section class="notices"><h2>{t}</h2>{shown}</section>', t=title, shown=shown)


_FORM = """<form method="post" action="{path}" enctype="multipart/form-data" id="form">
{hidden}
{text}
{who}
{name}
{email}
{pictures}
<button type="submit">{send}</button>
<p class="hint">{legal}</p>
</form>"""

_HIDDEN = """<input type="hidden" name="ticket" value="{ticket}">
<input type="hidden" name="m" value="{m}">
<input type="hidden" name="work" value="" data-bits="{bits}">
<div class="trap" aria-hidden="true"><label for="{trap}">Website</label>
<input id="{trap}" name="{trap}" tabindex="-1" autocomplete="off"></div>"""

_PICTURES = """<div class="field"><label for="pictures">{label}</label>
<input id="pictures" name="pictures" type="file" multiple aria-describedby="pictures-hint"
accept="image/png,image/jpeg,image/webp,image/gif"><p id="pictures-hint" class="hint">{hint}</p>
</div>"""
