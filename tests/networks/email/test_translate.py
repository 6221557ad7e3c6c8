"""Mails as strangers write them, into the contract's words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from earful.kit.ids import new_id
from earful.networks.contract import Identity, Post, Unreadable, Visibility
from earful.networks.email import NETWORK
from earful.networks.email.names import (
    Us,
    message_id,
    name_of,
    our_name,
    tagged,
    token_of,
    with_token,
)
from earful.networks.email.translate import Mail, to_change

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CARE = Us("care@northwind.example", "Northwind", frozenset({"help@northwind.example"}))
CAROL = "carol@customers.example"


def mail(text: bytes | str, **more: Any) -> Mail:
    """A mail that came now."""
    raw = text.encode() if isinstance(text, str) else text
    raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    fields = {"folder": "INBOX", "validity": 7, "uid": 3, "arrived_at": NOW, "size": len(raw)}
    return Mail(raw=raw, **{**fields, **more})


def post(text: bytes | str, **more: Any) -> Post:
    """What the mail becomes."""
    found = to_change(mail(text, **more), CARE)
    assert isinstance(found, Post)
    return found


def written(body: str = "Hello", **headers: str) -> str:
    """A mail of Carol's."""
    said = {
        "From": f"Carol <{CAROL}>",
        "To": "care@northwind.example",
        "Subject": "My parcel",
        "Message-ID": "<one@customers.example>",
        "Date": "Mon, 02 Mar 2026 08:00:00 +0000",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\n" for name, value in said.items() if value)
    return f"{head}\n{body}"


def test_who_wrote_what_and_when() -> None:
    found = post(written("Where is it?\n"))
    assert found.text == "Where is it?"
    assert (found.author.external_id, found.author.name) == (CAROL, "Carol")
    assert found.published_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert found.subject == "My parcel"
    assert found.visibility is Visibility.EMAIL
    assert found.external_id == name_of("one@customers.example", CAROL)
    assert found.ref["reply_to"] == CAROL
    assert not found.own
    assert not found.automatic


def test_a_mail_without_headers_is_taken_in_and_called_by_its_content() -> None:
    first, again = post("just words\n"), post("just words\n")
    other = post("other words\n")
    assert first.external_id == again.external_id != other.external_id
    assert first.author.handle == "nobody"
    assert post("\nOnly a body\n").text == "Only a body"


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("=?utf-8?q?W=C3=B6_ist_es=3F?=", "Wö ist es?"),
        ("=?utf-8?b?8J+OgQ==?= =?utf-8?q?_f=C3=BCr_dich?=", "🎁 für dich"),
        ("=?no-such-charset?q?caf=E9?=", "café"),
        ("=?utf-8?b?not base64!!?=", "=?utf-8?b?not base64!!?="),
        ("=?us-ascii?q?caf=C3=A9?=", "café"),
    ],
)
def test_headers_in_any_charset(header: str, shown: str) -> None:
    assert post(written(Subject=header)).subject == shown


def test_raw_bytes_in_headers_are_read_as_what_they_can_be() -> None:
    raw = written(Subject="caf\xe9").encode("latin-1")
    assert post(raw).subject == "café"
    assert post(written(Subject="für dich")).subject == "für dich"


@pytest.mark.parametrize(
    ("charset", "body", "shown"),
    [
        ("utf-8", "für".encode("latin-1"), "für"),
        ("iso-8859-1", "“für”".encode("cp1252"), "“für”"),
        ("us-ascii", "für".encode(), "für"),
        ("klingon", "für".encode(), "für"),
        ("gb2312", "你好".encode("gb18030"), "你好"),
    ],
)
def test_bodies_whose_charset_is_wrong(charset: str, body: bytes, shown: str) -> None:
    head = written("", Content_Type=f'text/plain; charset="{charset}"').encode()
    assert post(head + body).text == shown


def test_the_thread_is_found_by_our_id_by_a_token_and_never_by_the_subject() -> None:
    key = new_id()
    ours = our_name(key, CARE)
    theirs = "<old@customers.example>"
    by_reference = written(References=f"{theirs} <{message_id(key, CARE)}> <x@y.example>")
    assert post(by_reference).parent_id == ours
    assert post(by_reference).root_id == name_of("old@customers.example", CAROL)
    assert post(written(To=tagged(CARE.address, key).upper())).parent_id == ours
    assert post(written(Subject=with_token("Re: My parcel", key))).parent_id == ours
    assert post(written(Subject=f"AW: [REF:{token_of(key).upper()}] x")).parent_id == ours
    assert post(written(Subject="Re: My parcel")).parent_id is None
    assert post(written(To="other+" + token_of(key) + "@northwind.example")).parent_id is None
    assert post(written(Subject=with_token("Re: My parcel", key))).subject == "Re: My parcel"


def test_two_people_with_one_message_id_are_two_mails() -> None:
    mine = post(written())
    stolen = post(written("Another", From="mallory@evil.example"))
    assert mine.external_id != stolen.external_id


def test_whoever_claims_to_be_us_is_not() -> None:
    found = post(written(From="care@northwind.example"))
    assert not found.own
    assert found.author.external_id != CARE.external_id
    copied = to_change(
        mail(written(From=CARE.address, Message_ID=f"<{message_id(new_id(), CARE)}>")), CARE
    )
    assert isinstance(copied, Unreadable)


def test_what_lies_among_the_sent_mail_is_ours() -> None:
    key = new_id()
    text = written(From=CARE.address, To=CAROL, Message_ID=f"<{message_id(key, CARE)}>")
    found = post(text, own=True, folder="Sent")
    assert found.own
    assert found.external_id == our_name(key, CARE)
    assert found.author.external_id == CARE.external_id
    assert found.to is not None
    assert found.to.external_id == CAROL


def test_ten_thousand_recipients_are_counted_not_kept() -> None:
    many = ", ".join(f"p{number}@x.example" for number in range(10_000))
    found = post(written(To=many))
    assert len(found.ref["to"]) <= 50
    assert found.ref["reply_to"] == CAROL


def test_who_was_asked_to_write_says_so_by_a_code_in_the_subject() -> None:
    identity = Identity("care@northwind.example", "care@northwind.example")
    way = NETWORK.welcome(identity, {}, "abcdefgh23")
    assert way == "care@northwind.example, with [abcdefgh23] in the subject"
    assert post(written(Subject="Re: my router [ABCDEFGH23] again")).invitation == "abcdefgh23"
    assert post(written(Subject="[urgent] my router [2026]")).invitation == ""
