"""What searches find: kept once, no conversation until somebody takes it in, gone with its post."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from earful.accounts import bounds
from earful.accounts.errors import TooMany
from earful.desk.privacy import erase_person, export_person
from earful.desk.resolve import resolve
from earful.desk.retention import Retention, Terms, forget
from earful.kit.refusal import NotFound, Refused
from earful.listening import mentions, searches
from earful.listening.finding import forget_old
from earful.listening.searches import Saved, Search
from earful.networks.contract import (
    Batch,
    Deletion,
    Post,
    Reauthorize,
    Rejected,
    RetryLater,
    Sought,
    Visibility,
)
from earful.worker import searching
from earful.worker.searching import search_next
from tests.cast import CAROL, DAVE, START, Cast, post
from tests.desk.acts import EQUATION, card_of, rows, take


class Network:
    """A network with a search: what it was asked, and what it answers."""

    def __init__(self, *posts: Post) -> None:
        self.posts = list(posts)
        self.asked: list[Sought] = []
        self.cursors: list[Any] = []
        self.trouble: BaseException | None = None

    async def search(self, sought: Sought, since: Mapping[str, Any] | None) -> Batch:
        self.asked.append(sought)
        self.cursors.append(since)
        if self.trouble is not None:
            raise self.trouble
        return Batch(tuple(self.posts), {"n": len(self.asked)})

    async def close(self) -> None:
        """Nothing is open."""

    async def probe(self) -> Any:
        raise NotImplementedError


class Worker:
    """As much of a worker as a search needs."""

    def __init__(self, cast: Cast, network: Network) -> None:
        self.database, self.works, self.clock = cast.database, cast.works, cast.time
        self.stopping, self._network = asyncio.Event(), network
        self.counts: Counter[str] = Counter()
        self._cast = cast

    async def channel(self, _: str, channel_id: str) -> dict[str, Any]:
        [row] = await rows(self._cast, "SELECT * FROM channel WHERE id = $1", channel_id)
        return dict(row)

    @asynccontextmanager
    async def connector(self, _: Any) -> Any:
        yield self._network


async def save(cast: Cast, query: str = "northwind", **more: Any) -> Saved:
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        return await searches.keep_search(
            work, Search(name=more.pop("name", "Us"), query=query, **more)
        )


async def look(cast: Cast, network: Network) -> int:
    done = 0
    while await search_next(Worker(cast, network)):  # type: ignore[arg-type]
        done += 1
    return done


def overheard(key: str, text: str = "Northwind is slow", author: Any = CAROL, **more: Any) -> Post:
    return post(key, text, author, addressed=False, **more)


async def listed(cast: Cast, **how: Any) -> mentions.Page:
    async with cast.database.acquire() as db:
        return await mentions.list_mentions(db, cast.workspace_id, **how)


async def act(cast: Cast, what: Any, *args: Any) -> Any:
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        return await what(work, *args)


async def test_what_is_found_is_kept_once_and_is_no_conversation(cast: Cast) -> None:
    saved = await save(cast)
    network = Network(
        overheard("m1"),
        overheard("m2", "something else"),
        overheard("own", own=True),
        overheard("dm", visibility=Visibility.DIRECT),
        post("to-us", "@Northwind hello"),
    )
    assert await look(cast, network) == 1
    assert await look(cast, network) == 0  # its turn comes in a minute
    cast.time.pass_(seconds=61)
    assert await look(cast, network) == 1
    assert network.cursors == [None, {"n": 1}]
    [found] = (await listed(cast)).items
    assert (found.external_id, found.state, found.search_ids) == ("m1", "new", [saved.id])
    assert await rows(cast, "SELECT 1 FROM conversation") == []
    told = await rows(cast, "SELECT data FROM event WHERE kind = 'mention.found'")
    assert [row["data"]["ids"] for row in told] == [[found.id]]
    async with cast.database.acquire() as db:
        [again] = await searches.list_searches(db, cast.workspace_id, cast.time.now)
    assert (again.found_week, again.price_month, again.problem) == (1, None, "")


async def test_a_second_search_finds_the_same_post(cast: Cast) -> None:
    one, two = await save(cast), await save(cast, "slow northwind", name="Slow")
    assert await look(cast, Network(overheard("m1"))) == 2
    [found] = (await listed(cast, search_id=two.id)).items
    assert set(found.search_ids) == {one.id, two.id}
    assert len(await rows(cast, "SELECT 1 FROM event WHERE kind = 'mention.found'")) == 1


async def test_taken_in_it_is_a_conversation_once_whose_clock_begins_now(cast: Cast) -> None:
    await save(cast)
    await look(cast, Network(overheard("m1", published_at=START - timedelta(hours=3))))
    [found] = (await listed(cast)).items
    cast.time.pass_(minutes=30)
    home = await act(cast, mentions.take_in, found.id)
    assert await act(cast, mentions.take_in, found.id) == home
    card = await card_of(cast, home)
    assert (card.status, card.unanswered) == ("open", 1)
    assert card.clock is not None
    assert card.clock.started_at == cast.time.now
    # The network tells it after all, as addressed to us: it is that message.
    await take(cast, post("m1", "Northwind is slow"))
    assert len(await rows(cast, "SELECT 1 FROM message WHERE external_id = 'm1'")) == 1
    assert (await listed(cast)).items == []
    assert (await listed(cast, state="taken")).items[0].conversation_id == home
    with pytest.raises(Refused, match="conversation already"):
        await act(cast, mentions.dismiss, found.id)
    [sums] = await rows(cast, EQUATION)
    assert sums["inbound"] == sums["settled"] + sums["open"] == 1


async def test_dismissed_and_put_back(cast: Cast) -> None:
    await save(cast)
    await look(cast, Network(overheard("m1")))
    [found] = (await listed(cast)).items
    for _ in range(2):
        await act(cast, mentions.dismiss, found.id)
    assert (await listed(cast)).items == []
    cast.time.pass_(minutes=2)
    await look(cast, Network(overheard("m1")))
    assert (await listed(cast)).items == []  # found again, it stays dismissed
    await act(cast, mentions.restore, found.id)
    assert [one.id for one in (await listed(cast)).items] == [found.id]
    with pytest.raises(NotFound):
        await act(cast, mentions.dismiss, cast.workspace_id)


async def test_what_is_a_message_already_is_not_mentioned(cast: Cast) -> None:
    await take(cast, post("m1", "northwind help"))
    await save(cast)
    await look(cast, Network(overheard("m1")))
    assert (await listed(cast, state="all")).items == []


async def test_languages_that_nobody_asked_for_stay_out(cast: Cast) -> None:
    await save(cast, languages=["de"])
    await look(
        cast,
        Network(
            overheard("m1", language="en-US"),
            overheard("m2", "Northwind ist langsam", DAVE, language="de"),
        ),
    )
    assert [one.external_id for one in (await listed(cast)).items] == ["m2"]


async def test_pages_hold_while_more_is_found(cast: Cast) -> None:
    await save(cast)
    for number in range(7):
        await look(cast, Network(*(overheard(f"m{number}-{n}") for n in range(3))))
        cast.time.pass_(minutes=2)
    first = await listed(cast, limit=10)
    await look(cast, Network(overheard("later")))
    second = await listed(cast, limit=10, after=first.next)
    third = await listed(cast, limit=10, after=second.next)
    ids = [one.external_id for page in (first, second, third) for one in page.items]
    assert len(ids) == len(set(ids)) == 21
    assert third.next is None


@pytest.mark.parametrize(
    ("trouble", "problem"),
    [
        (Rejected("no such search here"), "no such search here"),
        (Reauthorize("sign in again"), "sign in again"),
        (OSError("line cut"), "line cut"),
        (TimeoutError(), "does not answer"),
        (KeyError("surprise"), "Something went wrong here"),
        (RetryLater("busy", 30), ""),
        (RetryLater("the money of the day is spent", 3600), "money of the day"),
    ],
)
async def test_trouble_is_told_and_comes_back(cast: Cast, trouble: Exception, problem: str) -> None:
    await save(cast)
    network = Network(overheard("m1"))
    network.trouble = trouble
    assert await look(cast, network) == 1
    async with cast.database.acquire() as db:
        [saved] = await searches.list_searches(db, cast.workspace_id, cast.time.now)
    assert problem in saved.problem
    assert bool(saved.problem) == bool(problem)
    network.trouble = None
    cast.time.pass_(minutes=61)
    assert await look(cast, network) == 1
    assert len((await listed(cast)).items) == 1


async def test_a_worker_that_dies_in_its_turn_leaves_it_to_the_next(cast: Cast) -> None:
    await save(cast)
    network = Network(overheard("m1"))
    network.trouble = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        await look(cast, network)
    network.trouble = None
    assert await look(cast, network) == 0
    cast.time.pass_(minutes=7)
    assert await look(cast, network) == 1
    assert len((await listed(cast)).items) == 1


async def test_what_its_author_takes_away_is_gone_here_too(cast: Cast) -> None:
    await save(cast)
    await look(cast, Network(overheard("m1"), overheard("m2", author=DAVE)))
    await take(cast, Deletion(external_id="m1", at=START))
    assert [one.external_id for one in (await listed(cast)).items] == ["m2"]


async def test_an_erased_person_is_gone_and_does_not_come_back(cast: Cast) -> None:
    await take(cast, post("p1", "@Northwind help"))
    await save(cast)
    await look(cast, Network(overheard("m1")))
    [contact] = await rows(cast, "SELECT author_id AS id FROM message WHERE external_id = 'p1'")
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        told = await export_person(work.db, cast.workspace_id, contact["id"])
        assert [one["text"] for one in told["mentions"]] == ["Northwind is slow"]
        await erase_person(work, contact["id"])
    assert (await listed(cast, state="all")).items == []
    cast.time.pass_(minutes=2)
    later = START + timedelta(minutes=1)
    await look(cast, Network(overheard("m1"), overheard("m3", published_at=later)))
    # What she writes afterwards is new.
    assert [one.external_id for one in (await listed(cast)).items] == ["m3"]


async def test_what_nobody_took_in_is_forgotten_in_time(cast: Cast) -> None:
    await save(cast)
    await look(cast, Network(overheard("m1"), overheard("m2", author=DAVE)))
    [_, taken] = (await listed(cast)).items
    await act(cast, mentions.take_in, taken.id)
    async with cast.database.acquire() as db:
        await forget_old(db, now=cast.time.now + timedelta(days=91))
    assert [one.id for one in (await listed(cast, state="all")).items] == [taken.id]


async def test_how_many_searches_there_may_be(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(bounds.MOST, "saved_search", (1, "saved searches"))
    await save(cast)
    with pytest.raises(TooMany):
        await save(cast, name="Another")


def test_a_mention_is_plain_json() -> None:
    fields: dict[str, Any] = dict.fromkeys(mentions.Mention.__struct_fields__)
    assert msgspec.json.decode(msgspec.json.encode(mentions.Mention(**fields))) == fields


async def test_what_comes_in_besides_is_not_shown_twice(cast: Cast) -> None:
    await save(cast)
    await look(cast, Network(overheard("m1"), overheard("m2", author=DAVE)))
    await take(cast, post("m1", "Northwind is slow"))  # a channel of ours hears it after all
    cast.time.pass_(minutes=2)
    await look(cast, Network())
    assert [one.external_id for one in (await listed(cast)).items] == ["m2"]
    [taken] = (await listed(cast, state="taken")).items
    told = await rows(cast, "SELECT * FROM event WHERE kind = 'mention.taken_in'")
    assert [row["conversation_id"] for row in told] == [taken.conversation_id]
    cast.time.pass_(minutes=2)
    await look(cast, Network())
    assert len(await rows(cast, "SELECT 1 FROM event WHERE kind = 'mention.taken_in'")) == 1


async def test_what_our_own_accounts_write_is_no_mention(cast: Cast) -> None:
    await save(cast)
    [channel] = await rows(cast, "SELECT external_id FROM channel LIMIT 1")
    ours = msgspec.structs.replace(CAROL, external_id=channel["external_id"])
    await look(cast, Network(overheard("m1", author=ours)))
    assert (await listed(cast, state="all")).items == []


async def test_searches_leave_room_for_all_else(cast: Cast) -> None:
    """Five seconds for each way in which the searches of a channel ask."""
    await save(cast, "~northwind")
    await save(cast, "~northwind acme", name="Both")
    network = Network()
    assert await look(cast, network) == 2
    asked = sum(len(sought.ways) for sought in network.asked)
    cast.time.pass_(seconds=asked * 5 - 1)
    assert await look(cast, network) == 0
    cast.time.pass_(seconds=2)
    assert await look(cast, network) == 2


async def test_questions_under_the_marketing_handle_come_to_care(cast: Cast) -> None:
    """S68: a search for its name takes in what needs care, and leaves the rest to be skimmed."""
    saved = await save(
        cast, "@northwinddeals", take_in=["request", "question", "complaint"], name="Marketing"
    )
    assert saved.take_in == ["complaint", "question", "request"]
    texts = {
        "q": "@NorthwindDeals How do I return a router I bought last week? Is there a form?",
        "c": "@NorthwindDeals my parcel is lost again and nobody answers, terrible service",
        "p": "@NorthwindDeals I love this, thank you so much!",
    }
    network = Network(*(overheard(key, text) for key, text in texts.items()))
    cast.time.pass_(hours=1)
    await look(cast, network)
    assert [one.external_id for one in (await listed(cast)).items] == ["p"]
    taken = (await listed(cast, state="taken")).items
    assert {one.external_id for one in taken} == {"q", "c"}
    for one in taken:
        assert one.conversation_id
        card = await card_of(cast, one.conversation_id)
        assert (card.status, card.clock is not None) == ("open", True)
        assert card.clock
        assert card.clock.started_at == cast.time.now
    told = await rows(cast, "SELECT * FROM event WHERE kind = 'mention.taken_in'")
    assert [row["data"]["search_id"] for row in told] == [saved.id, saved.id]
    cast.time.pass_(minutes=2)
    await look(cast, network)
    assert len(await rows(cast, "SELECT 1 FROM message WHERE direction = 'incoming'")) == 2


async def test_what_a_person_put_aside_no_search_takes_in(cast: Cast) -> None:
    saved = await save(cast)
    await look(cast, Network(overheard("m1", "Northwind, how do I return a router?")))
    [found] = (await listed(cast)).items
    await act(cast, mentions.dismiss, found.id)
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        kinds = Search(name="Us", query="northwind", take_in=["question"])
        await searches.keep_search(work, kinds, saved.id)
    await look(cast, Network(overheard("m1", "Northwind, how do I return a router?")))
    assert [one.state for one in (await listed(cast, state="all")).items] == ["dismissed"]
    with pytest.raises(Refused, match="Kinds to take in"):
        await save(cast, take_in=["everything"])


async def test_of_what_is_found_in_one_look_the_newest_stands_first(cast: Cast) -> None:
    await save(cast)
    old, new = (
        post(f"n{number}", f"northwind {number}", author=DAVE, addressed=False, published_at=at)
        for number, at in enumerate((START - timedelta(hours=2), START - timedelta(hours=1)))
    )
    await look(cast, Network(new, old))
    async with cast.database.acquire() as db:
        page = await mentions.list_mentions(db, cast.workspace_id)
    assert [one.text for one in page.items] == ["northwind 1", "northwind 0"]


async def test_one_search_in_trouble_harms_no_other(cast: Cast) -> None:
    class Half(Network):
        async def search(self, sought: Sought, since: Mapping[str, Any] | None) -> Batch:
            if sought.ways == (("acme",),):
                raise RuntimeError("a fault of ours")
            return await super().search(sought, since)

    await save(cast, "acme", name="Acme")
    await save(cast)
    assert await look(cast, Half(overheard("m1"))) == 2
    assert len((await listed(cast)).items) == 1


async def test_a_search_that_is_changed_midway_begins_anew(cast: Cast) -> None:
    saved = await save(cast)

    class Slow(Network):
        async def search(self, sought: Sought, since: Mapping[str, Any] | None) -> Batch:
            if not self.asked:
                async with cast.works.open(cast.workspace_id, cast.alice) as work:
                    other = Search(name="Us", query="acme")
                    await searches.keep_search(work, other, saved.id)
                self.asked.append(sought)
                assert await look(cast, self) == 1  # another worker, with the new words
                return Batch((), {"n": "of the old words"})
            return await super().search(sought, since)

    network = Slow()
    await look(cast, network)
    cast.time.pass_(minutes=2)
    await look(cast, network)
    assert network.cursors == [None, {"n": 2}]


async def test_what_is_forgotten_with_age_is_forgotten_here_too(cast: Cast) -> None:
    await save(cast)
    await look(cast, Network(overheard("m1"), overheard("m2", author=DAVE)))
    for one in (await listed(cast)).items:
        home = await act(cast, mentions.take_in, one.id)
    await act(cast, resolve, home, "no_reply_needed", "thanks only")
    cast.time.pass_(days=40)
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await forget(work, rules=Retention(default=Terms(messages_days=30)))
    kept = (await listed(cast, state="all")).items
    assert [one.conversation_id == home for one in kept] == [False]


async def test_a_network_that_never_answers_keeps_no_other_search_waiting(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "LOOK_FOR", 0.5)
    hung = asyncio.Event()

    class Hung(Network):
        async def search(self, sought: Sought, since: Mapping[str, Any] | None) -> Batch:
            if sought.ways == (("acme",),):
                hung.set()
                await asyncio.Event().wait()
            await hung.wait()
            return await super().search(sought, since)

    acme = await save(cast, "acme", name="Acme")
    await save(cast)
    worker = Worker(cast, Hung(overheard("m1")))
    told: list[Saved] = []
    async with asyncio.timeout(20):
        running = asyncio.create_task(searching.keep_searching(worker))  # type: ignore[arg-type]
        while not (await listed(cast)).items or not any(one.problem for one in told):
            await asyncio.sleep(0.05)
            async with cast.database.acquire() as db:
                told = await searches.list_searches(db, cast.workspace_id, cast.time.now)
        worker.stopping.set()
        await running
    assert [one.id for one in told if "does not answer" in one.problem] == [acme.id]
