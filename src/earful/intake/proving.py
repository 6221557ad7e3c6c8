"""Whoever sends back a code from another account, by which they prove that both are theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from earful.contacts.meet import Known
from earful.desk.link_codes import codes_in
from earful.desk.redeeming import Came, redeem
from earful.intake.arrival import Arrival
from earful.intake.facts import Fact
from earful.stream.work import Work


async def note(
    work: Work, arrivals: list[Arrival], people: Mapping[str, Known], edits: Iterable[Fact]
) -> None:
    """Redeem codes in what customers wrote, or wrote anew. Where no text looks like one, nothing is
    asked."""
    came = [
        Came(
            arrival.message_id,
            arrival.conversation_id,
            people[arrival.post.author.external_id].contact_id,
            str(arrival.post.visibility),
            codes,
        )
        for arrival in arrivals
        if (codes := codes_in(arrival.text)) and not (arrival.post.own or arrival.post.automatic)
    ]
    came += [edit.came for edit in edits if edit.came]
    if came:
        await redeem(work, came)
