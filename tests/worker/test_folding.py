"""The worker that judges folds in the same turn."""

from __future__ import annotations

from earful.networks.contract import Person
from earful.worker.desk import Shared
from earful.worker.judging import judge_on
from tests.cast import Cast, post
from tests.desk.acts import rows, take


async def test_a_worker_judges_and_folds(cast: Cast, shared: Shared) -> None:
    text = "@Northwind my internet is down for the third day, nobody answers the phone"
    people = [Person(f"did:{n}", f"p{n}.example", f"Person {n}") for n in range(3)]
    await take(cast, *(post(f"p{n}", text, one) for n, one in enumerate(people)))
    assert await judge_on(shared) == 3
    kept = await rows(cast, "SELECT fold_id FROM folded")
    assert len(kept) == 3
    assert len({row["fold_id"] for row in kept}) == 1
    assert await judge_on(shared) == 0
