"""A workspace with one of everything, and how each route is asked for it."""

from __future__ import annotations

import io
from typing import Any

import msgspec
from litestar import Litestar
from PIL import Image

from earful.kit.ids import new_id
from tests.api.client import API, Client
from tests.cast import Cast, post
from tests.desk.acts import answer, home_of, rows, take

RULE: dict[str, Any] = {
    "name": "Refunds",
    "conditions": [{"field": "text", "values": ["refund"]}],
    "acts": [{"do": "tag", "value": "billing"}],
}
SEARCH: dict[str, Any] = {"name": "Us", "query": "northwind"}
OFFICE = {"zone": "Europe/Berlin", "week": {"mon-fri": ["09:00-17:00"]}}
POLICY = {"name": "All", "severities": {"3": {"first_response": {"within": 600}}}}


class World(msgspec.Struct):
    """The ids of one of each thing in a workspace."""

    conversation: str
    contact: str
    message: str
    delivery: str
    channel: str
    inbox: str
    agent: str
    team: str
    token: str
    session: str
    macro: str
    rule: str
    search: str
    mention: str
    fold: str
    view: str
    media: str
    webhook: str
    aside: str
    desk: str
    link: str
    pager: str
    ladder: str
    alert: str
    shift: str
    absence: str
    promise: str
    feed: str
    hours: str
    policy: str
    theme: str
    tag: str = "secret-tag"

    def param(self, name: str) -> str:
        """What stands for `{name}` in a path."""
        if name == "cause":
            return "breach"  # every workspace has the same
        if name == "network":
            return "nowhere"  # those there are, every workspace has
        found: str = getattr(self, "tag" if name == "name" else name.removesuffix("_id"))
        return found


def picture() -> bytes:
    """A small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (4, 3), "red").save(out, "PNG")
    return out.getvalue()


CALENDAR = """BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART:20261207T090000Z
DTEND:20261207T170000Z
END:VEVENT
END:VCALENDAR
"""


def weekly(agent_id: str | None) -> dict[str, Any]:
    """A shift on all days."""
    days = {"from_day": "2026-11-02", "opens": "09:00", "closes": "17:00"}
    return days | {"agent_id": agent_id, "note": "early"}


def away(agent_id: str | None) -> dict[str, Any]:
    """A day's absence."""
    day = {"starts_at": "2026-11-02T00:00:00Z", "ends_at": "2026-11-03T00:00:00Z"}
    return day | {"agent_id": agent_id, "kind": "sick"}


