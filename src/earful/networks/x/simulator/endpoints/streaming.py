"""The filtered stream, its rules, and the connections of the app."""

from __future__ import annotations

import uuid
from typing import Any

from earful.networks.x.prices import RULE_LENGTH, RULES, STREAM_CONNECTIONS
from earful.networks.x.simulator import render
from earful.networks.x.simulator.call import Call, Route
from earful.networks.x.simulator.clock import stamp
from earful.networks.x.simulator.fields import renamed, wanted
from earful.networks.x.simulator.hub import FILTERED, Matched, Rule
from earful.networks.x.simulator.problems import PROBLEMS, invalid
from earful.networks.x.simulator.query import BadQuery, parse
from earful.networks.x.simulator.streams import Connection
from earful.networks.x.simulator.wire import Answer


async def stream(call: Call) -> Answer:
    """Posts that meet the rules, as they come."""
    # The filtered stream knows the older words only, whatever the others have learnt.
    state, want = call.state, wanted(call.request.query, "tweet", only="tweet")
    if "backfill_minutes" in call.request.query and state.plan.tier != "enterprise":
        raise invalid("backfill_minutes", call.request.query["backfill_minutes"], "Enterprise only")

    def shown(matched: Matched) -> dict[str, Any]:
        body = render.page(state.world, [matched.post], want, None, state.service)
        rules = [{"id": rule.id, "tag": rule.tag} for rule in matched.rules]
        said = renamed(body | {"data": body["data"][0]}, want.names)
        return {**said, "matching_rules": rules} if isinstance(said, dict) else {}

    return state.hub.streams.open(str(uuid.uuid4()), FILTERED, STREAM_CONNECTIONS, shown)


async def rules(call: Call) -> Answer:
    """The rules that stand."""
    ids = [part for part in call.request.query.get("ids", "").split(",") if part]
    found = [_told(rule) for rule in call.state.hub.rules.values() if not ids or rule.id in ids]
    meta = {"sent": stamp(call.state.now()), "result_count": len(found)}
    return call.say({"data": found, "meta": meta} if found else {"meta": meta})


async def change(call: Call) -> Answer:
    """Rules are added or deleted; with `dry_run` only tried."""
    body, dry = call.body(), call.request.query.get("dry_run") == "true"
    if call.request.query.get("delete_all") == "true":
        body = {"delete": {"ids": list(call.state.hub.rules)}}
    if ("add" in body) == ("delete" in body):
        raise invalid("body", "", "either `add` or `delete` is wanted")
    if "add" in body:
        if not isinstance(body["add"], list) or not body["add"]:
            raise invalid("add", str(body["add"])[:50], "a list of rules is wanted")
        return _add(call, body["add"], dry)
    wish = body["delete"]
    if not any(isinstance(wish.get(name), list) for name in ("ids", "values")):
        raise invalid("delete", str(wish)[:50], "a list of `ids` or `values` is wanted")
    return _delete(call, wish, dry)


def _add(call: Call, wishes: list[dict[str, Any]], dry: bool) -> Answer:
    known = dict(call.state.hub.rules)
    added, errors = [], []
    for wish in wishes:
        value = str(wish.get("value") or "")
        twin = next((rule for rule in known.values() if rule.value == value), None)
        try:
            if twin:
                errors.append(_refused("DuplicateRule", "duplicate-rules", value, id=twin.id))
                continue
            rule = _rule(call, value, str(wish.get("tag") or ""), len(known))
        except BadQuery as error:
            why = {"details": [str(error)]}
            errors.append(_refused("UnprocessableEntity", "invalid-rules", value, **why))
            continue
        known[rule.id] = rule
        added.append(rule)
    if not dry:
        call.state.hub.rules |= known
    summary = {
        "created": len(added),
        "not_created": len(errors),
        "valid": len(added),
        "invalid": len(errors),
    }
    body: dict[str, Any] = {"meta": {"sent": stamp(call.state.now()), "summary": summary}}
    if added:
        body["data"] = [_told(rule) for rule in added]
    if errors:
        body["errors"] = errors
    return call.say(body)


def _rule(call: Call, value: str, tag: str, count: int) -> Rule:
    if len(value) > RULE_LENGTH:
        raise BadQuery(f"Rules must be at most {RULE_LENGTH} characters")
    if count >= RULES:
        raise BadQuery(f"At most {RULES} rules")
    return Rule(call.state.world.new_id(), value, tag, parse(value))


def _delete(call: Call, wish: dict[str, Any], dry: bool) -> Answer:
    hub = call.state.hub
    ids = {str(id_) for id_ in wish.get("ids") or ()}
    values = set(wish.get("values") or ())
    gone = [id_ for id_, rule in hub.rules.items() if id_ in ids or rule.value in values]
    if not dry:
        for id_ in gone:
            del hub.rules[id_]
    summary = {"deleted": len(gone), "not_deleted": len(ids) + len(values) - len(gone)}
    return call.say({"meta": {"sent": stamp(call.state.now()), "summary": summary}})


def _told(rule: Rule) -> dict[str, Any]:
    told = {"id": rule.id, "value": rule.value}
    return told | {"tag": rule.tag} if rule.tag else told


def _refused(title: str, problem: str, value: str, **more: Any) -> dict[str, Any]:
    """Why a rule was refused. `detail` and the type of invalid requests for the newer words."""
    detail = "; ".join(more.get("details", [title]))
    kind = PROBLEMS + "invalid-request"
    return {"value": value, "title": title, "detail": detail, "type": kind, "kind": problem, **more}


async def connections(call: Call) -> Answer:
    """Those that last, or lasted."""
    status = call.request.query.get("status", "active")
    found = [
        _connection(one)
        for one in call.state.hub.streams.connections
        if status in ("all", "active" if one.disconnected_at is None else "inactive")
    ]
    meta = {"result_count": len(found)}
    return call.say({"data": found, "meta": meta} if found else {"meta": meta})


async def end_all(call: Call) -> Answer:
    """End all connections."""
    return _end(call, call.state.hub.streams.active())


async def end_at(call: Call) -> Answer:
    """End those at one endpoint."""
    return _end(call, call.state.hub.streams.active(call.path["endpoint"]))


async def end_some(call: Call) -> Answer:
    """End those that are named."""
    uuids = call.body().get("uuids") or []
    return _end(call, [one for one in call.state.hub.streams.active() if one.id in uuids])


def _end(call: Call, ended: list[Connection]) -> Answer:
    for connection in ended:
        call.state.hub.streams.end(connection, "killed")
    results = [{"uuid": one.id, "success": True} for one in ended]
    told = {"successful_kills": len(ended), "failed_kills": 0, "results": results}
    return call.say({"data": told})


def _connection(one: Connection) -> dict[str, Any]:
    told = {
        "id": one.id,
        "endpoint_name": one.endpoint,
        "connected_at": stamp(one.connected_at),
        "client_ip": "127.0.0.1",
    }
    if one.disconnected_at:
        ended = {"disconnected_at": stamp(one.disconnected_at), "disconnect_reason": one.reason}
        told |= ended
    return told


ROUTES = (
    Route("GET", "/2/tweets/search/stream", "stream", stream, "app"),
    Route("GET", "/2/tweets/search/stream/rules", "rules", rules, "app"),
    Route("POST", "/2/tweets/search/stream/rules", "rules_change", change, "app"),
    Route("GET", "/2/connections", "connections", connections, "app"),
    Route("DELETE", "/2/connections", "connections", end_some, "app"),
    Route("DELETE", "/2/connections/all", "connections", end_all, "app"),
    Route("DELETE", "/2/connections/{endpoint}", "connections", end_at, "app"),
)
