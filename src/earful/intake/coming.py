"""Whoever was asked to come along to a private conversation, and writes there now."""

from __future__ import annotations

from earful.desk import moves
from earful.intake.arrival import Arrival
from earful.networks.contract import Visibility
from earful.stream.work import Work


async def note(work: Work, arrivals: list[Arrival]) -> set[str]:
    """Note who of them has arrived. Returns the conversations whose owner this changed."""
    came = [
        arrival
        for arrival in arrivals
        if arrival.post.visibility != Visibility.PUBLIC and arrival.owed
    ]
    if not came:
        return set()
    changed: set[str] = set()
    for arrival in came:
        if arrival.post.invitation:
            changed |= await _by_code(work, arrival)
    return changed | await moves.arrivals(work, {arrival.conversation_id for arrival in came})


async def _by_code(work: Work, arrival: Arrival) -> set[str]:
    found = await moves.arrive(work, arrival.post.invitation, arrival.conversation_id)
    return {arrival.conversation_id} if found else set()
