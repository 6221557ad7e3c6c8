"""/portal/{slug}/t/{token}: a visitor's talk, for whoever has its link."""

from __future__ import annotations

from litestar import get, post
from litestar.response import Response

from earful.accounts.emails import clean_email
from earful.accounts.errors import Invalid
from earful.accounts.postbox import can_mail
from earful.intake.receive import PASSING
from earful.kit.ids import is_id
from earful.pages.door import AnyRequest, Page
from earful.pages.markup import Html, field, fill, join
from earful.pages.portal import markup
from earful.pages.portal.door import PortalDoor, enter
from earful.pages.portal.form import hidden, in_words, pictures_field
from earful.pages.portal.pace import QUICKEST, Held
from earful.pages.portal.sent import Form, read_form
from earful.pages.portal.taking import is_known, take, taken_back
from earful.pages.portal.ticket import issue
from earful.portal import talks
from earful.portal.talks import Line, Talk


@get("/portal/{slug:str}/t/{token:str}")
async def show(request: AnyRequest) -> Page:
    """The talk, and a form to write more."""
    found = await talk_at(request)
    if isinstance(found, Response):
        return found
    door, thread_id = found
    async with door.database.transaction() as db:
        await talks.seen(db, door.place, thread_id, door.now)
    sent = door.words("sent") if "sent" in request.query_params else ""
    stopped = door.words("mail_stopped") if "stopped" in request.query_params else ""
    form = Form(ticket=issue(door.keyring, door.place, door.now))
    return await _page(door, thread_id, form, markup.told(sent or stopped, "done"))


@post("/portal/{slug:str}/t/{token:str}")
async def submit(request: AnyRequest) -> Page:
    """Write more."""
    found = await talk_at(request)
    if isinstance(found, Response):
        return found
    door, thread_id = found
    form = await read_form(door)
    try:
        await _take(door, thread_id, form)
    except Held as held:
        words = form.problem or door.words(held.word, wait=in_words(held.wait))
        return await _again(door, thread_id, form, words, held)
    return door.go(door.talk_path(request.path_params["token"]) + "#end")


async def _take(door: PortalDoor, thread_id: str, form: Form) -> None:
    """Take what is not taken yet. Raises Held."""
    if form.ticket is not None and await is_known(door, form):
        return
    if form.problem or form.ticket is None:
        raise Held("", 0, form.status)
    if form.ticket.age(door.now) < QUICKEST / 2:
        raise Held("quick", 1)
    try:
        if wait := await door.pace.take("talks", thread_id, door.now):
            raise Held("often", wait)
        await take(door, form, thread_id)
    except PASSING as error:
        raise Held("away", 5, 503) from error


@post("/portal/{slug:str}/t/{token:str}/mail")
async def set_mail(request: AnyRequest) -> Page:
    """Have answers told by mail, or no more. One click in a mail program comes here too."""
    found = await talk_at(request)
    if isinstance(found, Response):
        return found
    door, thread_id = found
    data = await door.form()
    text = str(data.get("email", ""))[:300].strip()
    form = Form(ticket=issue(door.keyring, door.place, door.now))
    try:
        email = clean_email(text) if text else ""
    except Invalid:
        return await _again(door, thread_id, form, door.words("bad_email"), Held("", 0, 422))
    if email and (
        wait := await door.pace.take("letters", f"{door.place.channel_id} {email}", door.now)
    ):
        words = door.words("often", wait=in_words(wait))
        return await _again(door, thread_id, form, words, Held("often", wait))
    async with door.database.transaction() as db:
        await talks.by_mail(db, door.place, thread_id, email)
    return door.go(door.talk_path(request.path_params["token"]) + ("" if email else "?stopped=1"))


@post("/portal/{slug:str}/t/{token:str}/take-back")
async def take_back(request: AnyRequest) -> Page:
    """Delete the text of a message of hers; the desk is told as a network tells of a deletion."""
    found = await talk_at(request)
    if isinstance(found, Response):
        return found
    door, thread_id = found
    message_id = str((await door.form()).get("message", ""))
    if is_id(message_id):
        await taken_back(door, thread_id, message_id)
    return door.go(door.talk_path(request.path_params["token"]))


async def talk_at(request: AnyRequest) -> tuple[PortalDoor, str] | Page:
    """The door and the id of the talk that a link leads to, or the page to answer instead."""
    door = await enter(request, talking=True)
    if isinstance(door, Response):
        return door
    async with door.database.acquire() as db:
        thread_id = await talks.thread_of(db, door.place, request.path_params["token"])
    return (door, thread_id) if thread_id is not None else door.unknown()


