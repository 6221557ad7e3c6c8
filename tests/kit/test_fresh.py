"""An answer is kept for a moment, shared by those who ask at once, and never kept when broken."""

from __future__ import annotations

import asyncio

import pytest

from earful.kit.fresh import Fresh
from tests.cast import Time


async def test_asked_at_once_it_is_made_once_and_anew_when_its_time_is_over() -> None:
    time, made = Time(), []

    async def make() -> int:
        made.append(1)
        return len(made)

    fresh = Fresh(time, 1.0)
    assert await asyncio.gather(*(fresh.get("a", make) for _ in range(5))) == [1] * 5
    assert await fresh.get("b", make) == 2
    time.pass_(seconds=1)
    assert await fresh.get("a", make) == 3


async def test_a_broken_answer_is_not_kept() -> None:
    async def broken() -> int:
        raise LookupError("away")

    async def well() -> int:
        return 7

    fresh = Fresh(Time(), 60.0)
    with pytest.raises(LookupError):
        await fresh.get("a", broken)
    assert await fresh.get("a", well) == 7


async def test_while_a_new_answer_is_made_the_one_before_may_be_given() -> None:
    time, made, gate = Time(), [], asyncio.Event()
    gate.set()

    async def make() -> int:
        made.append(1)
        number = len(made)
        await gate.wait()
        if number == 3:
            raise LookupError("away")
        return number

    async def ask() -> int:
        answer: int = await fresh.get("a", make, meanwhile=lambda _: 10.0)
        return answer

    fresh = Fresh(time, 1.0)
    assert await ask() == 1
    gate.clear()
    time.pass_(seconds=2)
    assert [await ask(), await ask(), len(made)] == [1, 1, 1]  # the new one only begins
    await asyncio.sleep(0)
    assert len(made) == 2
    gate.set()
    await asyncio.sleep(0.01)
    assert await ask() == 2
    time.pass_(seconds=5)
    assert await ask() == 2  # and the third breaks meanwhile
    await asyncio.sleep(0.01)
    assert await ask() == 2
    await asyncio.sleep(0.01)
    assert await ask() == 4
    gate.clear()
    time.pass_(seconds=12)
    waiting = asyncio.ensure_future(ask())
    await asyncio.sleep(0.01)
    assert not waiting.done(), "older than it may be"
    gate.set()
    assert await waiting == 5


async def test_no_more_is_kept_than_may_be() -> None:
    async def make() -> int:
        return 1

    fresh = Fresh(Time(), 60.0, most=3)
    for key in range(10):
        await fresh.get(key, make)
    assert len(fresh._kept) <= 3
