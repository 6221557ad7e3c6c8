"""Idempotency keys: the same request again gets the first answer and does nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from litestar import Request, Response

from earful.api.caller import Caller
from earful.kit.refusal import Refused
from earful.stream.work import Work

LONGEST_KEY = 200


async def once(
    request: Request[Any, Any, Any],
    caller: Caller,
    work: Work,
    act: Callable[[], Awaitable[Any]],
    status: int = 201,
) -> Response[bytes]:
    """Do `act` unless this key was answered before, in the same transaction as the act.

    Raises Refused("key-reused") when the key came with another request.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return _answer(msgspec.json.encode(await act()), status)
    if not key or len(key) > LONGEST_KEY:
        raise Refused("invalid", f"An idempotency key has 1 to {LONGEST_KEY} characters.")
    digest = hashlib.sha256(request.url.path.encode() + b"\0" + await request.body()).digest()
    # Two at once: the second waits here until the first has committed, then finds its answer.
    await work.db.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{caller.id}:{key}"
    )
    row = await work.db.fetchrow(
        """SELECT request_hash, status, answer FROM idempotency
           WHERE workspace_id = $1 AND agent_id = $2 AND key = $3""",
        caller.workspace_id,
        caller.id,
        key,
    )
    if row is not None:
        if row["request_hash"] != digest:
            raise Refused("key-reused", "This idempotency key came with another request before.")
        return _answer(row["answer"], row["status"])
    answer = msgspec.json.encode(await act())
    await work.db.execute(
        """INSERT INTO idempotency (workspace_id, agent_id, key, request_hash, status, answer, at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        caller.workspace_id,
        caller.id,
        key,
        digest,
        status,
        answer,
        work.now,
    )
    return _answer(answer, status)


def _answer(body: bytes, status: int) -> Response[bytes]:
    return Response(body, status_code=status, media_type="application/json")
