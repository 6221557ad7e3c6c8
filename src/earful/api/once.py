"""Idempotency keys: the same request again gets the first answer and does nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec

from earful.api.caller import Caller
from earful.kit.refusal import Refused
from earful.stream.work import Work

LONGEST_KEY = 200
T = TypeVar("T")


async def once(
    caller: Caller, work: Work, act: Callable[[], Awaitable[T]], shape: type[T] | Any
) -> T:
    """Do `act` unless this key was answered before, in the same transaction as the act.

    `shape` is the type of the answer. Raises Refused("key-reused") when the key came with another
    request.
    """
    if caller.key is None:
        return await act()
    key, digest = caller.key
    if not key or len(key) > LONGEST_KEY or "\0" in key:
        raise Refused("invalid", f"An idempotency key has 1 to {LONGEST_KEY} characters.")
    # Two at once: the second waits here until the first has committed, then finds its answer.
    await work.db.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"{caller.id}:{key}"
    )
    row = await work.db.fetchrow(
        """SELECT request_hash, answer FROM idempotency
           WHERE workspace_id = $1 AND agent_id = $2 AND key = $3""",
        caller.workspace_id,
        caller.id,
        key,
    )
    if row is not None:
        if row["request_hash"] != digest:
            raise Refused("key-reused", "This idempotency key came with another request before.")
        first: T = msgspec.json.decode(row["answer"], type=shape)
        return first
    answer = await act()
    await work.db.execute(
        """INSERT INTO idempotency (workspace_id, agent_id, key, request_hash, status, answer, at)
           VALUES ($1, $2, $3, $4, 200, $5, $6)""",
        caller.workspace_id,
        caller.id,
        key,
        digest,
        msgspec.json.encode(answer),
        work.now,
    )
    return answer


async def once_shown(
    caller: Caller, work: Work, act: Callable[[], Awaitable[tuple[dict[str, Any], dict[str, Any]]]]
) -> dict[str, Any]:
    """As `once`, for an act whose answer holds a secret: it is shown once and never kept.

    `act` gives what may be kept and what may not. A repeat raises Refused("already-made") with
    the first: the act is not done again, and whoever missed the secret makes another.
    """
    secret: dict[str, Any] | None = None

    async def keep() -> dict[str, Any]:
        nonlocal secret
        kept, secret = await act()
        return kept

    kept = await once(caller, work, keep, dict[str, Any])
    if secret is None:
        raise Refused(
            "already-made",
            "This was made by an earlier request with the same key, which was shown the secret. "
            "If that never arrived, make another.",
            made=kept,
        )
    return kept | secret
