"""What an owner decides of outreach, network by network. It is off until she turns it on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.kit.refusal import NotFound, Refused
from earful.networks.contract import Manifest
from earful.networks.registry import networks
from earful.sla.errors import HoursError
from earful.sla.walls import named_zone, zone_of
from earful.stream.work import Work

DAY = timedelta(days=1)
MOST_DAY, LEAST_QUIET, MOST_QUIET = 200, 30, 3650


class Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many people may be written to unasked on a network, and when not.

    `cap_day` bounds how many in 24 hours all agents together, `cap_agent` how many one of them.
    Who answered may be written to again after `quiet_days`; who did not, never. From `quiet_from`
    to `quiet_to` (hours 0 to 23 of `zone`; the same twice: never) nobody is written to.
    """

    on: bool = False
    cap_day: int = 20
    cap_agent: int = 10
    quiet_days: int = 180
    quiet_from: int = 21
    quiet_to: int = 8
    zone: str = "UTC"

    def quiet(self, now: datetime) -> bool:
        """Whether nobody is written to at this hour."""
        hour = now.astimezone(zone_of(self.zone)).hour
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= hour < self.quiet_to
        return hour >= self.quiet_from or hour < self.quiet_to


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """A network's rules here: its own in words, and how many were written to in 24 hours."""

    network: str
    title: str
    words: str
    rules: Rules
    used: int


def manifests() -> dict[str, Manifest]:
    """The networks on which somebody may be written to unasked, by name."""
    return {name: one.manifest for name, one in networks().items() if one.manifest.outreach}


async def rules_of(db: Any, workspace_id: str) -> dict[str, Rules]:
    """The rules of each network that has some of its own; others have those of `Rules()`."""
    rows = await db.fetch("SELECT * FROM outreach_rules WHERE workspace_id = $1", workspace_id)
    names = [name for name in Rules.__struct_fields__ if name != "on"]
    return {
        row["network"]: Rules(on=row["is_on"], **{name: row[name] for name in names})
        for row in rows
    }


async def list_rules(db: Any, workspace_id: str, now: datetime) -> list[Network]:
    """The rules of each network that has a channel here, by its title."""
    kept = await rules_of(db, workspace_id)
    rows = await db.fetch(_USED, workspace_id, now - DAY)
    known = manifests()
    found = [
        Network(
            network=row["network"],
            title=known[row["network"]].title,
            words=known[row["network"]].outreach,
            rules=kept.get(row["network"], Rules()),
            used=row["used"],
        )
        for row in rows
        if row["network"] in known
    ]
    return sorted(found, key=lambda one: one.title)


async def keep_rules(work: Work, network: str, rules: Rules) -> Rules:
    """Set a network's rules. Raises NotFound, and Refused for what can't be."""
    if network not in manifests():
        raise NotFound("network")
    clean = _checked(rules)
    await work.db.execute(
        _KEEP, work.workspace_id, network, clean.on, clean.cap_day, clean.cap_agent,
        clean.quiet_days, clean.quiet_from, clean.quiet_to, clean.zone,
    )  # fmt: skip
    work.emit("outreach.changed", {"network": network, "on": clean.on})
    return clean


def _checked(rules: Rules) -> Rules:
    wrong = (
        (not 1 <= rules.cap_day <= MOST_DAY, f"From 1 to {MOST_DAY} people a day."),
        (not 1 <= rules.cap_agent <= rules.cap_day, "One agent: from 1 to what all may together."),
        (
            not LEAST_QUIET <= rules.quiet_days <= MOST_QUIET,
            f"A person is left alone for {LEAST_QUIET} to {MOST_QUIET} days.",
        ),
        (not 0 <= rules.quiet_from <= 23, "Hours are from 0 to 23."),
        (not 0 <= rules.quiet_to <= 23, "Hours are from 0 to 23."),
    )
    for bad, words in wrong:
        if bad:
            raise Refused("invalid", words)
    try:
        return msgspec.structs.replace(rules, zone=named_zone(rules.zone))
    except HoursError as error:
        raise Refused("invalid", str(error)) from error


_USED = """
SELECT DISTINCT c.network, (SELECT count(*) FROM outreach_contact o
  WHERE o.workspace_id = $1 AND o.network = c.network AND o.at > $2) AS used
FROM channel c WHERE c.workspace_id = $1 AND c.state <> 'off'
"""

_KEEP = """
INSERT INTO outreach_rules (workspace_id, network, is_on, cap_day, cap_agent, quiet_days,
  quiet_from, quiet_to, zone) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (workspace_id, network) DO UPDATE SET is_on = excluded.is_on,
  cap_day = excluded.cap_day, cap_agent = excluded.cap_agent, quiet_days = excluded.quiet_days,
  quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, zone = excluded.zone
"""
