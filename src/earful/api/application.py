"""Puts the API together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from earful import __version__
from earful.api import (
    alerts,
    assignment,
    audit_log,
    authorizations,
    board,
    channel_care,
    channels,
    clocks,
    contact_tags,
    contacts,
    conversations,
    coverage,
    desk_hooks,
    figures,
    folds,
    following,
    giving,
    handoffs,
    health,
    hooks,
    hours,
    inboxes,
    insights,
    judgement,
    judgements,
    ladders,
    linking,
    macros,
    mail,
    media,
    merging,
    metrics,
    moving,
    networks,
    notes,
    observations,
    other_desks,
    outreach,
    pagers,
    people,
    persons,
    policies,
    portals,
    post_now,
    posts,
    prepared,
    presence,
    problems,
    promises,
    readiness,
    rehearsal,
    replies,
    responder,
    retention,
    roster,
    rules,
    saved_views,
    screen,
    searches,
    set_aside,
    snapshot,
    standing,
    stream,
    tags,
    teams,
    waiting,
    webhook_test,
    webhooks,
    workspace,
    workspace_name,
)
from earful.api.caller import provide_caller
from earful.api.json_only import only_json
from earful.api.open_hooks import OpenHooks
from earful.api.outermost import outermost
from earful.kit.fresh import Fresh

REACH_GOOD_FOR = 3600.0
"""Seconds for which a network is not asked again whether somebody takes private messages."""
LARGEST_BODY = 16 * 1024 * 1024


def build(state: State, pages: Sequence[Any], lifespan: Sequence[Any] = ()) -> Litestar:
    """The web application. `state` has database, works, hub, settings, keyring, media and now."""
    state.reach = Fresh(state.now, REACH_GOOD_FOR) if "now" in state else None
    api = Router(
        path="/api/v1",
        route_handlers=[
            *conversations.ROUTES,
            *assignment.ROUTES,
            *judgement.ROUTES,
            *judgements.ROUTES,
            *prepared.ROUTES,
            *waiting.ROUTES,
            *notes.ROUTES,
            *merging.ROUTES,
            *presence.ROUTES,
            *replies.ROUTES,
            *post_now.ROUTES,
            *posts.ROUTES,
            *moving.ROUTES,
            *stream.ROUTES,
            *snapshot.ROUTES,
            *networks.ROUTES,
            *channels.ROUTES,
            *channel_care.ROUTES,
            *authorizations.ROUTES,
            *people.ROUTES,
            *portals.ROUTES,
            *inboxes.ROUTES,
            *insights.ROUTES,
            *observations.ROUTES,
            *hours.ROUTES,
            *policies.ROUTES,
            *clocks.ROUTES,
            *teams.ROUTES,
            *tags.ROUTES,
            *macros.ROUTES,
            *rules.ROUTES,
            *outreach.ROUTES,
            *searches.ROUTES,
            *saved_views.ROUTES,
            *media.ROUTES,
            *webhooks.ROUTES,
            *webhook_test.ROUTES,
            *contacts.ROUTES,
            *contact_tags.ROUTES,
            *retention.ROUTES,
            *set_aside.ROUTES,
            *workspace.ROUTES,
            *workspace_name.ROUTES,
            *audit_log.ROUTES,
            *mail.ROUTES,
            *rehearsal.ROUTES,
            *readiness.ROUTES,
            *pagers.ROUTES,
            *ladders.ROUTES,
            *alerts.ROUTES,
            *other_desks.ROUTES,
            *folds.ROUTES,
            *following.ROUTES,
            *roster.ROUTES,
            *standing.ROUTES,
            *coverage.ROUTES,
            *board.ROUTES,
            *figures.ROUTES,
            *giving.ROUTES,
            *promises.ROUTES,
            *responder.ROUTES,
            *handoffs.ROUTES,
            *persons.ROUTES,
            *linking.ROUTES,
        ],
        dependencies={"caller": Provide(provide_caller)},
        before_request=only_json,
        response_headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"},
    )
    state.hook_pace = hooks.HookPace(state)
    state.open_hooks = OpenHooks(state)
    state.check_pace = channel_care.CheckPace()
    app = Litestar(
        route_handlers=[
            api,
            *hooks.ROUTES,
            *desk_hooks.ROUTES,
            *health.ROUTES,
            *metrics.ROUTES,
            *screen.ROUTES,
            *pages,
        ],
        state=state,
        middleware=[metrics.measuring],
        exception_handlers=problems.HANDLERS,
        lifespan=list(lifespan),
        on_shutdown=[state.open_hooks.close],
        request_max_body_size=LARGEST_BODY,
        openapi_config=OpenAPIConfig(
            title="Earful",
            version=__version__,
            path="/api/v1/schema",
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        ),
        logging_config=None,
    )
    app.asgi_handler = outermost(app.asgi_handler)
    return app


def paths() -> list[str]:
    """The paths of all routes of the API, for the tests of the reference docs."""
    app = build(State({"database": None}), [])
    return sorted(route.path for route in app.routes if route.path.startswith("/api/v1/"))
