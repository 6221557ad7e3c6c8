"""What a worker has done stands where the web's /metrics reads it."""

from __future__ import annotations

from typing import Any

from earful.worker import sending
from earful.worker.desk import Shared
from earful.worker.reporting import report
from tests.cast import Cast
from tests.desk.acts import answer, rows
from tests.networks.rehearsal.serving import Server


async def test_a_worker_tells_what_it_sent_and_the_dead_are_forgotten(
    shared: Shared, cast: Cast, town: Server, asks: Any
) -> None:
    for kind in ("", "422"):
        await answer(cast, await asks())
        if kind:
            town.ask("/faults", kind=kind, on="publish")
        for claimed in await sending._claim(shared, cast.workspace_id):
            await sending.attempt(shared, claimed)
    await report(shared)
    [row] = await rows(cast, "SELECT name, counts FROM worker")
    assert (row["name"], row["counts"]) == (shared.name, {"sent": 1, "not_sent": 1})
    cast.time.pass_(hours=2)
    shared.name = "its follower"
    await report(shared)
    assert [row["name"] for row in await rows(cast, "SELECT name FROM worker")] == ["its follower"]
