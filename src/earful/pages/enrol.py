"""/sign-in/enrol: turning on codes, because the workspace requires them or by one's own choice."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from litestar import get, post

from earful.accounts import signing_in, totp
from earful.accounts.audit import append, by_agent
from earful.accounts.links import Link
from earful.accounts.passwords import hash_of, matches
from earful.accounts.people import get_agent
from earful.accounts.throttle import in_words, succeeded
from earful.accounts.totp import Enrolment
from earful.pages.code import code_field, step_of
from earful.pages.door import STEP_COOKIE, AnyRequest, Door, Page
from earful.pages.markup import Html, field, fill, form, join, link, paragraph, problem
from earful.pages.onward import safe_next, with_next
from earful.pages.qr import qr_code
from earful.pages.sign_in import STALE

TITLE = "Sign in with a code"
WRONG = "This code is not right. Check the clock of your phone, and wait for the next code."


class _Who(msgspec.Struct, frozen=True):
    """An agent who may turn codes on: after the password (`step`), or signed in."""

    workspace_id: str
    agent_id: str
    email: str
    step: Link | None


@get("/sign-in/enrol")
async def show(request: AnyRequest) -> Page:
    """The secret as a QR code, and a field for the first code."""
    door = Door(request)
    next_ = safe_next(request.query_params.get("next"))
    who = await _who(door)
    if who is None:
        return door.go(with_next("/sign-in", next_))
    return await _form(door, who, next_)


@post("/sign-in/enrol")
async def submit(request: AnyRequest) -> Page:
    """Check the first code, turn codes on, and show the recovery codes once."""
    door = Door(request)
    data = await door.form()
    next_ = safe_next(data.get("next"))
    who = await _who(door)
    if who is None:
        return door.go(with_next("/sign-in", next_))
    if not door.is_ours(data):
        return await _form(door, who, next_, STALE)
    codes = await _confirm(door, who, data)
    if isinstance(codes, str):
        return await _form(door, who, next_, codes)
    return door.page("Keep these codes", _codes(codes, next_))


async def _confirm(door: Door, who: _Who, data: dict[str, str]) -> list[str] | str:
    """The recovery codes, or what went wrong in words."""
    ids = (who.workspace_id, who.agent_id)
    async with door.database.transaction() as db:
        counted = who.step or Link("", *ids[:1], "", who.agent_id, "", who.email)
        wait = await signing_in.count_code(db, counted, visit=door.visit, now=door.now)
    if wait is not None:
        return f"Too many codes. Wait {in_words(wait)}, then try again."
    if not await _password_proven(door, who, data.get("password", "")):
        return "That is not your password."
    async with door.database.transaction() as db:
        code = data.get("code", "")
        codes = await totp.confirm_enrolment(db, door.keyring, *ids, code, now=door.now)
        if codes is None:
            return WRONG
        if who.step is not None:
            outcome = await signing_in.after_code(
                db, who.step, door.request.cookies[STEP_COOKIE], visit=door.visit, now=door.now
            )
            if outcome is not None:
                door.come_in(outcome)
        else:
            await succeeded(db, purpose="code", account=who.agent_id, address=door.address)
        line = by_agent(who.agent_id, "codes.turned_on")
        await append(db, who.workspace_id, line, now=door.now)
    return codes


async def _password_proven(door: Door, who: _Who, password: str) -> bool:
    """A session alone is not enough: a thief of one must not lock its owner out with a code."""
    if who.step is not None:
        return True
    async with door.database.acquire() as db:
        hashed = await hash_of(db, who.workspace_id, who.agent_id)
    return await matches(password, hashed)


async def _who(door: Door) -> _Who | None:
    step = await step_of(door)
    if step is not None:
        return _Who(step.workspace_id, step.agent_id, step.email, step)
    principal = await door.principal()
    if principal is None:
        return None
    async with door.database.acquire() as db:
        agent = await get_agent(db, principal.workspace_id, principal.agent_id)
    return _Who(principal.workspace_id, principal.agent_id, agent.email, None)


async def _form(door: Door, who: _Who, next_: str, words: str = "") -> Page:
    async with door.database.transaction() as db:
        enrolment = await totp.begin_enrolment(
            db,
            door.keyring,
            who.workspace_id,
            who.agent_id,
            email=who.email,
            issuer="Earful",
            now=door.now,
        )
    if enrolment is None:
        return door.go(with_next("/sign-in/code", next_) if who.step else next_)
    body = _body(door, enrolment, next_, words, ask_password=who.step is None)
    return door.page(TITLE, body, status=403 if words else 200)


def _body(door: Door, enrolment: Enrolment, next_: str, words: str, *, ask_password: bool) -> Html:
    secret = " ".join(enrolment.secret[i : i + 4] for i in range(0, len(enrolment.secret), 4))
    password = field("password", "Your password", kind="password", autocomplete="current-password")
    fields = join(
        code_field("The six digits that the app shows now."), password if ask_password else None
    )
    return join(
        problem(words),
        paragraph("Scan this with an authenticator app, then type the code it shows."),
        qr_code(enrolment.uri, label="QR code for your authenticator app"),
        fill("<p>Can't scan? Type this key: <code>{secret}</code></p>", secret=secret),
        form("/sign-in/enrol", csrf=door.csrf, button="Turn on", fields=fields, next_=next_),
    )


def _codes(codes: Sequence[str], next_: str) -> Html:
    items = join(*(fill("<li>{code}</li>", code=code) for code in codes))
    return join(
        paragraph(
            "Codes are on. If you lose your phone, each of these lets you in once. Print them or "
            "put them in a password manager: they are not shown again."
        ),
        fill('<ul class="codes">{items}</ul>', items=items),
        link(next_, "I have them. Go on"),
    )