async def furnish(cast: Cast, owner: Client) -> World:
    """Make one of everything."""
    await take(cast, post(f"{cast.workspace_id}-1", "@Northwind secret-word"))
    home = await home_of(cast, f"{cast.workspace_id}-1")
    [message] = await rows(
        cast, "SELECT id, author_id FROM message WHERE conversation_id = $1", home
    )
    delivery = await answer(cast, home, undo_for=60)
    await owner.put(f"/conversations/{home}/tags/secret-tag")
    promise = await owner.post(
        f"/conversations/{home}/promises",
        {"words": "secret-word", "due_at": "2026-11-09T09:00:00Z"},
    )
    macro = await owner.post("/macros", {"name": "Sorry", "text": "We are sorry"})
    rule = await owner.post("/rules", RULE)
    search = await owner.post("/searches", SEARCH)
    view = await owner.post("/views", {"name": "Angry", "filter": {"severity": 3}})
    team = await owner.post("/teams", {"name": "Billing", "agent_ids": [cast.bob.id]})
    token = await owner.post("/tokens", {"name": "script", "scopes": ["read"]})
    media = await owner.post("/media", picture(), headers={"content-type": "image/png"})
    hours = await owner.post("/hours", {"name": "Office", "calendar": OFFICE})
    policy = await owner.post("/policies", POLICY)
    [session] = (await owner.get("/sessions")).json()
    webhook, aside, desk, link, mention, theme, fold = (new_id() for _ in range(7))
    async with cast.database.acquire() as db:
        await db.execute(
            """INSERT INTO webhook (workspace_id, id, url, secret, seq, run_at, created_at)
               VALUES ($1, $2, 'https://hook.example', 'x', 0, $3, $3)""",
            cast.workspace_id,
            webhook,
            cast.time(),
        )
        await db.execute(
            """INSERT INTO other_desk (workspace_id, id, kind, name, url, secret, hook, created_at)
               VALUES ($1, $2, 'zammad', 'Theirs', 'https://zammad.example', 'x', 'x', $3)""",
            cast.workspace_id,
            desk,
            cast.time(),
        )
        await db.execute(
            """INSERT INTO contact_link
                 (workspace_id, id, one_id, other_id, state, agent_id, proposed_at)
               VALUES ($1, $2, $3, $4, 'proposed', $5, $6)""",
            cast.workspace_id,
            link,
            message["author_id"],
            new_id(),
            cast.bob.id,
            cast.time(),
        )
        await db.execute(
            """INSERT INTO judgement (workspace_id, message_id, kind, sentiment, urgency, severity,
                 language, shaming, sensitive, entities, reasons, model, judged_at)
               VALUES ($1, $2, 'question', 0, 'none', 4, 'en', '', '', '[]', '{secret-word}',
                 'shipped', $3)""",
            cast.workspace_id,
            message["id"],
            cast.time(),
        )
        await db.execute(
            "INSERT INTO folded (workspace_id, conversation_id, fold_id, kept_at) "
            "VALUES ($1, $2, $3, $4)",
            cast.workspace_id,
            home,
            fold,
            cast.time(),
        )
        await db.execute(
            """INSERT INTO mention (workspace_id, id, channel_id, network, external_id, search_ids,
                 author_external_id, author_handle, author_name, author_avatar, text, language,
                 url, post, kind, sentiment, severity, state, published_at, found_at)
               VALUES ($1, $2, $3, 'rehearsal', 'm', '{}', 'z', 'z', 'secret-word', '',
                 'secret-word', 'en', '', '{}', 'question', 0, 4, 'dismissed', $4, $4)""",
            cast.workspace_id,
            mention,
            cast.channel.id,
            cast.time(),
        )
        await db.execute(
            """INSERT INTO theme (workspace_id, id, day, span, rank, label, phrases, usual, course,
                 suspected)
               VALUES ($1, $2, $3, 'day', 0, 'secret-word', '{secret-word}', 0, '{0,1}', '{}')""",
            cast.workspace_id,
            theme,
            cast.time().date(),
        )
        await db.execute(
            "INSERT INTO theme_post (workspace_id, theme_id, message_id) VALUES ($1, $2, $3)",
            cast.workspace_id,
            theme,
            message["id"],
        )
        await db.execute(
            """INSERT INTO set_aside
                 (workspace_id, id, channel_id, external_id, reason, payload, at)
               VALUES ($1, $2, $3, 'secret-word', 'secret-word', '{"payload": "?"}', $4)""",
            cast.workspace_id,
            aside,
            cast.channel.id,
            cast.time(),
        )
    assert cast.bob.id is not None
    shift = await owner.post("/shifts", weekly(cast.bob.id))
    absence = await owner.post("/absences", away(cast.bob.id))
    feed = await owner.post("/roster/feeds", {})
    pager, ladder, alert = await on_watch(cast, owner, team.json()["id"])
    return World(
        conversation=home,
        contact=message["author_id"],
        message=message["id"],
        delivery=delivery.id,
        channel=cast.channel.id,
        inbox=cast.channel.inbox_id,
        agent=cast.bob.id,
        team=team.json()["id"],
        token=token.json()["id"],
        session=session["id"],
        macro=macro.json()["id"],
        rule=rule.json()["id"],
        search=search.json()["id"],
        mention=mention,
        fold=fold,
        view=view.json()["id"],
        media=media.json()["id"],
        webhook=webhook,
        aside=aside,
        desk=desk,
        promise=promise.json()["id"],
        link=link,
        pager=pager,
        ladder=ladder,
        alert=alert,
        shift=shift.json()["id"],
        absence=absence.json()["id"],
        feed=feed.json()["id"],
        hours=hours.json()["id"],
        policy=policy.json()["id"],
        theme=theme,
    )


