"""The folded list through its door: as far as somebody may see, the gravest first."""

from __future__ import annotations

from earful.folding.hearing import fold
from earful.judgements.hearing import AT_ONCE, KINDS, READER
from earful.networks.contract import Person
from earful.stream.reader import read_on
from tests.api.client import Client
from tests.cast import Cast, post
from tests.desk.acts import balanced, take

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
