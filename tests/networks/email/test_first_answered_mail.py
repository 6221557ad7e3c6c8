"""The whole way, once: a mail is answered, once, and what comes back finds its conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from earful.accounts.secrets import Keyring
from earful.desk.connect import add_channel, probe
from earful.kit.clock import system_clock
from earful.kit.ids import new_id
from earful.kit.refusal import Refused
from earful.store.pool import Database
from tests.cast import gather
from tests.media.pictures import drawn
from tests.networks.bluesky.test_first_answered_post import OPEN, SENT, Desk, until
from tests.networks.email.bench import CAROL, Bench, mail_of
from tests.networks.email.imap_server import PASSWORD


@pytest.fixture
async def desk(database: Database, bench: Bench, tmp_path: Path) -> AsyncIterator[Desk]:
    """A workspace with one mailbox and a worker."""
    cast = await gather(database)
    keyring = Keyring.from_setting("a key for tests that is long enough")
    async with database.acquire() as db:
        await db.execute("DELETE FROM channel")
    fields = {name: value for name, value in bench.config.items() if name != "answer_within"}
    account = await probe("email", {**fields, "password": PASSWORD}, system_clock)
    desk = Desk(cast, database, keyring, tmp_path)
    async with desk.works.open(cast.workspace_id, cast.alice) as work:
        await add_channel(work, keyring, account, cast.channel.inbox_id)
    await desk.start()
    yield desk
    await desk.stop()


async def mails(bench: Bench, count: int) -> list[EmailMessage]:
    """So many mails that were sent."""
    await until(lambda: _are(bench, count))
    return bench.post.got


async def _are(bench: Bench, count: int) -> bool:
    return len(bench.post.got) >= count


async def test_a_mail_is_answered_once_and_the_thread_holds(desk: Desk, bench: Bench) -> None:
    _, identifier = await bench.write("third call and still nothing", Subject="My parcel")
    conversation = await until(lambda: desk.one(OPEN))
    assert conversation["contact_handle"] == CAROL
    assert conversation["unanswered"] == 1

    await desk.answer(conversation["id"], "I am on it.")
    await until(lambda: desk.one(SENT))
    [answer] = await mails(bench, 1)
    assert answer["To"] == CAROL
    assert answer["In-Reply-To"] == f"<{identifier}>"
    assert answer["Subject"].startswith("Re: My parcel")
    body: Any = answer.get_body(("plain",))
    assert body.get_content().startswith("I am on it.")

    stripped = mail_of("Thank you!", Subject=f"AW: {answer['Subject']}")
    await bench.mail.put(stripped.as_bytes())
    again = await until(lambda: desk.one(OPEN))
    assert again["id"] == conversation["id"]
    assert again["preview"] == "Thank you!"
    rows = await desk.all("SELECT id FROM message WHERE workspace_id = $1")
    assert len(rows) == 3, "our own copy among the sent mail is no message of its own"


async def test_an_answer_takes_a_file_and_repeats_what_it_answers(desk: Desk, bench: Bench) -> None:
    await bench.write("Please send me the contract", Subject="Contract")
    conversation = await until(lambda: desk.one(OPEN))
    media = await uploaded(desk, b"%PDF-1.7 contract", "Vertrag für dich.pdf", "application/pdf")
    bad = await uploaded(desk, b"x" * 20, "data.bin", "application/octet-stream")
    with pytest.raises(Refused, match="is of a kind that is not sent"):
        await desk.answer(conversation["id"], "Here you are.", bad)
    await desk.answer(conversation["id"], "Here you are.", media)
    await until(lambda: desk.one(SENT))
    [answer] = await mails(bench, 1)
    [file] = list(answer.iter_attachments())
    assert (file.get_content_type(), file.get_filename()) == (
        "application/pdf",
        "Vertrag für dich.pdf",
    )
    assert file.get_content() == b"%PDF-1.7 contract"
    body: Any = answer.get_body(("plain",))
    said = body.get_content().replace("\r\n", "\n")
    assert said.startswith("Here you are. ^BO\n\nOn ")
    assert said.rstrip().endswith("Carol wrote:\n> Please send me the contract")
    row = await desk.one(
        "SELECT text, media FROM message WHERE workspace_id = $1 AND direction = 'outgoing'"
    )
    assert row["text"] == "Here you are. ^BO"
    [kept] = row["media"]
    assert (kept["name"], kept["state"], kept["bytes"]) == ("Vertrag für dich.pdf", "kept", 17)


async def uploaded(desk: Desk, data: bytes, name: str, mime: str) -> str:
    """A file that Bob uploaded."""
    media_id = new_id()
    digest = desk.media.write(data)
    async with desk.works.open(desk.cast.workspace_id, desk.cast.bob) as work:
        await work.db.execute(
            """INSERT INTO media (workspace_id, id, sha256, mime, bytes, created_at, agent_id, name)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
            work.workspace_id, media_id, digest, mime, len(data), work.now, work.actor.id, name,
        )  # fmt: skip
    return media_id


