"""What the events of a batch say, made without reading it again, is what the desk then holds."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from earful.conversations.cards import load_cards
from earful.conversations.messages import load_messages
from earful.desk.resolve import resolve
from earful.desk.snooze import snooze
from earful.intake.receive import receive
from earful.networks.contract import Attachment, Change, Deletion, Person, Visibility
from earful.store.pool import Database
from tests.cast import START, Cast, batch, gather, post

PEOPLE = [Person(f"p{n}", f"p{n}.example", f"Person {n}", bot=n == 3) for n in range(5)]
TEXTS = (
    "@Northwind help",
    "thank you!",
    "third call and still nothing #northwindfail",
    "it is on fire",
    "",
    "a\x00b",
    "zwei\n\n  Zeilen  für „Müller“ 👩‍👩‍👧‍👦",
    "x" * 3000,
)
PICTURE = Attachment("https://pictures.example/1", "image/png", "a \x00 router", 640, 480)


@pytest.fixture
async def cast(database: Database) -> Cast:
    return await gather(database)


def happening(die: random.Random, known: list[str]) -> Change:
    """A post, an edit or a deletion; answers may come before what they answer."""
    about = die.choice(known) if known else "0"
    if die.random() < 0.1:
        early = str(die.randrange(60))  # perhaps of a post that is yet to come
        return Deletion(external_id=die.choice((about, early)), at=START)
    edited = die.random() < 0.1
    number = about if edited else str(die.randrange(60))
    known.append(number)
    return post(
        number,
        die.choice(TEXTS),
        author=die.choice(PEOPLE),
        published_at=START + timedelta(seconds=die.randrange(-5000, 5000)),
        edited_at=START + timedelta(seconds=die.randrange(9)) if edited else None,
        parent_id=str(die.randrange(60)) if die.random() < 0.5 else None,
        root_id=about if die.random() < 0.2 else None,
        visibility=die.choice(list(Visibility)[:2]),
        language="en",
        uri=f"https://northwind.example/{number}",
        attachments=(PICTURE,) if die.random() < 0.2 else (),
        addressed=die.random() < 0.8,
        own=die.random() < 0.1,
        ref={"cid": number},
    )


async def told(cast: Cast, after: int) -> list[Any]:
    async with cast.database.acquire() as db:
        return list(await db.fetch("SELECT * FROM event WHERE seq > $1 ORDER BY seq", after))


async def standing(cast: Cast, event: Any) -> dict[str, Any]:
    """The data of an event as the desk's rows give it."""
    messages = [message["id"] for message in event["data"].get("messages", ())]
    async with cast.database.acquire() as db:
        cards = await load_cards(db, cast.workspace_id, [event["conversation_id"]])  # type: ignore[arg-type]
        found = await load_messages(db, cast.workspace_id, messages)  # type: ignore[arg-type]
    by_id = {message.id: message for message in found}
    data: dict[str, Any] = {"card": cards[event["conversation_id"]]}
    if messages:
        data["messages"] = [by_id[key] for key in messages]
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(data))
    return plain


@pytest.mark.parametrize("seed", range(8))
async def test_events_say_what_the_desk_holds(cast: Cast, seed: int) -> None:
    die = random.Random(seed)  # noqa: S311
    known: list[str] = []
    seq = seen = 0
    for cursor in range(1, 9):
        changes = [happening(die, known) for _ in range(die.choice((1, 6, 14)))]
        await receive(cast.works, cast.workspace_id, cast.channel, batch(*changes, cursor=cursor))
        events = await told(cast, seq)
        for event in events:
            if event["kind"] == "conversation.merged":
                continue  # written before the end of the batch, as a step of it
            assert event["data"] == await standing(cast, event), (event["seq"], event["kind"])
            seen += 1
        await some_are_settled(cast, die)
        seq = await last(cast)
        cast.time.pass_(minutes=1)
    assert seen > 10


async def some_are_settled(cast: Cast, die: random.Random) -> None:
    """Bob resolves one conversation and snoozes another, so that posts open them again."""
    async with cast.database.acquire() as db:
        rows = await db.fetch("SELECT id FROM conversation WHERE status = 'open' ORDER BY id")
    drawn = die.sample(rows, len(rows))
    for command, row in zip((resolve, snooze), drawn, strict=False):
        async with cast.works.open(cast.workspace_id, cast.bob) as work:
            if command is resolve:
                await resolve(work, row["id"], "solved", "told on the phone")
            else:
                await snooze(work, row["id"], cast.time.now + timedelta(days=1))


async def last(cast: Cast) -> int:
    async with cast.database.acquire() as db:
        found: int = await db.fetchval("SELECT coalesce(max(seq), 0) FROM event")
    return found
