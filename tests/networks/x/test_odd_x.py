"""An X of whose answers every third has something odd in it, for a while: nothing is lost, nothing
is thrown but what carries a decision."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from typing import Any

import msgspec
import pytest

from earful.networks.contract import RetryLater
from earful.networks.x.simulator import Plan, simulated
from earful.networks.x.simulator.service import Service
from earful.networks.x.simulator.wire import Answer, Request
from tests.networks.x.bench import BRAND, Bench, Heard, listen
from tests.networks.x.variations import STRANGE, altered, paths

FOR = 40  # answers


class Oddity:
    """Alters answers that are objects: one part of each third, for so many."""

    def __init__(self, seed: int) -> None:
        self._dice, self.left = random.Random(seed), FOR  # noqa: S311 - repeatable

    def strike(self, answer: Answer) -> Answer:
        """The answer, or one that is a little odd."""
        if self.left <= 0 or not isinstance(answer.body, dict):
            return answer
        self.left -= 1
        if self.left % 3:
            return answer
        said: Any = msgspec.json.decode(msgspec.json.encode(answer.body))
        where = self._dice.choice([path for path in paths(said) if path])
        odd = altered(said, where, self._dice.choice(STRANGE))
        return msgspec.structs.replace(answer, body=json.dumps(odd).encode())


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("names", ["tweet", "post"])
async def test_nothing_is_lost(monkeypatch: pytest.MonkeyPatch, names: Any, seed: int) -> None:
    oddity, handle = Oddity(seed), Service.handle

    async def odd(self: Service, request: Request) -> Answer:
        answer = await handle(self, request)
        # Who we are is asked once: a lie about that is no oddity.
        return answer if request.path == "/2/users/me" else oddity.strike(answer)

    monkeypatch.setattr(Service, "handle", odd)
    plan = Plan(brands=(BRAND,), keep_alive=2.0, names=names)
    async with simulated(plan) as state:
        bench = Bench(state, names=names)
        bench.memory.longest_wait = 0.02
        told = {bench.says(f"@Northwind number {n}", by=f"c{n}") for n in range(12)}
        told |= {"dm:" + bench.writes(f"psst {n}") for n in range(4)}

        def whole(heard: Heard) -> bool:
            return told <= set(heard.ids())

        found: list[str] = []
        while not told <= set(found):
            with suppress(RetryLater):  # the worker begins anew
                found = (await listen(bench.open(), whole)).ids()
        await bench.close()
