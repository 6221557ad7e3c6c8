"""/rate/{token}: how we did, asked by a link that needs no account, no script and no cookie.

The address is the secret: the form needs no proof, since no browser adds anything of its own.
"""

from __future__ import annotations

import math
from datetime import timedelta

from litestar import get, post

from earful.accounts import throttle
from earful.following import ratings
from earful.following.ratings import Asked
from earful.kit.refusal import Refused
from earful.pages.door import AnyRequest, Door, Page
from earful.pages.markup import Html, fill, form, join, paragraph, problem
from earful.pages.rating_words import RatingWords
from earful.stream.work import Works

SCORES = ("5", "4", "3", "2", "1")


@get("/rate/{token:str}")
async def show_rating(request: AnyRequest) -> Page:
    """Five answers to choose from, and room for words."""
    door, words = Door(request), _words(request)
    asked = await _look(door)
    if asked is None:
        return _gone(door, words)
    return _page(door, words, "title", _body(door, words, asked), brand=asked.brand)


@post("/rate/{token:str}")
async def answer_rating(request: AnyRequest) -> Page:
    """Keep the answer, and say thank you."""
    door, words = Door(request), _words(request)
    data = await door.form()
    if (wait := await _throttled(door)) is not None:
        told = words("wait", wait=_long(wait, words.language))
        title = words("title")
        return door.wait(title, join(problem(told)), wait, cookie=False, language=words.language)
    asked = await _look(door)
    if asked is None:
        return _gone(door, words)
    try:
        works = Works(door.database, lambda: door.now)
        async with works.open(asked.workspace_id, ratings.customer()) as work:
            await ratings.answer(work, asked.id, _score(data), data.get("words", ""))
    except Refused as error:
        why = words(error.slug) if error.slug in words else error.detail
        body = _body(door, words, asked, why, data)
        return _page(door, words, "title", body, status=422, brand=asked.brand)
    async with door.database.transaction() as db:
        await throttle.succeeded(db, **_counted(door))
    return _page(door, words, "thanks", paragraph(words("done")), brand=asked.brand)


def _words(request: AnyRequest) -> RatingWords:
    return RatingWords(request.headers.get("accept-language", ""))


def _page(
    door: Door, words: RatingWords, title: str, body: Html, *, status: int = 200, brand: str = ""
) -> Page:
    page = door.page(
        words(title), body, status=status, cookie=False, brand=brand, language=words.language
    )
    page.headers["Vary"] = "Accept-Language"
    return page


def _long(wait: timedelta, language: str) -> str:
    """A wait in words, or in signs that are read in every language."""
    if language == "en":
        return throttle.in_words(wait)
    seconds = max(1, math.ceil(wait.total_seconds()))
    return f"{seconds} s" if seconds < 120 else f"{math.ceil(seconds / 60)} min"


def _score(data: dict[str, str]) -> int:
    typed = data.get("score", "")
    return int(typed) if typed in SCORES else 0


async def _look(door: Door) -> Asked | None:
    async with door.database.acquire() as db:
        return await ratings.look(db, door.request.path_params["token"], door.now)


async def _throttled(door: Door) -> timedelta | None:
    async with door.database.transaction() as db:
        return await throttle.attempt(db, **_counted(door), now=door.now)


def _counted(door: Door) -> dict[str, str]:
    token: str = door.request.path_params["token"]
    return {"purpose": "rating", "account": token, "address": door.address}


def _gone(door: Door, words: RatingWords) -> Page:
    return _page(door, words, "gone", paragraph(words("gone_why")), status=404)


def _body(
    door: Door,
    words: RatingWords,
    asked: Asked,
    wrong: str = "",
    data: dict[str, str] | None = None,
) -> Html:
    typed = data or {}
    chosen = typed.get("score") or str(asked.score or "")
    choices = join(
        *(
            fill(_CHOICE, score=one, label=words(one), checked=Html("checked" * (chosen == one)))
            for one in SCORES
        )
    )
    fields = fill(
        _FIELDS,
        choices=choices,
        words=typed.get("words", asked.words),
        legend=words("legend"),
        label=words("words"),
    )
    token: str = door.request.path_params["token"]
    return join(
        problem(wrong),
        paragraph(words("asked", brand=asked.brand)),
        form(f"/rate/{token}", csrf="", button=words("send"), fields=fields),
        paragraph(words("kept", brand=asked.brand)),
    )


_CHOICE = """<label class="choice">
<input type="radio" name="score" value="{score}" required {checked}>
<span>{label}</span></label>"""

_FIELDS = """<fieldset class="choices"><legend>{legend}</legend>
{choices}</fieldset>
<div class="field"><label for="words">{label}</label>
<textarea id="words" name="words" rows="4" maxlength="2000" dir="auto">{words}</textarea></div>"""