async def on_watch(cast: Cast, owner: Client, team_id: str) -> tuple[str, str, str]:
    """A pager, a ladder that something pages by, and an alert of it."""
    pager, alert = new_id(), new_id()
    steps = [{"who": [{"kind": "agent", "id": cast.bob.id}], "wait_for": 300}]
    made = await owner.post("/ladders", {"name": "Night", "steps": steps})
    ladder: str = made.json()["id"]
    await owner.put("/alert-rules/breach", {"ladder_id": ladder})
    async with cast.database.acquire() as db:
        await db.execute(
            """INSERT INTO pager (workspace_id, id, team_id, name, service, sealed, position,
                 created_at) VALUES ($1, $2, $3, 'Phone', 'ntfy', 'x', 0, $4)""",
            cast.workspace_id,
            pager,
            team_id,
            cast.time(),
        )
        await db.execute(
            """INSERT INTO alert (workspace_id, id, cause, key, inbox_id, steps, rounds, raised_at)
               VALUES ($1, $2, 'breach', 'breach', $3, $4, 1, $5)""",
            cast.workspace_id,
            alert,
            cast.channel.inbox_id,
            steps,
            cast.time(),
        )
    return pager, ladder, alert


def bodies(world: World) -> dict[tuple[str, str], Any]:
    """A body per route that takes one, naming this world's things wherever it names any."""
    one = "/conversations/{conversation_id}"
    return {
        ("PUT", f"{one}/assignee"): {"agent_id": world.agent},
        ("PUT", f"{one}/team"): {"team_id": world.team},
        ("PUT", f"{one}/severity"): {"severity": 2, "reason": "because"},
        ("PUT", "/messages/{message_id}/judgement"): {"kind": "complaint"},
        ("POST", "/searches"): SEARCH,
        ("PUT", "/searches/{search_id}"): SEARCH | {"on": False},
        ("POST", "/search-previews"): {"query": "northwind"},
        ("PUT", "/outreach-rules/{network}"): {"on": True},
        ("POST", "/mentions/{mention_id}/contact"): {"text": "hello"},
        ("POST", "/mentions/{mention_id}/contact-preview"): {"text": "hello"},
        ("PUT", f"{one}/summary"): {"text": "Router down since Monday"},
        ("PUT", f"{one}/snooze"): {"until": "2026-11-02T12:00:00Z"},
        ("PUT", f"{one}/resolution"): {"disposition": "solved", "reason": "because"},
        ("POST", f"{one}/notes"): {"text": "look", "mentions": [world.agent]},
        ("PUT", f"{one}/draft"): {"text": "half"},
        ("POST", f"{one}/merge"): {"into": world.conversation},
        ("PUT", f"{one}/presence"): {"state": "viewing"},
        ("POST", f"{one}/replies"): {
            "text": "hello",
            "in_reply_to": world.message,
            "force": True,
        },
        ("POST", f"{one}/preview"): {"text": "hello"},
        ("POST", f"{one}/handoff"): {"desk_id": world.desk, "note": "look"},
        ("POST", f"{one}/handoff/settlement"): {"there": True},
        ("POST", "/desks"): {
            "kind": "webhook",
            "url": "https://127.0.0.1/desk",
            "fields": {"secret": "s"},
        },
        ("POST", "/pagers"): {"address": "bob@northwind.example", "agent_id": world.agent},
        ("PUT", "/me/quiet-hours"): {"zone": "Europe/Berlin", "starts": 79200, "ends": 25200},
        ("POST", "/ladders"): {
            "name": "Day",
            "steps": [{"who": [{"kind": "agent", "id": world.agent}], "wait_for": 300}],
        },
        ("PUT", "/ladders/{ladder_id}"): {
            "name": "Night",
            "steps": [{"who": [{"kind": "agent", "id": world.agent}], "wait_for": 600}],
        },
        ("PUT", "/alert-rules/{cause}"): {"ladder_id": world.ladder},
        ("POST", f"{one}/moves"): {"by": "direct"},
        ("POST", f"{one}/promises"): {"words": "refund", "due_at": "2026-11-09T09:00:00Z"},
        ("PUT", "/promises/{promise_id}/evidence"): {"evidence": "slip"},
        ("PUT", "/promises/{promise_id}/withdrawal"): {"reason": "they said no"},
        ("PUT", "/inboxes/{inbox_id}/responder"): {"zone": "Europe/Berlin"},
        ("POST", "/inboxes/{inbox_id}/responder/trial"): {"rules": {}},
        ("PUT", f"{one}/follow-up"): {"due_at": "2026-11-09T09:00:00Z", "note": "look"},
        ("PUT", "/inboxes/{inbox_id}/following"): {"ask": True},
        ("POST", f"{one}/links"): {
            "network": "rehearsal",
            "handle": "carol.example",
            "message_ids": [world.message],
        },
        ("PUT", "/contacts/{contact_id}/preference"): {"network": "rehearsal"},
        ("PUT", "/contacts/{contact_id}/zone"): {"zone": "Asia/Tokyo"},
        ("POST", "/shifts"): weekly(world.agent),
        ("PATCH", "/shifts/{shift_id}"): weekly(world.agent),
        ("PUT", "/shifts/{shift_id}/day"): {"day": "2026-11-02", "agent_id": world.agent},
        ("POST", "/shifts/copies"): {"monday": "2026-11-02", "to": "2026-11-09"},
        ("POST", "/absences"): away(world.agent),
        ("POST", "/shifts/imports"): {"text": CALENDAR, "agent_id": world.agent, "keep": True},
        ("POST", "/roster/feeds"): {"agent_id": world.agent},
        ("PUT", "/inboxes/{inbox_id}/assignment"): {"way": "least_busy"},
        ("PUT", "/me/status"): {"status": "busy"},
        ("PUT", "/me/seen"): {},
        ("PUT", "/agents/{agent_id}/status"): {"status": "here"},
        ("PUT", "/agents/{agent_id}/ability"): {"capacity": 3, "skills": ["billing"]},
        ("PUT", "/messages/{message_id}/hidden"): {"hidden": True},
        ("POST", "/messages/{message_id}/answer-there"): {"text": "said there"},
        ("POST", "/bulk"): {"ids": [world.conversation], "act": "tag", "tag": "x"},
        ("POST", "/deliveries/{delivery_id}/settlement"): {"sent": True},
        ("PUT", "/me/preferences"): {"theme": "dark"},
        ("POST", "/channels"): {
            "network": "rehearsal",
            "inbox_id": world.inbox,
            "fields": {"handle": "Eastwind", "rate": "0", "backlog": "0"},
        },
        ("POST", "/channels/authorizations"): {"network": "doors", "inbox_id": world.inbox},
        ("PATCH", "/channels/{channel_id}"): {"state": "held"},
        ("PUT", "/portals/{channel_id}"): {"intro": "Welcome"},
        ("PUT", "/portals/{channel_id}/logo"): {"media_id": world.media},
        ("POST", "/agents"): {"name": "Dan", "email": f"dan.{new_id()}@example.org"},
        ("PATCH", "/agents/{agent_id}"): {"name": "Robert"},
        ("POST", "/tokens"): {"name": "mine", "scopes": ["read"]},
        ("POST", "/inboxes"): {"name": "Second", "agent_ids": [world.agent]},
        ("PATCH", "/inboxes/{inbox_id}"): {"name": "Renamed"},
        ("POST", "/teams"): {"name": "Second", "agent_ids": [world.agent]},
        ("PATCH", "/teams/{team_id}"): {"name": "Renamed", "agent_ids": []},
        ("POST", "/tags"): {"name": "blue", "color": "#00f"},
        ("POST", "/tags/{name}/all-clear"): {},
        ("POST", "/macros"): {"name": "A", "text": "B"},
        ("PATCH", "/macros/{macro_id}"): {"name": "A", "text": "B"},
        ("POST", "/rules"): RULE,
        ("PUT", "/rules/{rule_id}"): RULE | {"on": False},
        ("PUT", "/rule-order"): {"ids": [world.rule]},
        ("POST", "/rule-trials"): RULE,
        ("POST", "/views"): {"name": "A", "filter": {"inbox": world.inbox}},
        ("PATCH", "/views/{view_id}"): {"name": "A", "filter": {}},
        ("POST", "/media"): picture(),
        ("PUT", "/set-aside/{aside_id}/discard"): {"reason": "not needed"},
        ("PUT", "/mail"): {"host": "127.0.0.1", "port": 1, "sender": "care@northwind.example"},
        ("POST", "/mail/test"): {},
        ("POST", "/retention/preview"): {"default": {"messages_days": 90}},
        ("PUT", "/workspace/name"): {"name": "Renamed"},
        ("PATCH", "/workspace"): {"presence": False},
        ("POST", "/hours"): {"name": "Second", "calendar": OFFICE},
        ("PUT", "/hours/{hours_id}"): {"name": "Office", "calendar": OFFICE},
        ("POST", "/hours/preview"): {"calendar": OFFICE},
        ("POST", "/policies"): POLICY,
        ("PUT", "/policies/{policy_id}"): POLICY | {"hours_id": world.hours},
        ("PUT", "/policies/order"): {"ids": [world.policy]},
        ("POST", "/policies/preview"): POLICY | {"hours_id": world.hours},
        ("POST", "/policy-profiles"): {"size": "pair", "zone": "Europe/Berlin"},
        ("PUT", "/retention"): {"default": {"messages_days": 90}},
        ("POST", "/webhooks"): {"url": "https://127.0.0.1/hook"},
        ("PATCH", "/webhooks/{webhook_id}"): {"state": "paused"},
    }


