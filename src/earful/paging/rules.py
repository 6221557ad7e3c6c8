"""What pages: each cause has its ladder, after how long, and when it may page again."""

from __future__ import annotations

from typing import Any, Literal, get_args

import msgspec

from earful.kit.ids import is_id
from earful.kit.refusal import NotFound, Refused
from earful.stream.work import Work

Cause = Literal[
    "severity_1", "severity_2", "unattended", "near_breach", "breach", "channel", "forgotten",
    "burst", "thread", "look_alike", "name_said", "person_of_note",
]  # fmt: skip
CAUSES: tuple[Cause, ...] = get_args(Cause)
SIGNALS: frozenset[Cause] = frozenset(
    {"burst", "thread", "look_alike", "name_said", "person_of_note"}
)
"""What the radar tells of, by the kinds of its signals."""
READER = "paging"


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cause that pages by a ladder. Lengths are seconds.

    `after_for` is how long a queue is unattended, a channel in trouble, or a conversation
    forgotten before it pages; it means nothing for the others. Once somebody has it, or it is over,
    the same matter pages again only `again_for` later.
    """

    cause: Cause
    ladder_id: str
    after_for: int
    again_for: int


AFTER: dict[Cause, int] = {"unattended": 600, "channel": 900, "forgotten": 7 * 86_400}
"""What `after_for` begins with, for those that have it."""
AGAIN: dict[Cause, int] = {
    "severity_1": 0, "severity_2": 0, "unattended": 900, "near_breach": 900, "breach": 900,
    "channel": 3600, "forgotten": 86_400, "burst": 3600, "thread": 900, "look_alike": 0,
    "name_said": 3600, "person_of_note": 0,
}  # fmt: skip
SHORTEST, LONGEST = 60, 90 * 86_400


def check(rule: Rule) -> None:
    """Raise Refused in words unless the rule can be meant."""
    least = SHORTEST if rule.cause in AFTER else 0
    if not least <= rule.after_for <= LONGEST or not 0 <= rule.again_for <= LONGEST:
        raise Refused("invalid", "A length is from a minute to 90 days.")
    if rule.cause == "forgotten" and rule.after_for < 3600:
        raise Refused("invalid", "Nothing is forgotten within an hour.")


async def rules_of(db: Any, workspace_id: str) -> dict[Cause, Rule]:
    """The causes that page, in a workspace."""
    rows = await db.fetch(
        "SELECT cause, ladder_id, after_for, again_for FROM paging_rule WHERE workspace_id = $1",
        workspace_id,
    )
    return {row["cause"]: Rule(**dict(row)) for row in rows if row["cause"] in CAUSES}


async def keep_rule(work: Work, rule: Rule) -> Rule:
    """Have a cause page, or page otherwise. Raises Refused, NotFound.

    With the first one of a workspace its log is read from here on: what is past pages nobody.
    """
    check(rule)
    there = is_id(rule.ladder_id) and await work.db.fetchval(
        "SELECT true FROM ladder WHERE workspace_id = $1 AND id = $2 FOR SHARE",
        work.workspace_id,
        rule.ladder_id,
    )
    if not there:
        raise NotFound("ladder")
    if not await rules_of(work.db, work.workspace_id):
        await work.db.execute(_FROM_HERE, work.workspace_id, READER)
    await work.db.execute(_KEEP, work.workspace_id, *msgspec.structs.astuple(rule))
    work.emit("paging.changed", {"rule": rule})
    return rule


async def drop_rule(work: Work, cause: Cause) -> None:
    """It pages nobody any more; what it raised is over."""
    gone = await work.db.fetchval(
        "DELETE FROM paging_rule WHERE workspace_id = $1 AND cause = $2 RETURNING true",
        work.workspace_id,
        cause,
    )
    if not gone:
        raise NotFound("rule")
    work.emit("paging.changed", {"removed": cause})


_FROM_HERE = """
INSERT INTO event_reader (workspace_id, name, seq)
SELECT $1, $2, coalesce((SELECT seq FROM event_counter WHERE workspace_id = $1), 0)
ON CONFLICT (workspace_id, name) DO UPDATE SET seq = excluded.seq
"""

_KEEP = """
INSERT INTO paging_rule (workspace_id, cause, ladder_id, after_for, again_for)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (workspace_id, cause) DO UPDATE SET ladder_id = $3, after_for = $4, again_for = $5
"""
