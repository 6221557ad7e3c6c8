"""A mailbox listened to: gaps, numbers that start anew, huge mail, silence; nothing is marked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any

import pytest

from earful.networks.contract import Change, Looks, Post, Shows, Unreadable
from earful.networks.email.names import name_of
from tests.networks.email.bench import CAROL, Answering, Bench, mail_of
from tests.networks.email.imap_server import pymap_server
from tests.networks.email.smtp_server import smtp_server


async def heard(
    connector: Answering, count: int, since: Mapping[str, Any] | None = None
) -> tuple[list[Change], Any]:
    """So many changes, or those of the first round for 0; and the cursor after them."""
    changes: list[Change] = []
    cursor: Any = since
    async with asyncio.timeout(20), aclosing(connector.stream(since)) as batches:
        async for batch in batches:
            changes += batch.changes
            cursor = batch.cursor
            if len(changes) >= count:
                break
    return changes, cursor


async def test_a_gap_of_many_is_filled_in_order_and_nothing_is_told_twice(bench: Bench) -> None:
    await bench.write("before")
    _, cursor = await heard(bench.open(), 1)
    _, cursor = await heard(bench.open(), 0, cursor)
    names = [(await bench.write(f"missed {number}"))[0] for number in range(120)]
    changes, after = await heard(bench.open(), 120, cursor)
    assert [one.external_id for one in changes] == names
    again, _ = await heard(bench.open(), 0, after)
    assert again == []


async def test_a_cursor_in_the_middle_of_a_gap_goes_on_from_there(bench: Bench) -> None:
    await bench.write("before")
    _, cursor = await heard(bench.open(), 1)
    names = [(await bench.write(f"missed {number}"))[0] for number in range(60)]
    first, middle = await heard(bench.open(), 1, cursor)
    assert len(first) == 50, "one load"
    rest, _ = await heard(bench.open(), 10, middle)
    assert [one.external_id for one in [*first, *rest]] == names


async def test_numbers_that_start_anew_lose_nothing(bench: Bench) -> None:
    name, _ = await bench.write("before")
    _, cursor = await heard(bench.open(), 1)
    cursor["folders"]["INBOX"][0] += 1
    later, _ = await bench.write("after")
    changes, _ = await heard(bench.open(), 2, cursor)
    assert {one.external_id for one in changes} == {name, later}


async def test_nothing_is_marked_unless_the_setting_says_so(bench: Bench) -> None:
    await bench.write("left as it is")
    await heard(bench.open(), 1)
    [(flags, _)] = await bench.mail.all("INBOX")
    assert b"Seen" not in flags
    async with aclosing(bench.open(mark_seen="yes").stream(None)) as batches:
        await anext(batches)
        await anext(batches)
    [(flags, _)] = await bench.mail.all("INBOX")
    assert b"Seen" in flags


@pytest.fixture
async def silent() -> AsyncIterator[Bench]:
    """A mailbox whose server does not idle."""
    async with pymap_server(idles=False) as mail, smtp_server(mail) as post:
        yield Bench(mail, post)


async def test_without_idle_it_is_asked_again_and_again(silent: Bench) -> None:
    listening = asyncio.create_task(heard(silent.open(), 1))
    await asyncio.sleep(0.5)
    name, _ = await silent.write("hello")
    changes, _ = await listening
    assert [one.external_id for one in changes] == [name]


async def test_what_a_colleague_sends_from_elsewhere_is_ours(bench: Bench) -> None:
    mail = mail_of("From my phone", From="care@northwind.example", To=CAROL)
    await bench.mail.put(mail.as_bytes(), "Sent")
    [post], _ = await heard(bench.open(), 1)
    assert isinstance(post, Post)
    assert post.own
    _, identifier = await bench.write(
        "Thanks", In_Reply_To=str(mail["Message-ID"]), References=str(mail["Message-ID"])
    )
    changes, _ = await heard(bench.open(), 2)
    [answer] = [one for one in changes if isinstance(one, Post) and not one.own]
    assert answer.parent_id == post.external_id, identifier


async def test_anothers_answer_in_a_copy_finds_the_customers_mail(bench: Bench) -> None:
    name, identifier = await bench.write("Who knows?", Cc="dave@customers.example")
    await bench.write("I do", From="dave@customers.example", In_Reply_To=f"<{identifier}>")
    changes, cursor = await heard(bench.open(), 2)
    assert isinstance(changes[1], Post)
    assert changes[1].parent_id == name
    later = mail_of("Me too", From="eve@customers.example", In_Reply_To=f"<{identifier}>")
    await bench.mail.put(later.as_bytes())
    [post], _ = await heard(bench.open(), 1, cursor)
    assert isinstance(post, Post)
    assert post.parent_id == name, "looked up in the mailbox"


async def test_a_huge_mail_is_read_from_its_beginning_and_its_neighbours_whole(
    bench: Bench,
) -> None:
    first, _ = await bench.write("small")
    huge = b"Message-ID: <huge@x.example>\r\nFrom: carol@customers.example\r\n\r\nIt begins.\r\n"
    await bench.mail.put(huge + (b"x" * 998 + b"\r\n") * 3_000)
    last, _ = await bench.write("small too")
    bench.most_bytes = 1_000_000
    changes, _ = await heard(bench.open(), 3)
    assert [one.external_id for one in changes] == [first, name_of("huge@x.example", CAROL), last]
    assert isinstance(changes[1], Post)
    assert changes[1].text.startswith("It begins.")
    assert [one.name for one in changes[1].attachments] == ["original.eml"]


async def test_two_mails_of_two_people_with_one_id_are_both_told(bench: Bench) -> None:
    first = mail_of("mine")
    second = mail_of("stolen", From="mallory@evil.example", Message_ID=str(first["Message-ID"]))
    await bench.mail.put(first.as_bytes())
    await bench.mail.put(second.as_bytes())
    changes, _ = await heard(bench.open(), 2)
    assert [one.text for one in changes if isinstance(one, Post)] == ["mine", "stolen"]


async def test_our_own_mail_that_comes_back_is_not_believed(bench: Bench) -> None:
    identifier = "<01999999-0000-7000-8000-000000000001@northwind.example>"
    loop = mail_of("Hello again", From="care@northwind.example", Message_ID=identifier)
    await bench.mail.put(loop.as_bytes())
    [found], _ = await heard(bench.open(), 1)
    assert isinstance(found, Unreadable)


async def test_files_are_fetched_one_by_one_also_after_the_mail_was_moved(bench: Bench) -> None:
    mail = mail_of("See files")
    mail.add_attachment(b"\x00\x01binary", maintype="application", subtype="zip", filename="a.zip")
    mail.add_attachment("words\n", subtype="csv", filename="b.csv")
    await bench.mail.put(mail.as_bytes())
    connector = bench.open()
    [post], _ = await heard(connector, 1)
    assert isinstance(post, Post)
    assert isinstance(connector, Shows)
    archive, table = post.attachments
    assert await connector.picture(archive.url) == b"\x00\x01binary"
    assert (await connector.picture(table.url) or b"").strip() == b"words"
    moved = table.url.replace("INBOX/", "INBOX/9", 1)  # as if the numbers had started anew
    assert (await connector.picture(moved) or b"").strip() == b"words"
    assert isinstance(connector, Looks)
    assert await connector.look(post.external_id) == post
    await bench.mail.take("INBOX", str(mail["Message-ID"]).strip("<>"))
    assert await connector.picture(table.url) is None
    assert await connector.look(post.external_id) is None
