"""Corrections are learnt from; a model replaces another only where it is better, and is undone."""

from __future__ import annotations

from typing import Any

import pytest

from earful.judgements import training
from earful.judgements.correcting import Better, correct
from earful.kit.refusal import NotFound, Refused
from earful.networks.contract import Person
from earful.triage.adapting import Decision
from tests.cast import Cast, post
from tests.desk.acts import rows, take
from tests.judgements.test_hearing import judge, judged
from tests.triage.test_adapting import decisions


async def written(cast: Cast, told: list[Decision]) -> None:
    """Customers write it, and Bob says what each really is."""
    people = [Person(f"p{n}", f"p{n}", f"P {n}") for n in range(len(told))]
    await take(cast, *(post(f"t{n}", one.text, people[n]) for n, one in enumerate(told)))
    await judge(cast)
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        for n, one in enumerate(told):
            [row] = await rows(cast, "SELECT id FROM message WHERE external_id = $1", f"t{n}")
            await correct(work, row["id"], Better(kind=one.kind))


async def do(cast: Cast, act: Any, *args: Any) -> Any:
    async with cast.works.open(cast.workspace_id) as work:
        return await act(work, *args)


async def test_corrections_make_a_better_model_that_judges_and_can_be_undone(cast: Cast) -> None:
    await written(cast, decisions(10))
    told = await do(cast, training.decisions_of)
    assert len({one.by for one in told}) == len(told)  # each by another person
    done = await do(cast, training.train, "test")
    assert done.replaced
    assert done.after["macro_f1"] > done.before["macro_f1"]
    [kept] = await do(cast, lambda work: training.list_models(work.db, work.workspace_id))
    assert (kept.id, kept.in_use, kept.made_by) == (done.model, True, "test")
    await take(cast, post("new", "win a free voucher today, follow my page"))
    await judge(cast)
    one = await judged(cast, "new")
    assert (one.kind, one.model) == ("spam", done.model)
    assert await do(cast, training.choose, "previous") == "shipped"
    await take(cast, post("newer", "win a free voucher today, follow my page please"))
    await judge(cast)
    assert (await judged(cast, "newer")).model == "shipped"
    assert await do(cast, training.choose, done.model) == done.model


async def test_what_is_no_better_replaces_nothing(cast: Cast) -> None:
    told = [Decision(f"where is order {n}?", "question" if n % 2 else "praise") for n in range(40)]
    done = await do(cast, training.train, "test", told)
    assert not done.replaced
    assert "Not better" in done.words
    assert await rows(cast, "SELECT 1 FROM triage_model") == []


async def test_no_corrections_and_one_class_are_refused_in_words(cast: Cast) -> None:
    with pytest.raises(Refused, match="No agent has corrected"):
        await do(cast, training.train, "test")
    one_class = [Decision(f"thanks {n}", "praise") for n in range(30)]
    with pytest.raises(Refused, match="All 30 decisions say praise"):
        await do(cast, training.train, "test", one_class)


async def test_models_that_are_not_there_or_damaged(cast: Cast) -> None:
    done = await do(cast, training.train, "test", decisions())
    await rows(cast, "UPDATE triage_model SET file = '\\x00', in_use = false")
    with pytest.raises(Refused, match="damaged"):
        await do(cast, training.choose, done.model)
    for name in ("nonsense", cast.workspace_id):
        with pytest.raises(NotFound):
            await do(cast, training.choose, name)


async def test_only_a_few_are_kept_and_never_the_one_in_use_goes(cast: Cast) -> None:
    for n in range(8):
        await rows(
            cast,
            """INSERT INTO triage_model
                 (workspace_id, id, made_at, made_by, about, file, in_use)
               VALUES ($1, gen_random_uuid(), $2::timestamptz, 'x', '{}', 'x', false)""",
            cast.workspace_id,
            cast.time.now.replace(hour=n),
        )
    await do(cast, training.train, "test", decisions())
    kept = await do(cast, lambda work: training.list_models(work.db, work.workspace_id))
    assert len(kept) <= training.KEPT + 1
    assert sum(one.in_use for one in kept) == 1
