"""A channel's care: its guide, what it costs, whether it works, what it says by itself."""

from __future__ import annotations

import msgspec
import pytest
from litestar import Litestar

from earful.desk.ports import open_connector
from earful.desk.spend import tidy
from earful.networks.contract import Finding, Ports, RetryLater
from earful.settings import Settings
from tests.api.client import Client
from tests.cast import Cast, post
from tests.desk.acts import home_of, rows, take
from tests.networks import doors


@pytest.fixture
async def ports(cast: Cast, app: Litestar, town: doors.Town) -> Ports:
    """What the connector of the cast's channel is handed."""
    await rows(cast, "UPDATE channel SET network = 'doors', config = $1", {"daily": "$5.00"})
    [row] = await rows(cast, "SELECT * FROM channel")
    public = "https://care.example.org"
    await open_connector(cast.database, app.state.keyring, cast.time, row, public).close()
    return town.ports[-1]


async def test_spend_is_kept_by_utc_day_and_kind(cast: Cast, alice: Client, ports: Ports) -> None:
    await ports.spend.charge("read_post", 5_000, 1)
    cast.time.pass_(days=1)
    await ports.spend.charge("read_post", 10_000, 2)
    await ports.spend.charge("read_post", 5_000)
    await ports.spend.charge("post", 200_000)
    assert await ports.spend.today() == 215_000
    found = (await alice.get(f"/channels/{cast.channel.id}/spend")).json()
    assert (found["today"], found["total"], found["cap"]) == (215_000, 220_000, 5_000_000)
    assert found["days"] == [
        {
            "day": "2026-11-03",
            "micros": 215_000,
            "kinds": [
                {"kind": "post", "calls": 1, "micros": 200_000},
                {"kind": "read_post", "calls": 3, "micros": 15_000},
            ],
        },
        {
            "day": "2026-11-02",
            "micros": 5_000,
            "kinds": [{"kind": "read_post", "calls": 1, "micros": 5_000}],
        },
    ]
    one = (await alice.get(f"/channels/{cast.channel.id}/spend?days=1")).json()
    assert (one["today"], one["total"]) == (215_000, 215_000)
    for nonsense in ("0", "397", "x"):
        answer = await alice.get(f"/channels/{cast.channel.id}/spend?days={nonsense}")
        assert answer.status_code == 422


async def test_spend_is_among_the_metrics_and_forgotten_after_13_months(
    cast: Cast, alice: Client, ports: Ports
) -> None:
    await ports.spend.charge("post", 1_250_000)
    figures = (await alice.http.get("/metrics")).text
    assert f'earful_channel_spend_today_dollars{{channel="{cast.channel.id}"}} 1.25' in figures
    for days, left in ((396, 1), (1, 0)):
        cast.time.pass_(days=days)
        async with cast.database.transaction() as db:
            await tidy(db, now=cast.time())
        assert len(await rows(cast, "SELECT 1 FROM channel_spend")) == left


@pytest.mark.parametrize(
    ("typed", "cap"), [("", None), ("2.5", 2_500_000), ("much", None), ("NaN", None)]
)
async def test_a_cap_that_is_no_number_bounds_nothing(
    cast: Cast, alice: Client, ports: Ports, typed: str, cap: int | None
) -> None:
    assert ports.hook
    await rows(cast, "UPDATE channel SET config = $1", {"daily": typed})
    assert (await alice.get(f"/channels/{cast.channel.id}/spend")).json()["cap"] == cap


async def test_what_a_connector_tells_stands_on_the_channel_until_taken_away(
    cast: Cast, alice: Client, ports: Ports
) -> None:
    for words in ("Listening only by\nmentions.", "Listening only by mentions.", ""):
        await ports.tell(words)
    told = await rows(cast, "SELECT data, inbox_id FROM event WHERE kind = 'channel.changed'")
    assert [one["data"]["channel"]["notice"] for one in told] == ["Listening only by mentions.", ""]
    assert told[0]["inbox_id"] == cast.channel.inbox_id
    await ports.tell("x" * 5000)
    [shown] = (await alice.get("/channels")).json()
    assert len(shown["notice"]) == 500


async def test_the_guide_has_the_addresses_of_this_desk(
    cast: Cast, app: Litestar, alice: Client, ports: Ports
) -> None:
    async def steps(path: str) -> list[tuple[str, str]]:
        said = (await alice.get(path)).json()
        if path == "/networks":
            [said] = [one["guide"] for one in said if one["network"] == "doors"]
        return [(step["copy"], step["lacks"]) for step in said]

    own = f"/channels/{cast.channel.id}/guide"
    here = "http://127.0.0.1:8420/oauth/callback"
    assert await steps("/networks") == [(here, ""), ("", "public")]
    assert await steps(own) == [(here, ""), ("", "public")]
    app.state.settings = Settings.from_env({"EARFUL_PUBLIC_URL": "https://care.example.org"})
    there = "https://care.example.org/oauth/callback"
    assert await steps("/networks") == [(there, ""), ("", "channel")]
    assert ports.hook == f"https://care.example.org/hooks/{cast.channel.id}"
    assert await steps(own) == [(there, ""), (ports.hook, "")]


async def test_a_channel_is_looked_over_the_worst_first_and_not_too_often(
    cast: Cast, alice: Client, ports: Ports, town: doors.Town
) -> None:
    assert ports.hook
    good, bad = Finding("good", "SPF", "is set"), Finding("bad", "DKIM", "is missing")
    town.findings = (good, bad)
    path = f"/channels/{cast.channel.id}/check"
    found = await alice.post(path)
    assert found.json() == msgspec.to_builtins([bad, good])
    town.error = RetryLater("the server is being mended")
    [trouble] = (await alice.post(path)).json()
    assert (trouble["state"], trouble["words"]) == ("warn", "the server is being mended")
    await alice.post(path)
    assert (await alice.post(path)).status_code == 429
    cast.time.pass_(seconds=10)
    assert (await alice.post(path)).status_code == 200
    lines = await rows(cast, "SELECT actor_id FROM audit WHERE act = 'channel.checked'")
    assert [line["actor_id"] for line in lines] == [cast.alice.id] * 4


async def test_a_network_without_a_check_of_its_own_says_whether_it_knows_us(
    cast: Cast, alice: Client
) -> None:
    [found] = (await alice.post(f"/channels/{cast.channel.id}/check")).json()
    assert (found["state"], "@Northwind" in found["words"]) == ("good", True)


async def test_a_preview_warns(cast: Cast, alice: Client, bob: Client, ports: Ports) -> None:

    assert ports.hook
    await take(cast, post("1"))
    await rows(cast, "UPDATE channel SET config = $1", {"app": "a1"})
    home = await home_of(cast, "1")
    said = await bob.post(f"/conversations/{home}/preview", {"text": "see https://a.example"})
    assert said.json()["warnings"] == ["A link costs $0.20 (public, a1)."]
