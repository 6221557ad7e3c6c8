"""X's ways of saying no, in its problem format.

Where X's problem has no type (`about:blank`) the answer carries `code` and `message` too, so that
both descriptions of the API hold for it.
"""

from __future__ import annotations

from typing import Any

from earful.networks.x.simulator.wire import Answer

PROBLEMS = "https://api.x.com/2/problems/"
PROBLEM = {"content-type": "application/problem+json"}
PLAIN = {"content-type": "application/json; charset=utf-8"}

NOT_SUMMONED = (
    "You can only reply to or quote posts where you are mentioned or are the author.",
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise "
    "engaged by the author of the post you are replying to.",
)
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."

_TITLES = {
    400: "Invalid Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


class Trouble(Exception):
    """A request that is answered with a problem."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer.body))
        self.answer = answer


def blank(status: int, detail: str = "", code: int = 0, **more: Any) -> Answer:
    """A problem without a type of its own."""
    title = _TITLES[status]
    body = {
        "title": title,
        "detail": detail or title,
        "type": "about:blank",
        "status": status,
        "code": code or status,
        "message": detail or title,
        **more,
    }
    return Answer(status, body, PLAIN)


def invalid(parameter: str, value: str, message: str) -> Trouble:
    """400 for one parameter."""
    body = {
        "errors": [{"parameters": {parameter: [value]}, "message": message}],
        "title": "Invalid Request",
        "detail": "One or more parameters to your request was invalid.",
        "type": PROBLEMS + "invalid-request",
    }
    return Trouble(Answer(400, body, PROBLEM))


def forbidden(detail: str, code: int = 0) -> Trouble:
    """403 for good."""
    return Trouble(blank(403, detail, code))


def missing(kind: str, parameter: str, value: str) -> dict[str, Any]:
    """What stands in `errors` for something that is not there."""
    return {
        "value": value,
        "detail": f"Could not find {kind} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": value,
        "type": PROBLEMS + "resource-not-found",
    }


def hidden(kind: str, parameter: str, value: str) -> dict[str, Any]:
    """What stands in `errors` for something that is not for us to see."""
    return {
        "value": value,
        "detail": f"Sorry, you are not authorized to see the {kind} with {parameter}: [{value}].",
        "title": "Authorization Error",
        "section": "data",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": value,
        "type": PROBLEMS + "not-authorized-for-resource",
    }


def not_found(kind: str, parameter: str, value: str) -> Trouble:
    """404 for a whole request."""
    return Trouble(Answer(404, missing(kind, parameter, value) | {"status": 404}, PROBLEM))


def unsupported(wanted: str) -> Trouble:
    """403 for a token of the wrong kind."""
    detail = (
        "Authenticating with this kind of token is forbidden for this endpoint. "
        f"Supported authentication types are [{wanted}]."
    )
    answer = blank(403, detail)
    body = answer.body | {
        "title": "Unsupported Authentication",
        "type": "https://api.twitter.com/2/problems/unsupported-authentication",
    }
    return Trouble(Answer(403, body, PLAIN))
