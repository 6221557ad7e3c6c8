"""/sign-in: e-mail address and password."""

from __future__ import annotations

from datetime import timedelta

from litestar import get, post
from litestar.background_tasks import BackgroundTask

from earful.accounts import passwords, signing_in
from earful.accounts.setup import anybody, needs_setup
from earful.accounts.signing_in import SignedIn, Step, Wrong
from earful.accounts.throttle import in_words
from earful.pages.door import AnyRequest, Door, Page
from earful.pages.markup import Html, field, form, join, link, problem
from earful.pages.onward import safe_next, with_next

TITLE = "Sign in"
WRONG = "This e-mail address and password do not go together."
STALE = "This form was open for too long. Please send it again."


@get("/sign-in")
async def show(request: AnyRequest) -> Page:
    """The form; somebody who is signed in goes on at once."""
    door = Door(request)
    next_ = safe_next(request.query_params.get("next"))
    if await door.principal() is not None:
        return door.go(next_)
    async with door.database.acquire() as db:
        if await needs_setup(db) and not await anybody(db):
            return door.go("/setup")
    return door.page(TITLE, _body(door, next_))


@post("/sign-in")
async def submit(request: AnyRequest) -> Page:
    """Check the password; on to the code, or in."""
    door = Door(request)
    data = await door.form()
    next_, email = safe_next(data.get("next")), data.get("email", "")
    if not door.is_ours(data):
        return door.page(TITLE, _body(door, next_, email, STALE), status=403)
    outcome = await _try(door, email, data.get("password", ""))
    if isinstance(outcome, timedelta):
        words = f"Too many attempts. Wait {in_words(outcome)}, then try again."
        return door.wait(TITLE, _body(door, next_, email, words), outcome)
    if isinstance(outcome, Wrong):
        # Written down after the answer, so that its time does not tell who has an account.
        task = BackgroundTask(_note, door, outcome)
        return door.page(TITLE, _body(door, next_, email, WRONG), status=403, task=task)
    return arrive(door, outcome, next_)


def arrive(door: Door, outcome: SignedIn | Step, next_: str) -> Page:
    """On to the code, or in."""
    if isinstance(outcome, SignedIn):
        door.come_in(outcome)
        return door.go(next_)
    door.step(outcome)
    return door.go(with_next("/sign-in/enrol" if outcome.enrol else "/sign-in/code", next_))


async def _try(door: Door, email: str, password: str) -> SignedIn | Step | timedelta | Wrong:
    async with door.database.transaction() as db:
        found = await signing_in.begin(db, email=email, visit=door.visit, now=door.now)
    if isinstance(found, timedelta):
        return found
    # No connection is held here, so a flood of guesses does not starve the desk.
    right = await passwords.matches(password, found.hash if found else None)
    if not right or found is None:
        return Wrong(found)
    async with door.database.transaction() as db:
        outcome = await signing_in.proven(
            db, found, email=email, password=password, visit=door.visit, now=door.now
        )
    return outcome or Wrong(found)


async def _note(door: Door, wrong: Wrong) -> None:
    if wrong.account is not None:
        async with door.database.transaction() as db:
            await signing_in.refused(db, wrong.account, now=door.now)


def _body(door: Door, next_: str, email: str = "", words: str = "") -> Html:
    fields = join(
        field(
            "email",
            "E-mail address",
            kind="email",
            value=email[:254],
            autocomplete="username",
            focus=not email,
            extra=Html(" required"),
        ),
        field(
            "password",
            "Password",
            kind="password",
            autocomplete="current-password",
            focus=bool(email),
            extra=Html(" required"),
        ),
    )
    return join(
        problem(words),
        form("/sign-in", csrf=door.csrf, button="Sign in", fields=fields, next_=next_),
        link("/password", "I forgot my password"),
    )
