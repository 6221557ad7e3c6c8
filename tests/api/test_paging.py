"""Paging over the API and by its link: whose pagers one may see, trials, and who has it."""

from __future__ import annotations

from typing import Any

from earful.accounts.tokens import digest, new_token
from earful.kit.ids import new_id
from earful.paging.alerts import Matter, raise_alert
from earful.paging.rules import Rule
from tests.api.client import Client
from tests.cast import Cast
from tests.desk.acts import rows
from tests.paging.services import serving


async def test_pagers_are_tried_and_their_addresses_never_shown(
    cast: Cast, alice: Client, bob: Client
) -> None:
    async with cast.database.acquire() as db:
        await db.execute("UPDATE workspace SET rehearsal = true")  # only this machine is called
    async with serving() as service:
        address = service.address("json", "bobs-secret")
        made = await bob.post("/pagers", {"address": address, "agent_id": cast.bob.id})
        pager = made.json()
        assert (pager["service"], pager["host"]) == ("JSON", "localhost")
        for answer in (made, await bob.get("/pagers"), await alice.get("/pagers")):
            assert "bobs-secret" not in answer.text
        [row] = await rows(cast, "SELECT sealed FROM pager")
        assert b"bobs-secret" not in row["sealed"]
        tried = await bob.post(f"/pagers/{pager['id']}/test")
        assert tried.json() == {"taken": True, "trouble": ""}
        assert service.words[0].startswith("Earful can wake you")
        again = await bob.post(f"/pagers/{pager['id']}/test")
        assert again.json()["type"] == "throttled"
        cast.time.pass_(seconds=5)
        service.answers = ["404 Not Found"]
        tried = await bob.post(f"/pagers/{pager['id']}/test")
        assert "404" in tried.json()["trouble"]
        [kept] = (await bob.get("/pagers")).json()
        assert kept["trouble"] == tried.json()["trouble"]


async def test_an_agent_sets_her_own_pagers_and_leads_all(
    cast: Cast, alice: Client, bob: Client
) -> None:
    hers = {"address": "alice@northwind.example", "agent_id": cast.alice.id}
    assert (await bob.post("/pagers", hers)).status_code == 403
    pager = (await alice.post("/pagers", hers)).json()
    assert (await bob.get("/pagers")).json() == []
    assert (await bob.delete(f"/pagers/{pager['id']}")).status_code == 404
    for address in ("", "x", "nonsense://x", "syslog://", "a b@example.org", "bob@localhost"):
        answer = await bob.post("/pagers", {"address": address, "agent_id": cast.bob.id})
        assert answer.json()["type"] == "invalid", address
    neither = await alice.post("/pagers", {"address": "a@example.org"})
    assert neither.json()["type"] == "invalid"
    without = await alice.post(f"/pagers/{pager['id']}/test")
    assert "no mail server" in without.json()["trouble"]


async def test_what_can_not_be_meant_is_refused(cast: Cast, alice: Client) -> None:
    step: dict[str, Any] = {"who": [{"kind": "agent", "id": cast.bob.id}], "wait_for": 300}
    for body in (
        {"name": "", "steps": [step]},
        {"name": "x", "steps": []},
        {"name": "x", "steps": [step] * 11},
        {"name": "x", "steps": [step], "rounds": 0},
        {"name": "x", "steps": [step | {"wait_for": 0}]},
        {"name": "x", "steps": [step | {"who": []}]},
        {"name": "x", "steps": [step | {"who": [{"kind": "agent"}]}]},
    ):
        assert (await alice.post("/ladders", body)).json()["type"] == "invalid", body
    ladder = (await alice.post("/ladders", {"name": "x", "steps": [step]})).json()["id"]
    for cause, more in (("unattended", {"after_for": 1}), ("forgotten", {"after_for": 60})):
        answer = await alice.put(f"/alert-rules/{cause}", {"ladder_id": ladder} | more)
        assert answer.json()["type"] == "invalid"
    assert (await alice.put("/alert-rules/rain", {"ladder_id": ladder})).status_code == 404
    for quiet in (
        {"zone": "Mars/Base", "starts": 0, "ends": 60},
        {"zone": "UTC", "starts": 60, "ends": 60},
        {"zone": "UTC", "starts": 0, "ends": 86_400},
    ):
        assert (await alice.put("/me/quiet-hours", quiet)).json()["type"] == "invalid"
    fine = {"zone": "UTC", "starts": 79_200, "ends": 25_200, "wakes_for_gravest": False}
    await alice.put("/me/quiet-hours", fine)
    assert (await alice.get("/me/quiet-hours")).json() == fine
    await alice.delete("/me/quiet-hours")
    assert not (await alice.get("/me/quiet-hours")).json()


