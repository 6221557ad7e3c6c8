"""Mails that were made to hurt, and those that are merely broken: each becomes something stated."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

import msgspec
import pytest

from earful.kit.ids import new_id
from earful.networks.contract import Post, Unreadable
from earful.networks.email.names import message_id, our_name
from earful.networks.email.translate import to_change
from tests.networks.email.test_translate import CARE, CAROL, mail, post, written


def nested(depth: int, inner: str = "in the middle") -> str:
    """Multiparts within multiparts."""
    body = f"Content-Type: text/plain\n\n{inner}\n"
    for level in range(depth):
        kind = f'Content-Type: multipart/mixed; boundary="b{level}"'
        body = f"{kind}\n\n--b{level}\n{body}\n--b{level}--\n"
    head, _, rest = body.partition("\n\n")
    return written(rest, Content_Type=head.removeprefix("Content-Type: "))


def test_parts_within_parts_are_read_to_a_depth_and_the_original_is_kept() -> None:
    assert post(nested(10)).text == "in the middle"
    deep = post(nested(100))
    assert deep.text == "(My parcel)"
    assert [one.name for one in deep.attachments] == ["original.eml"]


def test_parts_within_parts_beyond_all_measure_are_set_aside() -> None:
    found = to_change(mail(nested(3000)), CARE)
    assert isinstance(found, Unreadable)
    assert "Recursion" in found.reason


def test_a_zip_bomb_is_a_file_that_nobody_opens() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 20_000_000)
    made = EmailMessage()
    made["From"], made["Message-ID"] = CAROL, "<zip@customers.example>"
    made.set_content("see file")
    made.add_attachment(packed.getvalue(), maintype="application", subtype="zip", filename="a.zip")
    found = post(made.as_bytes())
    assert found.text == "see file"
    [file] = found.attachments
    assert (file.name, file.mime) == ("a.zip", "application/zip")


def test_a_thousand_files_are_the_first_of_them_and_the_original() -> None:
    part = '--b\nContent-Disposition: attachment; filename="{0}.txt"\n\nx\n'
    body = "".join(part.format(number) for number in range(400)) + "--b--\n"
    found = post(written(body, Content_Type='multipart/mixed; boundary="b"'))
    assert len(found.attachments) == 20
    assert found.attachments[-1].name == "original.eml"


def test_a_mail_of_50_mb_is_read_from_its_beginning() -> None:
    text = written("It begins.\n" + "x" * 100)
    found = post(text, size=50_000_000)
    assert found.text.startswith("It begins.")
    assert [one.name for one in found.attachments] == ["original.eml"]


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\..\\boot.ini",
        "a\u202egnp.exe",
        "nul\x00l.txt",
        ".htaccess",
        "x" * 900,
    ],
)
def test_names_of_files_are_only_names(name: str) -> None:
    body = f'--b\nContent-Disposition: attachment; filename="{name}"\n\nx\n--b--\n'
    found = post(written(body, Content_Type='multipart/mixed; boundary="b"'))
    shown = found.attachments[0].name
    assert shown
    assert not set(shown) & set("/\\\x00\u202e")
    assert not shown.startswith(".")
    assert len(shown) <= 125


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\x00\x00",
        b"From: \n\n",
        b"From: <>\nMessage-ID: <>\nDate: yesterday\nIn-Reply-To: <<<>\n\nx",
        b"Content-Type: multipart/mixed\n\nno boundary",
        b'Content-Type: multipart/mixed; boundary="never"\n\nno such parts',
        b"Content-Type: text/plain; charset\nContent-Transfer-Encoding: base64\n\n!!!=",
        b"Content-Type: a/b/c; name*0*=x''%ff; name*1=2\n\nx",
        b"Subject: =?utf-8?b?" + b"A" * 100_000 + b"?=\n\nx",
        b"From: " + b"(" * 50_000 + b"\n\nx",
        b"Date: Mon, 99 Foo 99999 25:61:61 +9999\n\nx",
        b"Content-Type: message/rfc822\n\n" * 50,
        b"\xff\xfe\xfd" * 100,
        b"Content-Type: text/html\n\n" + b"<div>" * 20_000 + b"deep",
        b"Content-Type: text/html\n\n<a href='javascript:alert(1)'>go</a><script>x</script>",
        b"References: " + b"<a@b> " * 20_000 + b"\n\nx",
        b"References: " + b"(" * 100_000 + b"\n\nx",
        b"To: " + b"a;" * 100_000 + b"\n\nx",
        b"Content-Type: text/plain" + b";a=b" * 500_000 + b"\n\nx",
        b"Content-Type: text/plain;" + b"\n a=b;" * 100_000 + b"\n\nx",
        b"Content-Type: text/plain; format=flowed\n\n" + b"a \n" * 500_000,
        b"Content-Type: text/html\n\n" + b"<a href=" * 200_000,
        b"Content-Type: text/html\n\n" + b"<!--x>" * 200_000,
        b"Content-Type: text/html\n\n" + b"<![CDATA[x>" * 100_000,
        b"Content-Type: text/html\n\n" + b"<b>" * 399 + b"</x>" * 100_000,
        b"Content-Type: text/html\n\n<a " + b"x " * 500_000 + b">y",
    ],
    ids=lambda raw: f"{len(raw)} {raw[:40]!r}",
)
def test_whatever_comes_is_told_or_set_aside(raw: bytes) -> None:
    found = to_change(mail(raw), CARE)
    assert found is not None
    assert found.external_id
    if isinstance(found, Post):
        assert found.text
        assert "script" not in found.text
        assert "javascript" not in found.text


def test_nulls_in_a_mail_are_taken_in() -> None:
    assert "nul" in post(written("nul\x00here")).text


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-replied (vacation)"}, "an automatic answer"),
        ({"Auto_Submitted": "auto-generated"}, "written by a program"),
        ({"X_Autoreply": "yes"}, "an automatic answer"),
        ({"X_Auto_Response_Suppress": "DR, OOF, AutoReply"}, "written by a program"),
        ({"Subject": "Automatische Antwort: My parcel"}, "an automatic answer"),
        ({"Return_Path": "<>"}, "a mail that nothing may be sent back for"),
        ({"List_Id": "<news.shop.example>", "Precedence": "bulk"}, "sent to many at once"),
        ({"Precedence": "junk"}, "sent to many at once"),
        ({"From": "MAILER-DAEMON@mail.example"}, "a message from a mail server"),
        (
            {"Received": "x\nReceived: ".join(["from a by b; now"] * 60)},
            "a mail that goes in circles",
        ),
    ],
)
def test_machines_are_known_and_owed_nothing(headers: dict[str, str], why: str) -> None:
    assert post(written(**headers)).automatic == why


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "no"},
        {"X_Auto_Response_Suppress": "None"},
        {"List_Id": "<care.northwind.example>", "Precedence": "list"},  # a group that is our inbox
        {"From": "noreply@shop.example", "Reply_To": CAROL, "Auto_Submitted": "auto-generated"},
        {"Subject": "Out of officers, need new ones"},
    ],
)
def test_people_are_not_taken_for_machines(headers: dict[str, str]) -> None:
    found = post(written(**headers))
    assert found.automatic == ""
    assert found.author.external_id == CAROL


def report(identifier: str, action: str = "failed", status: str = "5.1.1") -> str:
    """A report on the delivery of a mail."""
    body = f"""--b
