"""What comes in is judged once, in words; it raises what is graver, and goes with the post."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from earful.desk.privacy import erase_person, export_person
from earful.judgements import keeping
from earful.judgements.hearing import AT_ONCE, KINDS, READER, hear
from earful.kit.ids import new_id
from earful.stream.reader import read_on
from tests.cast import DAVE, START, Cast, post
from tests.desk.acts import EQUATION, card_of, home_of, rows, take


async def judge(cast: Cast) -> int:
    total = 0
    while True:
        async with cast.works.open(cast.workspace_id) as work:
            events = await read_on(work, READER, KINDS, AT_ONCE)
            total += await hear(work, events or [])
        if not events:
            return total


async def judged(cast: Cast, external_id: str) -> keeping.Judgement:
    home = await home_of(cast, external_id)
    [message] = await rows(cast, "SELECT id FROM message WHERE external_id = $1", external_id)
    async with cast.database.acquire() as db:
        all_of_it = await keeping.judgements_of(db, cast.workspace_id, home)
    [found] = [one for one in all_of_it if one.message_id == message["id"]]
    return found


async def test_each_post_is_judged_once_and_told(cast: Cast) -> None:
    await take(cast, post("p1", "@Northwind my parcel is broken and nobody answers. I am furious!"))
    await take(cast, post("p2", "@Northwind when do you open on Sunday?", DAVE))
    assert (await judge(cast), await judge(cast)) == (2, 0)
    first, second = await judged(cast, "p1"), await judged(cast, "p2")
    assert (first.kind, second.kind) == ("complaint", "question")
    assert (first.language, first.model, first.corrected) == ("en", "shipped", [])
    assert first.reasons
    assert first.sentiment < second.sentiment
    told = await rows(cast, "SELECT data FROM event WHERE kind = 'message.judged' ORDER BY seq")
    assert sorted(one for row in told for one in row["data"]["ids"]) == sorted(
        [first.message_id, second.message_id]
    )
    [sums] = await rows(cast, EQUATION)
    assert sums["inbound"] == sums["settled"] + sums["open"]


async def test_who_asked_before_is_raised_with_what_is_known(cast: Cast) -> None:
    await take(cast, post("p1", "@Northwind what are your opening hours"))
    old = await home_of(cast, "p1")
    await rows(
        cast,
        "UPDATE conversation SET status = 'resolved', disposition = 'answered' WHERE id = $1",
        old,
    )
    cast.time.pass_(days=2)
    later = START + timedelta(days=2)
    await take(
        cast,
        post(
            "p2", "@Northwind I already called 3 times about the invoice", published_at=later,
            parent_id="unknown",
        ),
    )  # fmt: skip
    home = await home_of(cast, "p2")
    assert home != old
    await rows(
        cast, "UPDATE conversation SET severity = 5, severity_reason = '' WHERE id = $1", home
    )
    await judge(cast)
    one = await judged(cast, "p2")
    assert one.prior is not None
    assert (one.prior["times"], one.prior["conversations"]) == (3, [old])
    card = await card_of(cast, home)
    assert card.severity == 3
    assert card.severity_reason.startswith("has asked before, an earlier conversation with them")
    assert card.severity_reason.endswith("“called 3 times”")
    lines = await rows(
        cast, "SELECT text FROM message WHERE direction = 'activity' AND conversation_id = $1", home
    )
    assert [row["text"] for row in lines] == [
        "Earful raised the severity to 3: has asked before, an earlier conversation with them, "
        "of 2 November 2026"
    ]


async def test_nothing_is_ever_lowered(cast: Cast) -> None:
    await take(cast, post("p1", "@Northwind third time I ask. #northwindfail"))
    home = await home_of(cast, "p1")
    await rows(
        cast, "UPDATE conversation SET severity = 1, severity_reason = 'x' WHERE id = $1", home
    )
    await judge(cast)
    assert ((await card_of(cast, home)).severity, (await judged(cast, "p1")).severity) == (1, 3)


async def test_an_edit_is_judged_anew_and_what_an_agent_said_stays(cast: Cast) -> None:
    await take(cast, post("p1", "@Northwind lovely day"))
    await judge(cast)
    await rows(
        cast, "UPDATE judgement SET kind = 'spam', corrected = '{kind}' WHERE workspace_id = $1",
        cast.workspace_id,
    )  # fmt: skip
    cast.time.pass_(minutes=1)
    words = "@Northwind where is my refund, this is urgent!"
    await take(cast, post("p1", words, edited_at=cast.time.now))
    assert await judge(cast) == 1
    one = await judged(cast, "p1")
    assert (one.kind, one.urgency, one.corrected) == ("spam", "now", ["kind"])


async def test_with_the_words_goes_what_was_made_of_them(cast: Cast) -> None:
    await take(cast, post("p1", "@Northwind my order 12345678 is lost, called twice already"))
    await judge(cast)
    [contact] = await rows(cast, "SELECT author_id AS id FROM message WHERE external_id = 'p1'")
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        told = await export_person(work.db, cast.workspace_id, contact["id"])
        assert [one["kind"] for one in told["judgements"]] == ["complaint"]
        await erase_person(work, contact["id"])
    assert await rows(cast, "SELECT 1 FROM judgement") == []
    # What was read before the erasure, and is judged after it, finds nothing to judge.
    await rows(cast, "UPDATE event_reader SET seq = 0 WHERE name = $1", READER)
    assert await judge(cast) == 0


ODD = {
    "zalgo": "H̸̡̪̯ͨ͊̽̅̾̎Ȩ̬̩̾͛ͪ̈́̀́͘ ̶̧̨̱̹̭̯ͧ̾ͬC̷̙̲̝͖ͭ̏ͥͮ͟Oͮ͏̮̪̝͍M̲̖͊̒ͪͩͬ̚̚͜Ȇ̴̟̟͙̞ͩ͌͝S̨̥̫͎̭ͯ̿̔̀ͅ",
    "mixed": "Помогите please 我的包裹 لم يصل yet; 助けて @Northwind",
    "signs": "😡" * 3000,
    "long": "why oh why " * 9000,
    "brackets": "(" * 50_000,
    "marks": "?" * 50_000 + "!" * 49_000,
    "one word": "a" * 100_000,
    "joined": "\u200d" * 5000 + "help",
    "turned": "\u202eplease help\u202c",
}


@pytest.mark.parametrize("name", ODD)
async def test_whatever_is_written_is_judged(cast: Cast, name: str) -> None:
    await take(cast, post("odd", ODD[name]), post("good", "@Northwind where is my order?", DAVE))
    assert await judge(cast) == 2
    assert (await judged(cast, "good")).kind == "question"
    assert (await judged(cast, "odd")).kind


async def test_a_damaged_model_leaves_the_shipped_one_to_judge(cast: Cast) -> None:
    await rows(
        cast,
        """INSERT INTO triage_model (workspace_id, id, made_at, made_by, about, file, in_use)
           VALUES ($1, $2, now(), 'Alice', '{}', $3, true)""",
        cast.workspace_id, new_id(), b"no model",
    )  # fmt: skip
    await take(cast, post("p1", "@Northwind where is my order?"))
    assert await judge(cast) == 1
    assert (await judged(cast, "p1")).model == "shipped"


async def test_many_posts_of_one_thread_are_read_in_helpings(cast: Cast) -> None:
    await take(
        cast, post("p0"), *(post(f"p{n}", f"help {n}", parent_id="p0") for n in range(1, 230))
    )
    assert await judge(cast) == 230
    [row] = await rows(cast, "SELECT count(*) AS many FROM judgement")
    assert row["many"] == 230


def test_a_judgement_is_plain_json() -> None:
    fields: dict[str, Any] = dict.fromkeys(keeping.Judgement.__struct_fields__)
    assert msgspec.json.decode(msgspec.json.encode(keeping.Judgement(**fields))) == fields
