"""The gate before going live: red until policy, hours, roster, on-call and texts exist."""

from __future__ import annotations

from datetime import date
from typing import Any

from earful.roster import shifts
from earful.roster.shifts import Pattern
from earful.sla.calendar import AROUND_THE_CLOCK
from earful.sla.keeping import keep_hours, keep_policy
from earful.sla.policy import STANDARD
from tests.api.client import Client
from tests.cast import Cast

TEXTS = {"en": {"promising": "A person answers by {time}."}}


async def red(client: Client) -> list[str]:
    """What is missing."""
    said = (await client.get("/readiness")).json()
    missing = [item["name"] for item in said["items"] if not item["ready"]]
    assert said["ready"] is (missing == [])
    return missing


async def test_each_room_turns_its_part_green_and_then_the_responder_may_speak(
    cast: Cast, alice: Client, bob: Client
) -> None:
    inbox = f"/inboxes/{cast.channel.inbox_id}"
    on: dict[str, Any] = {"on": True, "texts": TEXTS}
    assert await red(alice) == ["policy", "hours", "roster", "on_call", "texts"]
    refused = await alice.put(f"{inbox}/responder", on)
    assert refused.status_code == 409
    assert refused.json()["type"] == "not-ready"
    assert "No policy says how long" in refused.json()["detail"]
    assert refused.json()["missing"] == ["policy", "hours", "roster", "on_call"]
    assert (await alice.get(f"{inbox}/responder")).json()["texts"] == {}, "nothing was kept"
    await alice.put(f"{inbox}/responder", on | {"on": False})
    assert await red(alice) == ["policy", "hours", "roster", "on_call"]
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await keep_hours(work, "Always", AROUND_THE_CLOCK)
        await keep_policy(work, STANDARD.terms)
        assert cast.bob.id is not None
        days = {"opens": "09:00", "closes": "17:00", "from_day": date(2026, 11, 3)}
        await shifts.add(work, Pattern(agent_id=cast.bob.id, **days))  # type: ignore[arg-type]
    assert await red(alice) == ["on_call"]
    step = {"who": [{"kind": "agent", "id": cast.bob.id}], "wait_for": 300}
    ladder = (await alice.post("/ladders", {"name": "Night", "steps": [step]})).json()
    await alice.put("/alert-rules/severity_1", {"ladder_id": ladder["id"]})
    body = {"address": "bob@northwind.example", "agent_id": cast.bob.id}
    pager = (await bob.post("/pagers", body)).json()
    assert await red(alice) == ["on_call"], "it was never tried"
    async with cast.database.acquire() as db:
        await db.execute("UPDATE pager SET reached_at = $2 WHERE id = $1", pager["id"], cast.time())
    assert await red(alice) == []
    assert (await alice.put(f"{inbox}/responder", on)).status_code == 200
    quiet = {"zone": "UTC", "starts": 79200, "ends": 21600, "wakes_for_gravest": False}
    await bob.put("/me/quiet-hours", quiet)
    assert await red(alice) == ["on_call"], "at night nobody would be woken"
    await bob.put("/me/quiet-hours", quiet | {"wakes_for_gravest": True})
    assert await red(alice) == []
    await bob.delete(f"/pagers/{pager['id']}")
    assert await red(alice) == ["on_call"]
    for shift in (await alice.get("/shifts")).json():
        await alice.delete(f"/shifts/{shift['id']}")
    assert await red(alice) == ["roster", "on_call"]
    for policy in (await alice.get("/policies")).json()["items"]:
        await alice.delete(f"/policies/{policy['id']}")
    for hours in (await alice.get("/hours")).json():
        await alice.delete(f"/hours/{hours['id']}")
    assert await red(alice) == ["policy", "hours", "roster", "on_call"]
    assert (await alice.put(f"{inbox}/responder", on)).status_code == 200, "it speaks already"


async def test_accounts_and_staff_count_too(cast: Cast, alice: Client) -> None:
    async with cast.database.acquire() as db:
        await db.execute("UPDATE channel SET state = 'reauthorize'")
    made = (await alice.post("/inboxes", {"name": "Second"})).json()
    await alice.patch_inbox(made["id"], [str(cast.alice.id)])
    async with cast.database.acquire() as db:
        await db.execute("UPDATE agent SET role = 'viewer' WHERE id = $1", cast.alice.id)
    said = (await alice.get("/readiness")).json()["items"]
    assert [item["words"] for item in said if item["name"] in ("channel", "staff")] == [
        "Northwind does not listen.",
        "Nobody who answers works in Second.",
    ]


async def test_in_a_rehearsal_nothing_is_blocked(cast: Cast, alice: Client) -> None:
    async with cast.database.acquire() as db:
        await db.execute("UPDATE workspace SET rehearsal = true")
    said = (await alice.get("/readiness")).json()
    assert (said["ready"], said["blocks"]) == (False, False)
    answer = await alice.put(
        f"/inboxes/{cast.channel.inbox_id}/responder", {"on": True, "texts": TEXTS}
    )
    assert answer.status_code == 200
