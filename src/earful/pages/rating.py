"""/rate/{token}: how we did, asked by a link that needs no account, no script and no cookie.

The address is the secret: the form needs no proof, since no browser adds anything of its own.
"""

from __future__ import annotations

from datetime import timedelta

from litestar import get, post

from earful.accounts import throttle
from earful.following import ratings
from earful.following.ratings import Asked
from earful.kit.refusal import Refused
from earful.pages.door import AnyRequest, Door, Page
from earful.pages.markup import Html, fill, form, join, paragraph, problem
from earful.stream.work import Works

TITLE = "How did we do?"
_SCORES = ((5, "Very good"), (4, "Good"), (3, "So so"), (2, "Bad"), (1, "Very bad"))


@get("/rate/{token:str}")
async def show_rating(request: AnyRequest) -> Page:
    """Five answers to choose from, and room for words."""
    door = Door(request)
    asked = await _look(door)
    if asked is None:
        return _gone(door)
    return door.page(TITLE, _body(door, asked), cookie=False, brand=asked.brand)


@post("/rate/{token:str}")
async def answer_rating(request: AnyRequest) -> Page:
    """Keep the answer, and say thank you."""
    door = Door(request)
    data = await door.form()
    if (wait := await _throttled(door)) is not None:
        words = f"Please wait {throttle.in_words(wait)}, then send it again."
        return door.wait(TITLE, join(problem(words)), wait, cookie=False)
    asked = await _look(door)
    if asked is None:
        return _gone(door)
    try:
        works = Works(door.database, lambda: door.now)
        async with works.open(asked.workspace_id, ratings.customer()) as work:
            await ratings.answer(work, asked.id, _score(data), data.get("words", ""))
    except Refused as error:
        body = _body(door, asked, error.detail, data)
        return door.page(TITLE, body, status=422, cookie=False, brand=asked.brand)
    async with door.database.transaction() as db:
        await throttle.succeeded(db, **_counted(door))
    said = "It helps. You can change your answer by the same link."
    return door.page("Thank you", paragraph(said), cookie=False, brand=asked.brand)


def _score(data: dict[str, str]) -> int:
    typed = data.get("score", "")
    return int(typed) if typed in {str(score) for score, _ in _SCORES} else 0


async def _look(door: Door) -> Asked | None:
    async with door.database.acquire() as db:
        return await ratings.look(db, door.request.path_params["token"], door.now)


async def _throttled(door: Door) -> timedelta | None:
    async with door.database.transaction() as db:
        return await throttle.attempt(db, **_counted(door), now=door.now)


def _counted(door: Door) -> dict[str, str]:
    token: str = door.request.path_params["token"]
    return {"purpose": "rating", "account": token, "address": door.address}


def _gone(door: Door) -> Page:
    words = "It is too old, or was copied in part. Nothing more is needed from you."
    return door.page("This link does not work", paragraph(words), status=404, cookie=False)


def _body(door: Door, asked: Asked, words: str = "", data: dict[str, str] | None = None) -> Html:
    typed = data or {}
    chosen = typed.get("score") or str(asked.score or "")
    choices = join(
        *(
            fill(
                _CHOICE, score=score, label=label, checked=Html("checked" * (chosen == str(score)))
            )
            for score, label in _SCORES
        )
    )
    fields = fill(_FIELDS, choices=choices, words=typed.get("words", asked.words))
    told = f"You wrote to {asked.brand}. One answer is enough; words are welcome."
    token: str = door.request.path_params["token"]
    return join(
        problem(words),
        paragraph(told),
        form(f"/rate/{token}", csrf="", button="Send", fields=fields),
        paragraph(f"{asked.brand} keeps your answer with your conversation."),
    )


_CHOICE = """<label class="choice">
<input type="radio" name="score" value="{score}" required {checked}>
<span>{label}</span></label>"""

_FIELDS = """<fieldset class="choices"><legend>Your answer</legend>
{choices}</fieldset>
<div class="field"><label for="words">In your words (may stay empty)</label>
<textarea id="words" name="words" rows="4" maxlength="2000" dir="auto">{words}</textarea></div>"""
