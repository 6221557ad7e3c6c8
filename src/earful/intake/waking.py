"""A customer who writes wakes the conversation she writes in, wherever it is by now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from earful.conversations.states import OPEN, RESOLVED
from earful.desk.settle import find_rival
from earful.intake.arrival import Arrival
from earful.stream.work import Work
from earful.triage.severity import Judgement, judge

Homes = dict[str, list[Arrival]]
Waking = dict[tuple[str, ...], str]
"""The first that is about to wake, by what nobody may have two open ones of."""


async def wake(work: Work, arrivals: list[Arrival]) -> None:
    """Open what was pending, snoozed or resolved for those who write in it; severity may rise.

    The conversations are locked first: one that was merged away or resolved since it was found
    hands its arrivals on, and where they go is looked at in the same way.
    """
    homes = _by_home(arrival for arrival in arrivals if not arrival.fresh)
    waking: Waking = {}
    while homes:
        rows = await work.db.fetch(_LOCK, work.workspace_id, sorted(homes))
        moved: list[Arrival] = []
        for row in rows:
            moved += await _hand_on(work, row, homes[row["id"]], waking)
        staying = _by_home(a for some in homes.values() for a in some if a.owed and a not in moved)
        here = [row for row in rows if row["id"] in staying]
        await _raise_severity(work, here, staying)
        await _open_again(work, [row["id"] for row in here if row["status"] != OPEN])
        homes = _by_home(moved)


def _by_home(arrivals: Any) -> Homes:
    homes: Homes = {}
    for arrival in arrivals:
        homes.setdefault(arrival.conversation_id, []).append(arrival)
    return homes


async def _hand_on(work: Work, row: Any, arrivals: list[Arrival], waking: Waking) -> list[Arrival]:
    """Those that belong elsewhere: where the conversation was merged into, or, as nobody may have
    two open ones, into the other of the same person that is open or about to wake."""
    target = row["merged_into"]
    leaving = arrivals
    if target is None and row["status"] == RESOLVED:
        leaving = [arrival for arrival in arrivals if arrival.owed]
        if leaving:
            one = ("inbox_id", "contact_id", "network", "visibility")
            first = waking.setdefault(tuple(row[name] for name in one), row["id"])
            target = await find_rival(work, dict(row)) or first
    if target in (None, row["id"]):
        return []
    for arrival in leaving:
        arrival.conversation_id = target
    return leaving


async def _raise_severity(work: Work, rows: list[Any], owed: Mapping[str, list[Arrival]]) -> None:
    """A complaint or worse raises a conversation that is not so bad yet."""
    raised: dict[str, Judgement] = {}
    for row in rows:
        worst = min((judge(arrival.text) for arrival in owed[row["id"]]), key=lambda j: j.severity)
        if worst.severity < min(row["severity"], 4):
            raised[row["id"]] = worst
    if raised:
        await work.db.execute(
            """UPDATE conversation c SET severity = r.severity, severity_reason = r.reason
               FROM unnest($2::uuid[], $3::smallint[], $4::text[]) AS r (id, severity, reason)
               WHERE c.workspace_id = $1 AND c.id = r.id""",
            work.workspace_id,
            list(raised),
            [judged.severity for judged in raised.values()],
            [judged.reason for judged in raised.values()],
        )


async def _open_again(work: Work, ids: list[str]) -> None:
    if ids:
        await work.db.execute(
            """UPDATE conversation SET status = 'open', disposition = NULL, disposition_reason = '',
                 snoozed_until = NULL, snooze_on_reply = false
               WHERE workspace_id = $1 AND id = ANY($2::uuid[])""",
            work.workspace_id,
            ids,
        )


_LOCK = """
SELECT id, status, severity, contact_id, inbox_id, network, visibility, merged_into
FROM conversation
WHERE workspace_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE
"""
