"""What a desk needs before it goes live: each room says what it knows of."""

from __future__ import annotations

from earful.desk.ready import channels_ready, staff_ready
from earful.kit.readiness import Gate
from earful.paging.ready import on_call_ready
from earful.responder.ready import texts_ready
from earful.roster.ready import roster_ready
from earful.sla.ready import hours_ready, policy_ready

GATE = Gate(
    (
        channels_ready,
        staff_ready,
        policy_ready,
        hours_ready,
        roster_ready,
        on_call_ready,
        texts_ready,
    )
)
