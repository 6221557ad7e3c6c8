"""All pages, under one router that bounds what comes in and seals what goes out."""

from __future__ import annotations

from litestar import Router
from litestar.types import ControllerRouterHandler

from earful.pages import (
    assets,
    came_back,
    code,
    enrol,
    forgotten,
    links,
    paged,
    password_change,
    rating,
    roster_feed,
    setup,
    sign_in,
    sign_out,
)
from earful.pages.forms_only import only_forms
from earful.pages.portal import router as portal
from earful.pages.problems import HANDLERS

LARGEST_FORM = 64 * 1024
"""Bytes. A form of ours is far smaller."""

SEALS = {
    # No script at all, and nothing from elsewhere; no page of ours in anybody's frame.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # The address of a page may carry a token that must not be told to the next site. Not
    # "no-referrer": browsers then send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

routes: list[ControllerRouterHandler] = [
    Router(
        path="/",
        route_handlers=[
            sign_in.show,
            sign_in.submit,
            sign_out.show,
            sign_out.submit,
            code.show,
            code.submit,
            enrol.show,
            enrol.submit,
            setup.show,
            setup.submit,
            links.show_invitation,
            links.accept_invitation,
            links.show_password,
            links.choose_password,
            forgotten.show,
            forgotten.submit,
            password_change.show,
            password_change.submit,
            came_back.come_back,
            rating.show_rating,
            rating.answer_rating,
            roster_feed.show_feed,
            paged.show_page,
            paged.have_it,
            assets.stylesheet,
        ],
        request_max_body_size=LARGEST_FORM,
        before_request=only_forms,
        exception_handlers=HANDLERS,
        response_headers=SEALS,
        include_in_schema=False,
    ),
    portal,
]
