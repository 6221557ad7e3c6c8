"""Outgoing webhooks: who is told of events, and how well that goes."""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec
from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody

from earful.accounts import audit
from earful.accounts.acts import Act
from earful.accounts.secrets import context_of
from earful.accounts.tokens import new_token
from earful.api.caller import Called, Caller, check_id
from earful.api.once import once, once_shown
from earful.api.webhook_address import check_url
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.stream.work import Work

MOST = 50
_KIND = re.compile(r"[a-z_]{1,40}\.(\*|[a-z_]{1,40})")


class WebhookBody(msgspec.Struct, frozen=True):
    """Where to, and which kinds of event (`conversation.assigned`, `conversation.*`); none: all."""

    url: str
    kinds: list[str] = msgspec.field(default_factory=list)


class WebhookPatch(msgspec.Struct, frozen=True):
    """What to change; `active` starts a paused, failing or disabled one from where it stopped."""

    url: str | None = None
    kinds: list[str] | None = None
    state: Literal["active", "paused"] | None = None


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
    _check_kinds(data.kinds)
    await check_url(caller, data.url)
    async with caller.work("webhook.change") as work:

        async def act() -> tuple[dict[str, Any], dict[str, Any]]:
            secret = new_token()
            return await _add(caller, work, data, secret), {"secret": secret}

        return await once_shown(caller, work, act)


async def _add(caller: Caller, work: Work, data: WebhookBody, secret: str) -> dict[str, Any]:
    webhook_id = new_id()
    number = await work.db.fetchval(
        "SELECT count(*) FROM webhook WHERE workspace_id = $1", caller.workspace_id
    )
    if number >= MOST:
        raise Refused("too-many", f"A workspace has at most {MOST} webhooks.")
    sealed = _sealed(caller, webhook_id, secret)
    await work.db.execute(_ADD, caller.workspace_id, webhook_id, data.url, data.kinds, sealed,
                          work.now)  # fmt: skip
    shown = await _shown(work, webhook_id)
    await _tell(caller, work, "webhook.added", shown)
    return shown


@patch("/webhooks/{webhook_id:str}")
async def patch_webhook(
    caller: Called, webhook_id: FromPath[str], data: JSONBody[WebhookPatch]
) -> dict[str, Any]:
    """Change its address or kinds; pause it, or start it again from where it stopped."""
    check_id(webhook_id, "webhook")
    caller.need("webhook.change")
    _check_kinds(data.kinds or [])
    if data.url is not None:
        await check_url(caller, data.url)
    async with caller.work("webhook.change") as work:
        key = (caller.workspace_id, webhook_id)
        await work.db.execute(_CHANGE, *key, data.url, data.kinds)
        if data.state == "paused":
            await work.db.execute(_PAUSE, *key)
        elif data.state == "active":
            await work.db.execute(_RESTART, *key, work.now)
        shown = await _shown(work, webhook_id)
        paused = data.state == "paused"
        await _tell(caller, work, "webhook.paused" if paused else "webhook.changed", shown)
    return shown


@post("/webhooks/{webhook_id:str}/restart")
async def post_restart(caller: Called, webhook_id: FromPath[str]) -> dict[str, Any]:
    """Try a failing or disabled webhook again now, from where it stopped."""
    check_id(webhook_id, "webhook")
    async with caller.work("webhook.change") as work:

        async def act() -> dict[str, Any]:
            await work.db.execute(_RESTART, caller.workspace_id, webhook_id, work.now)
            shown = await _shown(work, webhook_id)
            await _tell(caller, work, "webhook.changed", shown)
            return shown

        return await once(caller, work, act, dict[str, Any])


@post("/webhooks/{webhook_id:str}/secret")
async def post_secret(caller: Called, webhook_id: FromPath[str]) -> dict[str, Any]:
    """A new secret, shown this once; what is told from now on is signed with it alone."""
    check_id(webhook_id, "webhook")
    async with caller.work("webhook.change") as work:

        async def act() -> tuple[dict[str, Any], dict[str, Any]]:
            secret = new_token()
            await work.db.execute(
                "UPDATE webhook SET secret = $3 WHERE workspace_id = $1 AND id = $2",
                caller.workspace_id,
                webhook_id,
                _sealed(caller, webhook_id, secret),
            )
            shown = await _shown(work, webhook_id)
            await _tell(caller, work, "webhook.rekeyed", shown)
            return shown, {"secret": secret}

        return await once_shown(caller, work, act)


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
        work.emit("webhook.removed", {"removed": webhook_id})
        await note(caller, work, "webhook.removed", webhook_id)


def _check_kinds(kinds: list[str]) -> None:
    if bad := [kind for kind in kinds if not _KIND.fullmatch(kind)]:
        raise Refused("invalid", f"{bad[0][:80]!r} is no kind of event.")


def _sealed(caller: Caller, webhook_id: str, secret: str) -> bytes:
    context = context_of(caller.workspace_id, "webhook.secret", webhook_id)
    sealed: bytes = caller.state.keyring.seal(secret.encode(), context=context)
    return sealed


async def _shown(work: Work, webhook_id: str) -> dict[str, Any]:
    rows = await work.db.fetch(_LIST, work.workspace_id)
    for row in rows:
        if row["id"] == webhook_id:
            return dict(row)
    raise NotFound("webhook")


async def _tell(caller: Caller, work: Work, act: Act, shown: dict[str, Any]) -> None:
    """Tell the stream and the audit log."""
    work.emit(act, {"webhook": shown})
    await note(caller, work, act, shown["id"])


async def note(caller: Caller, work: Work, act: Act, webhook_id: str) -> None:
    """Tell the audit log of an act on a webhook."""
    line = audit.Line(
        actor_kind="agent",
        actor_id=caller.id,
        act=act,
        object_kind="webhook",
        object_id=webhook_id,
    )
    await audit.append(work.db, caller.workspace_id, line, now=work.now)


_LIST = """
SELECT h.id, h.url, h.kinds, h.state, h.error, h.seq, h.attempts, h.failing_since, h.told_at,
  h.skipped,
  CASE WHEN h.state = 'active' THEN NULL ELSE h.run_at END AS next_try_at,
  coalesce(c.seq, h.seq) - h.seq AS behind, h.created_at
FROM webhook h LEFT JOIN event_counter c ON c.workspace_id = h.workspace_id
WHERE h.workspace_id = $1 ORDER BY h.id
"""

_ADD = """
INSERT INTO webhook (workspace_id, id, url, kinds, secret, seq, run_at, created_at)
SELECT $1, $2, $3, $4, $5, coalesce((SELECT seq FROM event_counter WHERE workspace_id = $1), 0),
  $6, $6
"""

_CHANGE = """
UPDATE webhook SET url = coalesce($3, url), kinds = coalesce($4, kinds)
WHERE workspace_id = $1 AND id = $2
"""

_PAUSE = "UPDATE webhook SET state = 'paused' WHERE workspace_id = $1 AND id = $2"

_RESTART = """
UPDATE webhook SET state = 'active', error = '', attempts = 0, run_at = $3, failing_since = NULL
WHERE workspace_id = $1 AND id = $2
"""

ROUTES = [get_webhooks, post_webhook, patch_webhook, post_restart, post_secret, delete_webhook]
