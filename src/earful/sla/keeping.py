"""Policies and hours as a workspace keeps them: each change is a new version, none is rewritten."""

from __future__ import annotations

from typing import Any

import msgspec

from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.kit.text import one_line
from earful.sla.calendar import Calendar
from earful.sla.checks import check_calendar
from earful.sla.errors import HoursError
from earful.sla.rules import forget_rules
from earful.sla.terms import Terms, check_terms, read_terms
from earful.sla.walls import zone_of
from earful.sla.writing import write_calendar
from earful.stream.work import Work

MOST = 50
"""Policies, and hours, of a workspace."""


class KeptHours(msgspec.Struct, frozen=True):
    """Hours under a name."""

    id: str
    name: str
    version: int
    calendar: Calendar


class KeptPolicy(msgspec.Struct, frozen=True):
    """A policy in its newest version; policies hold in the order of their positions."""

    id: str
    version_id: str
    version: int
    position: int
    terms: Terms


def shown_hours(kept: KeptHours) -> dict[str, Any]:
    """Hours as the API and events tell them."""
    return {
        "id": kept.id,
        "name": kept.name,
        "version": kept.version,
        "calendar": write_calendar(kept.calendar),
    }


def shown_policy(kept: KeptPolicy) -> dict[str, Any]:
    """A policy as the API and events tell it; its hours are told by their id."""
    terms = msgspec.to_builtins(kept.terms, str_keys=True)
    del terms["calendar"]
    names = ("id", "version_id", "version", "position")
    return {name: getattr(kept, name) for name in names} | {"terms": terms}


async def list_hours(db: Any, workspace_id: str) -> list[KeptHours]:
    """All hours, the oldest first."""
    rows = await db.fetch(
        """SELECT id, name, version, calendar FROM hours
           WHERE workspace_id = $1 AND deleted_at IS NULL ORDER BY created_at, id""",
        workspace_id,
    )
    return [_hours_of(row) for row in rows]


async def find_hours(db: Any, workspace_id: str, hours_id: str) -> KeptHours:
    """Hours by id. Raises NotFound."""
    row = await db.fetchrow(
        """SELECT id, name, version, calendar FROM hours
           WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL""",
        workspace_id,
        hours_id,
    )
    if row is None:
        raise NotFound("hours")
    return _hours_of(row)


def _hours_of(row: Any) -> KeptHours:
    return KeptHours(
        row["id"], row["name"], row["version"], msgspec.convert(row["calendar"], Calendar)
    )


async def keep_hours(
    work: Work, name: str, calendar: Calendar, hours_id: str | None = None
) -> KeptHours:
    """New hours, or a new version of these; policies that count by them get a new version too.

    Raises Refused with what to mend.
    """
    words = _named(name)
    # Hours that are kept are of a place: an offset is only there for sums, and no screen knows it.
    _checked(zone_of, calendar.zone)
    _checked(check_calendar, calendar)
    if hours_id is not None:
        await find_hours(work.db, work.workspace_id, hours_id)
    else:
        await _room(work, "hours", "deleted_at IS NULL")
    row = await work.db.fetchrow(
        """INSERT INTO hours AS h (workspace_id, id, name, calendar, created_at)
           VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name,
             calendar = excluded.calendar, version = h.version + 1
           RETURNING id, name, version, calendar""",
        work.workspace_id,
        hours_id or new_id(),
        words,
        msgspec.to_builtins(calendar),
        work.now,
    )
    kept = _hours_of(row)
    await work.db.execute(
        """INSERT INTO hours_version (workspace_id, hours_id, version, name, calendar, created_at,
             agent_id) SELECT workspace_id, id, version, name, calendar, $3, $4 FROM hours
           WHERE workspace_id = $1 AND id = $2""",
        work.workspace_id,
        kept.id,
        work.now,
        work.actor.id,
    )
    for policy in await list_policies(work.db, work.workspace_id):
        if policy.terms.hours_id == kept.id:
            await keep_policy(work, policy.terms, policy.id)
    work.emit("hours.changed", {"hours": shown_hours(kept)})
    return kept


async def remove_hours(work: Work, hours_id: str) -> None:
    """Forget hours that no policy counts by; their versions stay. Raises Refused."""
    await find_hours(work.db, work.workspace_id, hours_id)
    users = [
        policy.terms.name
        for policy in await list_policies(work.db, work.workspace_id)
        if policy.terms.hours_id == hours_id
    ]
    if users:
        raise Refused("in-use", f"The policy “{users[0]}” counts by these hours. Change it first.")
    await work.db.execute(
        "UPDATE hours SET deleted_at = $3 WHERE workspace_id = $1 AND id = $2",
        work.workspace_id,
        hours_id,
        work.now,
    )
    work.emit("hours.removed", {"removed": hours_id})


