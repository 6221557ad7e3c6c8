"""Trouble on request, the tester's door, compliance, and a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from typing import Any

import httpx
import pytest

from earful.networks.x.simulator import stage
from earful.networks.x.simulator.faults import Fault

from .client import Brand


def published(brand: Brand) -> int:
    return sum(entry.own for entry in brand.state.world.ledger)


@pytest.mark.parametrize(
    ("kind", "status", "done"),
    [
        ("401", 401, 0),
        ("429", 429, 0),
        ("500", 500, 0),
        ("503", 503, 0),
        ("500-after", 500, 1),
        ("drop", None, 1),
        ("drop-before", None, 0),
        ("half", None, 1),
        ("hang", None, 0),
        ("hang-after", None, 1),
    ],
)
async def test_it_goes_wrong_as_asked_once(
    brand: Brand, kind: Any, status: int | None, done: int
) -> None:
    """Performed or not is what the ledger says; the next request is served."""
    brand.state.faults.add(Fault(kind, on="publish", after=30))
    assert (await brand.user.get("/2/users/me")).status_code == 200
    try:
        answer = await brand.user.post("/2/tweets", json={"text": "one"}, timeout=0.3)
        assert answer.status_code == status
        if status == 429:
            resets = int(answer.headers["x-rate-limit-reset"])
            assert resets == int((brand.state.now() + timedelta(seconds=30)).timestamp())
    except httpx.TransportError:
        assert status is None
    assert published(brand) == done
    assert (await brand.user.post("/2/tweets", json={"text": "two"})).status_code == 201


async def test_tokens_run_out_and_are_taken_back_on_request(brand: Brand) -> None:
    brand.state.tokens.expire(brand.id)
    assert (await brand.user.get("/2/users/me")).status_code == 401
    refresh = brand.keys["users"]["Northwind"]["refresh_token"]
    assert brand.state.tokens.refresh(refresh)
    brand.state.tokens.revoke_user(brand.id)
    assert brand.state.tokens.refresh(refresh) is None


async def test_a_crowd_is_met_page_by_page(brand: Brand) -> None:
    made = stage.burst(brand.state.world, stage.Burst(n=250))
    seen: list[str] = []
    query: dict[str, Any] = {"max_results": 100}
    while True:
        page = await brand.mentions(**query)
        seen += [post["id"] for post in page["data"]]
        if not (token := page["meta"].get("next_token")):
            break
        query["pagination_token"] = token
    assert seen == made[::-1]


async def test_a_compliance_job_says_what_must_be_forgotten(brand: Brand) -> None:
    kept, gone = brand.says("@Northwind a"), brand.says("@Northwind b")
    stage.delete(brand.state.world, gone.id)
    made = await brand.app.post("/2/compliance/jobs", json={"type": "tweets"})
    job = made.json()["data"]
    uploaded = await brand.app.put(job["upload_url"], content=f"{kept.id}\n{gone.id}\n".encode())
    assert uploaded.status_code == 200
    path = f"/2/compliance/jobs/{job['id']}"
    assert (await brand.app.get(path)).json()["data"]["status"] == "in_progress"
    assert (await brand.app.get(job["download_url"])).status_code == 404
    brand.state.now.advance(31)
    assert (await brand.app.get(path)).json()["data"]["status"] == "complete"
    lines = (await brand.app.get(job["download_url"])).text.splitlines()
    assert [(json.loads(line)["id"], json.loads(line)["reason"]) for line in lines] == [
        (gone.id, "deleted")
    ]


async def test_media_are_handed_over_in_parts_and_checked(brand: Brand) -> None:
    begin = {"media_type": "image/png", "total_bytes": 4}
    made = (await brand.user.post("/2/media/upload/initialize", json=begin)).json()["data"]
    path = f"/2/media/upload/{made['id']}"
    form = {"segment_index": "0"}
    await brand.user.post(f"{path}/append", data=form, files={"media": b"ab"})
    assert (await brand.user.post(f"{path}/finalize")).status_code == 400
    body = {"text": "Look", "media": {"media_ids": [made["id"]]}}
    assert (await brand.user.post("/2/tweets", json=body)).status_code == 400
    form = {"segment_index": "1"}
    await brand.user.post(f"{path}/append", data=form, files={"media": b"cd"})
    assert (await brand.user.post(f"{path}/finalize")).status_code == 200
    sent = await brand.user.post("/2/tweets", json=body)
    assert sent.status_code == 201
    query = {"expansions": "attachments.media_keys", "media.fields": "url"}
    shown = await brand.user.get(f"/2/tweets/{sent.json()['data']['id']}", params=query)
    (medium,) = shown.json()["includes"]["media"]
    assert (await brand.user.get(medium["url"])).content == b"abcd"
    large = {"media_type": "image/png", "total_bytes": 5_000_001}
    assert (await brand.user.post("/2/media/upload/initialize", json=large)).status_code == 400


async def test_no_web_page_and_no_stranger_comes_in(brand: Brand) -> None:
    for headers in ({"origin": "https://a.example"}, {"host": "a.example"}):
        assert (await brand.user.get("/2/users/me", headers=headers)).status_code == 403
    assert (await brand.user.get("/_sim/ledger")).status_code == 401


def test_a_process_of_its_own_is_played_through_its_door() -> None:
    """Everything a tester asks for, over HTTP."""
    command = [sys.executable, "-m", "earful.networks.x.simulator", "--json", "--no-limits"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        keys = json.loads(process.stdout.readline())
        headers = {"x-sim-token": keys["control"]}
        with httpx.Client(base_url=keys["service"], headers=headers, trust_env=False) as door:
            _play(door, keys)
            # It ends in peace although somebody is still connected.
            process.terminate()
            _, complaints = process.communicate()
    assert (process.returncode, complaints) == (0, "")


def _play(door: httpx.Client, keys: dict[str, Any]) -> None:
    def ask(method: str, path: str, **body: Any) -> Any:
        answer = door.request(method, f"/_sim/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    brand = keys["users"]["Northwind"]
    bearer = {"authorization": f"Bearer {brand['access_token']}"}
    ask("POST", "accounts", username="dana", receives_dms=False)
    asked = ask("POST", "posts", by="dana", text="@Northwind hi", alts=["a box"])
    edited = ask("POST", "posts", by="dana", text="@Northwind hello", edit=asked["id"])
    ask("PUT", f"withheld/{edited['id']}", countries=["DE"])
    sent = ask("POST", "dms", by="dana", to="Northwind", text="psst")
    ask("PUT", f"read/{sent['id']}")
    assert len(ask("POST", "burst", n=3)["ids"]) == 3
    ask("POST", "faults", kind="503", on="mentions", times=0)
    path = f"/2/users/{brand['id']}/mentions"
    assert door.get(path, headers=bearer).status_code == 503
    ask("DELETE", "faults")
    assert len(door.get(path, headers=bearer).json()["data"]) == 4
    ask("PUT", "streams", silent=True)
    ask("DELETE", "streams", said=True)
    ask("PUT", "webhooks", repeat=1)
    ask("PUT", "plan", names="post", tier="enterprise", limits=True)
    ask("POST", "spent", place="me", handle="Northwind")
    assert door.get("/2/users/me", headers=bearer).status_code == 429
    ask("DELETE", f"posts/{edited['id']}")
    ask("POST", "clock", advance=7200)
    assert door.get(path, headers=bearer).status_code == 401
    bearer = {"authorization": f"Bearer {ask('POST', 'tokens', handle='Northwind')['access']}"}
    assert len(door.get(path, headers=bearer).json()["data"]) == 3
    ask("POST", "expire", handle="Northwind")
    ask("POST", "revoke", handle="Northwind")
    kinds = [entry["kind"] for entry in ask("GET", "ledger")["entries"]]
    assert kinds == ["post", "edit", "dm", "post", "post", "post", "deletion"]
    assert ask("GET", "state")["struck"] == 1
    assert ask("GET", "spend")
    bad = door.post("/_sim/posts", json={"by": "dana", "text": "x", "reply_to": "77"})
    assert (bad.status_code, bad.json()["detail"]) == (422, "no post 77")
