"""Errors as problem+json (RFC 9457), in words that say what to do next."""

from __future__ import annotations

import errno
from typing import Any

import asyncpg
import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from earful.accounts.errors import AccountError, Invalid
from earful.intake.receive import PASSING
from earful.kit.paging import BadToken
from earful.kit.refusal import Refused

SEALS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
"""With every answer of the API that does not say otherwise."""

log = structlog.get_logger()
_STATUS = {
    "unauthorized": 401,
    "csrf": 403,
    "forbidden": 403,
    "not-found": 404,
    "throttled": 429,
    "empty": 422,
    "invalid": 422,
    "query": 422,
    "too-long": 422,
    "too-many": 422,
    "alt-missing": 422,
    "blocked-address": 422,
    "too-large": 413,
    "wrong-type": 415,
    "media-away": 503,
}
"""Status by slug; a refusal that depends on the state of things is a 409."""


def problem(slug: str, status: int, detail: str, **extra: Any) -> Response[bytes]:
    """A problem document."""
    body = {"type": slug, "title": slug.replace("-", " "), "status": status, "detail": detail}
    return Response(
        msgspec.json.encode(body | extra),
        status_code=status,
        media_type="application/problem+json",
        headers=dict(SEALS),
    )


def on_refused(request: Request[Any, Any, Any], error: Refused) -> Response[bytes]:
    """A refusal of ours."""
    answer = problem(error.slug, _STATUS.get(error.slug, 409), error.detail, **error.extra)
    if challenge := _challenge(request, error):
        answer.headers["WWW-Authenticate"] = challenge
    return answer


def _challenge(request: Request[Any, Any, Any], error: Refused) -> str | None:
    """What a program is told to send instead (RFC 6750, section 3); with a 401 always."""
    if error.slug == "forbidden" and "scope" in error.extra:
        return f'Bearer realm="earful", error="insufficient_scope", scope="{error.extra["scope"]}"'
    if error.slug != "unauthorized":
        return None
    sent = request.headers.get("authorization", "").lower().startswith("bearer ")
    return 'Bearer realm="earful"' + (', error="invalid_token"' if sent else "")


def on_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """What the framework refuses: a wrong method, a body that cannot be read."""
    if words := _asked_wrongly(request, error):
        return problem("invalid", 422, words, errors=error.extra)
    slug = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}.get(
        error.status_code, "invalid"
    )
    extra = {"errors": error.extra} if error.extra else {}
    answer = problem(slug, error.status_code, error.detail, **extra)
    answer.headers.update(error.headers or {})  # of a wrong method: those allowed
    return answer


_ASKED_AS = {"first": "from", "since": "from", "last": "to", "until": "to"}
"""How a question calls what the code can't: `from` is no name there."""


def _asked_wrongly(request: Request[Any, Any, Any], error: HTTPException) -> str:
    """What is wrong with a question's values, in words; empty where something else is wrong.

    A question that was understood and makes no sense is a 422, whoever found it: the framework
    says 400, which is kept for bodies that cannot be read.
    """
    extra = error.extra if isinstance(error, ValidationException) else None
    found = [one for one in extra or () if isinstance(one, dict)]
    if not found or any(one.get("source") != "query" for one in found):
        return ""
    asked = request.query_params
    told = []
    for one in found:
        name = str(one.get("key"))
        name = name if name in asked else _ASKED_AS.get(name, name)
        told.append(f"`{name}`: {str(one.get('message')).rstrip('.')}.")
    return " ".join(told)


def on_account(_: Request[Any, Any, Any], error: AccountError) -> Response[bytes]:
    """What accounts refuse; `field` names the field it is about."""
    field = {"field": error.field} if isinstance(error, Invalid) else {}
    return problem(error.slug, _STATUS.get(error.slug, 409), str(error), **field)


def on_data(_: Request[Any, Any, Any], error: asyncpg.DataError) -> Response[bytes]:
    """A value that the database cannot hold: a null byte, a number beyond bounds."""
    log.warning("unstorable value", error=type(error).__name__)
    return problem("invalid", 422, "One of the values cannot be stored: check it and try again.")


def on_unreadable(_: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """A body that the decoder gives up on: no UTF-8, or lists in lists without end."""
    log.warning("unreadable body", error=type(error).__name__)
    return problem("invalid", 400, "The body of this request is no sensible JSON in UTF-8.")


def on_bad_token(_: Request[Any, Any, Any], error: BadToken) -> Response[bytes]:
    """A page token that is not ours."""
    return problem("invalid", 422, str(error))


def on_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Anything else: told apart into the database being away, and a mistake of ours."""
    if isinstance(error, asyncpg.DiskFullError) or getattr(error, "errno", 0) == errno.ENOSPC:
        log.error("disk full", path=_route(request))
        return problem(
            "unavailable", 503, "The disk is full. Nothing was changed; free some space."
        )
    if isinstance(error, PASSING):
        log.warning("database away", error=type(error).__name__)
        return problem("unavailable", 503, "The database does not answer. Try again in a moment.")
    log.error("request failed", path=_route(request), error=type(error).__name__, exc_info=error)
    return problem("internal", 500, "Something broke on our side. Nothing of yours was lost.")


def _route(request: Request[Any, Any, Any]) -> str:
    """The path as it was declared: what stands in it may be a tag with somebody's name."""
    return str(request.scope.get("path_template") or "other")


HANDLERS: dict[Any, Any] = {
    Refused: on_refused,
    asyncpg.DataError: on_data,
    AccountError: on_account,
    BadToken: on_bad_token,
    UnicodeDecodeError: on_unreadable,
    RecursionError: on_unreadable,
    HTTPException: on_http,
    Exception: on_error,
}
