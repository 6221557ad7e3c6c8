"""Errors as pages: in words, without what a stranger typed and without our insides."""

from __future__ import annotations

from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from earful.pages.door import AnyRequest, Door, Page
from earful.pages.markup import join, link, paragraph

_WORDS = {
    405: ("Not this way", "This page can't be used like that."),
    415: ("Not this way", "This page takes its own form only."),
    413: ("Too long", "The form was longer than any of ours can be. Go back and shorten it."),
}


def show_problem(request: AnyRequest, error: HTTPException) -> Page:
    """A page for an error of HTTP."""
    title, words = _WORDS.get(
        error.status_code, ("That did not work", "The request could not be understood.")
    )
    body = join(paragraph(words), link("/sign-in", "To the sign-in page"))
    return Door(request).page(title, body, status=error.status_code)


HANDLERS: ExceptionHandlersMap = {HTTPException: show_problem}
