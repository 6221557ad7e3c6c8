"""Pages take what a browser's form sends, and nothing else."""

from __future__ import annotations

from litestar.exceptions import ClientException
from litestar.status_codes import HTTP_415_UNSUPPORTED_MEDIA_TYPE

from earful.kit.bodies import type_of_body
from earful.pages.door import AnyRequest

_FORMS = ("", "application/x-www-form-urlencoded", "multipart/form-data")


def only_forms(request: AnyRequest) -> None:
    """Raise ClientException (415) for a body that no form of ours could have sent."""
    if type_of_body(request.headers) not in _FORMS:
        raise ClientException(status_code=HTTP_415_UNSUPPORTED_MEDIA_TYPE)
