"""Outgoing webhooks: who is told of events."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from earful.accounts import audit
from earful.accounts.secrets import context_of
from earful.accounts.tokens import new_token
from earful.api.caller import Called, Caller, check_id
from earful.api.once import once
from earful.kit.addresses import LOOPBACK, Blocked, Guard, networks_of
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.stream.work import Work

MOST = 50
_KIND = re.compile(r"[a-z_]{1,40}\.(\*|[a-z_]{1,40})")


class WebhookBody(msgspec.Struct, frozen=True):
    """Where to, and which kinds of event (`conversation.assigned`, `conversation.*`); none: all."""

    url: str
    kinds: list[str] = msgspec.field(default_factory=list)


@get("/webhooks")
async def get_webhooks(caller: Called) -> list[dict[str, Any]]:
    """All webhooks, with how they are; without their secrets."""
    caller.need("webhook.change")
    async with caller.state.database.acquire() as db:
        rows = await db.fetch(_LIST, caller.workspace_id)
    return [dict(row) for row in rows]


@post("/webhooks")
async def post_webhook(caller: Called, data: JSONBody[WebhookBody]) -> dict[str, Any]:
    """A new webhook, told what happens from now on. Its secret is shown this once."""
    caller.need("webhook.change")
    if bad := [kind for kind in data.kinds if not _KIND.fullmatch(kind)]:
        raise Refused("invalid", f"{bad[0][:80]!r} is no kind of event.")
    await _check_url(caller, data.url)
    secret = new_token()
    added = False
    async with caller.work("webhook.change") as work:

        async def act() -> dict[str, Any]:
            nonlocal added
            added = True
            return await _add(caller, work, data, secret)

        shown = await once(caller, work, act, dict[str, Any])
    # The kept answer has no secret in it: a repeat is told the rest.
    return shown | {"secret": secret} if added else shown


async def _add(caller: Caller, work: Work, data: WebhookBody, secret: str) -> dict[str, Any]:
    webhook_id = new_id()
    number = await work.db.fetchval(
        "SELECT count(*) FROM webhook WHERE workspace_id = $1", caller.workspace_id
    )
    if number >= MOST:
        raise Refused("too-many", f"A workspace has at most {MOST} webhooks.")
    context = context_of(caller.workspace_id, "webhook.secret", webhook_id)
    sealed = caller.state.keyring.seal(secret.encode(), context=context)
    await work.db.execute(_ADD, caller.workspace_id, webhook_id, data.url, data.kinds, sealed,
                          work.now)  # fmt: skip
    shown = await _shown(work, webhook_id)
    await _tell(caller, work, "webhook.added", webhook_id, {"webhook": shown})
    return shown


@post("/webhooks/{webhook_id:str}/restart")
async def post_restart(caller: Called, webhook_id: FromPath[str]) -> dict[str, Any]:
    """Try a failing or disabled webhook again now, from where it stopped."""
    check_id(webhook_id, "webhook")
    async with caller.work("webhook.change") as work:
        await work.db.execute(
            """UPDATE webhook SET state = 'active', error = '', attempts = 0, run_at = $3,
                 failing_since = NULL WHERE workspace_id = $1 AND id = $2""",
            caller.workspace_id,
            webhook_id,
            work.now,
        )
        shown = await _shown(work, webhook_id)
        await _tell(caller, work, "webhook.changed", webhook_id, {"webhook": shown})
    return shown


@delete("/webhooks/{webhook_id:str}")
async def delete_webhook(caller: Called, webhook_id: FromPath[str]) -> None:
    """Tell it nothing more."""
    check_id(webhook_id, "webhook")
    async with caller.work("webhook.change") as work:
        gone = await work.db.fetchval(
            "DELETE FROM webhook WHERE workspace_id = $1 AND id = $2 RETURNING true",
            caller.workspace_id,
            webhook_id,
        )
        if not gone:
            raise NotFound("webhook")
        await _tell(caller, work, "webhook.removed", webhook_id, {"removed": webhook_id})


async def _shown(work: Work, webhook_id: str) -> dict[str, Any]:
    rows = await work.db.fetch(_LIST, work.workspace_id)
    for row in rows:
        if row["id"] == webhook_id:
            return dict(row)
    raise NotFound("webhook")


async def _tell(
    caller: Caller, work: Work, act: str, webhook_id: str, data: dict[str, Any]
) -> None:
    work.emit(act, data)
    line = audit.Line(
        actor_kind="agent",
        actor_id=caller.id,
        act=act,
        object_kind="webhook",
        object_id=webhook_id,
    )
    await audit.append(work.db, caller.workspace_id, line, now=work.now)


async def _check_url(caller: Caller, url: str) -> None:
    """Raise Refused in words unless `url` may be called. It is checked again at every call."""
    async with caller.state.database.acquire() as db:
        rehearsal = await db.fetchval(
            "SELECT rehearsal FROM workspace WHERE id = $1", caller.workspace_id
        )
    allowed = networks_of(caller.state.settings.outgoing_allow)
    guard = Guard(LOOPBACK, public=False) if rehearsal else Guard(allowed)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        host, parts = "", None
    if parts is None or parts.scheme not in ("https", "http") or not host or len(url) > 2000:
        raise Refused("invalid", "A webhook's address looks like https://example.org/earful.")
    if parts.username is not None or parts.password is not None:
        raise Refused("invalid", "Leave name and password out of the address.")
    try:
        found = await guard.addresses(host, port)
    except Blocked as error:
        raise Refused("blocked-address", str(error)) from None
    if parts.scheme == "http" and not all(guard.is_exempt(address) for address in found):
        raise Refused("invalid", "Events carry personal data: the address must begin with https.")


_LIST = """
SELECT id, url, kinds, state, error, seq, attempts, failing_since, created_at
FROM webhook WHERE workspace_id = $1 ORDER BY id
"""

_ADD = """
INSERT INTO webhook (workspace_id, id, url, kinds, secret, seq, run_at, created_at)
SELECT $1, $2, $3, $4, $5, coalesce((SELECT seq FROM event_counter WHERE workspace_id = $1), 0),
  $6, $6
"""

ROUTES = [get_webhooks, post_webhook, post_restart, delete_webhook]
