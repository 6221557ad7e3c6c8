"""All pages of the portal, under one router that bounds what comes in."""

from __future__ import annotations

from litestar import Router
from litestar.exceptions import HTTPException

from earful.pages.door import AnyRequest, Page
from earful.pages.forms_only import only_forms
from earful.pages.markup import fill
from earful.pages.portal import assets, form, live, look, lost, more, talk
from earful.pages.portal.door import NOWHERE, PortalDoor
from earful.pages.portal.sent import LARGEST_FORM

_TOO_LARGE = "That was too large. Go back: your text is still there. Send smaller pictures."


def show_problem(request: AnyRequest, error: HTTPException) -> Page:
    """An error of HTTP as a page, without what a stranger typed."""
    words = _TOO_LARGE if error.status_code == 413 else "This could not be understood. Go back."
    door = PortalDoor(request, NOWHERE)
    return door.page("?", fill("<p>{words}</p>", words=words), status=error.status_code)


router = Router(
    path="/",
    route_handlers=[
        form.show,
        form.submit,
        talk.show,
        talk.submit,
        talk.set_mail,
        talk.take_back,
        live.show,
        more.show_help,
        more.show_public,
        more.show_legal,
        lost.show,
        lost.submit,
        look.show_css,
        look.show_logo,
        look.show_picture,
        look.show_public_picture,
        assets.get_css,
        assets.get_page_script,
        assets.get_widget,
    ],
    request_max_body_size=LARGEST_FORM,
    before_request=only_forms,
    exception_handlers={HTTPException: show_problem},
    include_in_schema=False,
)
