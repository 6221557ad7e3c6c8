"""The folded list through its door: as far as somebody may see, the gravest first."""

from __future__ import annotations

from datetime import timedelta

from earful.api import folds
from earful.desk.views import STANDING
from earful.folding.hearing import fold
from earful.folding.listing import Front, Shown
from earful.judgements.hearing import AT_ONCE, KINDS, READER
from earful.networks.contract import Person
from earful.stream.reader import read_on
from tests.api.client import Client
from tests.cast import Cast, post
from tests.desk.acts import balanced, card_of, home_of, rows, take

TEXT = "@Northwind the parcel of last week still has not come, third time"


async def test_alike_posts_are_one_row_that_unfolds(
    cast: Cast, alice: Client, bob: Client, eve: Client
) -> None:
    people = [Person(f"did:{n}", f"p{n}.example", f"Person {n}") for n in range(5)]
    await take(cast, *(post(f"p{n}", TEXT, one) for n, one in enumerate(people)))
    async with cast.works.open(cast.workspace_id) as work:
        await fold(work, await read_on(work, READER, KINDS, AT_ONCE) or [])
    page = (await bob.get("/folds")).json()
    [row] = page["items"]
    assert (row["conversations"], row["people"], row["card"]["unanswered"]) == (5, 5, 1)
    assert (page["next"], page["conversations"], page["advised"]) == (None, 5, False)
    inside = f"/folds/{row['id']}/conversations"
    first = (await bob.get(f"{inside}?limit=3")).json()
    rest = (await bob.get(f"{inside}?limit=3&after={first['next']}")).json()
    ids = [card["id"] for card in first["items"] + rest["items"]]
    assert (len(set(ids)), rest["next"]) == (5, None)
    # A person acts on all of them at once; each is still answered by itself.
    done = (await bob.post("/bulk", {"ids": ids, "act": "tag", "tag": "parcel"})).json()
    assert len(done["done"]) == 5
    assert (await bob.get("/folds")).json()["items"][0]["conversations"] == 5
    await balanced(cast)
    assert (await eve.get("/folds")).json()["items"] == []
    assert (await eve.get(inside)).status_code == 404
    for wrong in (
        "/folds?view=resolved",
        "/folds?view=nothing",
        "/folds?after=x",
        "/folds/x/conversations",
    ):
        assert (await bob.get(wrong)).status_code in {400, 404, 422}, wrong


async def test_each_is_answered_once_and_can_be_taken_back_together(
    cast: Cast, bob: Client
) -> None:
    people = [Person(f"did:{n}", f"p{n}.example", f"Person {n}") for n in range(3)]
    await take(cast, *(post(f"p{n}", TEXT, one) for n, one in enumerate(people)))
    homes = [await home_of(cast, f"p{n}") for n in range(3)]
    body = {"text": "It comes today.", "undo_for": 30}
    deliveries = []
    for home in [*homes, homes[0]]:
        answer = await bob.post(
            f"/conversations/{home}/replies", body, headers={"Idempotency-Key": f"go:{home}"}
        )
        deliveries.append(answer.json()["message"]["delivery"]["id"])
    assert deliveries[0] == deliveries[3]
    left = await rows(cast, "SELECT run_at FROM delivery ORDER BY run_at")
    assert [one["run_at"] - cast.time() for one in left] == [timedelta(seconds=30)] * 3
    for one in set(deliveries):
        assert (await bob.delete(f"/deliveries/{one}")).status_code == 200
    assert [(await card_of(cast, home)).unanswered for home in homes] == [1, 1, 1]
    await balanced(cast)
    # Who wrote something else meanwhile is told nothing that was written before it was read.
    await take(cast, post("more", "@Northwind and where is my refund?", people[0]))
    for home, told in zip(homes[:2], (409, 201), strict=True):
        answer = await bob.post(f"/conversations/{home}/replies", body | {"unanswered": 1})
        assert answer.status_code == told, answer.text
    assert (await card_of(cast, homes[0])).unanswered == 2
    for wrong in (-1, 61):
        refused = await bob.post(f"/conversations/{homes[0]}/replies", body | {"undo_for": wrong})
        assert refused.status_code == 422, wrong


def test_a_front_is_shared_by_those_who_see_the_same_and_no_others() -> None:
    def key(agent: str, inboxes: frozenset[str] | None, view: str) -> object:
        return folds._key(Shown("w", agent, inboxes, STANDING[view]))

    care, sales = frozenset({"care"}), frozenset({"sales"})
    assert key("bob", care, "next") == key("eve", care, "next")
    assert key("bob", care, "next") != key("eve", sales, "next") != key("eve", None, "next")
    assert key("bob", care, "mine") != key("eve", care, "mine")
    assert key("bob", care, "team") != key("eve", care, "team")
    long, short = Front([], False, folds.LONG, 1), Front([], False, folds.LONG - 1, 1)
    assert (folds._meanwhile(long), folds._meanwhile(short)) == (folds.MEANWHILE, 0)
