"""Hours and policies over the API: kept in versions, tried before, refused in words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.api.client import Client
from tests.cast import DAVE, START, Cast, post
from tests.desk.acts import answer, home_of, rows, take

OFFICE = {
    "zone": "UTC",
    "week": {"mon-fri": ["09:00-12:00", "13:00-17:00"]},
    "own_days": {"12-24": []},
}
SNOOZE = {"until": "2026-11-03T09:00:00Z"}
TARGET = {"within": 3600, "counts": "business"}


def policy(**more: Any) -> dict[str, Any]:
    promise = {"first_response": TARGET}
    return {"name": "All", "severities": {str(n): promise for n in range(1, 6)}} | more


async def test_hours_are_kept_as_they_are_written_and_tried_before(alice: Client) -> None:
    tried = (await alice.post("/hours/preview", {"calendar": OFFICE})).json()
    assert tried["open"] is True  # the clock of the tests stands at a Monday, nine o'clock
    assert [one["due_at"] for one in tried["due"]] == [
        "2026-11-02T09:10:00Z",
        "2026-11-02T10:00:00Z",
        "2026-11-02T14:00:00Z",
    ]
    assert tried["spans"][0] == ["2026-11-02T09:00:00Z", "2026-11-02T12:00:00Z"]
    assert tried["special_days"][0] == {"day": "2026-12-24", "name": "", "slots": 0}
    kept = (await alice.post("/hours", {"name": "Office", "calendar": OFFICE})).json()
    assert kept["calendar"]["week"]["mon"] == ["09:00-12:00", "13:00-17:00"]
    again = await alice.put(
        f"/hours/{kept['id']}", {"name": "Office", "calendar": kept["calendar"]}
    )
    assert (again.json()["version"], again.json()["calendar"]) == (2, kept["calendar"])
    assert (await alice.get(f"/hours/{kept['id']}/preview")).json()["due"] == tried["due"]
    assert (await alice.get("/hours/countries")).json()["DE"].count("BY") == 1


async def test_hours_that_are_kept_are_of_a_place(alice: Client) -> None:
    calendar = {"zone": "+05:30", "week": {"mon": "9-12"}}
    answered = await alice.post("/hours", {"name": "x", "calendar": calendar})
    assert (answered.status_code, answered.json()["detail"].split(".")[0]) == (
        422,
        "There is no time zone “UTC+05:30”",
    )


@pytest.mark.parametrize(
    ("calendar", "words"),
    [
        ({"week": {"mon": ["9-12", "11-15"]}}, "overlap"),
        ({"week": {"mon": []}}, "no open minute"),
        ({"zone": "Mars/Base", "week": {"mon": "9-12"}}, "time zone"),
        ({"week": {"mon": "9-12"}, "regions": [{"country": "XX"}]}, "No holidays are known"),
    ],
)
async def test_hours_that_make_no_sense_are_refused(
    alice: Client, calendar: Any, words: str
) -> None:
    for path, body in (
        ("/hours/preview", {"calendar": calendar}),
        ("/hours", {"name": "x", "calendar": calendar}),
    ):
        answered = await alice.post(path, body)
        assert answered.status_code == 422
        assert words in answered.json()["detail"]


async def test_a_policy_is_tried_kept_ordered_and_removed(alice: Client, bob: Client) -> None:
    hours = (await alice.post("/hours", {"name": "Office", "calendar": OFFICE})).json()["id"]
    body = policy(hours_id=hours)
    tried = (await alice.post("/policies/preview", body)).json()
    assert [one["severity"] for one in tried] == [1, 2, 3, 4, 5]
    assert tried[0]["due_at"] == "2026-11-02T10:00:00Z"
    assert tried[0]["warnings"] == ["2026-11-02T09:30:00Z", "2026-11-02T09:48:00Z"]
    assert (await bob.post("/policies", body)).status_code == 403
    first = (await alice.post("/policies", body)).json()
    second = (await alice.post("/policies", body | {"name": "VIP"})).json()
    ids = [second["id"], first["id"]]
    assert [one["id"] for one in (await alice.put("/policies/order", {"ids": ids})).json()] == ids
    assert (await alice.put("/policies/order", {"ids": ids[:1]})).status_code == 409
    changed = await alice.put(f"/policies/{first['id']}", body | {"limit_for": None})
    assert (changed.json()["version"], changed.json()["terms"]["limit_for"]) == (2, None)
    versions = (await alice.get(f"/policies/{first['id']}/versions")).json()["items"]
    assert [one["version"] for one in versions] == [2, 1]
    assert versions[0]["terms"]["calendar"]["zone"] == "UTC"
    refused = await alice.delete(f"/hours/{hours}")
    assert "counts by these hours" in refused.json()["detail"]
    for key in ids:
        assert (await alice.delete(f"/policies/{key}")).status_code == 204
    assert (await alice.delete(f"/hours/{hours}")).status_code == 204
    left = (await alice.get("/policies")).json()
    assert left["items"] == []
    assert left["standard"]["severities"]["3"]["first_response"]["within"] == 600
    acts = {line["act"] for line in (await alice.get("/audit")).json()["items"]}
    assert {"hours.changed", "hours.removed", "policy.changed", "policy.removed"} <= acts


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (policy(), "needs hours"),
        (policy(name=" "), "name is missing"),
        (policy(severities={"3": {"first_response": {"within": 0}}}), "at least a second"),
        (policy(severities={"3": {"first_response": {"within": 86_400_000}}}), "366 days"),
        (policy(severities={"9": {"first_response": {"within": 60}}}), "from 1 to 5"),
        (policy(hours_id="01a20600-fb96-73f0-ba9a-1f0319cb3ede"), "no such hours"),
    ],
)
async def test_policies_that_make_no_sense_are_refused(
    alice: Client, body: dict[str, Any], words: str
) -> None:
    for path in ("/policies", "/policies/preview"):
        answered = await alice.post(path, body)
        assert answered.status_code in (404, 422)
        assert words in answered.json()["detail"]


async def test_a_size_begins_with_hours_and_a_policy_once(alice: Client) -> None:
    sizes = [one["size"] for one in (await alice.get("/policy-profiles")).json()]
    assert sizes == ["pair", "team", "carrier"]
    place = {"zone": "Europe/Berlin", "country": "DE", "subdivision": "BY", "size": "pair"}
    assert (await alice.post("/policy-profiles", place | {"size": "huge"})).status_code in (
        400,
        422,
    )
    wrong = await alice.post("/policy-profiles", place | {"subdivision": "XX"})
    assert "“XX”" in wrong.json()["detail"]
    made = (await alice.post("/policy-profiles", place)).json()
    assert made["terms"]["severities"]["3"]["first_response"] == {
        "within": 7200.0,
        "counts": "business",
    }
    [hours] = (await alice.get("/hours")).json()
    assert hours["calendar"]["regions"] == [{"country": "DE", "subdivision": "BY"}]
    assert (await alice.post("/policy-profiles", place)).status_code == 409


async def test_the_clocks_and_the_four_instants_of_a_conversation(
    cast: Cast, alice: Client, bob: Client
) -> None:
    hours = (await alice.post("/hours", {"name": "Office", "calendar": OFFICE})).json()["id"]
    made = (await alice.post("/policies", policy(hours_id=hours))).json()
    cast.time.pass_(minutes=5)
    await take(cast, post("1", published_at=START))
    home = await home_of(cast, "1")
    cast.time.pass_(minutes=5)
    await bob.put(f"/conversations/{home}/assignee", {"agent_id": cast.bob.id})
    found = (await bob.get(f"/conversations/{home}/clocks")).json()
    [clock] = found["items"]
    assert (clock["kind"], clock["policy"], clock["due_at"]) == (
        "first_response",
        "All",
        "2026-11-02T10:05:00Z",
    )
    told = (await bob.get(f"/conversations/{home}/instants")).json()["items"]
    assert told == [
        {
            "message_id": told[0]["message_id"],
            "published_at": "2026-11-02T09:00:00Z",
            "received_at": "2026-11-02T09:05:00Z",
            "assigned_at": "2026-11-02T09:10:00Z",
            "replied_at": None,
        }
    ]
    [ticking] = (await bob.get("/clocks")).json()
    assert (ticking["id"], ticking["business"]) == (made["version_id"], [1, 2, 3, 4, 5])
    assert ["2026-11-02T09:00:00Z", "2026-11-02T12:00:00Z"] in ticking["open"]
    card = (await bob.get(f"/conversations/{home}")).json()["card"]
    assert card["clock"]["policy_id"] == made["version_id"]


async def test_what_must_be_solved_is_told_the_soonest_first(
    cast: Cast, alice: Client, bob: Client
) -> None:
    assert (await bob.get("/resolutions")).json() == []
    promise = {"first_response": {"within": 600}, "resolution": {"within": 3600}}
    terms = policy(severities={str(n): promise for n in range(1, 6)}, hours_id=None)
    assert (await alice.post("/policies", terms)).status_code == 201
    cast.time.pass_(minutes=5)
    await take(cast, post("1", published_at=cast.time()))
    cast.time.pass_(minutes=5)
    await take(cast, post("2", author=DAVE, published_at=cast.time()))
    first, second = await home_of(cast, "1"), await home_of(cast, "2")
    told = (await bob.get("/resolutions")).json()
    assert [(one["conversation_id"], one["due_at"]) for one in told] == [
        (first, "2026-11-02T10:05:00Z"),
        (second, "2026-11-02T10:10:00Z"),
    ]
    # Held while it waits for the customer, and over once it is resolved.
    assert (await bob.put(f"/conversations/{first}/snooze", SNOOZE)).status_code == 200
    end = {"disposition": "solved", "reason": "thanks"}
    assert (await bob.put(f"/conversations/{second}/resolution", end)).status_code == 200
    assert (await bob.get("/resolutions")).json() == []


async def test_who_answers_first_has_it_from_then_on(cast: Cast, bob: Client) -> None:
    await take(cast, post("1"))
    home = await home_of(cast, "1")
    cast.time.pass_(minutes=3)
    await answer(cast, home, undo_for=60)
    cast.time.pass_(minutes=1)
    await take(cast, post("2", parent_id="1", published_at=cast.time()))
    messages = (await bob.get(f"/conversations/{home}/instants")).json()["items"]
    assigned = [START + timedelta(minutes=3), START + timedelta(minutes=4)]
    told = [one["assigned_at"] for one in messages]
    assert told == [at.isoformat().replace("+00:00", "Z") for at in assigned]


async def test_contacts_have_tags_that_only_who_sees_them_may_change(
    cast: Cast, alice: Client, bob: Client
) -> None:
    await take(cast, post("1"))
    [row] = await rows(cast, "SELECT contact_id FROM conversation")
    path = f"/contacts/{row['contact_id']}/tags"
    assert (await bob.put(f"{path}/vip")).json() == ["vip"]
    assert (await bob.put(f"{path}/press")).json() == ["press", "vip"]
    assert (await bob.delete(f"{path}/vip")).json() == ["press"]
    assert cast.alice.id is not None
    await alice.patch_inbox(cast.channel.inbox_id, [cast.alice.id])
    assert (await bob.get(path)).status_code == 404
    assert (await alice.get(path)).json() == ["press"]
