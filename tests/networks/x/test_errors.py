"""What X's refusals become, whatever they look like: words for a person, and the decision."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from earful.networks.contract import NetworkError, Reauthorize, Rejected, RetryLater, Uncertain
from earful.networks.x.errors import (
    NotAllowed,
    NotSummoned,
    NotThere,
    Spent,
    Twice,
    from_answer,
    wait_for,
)

NOW = datetime(2026, 8, 12, 18, 30, tzinfo=UTC)
SOON = str(int(NOW.timestamp()) + 90)
BODIES = (
    b"", b"<html>gateway</html>", b"null", b"[]", b'"no"', b"7", b"\xff\xfe", b"[" * 100_000,
    b'{"errors":"x"}', b'{"errors":[null,5,[]]}', b'{"errors":[{"message":null}]}',
    b'{"detail":null,"title":null,"type":null}', b'{"detail":{"a":1},"type":[]}',
    b'{"detail":"half \\ud83d"}', b'{"error":{"message":"x"}}', b'{"title":"Odd","status":"x"}',
)  # fmt: skip


def refusal(status: int, body: Any, *, writing: bool = False, **headers: str) -> NetworkError:
    """What an answer becomes."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return from_answer(status, told, content, now=NOW, writing=writing).decision


@pytest.mark.parametrize("status", [301, 400, 401, 402, 403, 404, 408, 409, 410, 413, 425, 429,
                                    451, 500, 502, 503, 529])  # fmt: skip
def test_any_status_with_any_body_is_a_decision_in_words(status: int) -> None:
    kinds = {
        (type(refusal(status, body, writing=writing)), writing)
        for body in BODIES
        for writing in (False, True)
        if len(str(refusal(status, body, writing=writing)).split()) > 2
    }
    assert kinds == {(EXPECTED.get(status, (Rejected, Rejected))[writing], writing == 1)
                     for writing in (0, 1)}  # fmt: skip


EXPECTED: dict[int, tuple[type[NetworkError], type[NetworkError]]] = {
    401: (Reauthorize, Reauthorize),
    402: (RetryLater, RetryLater),
    404: (NotThere, NotThere),
    410: (NotThere, NotThere),
    408: (RetryLater, Uncertain),
    425: (RetryLater, Uncertain),
    429: (Spent, Spent),
    500: (RetryLater, Uncertain),
    502: (RetryLater, Uncertain),
    503: (RetryLater, Uncertain),
    529: (RetryLater, Uncertain),
}

PROBLEMS = "https://api.twitter.com/2/problems/"


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (403, {"detail": "You can only reply to or quote posts where you are mentioned or are the "
                         "author.", "type": "about:blank"}, NotSummoned, "Open the post in X"),
        (403, {"detail": "Reply to this conversation is not allowed because you have not been "
                         "mentioned or otherwise engaged by the author of the post you are "
                         "replying to."}, NotSummoned, "Open the post in X"),
        (403, {"detail": "You are not allowed to create a Tweet with duplicate content."}, Twice,
         "second one"),
        (403, {"detail": "You are not allowed to create a Post with duplicate content."}, Twice,
         "second one"),
        (403, {"title": "Client Forbidden", "type": f"{PROBLEMS}client-forbidden",
               "reason": "client-not-enrolled", "detail": "Use a Project."}, NotAllowed, "plan"),
        (403, {"errors": [{"code": 453, "message": "You currently have access to a subset of X API "
                           "V2 endpoints."}]}, NotAllowed, "subset"),
        (403, {"errors": [{"code": 326, "message": "To protect our users, this account is "
                           "temporarily locked."}]}, Reauthorize, "locked our account"),
        (402, {"title": "CreditsDepleted", "type": f"{PROBLEMS}credits",
               "detail": "Your account has no credits."}, RetryLater, "no credits"),
        (429, {"title": "UsageCapExceeded", "type": f"{PROBLEMS}usage-capped",
               "detail": "Usage cap exceeded: Monthly product cap"}, RetryLater, "monthly cap"),
        (429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}, Spent, "rate limit"),
        (400, {"errors": [{"parameters": {"since_id": ["1"]}, "message": "'since_id' must be a "
                           "tweet id created after [2026-08-05T18:30Z]."}],
               "title": "Invalid Request", "type": f"{PROBLEMS}invalid-request"}, Rejected,
         "'since_id' must be"),
        (451, {"title": "Unavailable For Legal Reasons"}, Rejected, "Legal Reasons"),
    ],
)  # fmt: skip
def test_what_x_says(status: int, body: Any, kind: type[NetworkError], words: str) -> None:
    decision = refusal(status, body)
    assert type(decision) is kind
    assert words in str(decision)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 60),
        ({"x-rate-limit-reset": SOON}, 90),
        ({"retry-after": "7", "x-rate-limit-reset": SOON}, 7),
        ({"retry-after": "Wed, 12 Aug 2026 18:31:30 GMT", "x-rate-limit-reset": SOON}, 90),
        ({"retry-after": "inf"}, 60),
        ({"retry-after": "nan", "x-rate-limit-reset": "soon"}, 60),
        ({"x-rate-limit-reset": "-1"}, 1),
        ({"x-rate-limit-reset": str(int(NOW.timestamp() * 1000))}, 60),
        ({"x-rate-limit-reset": "9" * 400}, 60),
    ],
    ids=str,
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float) -> None:
    assert wait_for(headers, NOW) == seconds