async def test_a_bounce_fails_the_reply_it_is_about_and_no_other(desk: Desk, bench: Bench) -> None:
    await bench.write("Where is it?")
    conversation = await until(lambda: desk.one(OPEN))
    await desk.answer(conversation["id"], "Which order?")
    await until(lambda: desk.one(SENT))
    [answer] = await mails(bench, 1)
    await bench.mail.put(bounce_of("<01999999-0000-7000-8000-000000000000@northwind.example>"))
    await bench.mail.put(bounce_of(str(answer["Message-ID"])))
    sql = "SELECT * FROM message WHERE workspace_id = $1 AND text LIKE 'Your mail to%'"
    await until(lambda: desk.one(sql))
    [report] = await desk.all(sql)  # the forged one came first, and is about no mail of ours
    assert report["conversation_id"] == conversation["id"]
    assert "there is no such address" in report["text"]
    [delivery] = await desk.all("SELECT state, error FROM delivery WHERE workspace_id = $1")
    assert delivery["state"] == "failed"
    assert "there is no such address" in delivery["error"]
    [waiting] = await desk.all(OPEN)  # whom it answered waits again, where somebody sees it
    assert (waiting["unanswered"], waiting["trouble"]) == (1, "failed")


def bounce_of(identifier: str) -> bytes:
    """A report of failed delivery, as Postfix writes it."""
    return f"""Return-Path: <>
From: MAILER-DAEMON@mail.test (Mail Delivery System)
To: care@northwind.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <{abs(hash(identifier))}@mail.test>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.test

Final-Recipient: rfc822; {CAROL}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
Content-Type: text/rfc822-headers

Subject: Re: A question
Message-ID: {identifier}

--b--
""".replace("\n", "\r\n").encode()


async def test_files_of_a_mail_are_kept_and_pictures_are_shown(desk: Desk, bench: Bench) -> None:
    mail = mail_of("See both.")
    mail.add_attachment(drawn("PNG"), maintype="image", subtype="png", filename="router.png")
    mail.add_attachment(b"MZ" + b"\0" * 400, maintype="application", subtype="pdf",
                        filename="Rechnung für dich.pdf")  # fmt: skip
    await bench.mail.put(mail.as_bytes())
    sql = "SELECT * FROM media WHERE workspace_id = $1 AND state = 'kept' ORDER BY name"

    async def both() -> list[Any]:
        found = await desk.all(sql)
        return found if len(found) == 2 else []

    picture, file = await until(both)
    assert (picture["mime"], picture["name"]) == ("image/png", "")
    assert (file["mime"], file["name"]) == ("application/x-msdownload", "Rechnung für dich.pdf")
    row = await desk.one("SELECT media FROM message WHERE workspace_id = $1")
    [shown] = [item for item in row["media"] if item.get("name")]
    assert shown["state"] == "kept"
    assert "may run as a program" in shown["reason"]
    assert shown["bytes"] == 402