def routes(app: Litestar) -> list[tuple[str, str]]:
    """Every method and path of the API; a new route is in here by itself."""
    found = []
    for route in app.routes:
        path = route.path_format.removeprefix(API)
        if path == route.path_format or path.startswith("/schema"):
            continue
        methods: set[str] = getattr(route, "methods", set())
        found += [(method, path) for method in sorted(methods - {"OPTIONS", "HEAD"})]
    return found


def filled(path: str, world: World) -> str:
    """`path` with this world's ids in it."""
    parts = [world.param(part[1:-1]) if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)


QUERIES = {
    "/conversations": "?inbox={inbox}&assignee={agent}",
    "/search": "?q=secret",
    "/figures/cases": "?inbox={inbox}&agent={agent}",
    "/snapshot": "?view={view}",
    "/absences": "?start=2026-11-01T00:00:00Z&end=2026-12-01T00:00:00Z",
    "/roster": "?start=2026-11-01T00:00:00Z&end=2026-12-01T00:00:00Z",
}
"""Queries of reading routes that name things."""


async def state_of(cast: Cast) -> dict[str, list[Any]]:
    """Every row of a workspace, to see whether anything changed."""
    tables = await rows(
        cast,
        """SELECT table_name FROM information_schema.columns
           WHERE column_name = 'workspace_id' AND table_schema = 'public'""",
    )
    found = {}
    for table in sorted(row["table_name"] for row in tables):
        kept = await rows(
            cast,
            f"SELECT t::text AS line FROM {table} t WHERE workspace_id = $1 ORDER BY 1",  # noqa: S608
            cast.workspace_id,
        )
        found[table] = [row["line"] for row in kept]
    return found