Content-Type: text/plain

It failed.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; {CAROL}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} nobody here

--b
Content-Type: message/rfc822

Message-ID: <{identifier}>
Subject: Re: x

Hello
--b--
"""
    kind = 'multipart/report; report-type=delivery-status; boundary="b"'
    return written(body, From="mailer-daemon@mail.example", Content_Type=kind, Return_Path="<>")


def test_a_report_says_in_words_why_and_belongs_to_our_mail() -> None:
    key = new_id()
    found = post(report(message_id(key, CARE)))
    assert found.parent_id == our_name(key, CARE)
    assert found.text == (
        f"Your mail to {CAROL} was not delivered: there is no such address: 550 5.1.1 nobody here"
    )
    assert found.automatic == "a report on the delivery of a mail"
    assert found.author.bot
    late = post(report(message_id(key, CARE), action="delayed", status="4.4.1"))
    assert "It is delayed, and tried again" in late.text


def test_a_forged_report_is_about_no_mail_of_ours() -> None:
    found = post(report("something@northwind.example"))
    assert found.parent_id is None
    assert "that we did not send" in found.text
    assert found.automatic


@pytest.mark.parametrize(
    ("sender", "handle", "name"),
    [
        ('"care@northwind.example" <eve@evil.example>', "eve@evil.example",
         "care@northwind.example"),
        ("=?utf-8?q?care=40northwind.example?= <eve@evil.example>", "eve@evil.example",
         "care@northwind.example"),
        ("Northwind <eve@evil.example> <care@northwind.example>", "", ""),
        ("Jörg <jörg@bücher.example>", "jörg@bücher.example", "Jörg"),
        ("carol@xn--bcher-kva.example", "carol@xn--bcher-kva.example", "carol"),
        ("Carol <carol@customers.example>\nFrom: Eve <eve@evil.example>", CAROL, "Carol"),
    ],
    ids=["a name that is an address", "encoded", "two addresses", "beyond ASCII", "idn", "twice"],
)  # fmt: skip
def test_who_a_sender_is_by_address_and_never_by_name(sender: str, handle: str, name: str) -> None:
    found = post(written(From=sender))
    assert found.author.external_id != CARE.external_id
    assert not found.own
    if handle:
        assert (found.author.handle, found.author.name) == (handle, name)


@pytest.mark.parametrize(
    ("kind", "body", "shown", "files"),
    [
        ("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "MIIB",
         "(My parcel: the mail is encrypted or sealed, and can't be read here.)", ["smime.p7m"]),
        ('multipart/encrypted; boundary="b"',
         "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n"
         "--b\nContent-Type: application/octet-stream\n\nxx\n--b--\n",
         "(My parcel: the mail is encrypted or sealed, and can't be read here.)",
         ["file.bin", "file.bin"]),
        ('multipart/signed; boundary="b"',
         "--b\nContent-Type: text/plain\n\nsigned words\n"
         "--b\nContent-Type: application/pkcs7-signature; name=smime.p7s\n\nxx\n--b--\n",
         "signed words", ["smime.p7s"]),
        ('multipart/alternative; boundary="b"',
         "--b\nContent-Type: text/plain\n\nCome on Monday\n"
         "--b\nContent-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n--b--\n",
         "Come on Monday", ["file.ics"]),
        ('multipart/mixed; boundary="b"',
         "--b\nContent-Type: text/plain\n\nsee it\n"
         "--b\nContent-Type: application/ms-tnef; name=winmail.dat\n\nxx\n--b--\n",
         "see it", ["winmail.dat"]),
    ],
    ids=["S/MIME", "PGP", "signed", "invitation", "TNEF"],
)  # fmt: skip
def test_mails_of_special_make(kind: str, body: str, shown: str, files: list[str]) -> None:
    found = post(written(body, Content_Type=kind))
    assert found.text == shown
    assert [one.name for one in found.attachments] == files


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>hi<img src=x onerror=alert(1)></p><svg><script>bad()</script></svg>", "hi"),
        ("<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1'>", ""),
        ("<div style='display:none'>hidden</div>seen", "seen"),
        ("<a href='data:text/html,x'>go</a> <a href='java\nscript:x'>on</a>", "go on"),
        ("<img src='https://track.example/p.gif' width=1>text", "text"),
        ("<a href='https://evil.example/x'>https://bank.example</a>",
         "https://bank.example <https://evil.example/x>"),
        ("<table><tr><td>a<table><tr><td>b</td></tr></table></td></tr></table>", "a\nb"),
        ("<noscript><p title='</noscript><img src=x onerror=1>'>", "'>"),
        ("1 < 2 <b>and</b> 3<4", "1 < 2 and 3<4"),
    ],
    ids=["handlers", "mXSS", "hidden", "schemes", "pixel", "links", "tables", "noscript", "less"],
)  # fmt: skip
def test_html_is_only_ever_text(html: str, shown: str) -> None:
    """What comes out is text and stays text; links say where they lead."""
    found = post(written(f"{html}", Content_Type="text/html"))
    assert found.text == (shown or "(My parcel)")


DOUBTED = "Your mail server could not confirm that this mail comes from customers.example"


@pytest.mark.parametrize(
    ("results", "doubted"),
    [
        (["mx.northwind.example; dmarc=fail (p=reject) header.from=customers.example"], True),
        (["mx.northwind.example 1; spf=pass smtp.mailfrom=x.example;\n\tDMARC = Fail"], True),
        (["mx.northwind.example; dkim=pass; spf=softfail; dmarc=pass"], False),
        (["mx.northwind.example; none"], False),
        ([""], False),
        # The sender wrote a "pass" of his own below, or a whole list of them in our server's name.
        (["mx.northwind.example; dmarc=fail", "mx.northwind.example; dmarc=pass"], True),
        # What is above is our server's: a "fail" further down is somebody's on the way.
        (["mx.northwind.example; dmarc=pass", "list.example; dmarc=fail"], False),
        # Words that the sender chose, which the server repeats.
        (["mx.northwind.example; dmarc=pass (was; dmarc=fail (or not)) x=y"], False),
        (['mx.northwind.example; dmarc=pass header.from="a; dmarc=fail"'], False),
        (["mx.northwind.example; dmarc=fail reason=\"; dmarc=pass\""], True),
        (["dmarc=fail.northwind.example; spf=pass"], False),
        (["mx.example; " + "(" * 3000 + '"\\' * 3000 + "; dmarc=fail"], False),
    ],
)  # fmt: skip
def test_who_may_have_forged_a_sender_is_said(results: list[str], doubted: bool) -> None:
    """Our mail server's word is the topmost; it only ever takes trust away, never gives any."""
    head = "".join(f"Authentication-Results: {each}\n" for each in results)
    found = to_change(mail(head + written()), CARE)
    assert isinstance(found, Post)
    assert found.warning.startswith(DOUBTED) == doubted
    assert found.author.external_id == CAROL
    # Nothing else follows from it: it is a message like any.
    assert found == msgspec.structs.replace(post(written()), warning=found.warning)
    assert to_change(mail(head + written(), own=True), CARE).warning == ""  # type: ignore[union-attr]
