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
