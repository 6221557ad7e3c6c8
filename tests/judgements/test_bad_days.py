"""Judging when something goes wrong: several at once, an end in the middle, no model."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from earful.judgements import models
from earful.judgements.hearing import AT_ONCE, KINDS, READER, hear
from earful.judgements.training import train
from earful.kit.refusal import Refused
from earful.stream.reader import read_on
from earful.triage import judging
from earful.triage.adapting import Decision
from earful.triage.by_hand import CAUTION, by_hand
from tests.cast import DAVE, Cast, post
from tests.desk.acts import EQUATION, rows, take


async def judge_a_helping(cast: Cast, most: int = AT_ONCE) -> int:
    async with cast.works.open(cast.workspace_id) as work:
        return await hear(work, await read_on(work, READER, KINDS, most) or [])


async def test_several_workers_judge_each_post_once(cast: Cast) -> None:
    await take(cast, *(post(f"p{n}", f"@Northwind help {n}") for n in range(60)))
    for n in range(60, 90):
        await take(cast, post(f"p{n}", f"@Northwind help {n}", parent_id="p0"))

    async def worker() -> int:
        return sum([await judge_a_helping(cast, 3) for _ in range(12)])

    together = await asyncio.gather(*(worker() for _ in range(4)))
    while more := await judge_a_helping(cast):
        together.append(more)
    assert sum(together) == 90
    [told] = await rows(
        cast,
        "SELECT count(*) AS many, count(DISTINCT one) AS posts FROM event, "
        "jsonb_array_elements_text(data->'ids') AS one WHERE kind = 'message.judged'",
    )
    assert (told["many"], told["posts"]) == (90, 90)


async def test_what_ends_in_the_middle_is_judged_by_the_next(cast: Cast) -> None:
    await take(cast, post("p1", "@Northwind third time I ask, #northwindfail"))
    with pytest.raises(Ended, match="1 judged"):
        await judge_and_end(cast)
    assert await rows(cast, "SELECT 1 FROM judgement") == []
    assert await judge_a_helping(cast) == 1
    raised = await rows(cast, "SELECT 1 FROM event WHERE kind = 'conversation.prioritised'")
    assert len(raised) == 0  # intake gave it that severity already
    assert len(await rows(cast, "SELECT 1 FROM judgement")) == 1


class Ended(Exception):
    """It ended before it could commit."""


async def judge_and_end(cast: Cast) -> None:
    async with cast.works.open(cast.workspace_id) as work:
        done = await hear(work, await read_on(work, READER, KINDS, AT_ONCE) or [])
        raise Ended(f"{done} judged")


@pytest.fixture
def damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The model that comes with Earful can't be read."""
    path = tmp_path / "model.bin"
    path.write_bytes(b"no model")
    monkeypatch.setattr(judging, "SHIPPED", path)
    for kept in (judging.shipped, models._without):
        kept.cache_clear()
    yield
    for kept in (judging.shipped, models._without):
        kept.cache_clear()


async def test_without_any_model_the_desk_judges_by_signs_and_says_so(
    cast: Cast, damaged: None
) -> None:
    await take(cast, post("p1", "@Northwind my parcel is broken, called 3 times, still nothing!!"))
    await take(cast, post("p2", "@Northwind when do you open?", DAVE))
    assert await judge_a_helping(cast) == 2
    found = await rows(
        cast,
        "SELECT j.* FROM judgement j JOIN message m ON m.id = j.message_id ORDER BY m.external_id",
    )
    assert [row["kind"] for row in found] == ["complaint", "question"]
    assert {(row["model"], row["needs_reply"], row["reasons"][-1]) for row in found} == {
        ("none", None, CAUTION)
    }
    assert found[0]["prior"]["times"] == 3
    [sums] = await rows(cast, EQUATION)
    assert (sums["inbound"], sums["open"]) == (2, 2)
    async with cast.works.open(cast.workspace_id) as work:
        with pytest.raises(Refused, match="Install Earful anew"):
            await train(work, "Alice", [Decision("where is it", "question")])


async def test_empty_and_half_signs(cast: Cast) -> None:
    await take(cast, post("p1", ""), post("p2", "\ud800 where is my order?", DAVE))
    assert await judge_a_helping(cast) == 1  # nothing was said that could be judged
    [sums] = await rows(cast, EQUATION)
    assert (sums["inbound"], sums["open"]) == (2, 2)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("@AcmeHelp my app won't load and keeps crashing", "complaint"),
        ("@AcmeHelp how do I change my address?", "question"),
        ("@AcmeHelp thank you, that was great", "praise"),
        ("sun is out today", "chatter"),
        ("", "chatter"),
    ],
)
def test_signs_alone(text: str, kind: str) -> None:
    said: Any = judging.judge(text, by_hand())
    assert said.kind == kind
    assert said.reasons[-1] == CAUTION


def test_sarcasm_is_judged_as_it_is_written() -> None:
    plain = judging.judge("@AcmeHelp thank you, great service", to_us=True)
    assert plain.kind == "praise"
    told = judging.judge("@AcmeHelp thank you, great service, third time I call", to_us=True)
    assert told.found.prior
    assert told.severity == 3  # what is said in so many words counts whatever it sounds like