async def list_policies(db: Any, workspace_id: str) -> list[KeptPolicy]:
    """The policies in their order."""
    rows = await db.fetch(
        """SELECT p.id, p.position, v.id AS version_id, v.version, v.terms FROM policy p
           JOIN policy_version v ON v.workspace_id = p.workspace_id AND v.id = p.version_id
           WHERE p.workspace_id = $1 ORDER BY p.position, p.id""",
        workspace_id,
    )
    return [
        KeptPolicy(
            row["id"], row["version_id"], row["version"], row["position"], read_terms(row["terms"])
        )
        for row in rows
    ]


async def find_policy(db: Any, workspace_id: str, policy_id: str) -> KeptPolicy:
    """A policy by id. Raises NotFound."""
    found = [one for one in await list_policies(db, workspace_id) if one.id == policy_id]
    if not found:
        raise NotFound("policy")
    return found[0]


async def with_hours(work: Work, terms: Terms) -> Terms:
    """The terms with the hours they name, checked. Raises Refused with what to mend."""
    calendar = None
    if terms.hours_id is not None:
        calendar = (await find_hours(work.db, work.workspace_id, terms.hours_id)).calendar
    languages = tuple(one.strip().lower() for one in terms.match.languages if one.strip())
    match = msgspec.structs.replace(terms.match, languages=languages)
    full = msgspec.structs.replace(terms, name=_named(terms.name), calendar=calendar, match=match)
    _checked(check_terms, full)
    return full


async def keep_policy(work: Work, terms: Terms, policy_id: str | None = None) -> KeptPolicy:
    """A new policy at the end of the list, or a new version of one. Clocks that run keep theirs.

    Raises Refused with what to mend.
    """
    full = await with_hours(work, terms)
    key, version = policy_id or new_id(), new_id()
    if policy_id is None:
        await _room(work, "policy", "true")
    else:
        await find_policy(work.db, work.workspace_id, policy_id)
    await work.db.execute(
        """INSERT INTO policy_version (workspace_id, id, policy_id, version, terms, created_at,
             agent_id)
           SELECT $1, $2, $3, coalesce(max(version), 0) + 1, $4, $5, $6 FROM policy_version
           WHERE workspace_id = $1 AND policy_id = $3""",
        work.workspace_id,
        version,
        key,
        msgspec.to_builtins(full, str_keys=True),
        work.now,
        work.actor.id,
    )
    await work.db.execute(
        """INSERT INTO policy (workspace_id, id, position, version_id, created_at)
           SELECT $1, $2, coalesce(max(position), 0) + 1, $3, $4 FROM policy WHERE workspace_id = $1
           ON CONFLICT (workspace_id, id) DO UPDATE SET version_id = excluded.version_id""",
        work.workspace_id,
        key,
        version,
        work.now,
    )
    forget_rules(work)
    kept = await find_policy(work.db, work.workspace_id, key)
    work.emit("policy.changed", {"policy": shown_policy(kept)})
    return kept


async def remove_policy(work: Work, policy_id: str) -> None:
    """Let a policy hold no longer; its versions stay, for the clocks that ran under them."""
    await find_policy(work.db, work.workspace_id, policy_id)
    await work.db.execute(
        "DELETE FROM policy WHERE workspace_id = $1 AND id = $2", work.workspace_id, policy_id
    )
    forget_rules(work)
    work.emit("policy.removed", {"removed": policy_id})


async def order_policies(work: Work, ids: list[str]) -> list[KeptPolicy]:
    """Put the policies into this order. Raises Refused unless each is named once."""
    known = {policy.id for policy in await list_policies(work.db, work.workspace_id)}
    if len(ids) != len(known) or set(ids) != known:
        raise Refused("changed", "The policies have changed meanwhile. Look at them again.")
    await work.db.execute(
        """UPDATE policy p SET position = o.n FROM unnest($2::uuid[]) WITH ORDINALITY AS o (id, n)
           WHERE p.workspace_id = $1 AND p.id = o.id""",
        work.workspace_id,
        ids,
    )
    forget_rules(work)
    ordered = await list_policies(work.db, work.workspace_id)
    for policy in ordered:
        work.emit("policy.changed", {"policy": shown_policy(policy)})
    return ordered


def _named(name: str) -> str:
    words = one_line(name, 80)
    if not words:
        raise Refused("invalid", "A name is missing.")
    return words


def _checked(check: Any, value: Any) -> None:
    try:
        check(value)
    except HoursError as error:
        raise Refused("invalid", str(error)) from None


async def _room(work: Work, table: str, which: str) -> None:
    count = await work.db.fetchval(
        f"SELECT count(*) FROM {table} WHERE workspace_id = $1 AND {which}",  # noqa: S608 - ours
        work.workspace_id,
    )
    if count >= MOST:
        raise Refused("too-many", f"There are {MOST} already. Remove one first.")
