"""Whoever sends back a code from another account, by which they prove that both are theirs."""

from __future__ import annotations

from collections.abc import Mapping

from earful.contacts.meet import Known
from earful.desk.link_codes import codes_in
from earful.desk.redeeming import Came, redeem
from earful.intake.arrival import Arrival
from earful.stream.work import Work


async def note(work: Work, arrivals: list[Arrival], people: Mapping[str, Known]) -> None:
    """Redeem codes in what customers wrote. Where no text looks like one, nothing is asked."""
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
    if came:
        await redeem(work, came)