async def _again(door: PortalDoor, thread_id: str, form: Form, words: str, held: Held) -> Page:
    """The page once more, with all that was typed."""
    if form.ticket is None:
        form = Form(ticket=issue(door.keyring, door.place, door.now), text=form.text)
    page = await _page(door, thread_id, form, markup.told(words))
    page.status_code = held.status
    if held.wait:
        page.headers["Retry-After"] = str(max(1, round(held.wait)))
    return page


async def _page(door: PortalDoor, thread_id: str, form: Form, told: Html | None) -> Page:
    async with door.database.acquire() as db:
        talk = await talks.read(db, door.place, thread_id)
        mail = await can_mail(db, door.place.workspace_id)
    if talk is None:
        return door.unknown()
    path = door.talk_path(door.request.path_params["token"])
    title = talk.name or door.words("you")
    return door.page(
        title if talk.name else door.place.name,
        join(
            told,
            lines(door, talk, path),
            _more(door, form, path),
            _mail(door, talk, path) if mail else None,
            fill(
                '<p class="hint"><a href="{p}" class="refresh">{t}</a> · '
                '<a href="{home}">{again}</a></p>',
                p=path,
                t=door.words("refresh"),
                home=door.place.path,
                again=door.words("again"),
            ),
        ),
    )


def lines(door: PortalDoor, talk: Talk, path: str) -> Html:
    """The talk's messages, which the script keeps fresh."""
    who = talk.name or door.words("you")
    shown = join(*(_line(door, one, who, path) for one in talk.lines))
    waiting = ""
    if not talk.lines or not talk.lines[-1].own:
        waiting = door.words("waiting_mail" if talk.email else "waiting")
    return fill(
        _LINES,
        scope=door.words("talk_public" if talk.public else "talk_private"),
        kind="public" if talk.public else "private",
        path=path,
        shown=shown,
        waiting=fill('<p class="hint waiting">{t}</p>', t=waiting) if waiting else Html(""),
    )


def _line(door: PortalDoor, one: Line, who: str, path: str) -> Html:
    """A message; her own ones can be taken back."""
    below = None
    if not one.own and not one.gone_at:
        hint = door.words("take_back_hint")
        below = fill(_TAKE_BACK, path=path, id=one.id, words=door.words("take_back"), hint=hint)
    pictures = f"{path}/p"
    return markup.line_of(one, door.place, who, pictures, words=door.words, below=below)


def _more(door: PortalDoor, form: Form, path: str) -> Html:
    return fill(
        _MORE,
        path=path,
        hidden=hidden(door, form),
        text=markup.area("text", door.words("more"), form.text, error=form.field == "text", rows=4),
        pictures=pictures_field(door),
        send=door.words("send"),
    )


def _mail(door: PortalDoor, talk: Talk, path: str) -> Html:
    """Who is told by mail, and how that ends or begins."""
    if talk.email:
        words = door.words("mail_on", email=talk.email)
        return fill(_MAIL_ON, path=path, words=words, stop=door.words("mail_stop"))
    email = field(
        "email",
        door.words("email"),
        kind="email",
        autocomplete="email",
        hint=door.words("email_hint"),
        extra=Html(" required"),
    )
    return fill(_MAIL_OFF, path=path, email=email, start=door.words("mail_start"))


_LINES = """<p class="scope {kind}">{scope}</p>
<div id="talk" role="log" aria-live="polite" data-live="{path}/live">
{shown}
{waiting}<span id="end"></span></div>"""

_TAKE_BACK = """<details class="take-back"><summary>{words}</summary>
<form method="post" action="{path}/take-back"><p>{hint}</p>
<input type="hidden" name="message" value="{id}">
<button type="submit" class="quiet">{words}</button></form></details>"""

_MORE = """<form method="post" action="{path}" enctype="multipart/form-data" id="form">
{hidden}
{text}
{pictures}
<button type="submit">{send}</button>
</form>"""

_MAIL_ON = """<form method="post" action="{path}/mail" class="mail">
<p>{words}</p>
<button type="submit" class="quiet">{stop}</button></form>"""

_MAIL_OFF = """<form method="post" action="{path}/mail" class="mail">{email}
<button type="submit" class="quiet">{start}</button></form>"""
