"""/metrics for Prometheus: how the desk does, in figures without names."""

from __future__ import annotations

import ipaddress
from datetime import UTC
from time import perf_counter
from typing import Any

from litestar import Request, Response, get
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)

from earful.accounts.identify import identify
from earful.accounts.visitors import client_address
from earful.intake.receive import PASSING
from earful.kit.refusal import Refused

STEPS = (0.005, 0.015, 0.05, 0.15, 0.5, 1.5, 5.0)
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip")


class Metrics:
    """The figures of one web process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "earful_http_requests",
            "Requests by route and status.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.latency = Histogram(
            "earful_http_request_seconds",
            "Seconds to the beginning of the answer.",
            ["method", "route"],
            buckets=STEPS,
            registry=self.registry,
        )
        self.up = self._gauge("db_up", "Whether the database answers.")
        self.subscribers = self._gauge("stream_subscribers", "Screens connected to this process.")
        self.open = self._gauge("conversations_open", "Conversations that are not resolved.")
        self.unanswered = self._gauge("messages_unanswered", "Messages that wait for an answer.")
        self.oldest = self._gauge("oldest_waiting_seconds", "How long the longest has waited.")
        self.deliveries = self._gauge("deliveries", "Replies by state, unsent ones only.", "state")
        self.workers = self._gauge("workers", "Worker processes heard of within half a minute.")
        self.work = self._gauge(
            "worker_done", "What a worker has done since it began.", "worker", "what"
        )
        self.spend = self._gauge(
            "channel_spend_today_dollars", "What a channel cost since midnight UTC.", "channel"
        )
        self.seq = self._gauge("event_seq", "Last event.", "workspace")

    def _gauge(self, name: str, words: str, *labels: str) -> Gauge:
        return Gauge(f"earful_{name}", words, labels, registry=self.registry)

    async def look(self, state: Any, workspace_id: str | None = None) -> None:
        """Bring the gauges up to date, of all workspaces or one.

        Without a database those of the process remain. Nothing is awaited after the reading, so
        that whoever asks for one workspace gets no figure of another.
        """
        self.subscribers.set(state.hub.size())
        try:
            async with state.database.acquire() as db:
                desk = await db.fetchrow(_DESK, workspace_id)
                moving = {r["state"]: r["n"] for r in await db.fetch(_DELIVERIES, workspace_id)}
                counters = await db.fetch(_COUNTERS, workspace_id)
                workers = await db.fetch(_WORKERS, state.now())
                costs = await db.fetch(_SPEND, state.now().astimezone(UTC).date(), workspace_id)
        except PASSING:
            self.up.set(0)
            return
        self.up.set(1)
        self.open.set(desk["open"])
        self.unanswered.set(desk["unanswered"])
        since = desk["oldest"]
        self.oldest.set(max(0.0, (state.now() - since).total_seconds()) if since else 0)
        for name in ("queued", "sending", "held", "failed", "uncertain"):
            self.deliveries.labels(name).set(moving.get(name, 0))
        self.workers.set(len(workers))
        self.work.clear()
        for row in workers:
            for what, number in row["counts"].items():
                # Of the name the process and its birth: the machine's own stays at home.
                self.work.labels(":".join(row["name"].split("|")[1:3]), what).set(number)
        self.spend.clear()
        for row in costs:
            self.spend.labels(row["channel_id"]).set(int(row["micros"]) / 1_000_000)
        self.seq.clear()
        for row in counters:
            self.seq.labels(row["workspace_id"]).set(row["seq"])


METRICS = Metrics()


def measuring(app: ASGIApp) -> ASGIApp:
    """Middleware that counts and times each request by its route's template."""

    async def measured(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        began = perf_counter()
        route = scope.get("path_template") or "other"
        method = scope["method"] if scope["method"] in _METHODS else "other"

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                METRICS.requests.labels(method, route, message["status"]).inc()
                METRICS.latency.labels(method, route).observe(perf_counter() - began)
            await send(message)

        await app(scope, receive, noting)

    return measured


@get("/metrics", include_in_schema=False)
async def get_metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Figures, for this machine or a lead's token with the scope admin."""
    state = request.app.state
    of = None if _is_near(request) else await _whose(request)
    await METRICS.look(state, of)
    return Response(
        generate_latest(METRICS.registry), headers={"content-type": CONTENT_TYPE_LATEST}
    )


def _is_near(request: Request[Any, Any, Any]) -> bool:
    """Whether this machine asks itself, and not a proxy on it for somebody else."""
    settings = request.app.state.settings
    forwarded = any(name in request.headers for name in FORWARDED)
    if forwarded and not settings.behind_proxy:
        return False
    peer = request.client.host if request.client else None
    header = ",".join(request.headers.getall("x-forwarded-for", []))
    try:
        address = client_address(peer, header, behind_proxy=settings.behind_proxy)
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


async def _whose(request: Request[Any, Any, Any]) -> str:
    """The workspace of the token that asks. Raises Refused."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    state = request.app.state
    if scheme.lower() == "bearer":
        async with state.database.acquire() as db:
            who = await identify(db, cookie=None, bearer=token.strip(), now=state.now())
        if who is not None and who.may("token.change"):
            return who.workspace_id
    raise Refused("unauthorized", "Ask from the machine itself, or with an admin token.")


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

# Two indexes hold all of it: one on what is not resolved, one on what is not answered.
_DESK = """
SELECT (SELECT count(*) FROM conversation WHERE status <> 'resolved'
    AND ($1::uuid IS NULL OR workspace_id = $1)) AS open,
  coalesce(sum(unanswered), 0) AS unanswered, min(waiting_since) AS oldest
FROM conversation WHERE unanswered > 0 AND ($1::uuid IS NULL OR workspace_id = $1)
"""

_DELIVERIES = """
SELECT state, count(*) AS n FROM delivery
WHERE state IN ('queued', 'sending', 'held', 'failed', 'uncertain')
  AND ($1::uuid IS NULL OR workspace_id = $1) GROUP BY state
"""

_COUNTERS = """
SELECT workspace_id, seq FROM event_counter WHERE $1::uuid IS NULL OR workspace_id = $1
"""

_WORKERS = """
SELECT name, counts FROM worker WHERE seen_at > $1::timestamptz - interval '30 seconds'
"""

_SPEND = """
SELECT channel_id, sum(micros) AS micros FROM channel_spend
WHERE day = $1 AND ($2::uuid IS NULL OR workspace_id = $2) GROUP BY 1
"""

ROUTES = [get_metrics]
