"""/sign-in/code: the code of the authenticator app, or a recovery code."""

from __future__ import annotations

from litestar import get, post

from earful.accounts import signing_in
from earful.accounts.links import Link, look_at_link
from earful.accounts.throttle import in_words
from earful.pages.door import STEP_COOKIE, AnyRequest, Door, Page
from earful.pages.markup import Html, field, form, join, link, problem
from earful.pages.onward import safe_next, with_next
from earful.pages.sign_in import STALE

TITLE = "Your code"
WRONG = "This code is not right, or it was used already. Wait for the next one."


@get("/sign-in/code")
async def show(request: AnyRequest) -> Page:
    """The form, for somebody whose password was right."""
    door = Door(request)
    next_ = safe_next(request.query_params.get("next"))
    if await step_of(door) is None:
        return door.go(with_next("/sign-in", next_))
    return door.page(TITLE, _body(door, next_))


@post("/sign-in/code")
async def submit(request: AnyRequest) -> Page:
    """Check the code."""
    door = Door(request)
    data = await door.form()
    next_ = safe_next(data.get("next"))
    if not door.is_ours(data):
        return door.page(TITLE, _body(door, next_, STALE), status=403)
    step = await step_of(door)
    if step is None:
        return door.go(with_next("/sign-in", next_))
    async with door.database.transaction() as db:
        wait = await signing_in.count_code(db, step, visit=door.visit, now=door.now)
    if wait is not None:
        words = f"Too many codes. Wait {in_words(wait)}, then try again."
        return door.wait(TITLE, _body(door, next_, words), wait)
    async with door.database.transaction() as db:
        outcome = await signing_in.finish(
            db,
            door.keyring,
            step,
            request.cookies[STEP_COOKIE],
            data.get("code", ""),
            visit=door.visit,
            now=door.now,
        )
    if outcome is None:
        return door.page(TITLE, _body(door, next_, WRONG), status=403)
    door.come_in(outcome)
    return door.go(next_)


async def step_of(door: Door) -> Link | None:
    """Who proved a password in this browser a moment ago."""
    async with door.database.acquire() as db:
        token = door.request.cookies.get(STEP_COOKIE)
        return await look_at_link(db, token, "step", now=door.now)


def code_field(hint: str) -> Html:
    """The input for a code."""
    return field(
        "code",
        "Code",
        autocomplete="one-time-code",
        hint=hint,
        focus=True,
        extra=Html(' required autocapitalize="none" spellcheck="false"'),
    )


def _body(door: Door, next_: str, words: str = "") -> Html:
    hint = "Six digits from your authenticator app, or one of your recovery codes."
    fields = code_field(hint)
    return join(
        problem(words),
        form("/sign-in/code", csrf=door.csrf, button="Go on", fields=fields, next_=next_),
        link(with_next("/sign-in", next_), "Sign in as somebody else"),
    )