async def raised(cast: Cast, alice: Client) -> tuple[str, str]:
    """An alert that was paged to Bob, and the token of its link."""
    step = {"who": [{"kind": "agent", "id": cast.bob.id}], "wait_for": 300}
    ladder = (await alice.post("/ladders", {"name": "x", "steps": [step]})).json()["id"]
    token = new_token()
    rule = Rule(cause="breach", ladder_id=ladder, after_for=0, again_for=0)
    inbox_id = cast.channel.inbox_id
    matter = Matter(key="breach", inbox_id=inbox_id, conversation_ids=(new_id(),), severity=3)
    async with cast.works.open(cast.workspace_id) as work:
        alert = await raise_alert(work, rule, matter)
        assert alert is not None
        await work.db.execute(
            """INSERT INTO page (workspace_id, id, alert_id, round, step, pager_id, agent_id, name,
                 token, run_at, created_at)
               VALUES ($1, $2, $3, 0, 0, $2, $4, 'Phone', $5, $6, $6)""",
            cast.workspace_id,
            new_id(),
            alert.id,
            cast.bob.id,
            digest(token),
            work.now,
        )
    return alert.id, token


async def test_a_link_says_that_one_has_it_and_opening_it_does_not(
    cast: Cast, alice: Client, nobody: Client
) -> None:
    alert_id, token = await raised(cast, alice)
    shown = await nobody.http.get(f"/page/{token}")
    assert "Late: 1 conversation in Care" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert (await alice.get(f"/alerts/{alert_id}")).json()["state"] == "raised"
    form = {"content-type": "application/x-www-form-urlencoded"}
    said = await nobody.http.post(f"/page/{token}", content="", headers=form)
    assert said.status_code == 303
    assert "Bob has it" in (await nobody.http.get(f"/page/{token}")).text
    alert = (await alice.get(f"/alerts/{alert_id}")).json()
    assert (alert["state"], alert["acknowledged_name"]) == ("acknowledged", "Bob")
    assert [page["state"] for page in alert["pages"]] == ["dropped"]
    [line] = await rows(cast, "SELECT actor_id FROM audit WHERE act = 'alert.acknowledged'")
    assert line["actor_id"] == cast.bob.id
    for wrong in ("A" * 43, "x", token[:-1]):
        assert (await nobody.http.get(f"/page/{wrong}")).status_code == 404


async def test_an_alert_is_seen_by_those_who_see_its_inbox(
    cast: Cast, alice: Client, bob: Client
) -> None:
    alert_id, _ = await raised(cast, alice)
    [shown] = (await bob.get("/alerts")).json()["items"]
    assert (shown["title"], shown["place"]) == ("Late: 1 conversation in Care", "Care")
    await alice.patch_inbox(cast.channel.inbox_id, [str(cast.alice.id)])
    assert (await bob.get("/alerts")).json()["items"] == []
    assert (await bob.put(f"/alerts/{alert_id}/acknowledgement")).status_code == 404
    had = await alice.put(f"/alerts/{alert_id}/acknowledgement")
    assert had.json()["acknowledged_name"] == "Alice"
    again = await alice.put(f"/alerts/{alert_id}/acknowledgement")
    assert again.json()["acknowledged_at"] == had.json()["acknowledged_at"]
