"""Letters handed to a real SMTP server, and in words why one does not take them."""

from __future__ import annotations

import socket
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from earful.accounts import letters
from earful.accounts.mail import Letter, MailServer, MailTrouble
from earful.accounts.smtp import hand_over
from tests.mail_server import PASSWORD, USER, mail_server, make_certificate


def server_at(port: int, **more: Any) -> MailServer:
    fields: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "username": "",
        "password": "",
        "sender": "care@northwind.example",
        "sender_name": "Northwind",
    }
    return MailServer(**fields | more)


@pytest.fixture
def letter() -> Letter:
    return letters.new_password(
        "bob@northwind.example", name="Bob", url="https://care.example/password/x"
    )


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate for 127.0.0.1 that this machine trusts."""
    path = make_certificate(tmp_path, "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


async def trouble_with(server: MailServer, letter: Letter, now: datetime) -> MailTrouble:
    with pytest.raises(MailTrouble) as caught:
        await hand_over(server, letter, now=now)
    return caught.value


async def test_a_letter_arrives_whole(letter: Letter, now: datetime) -> None:
    async with mail_server() as post:
        await hand_over(server_at(post.port), letter, now=now)
    (got,) = post.got
    assert post.recipients == ["bob@northwind.example"]
    assert got["From"] == "Northwind <care@northwind.example>"
    assert got["To"] == "bob@northwind.example"
    assert got["Subject"] == "A new password for Earful"
    assert got["Date"] == "Mon, 02 Mar 2026 09:00:00 +0000"
    assert got["Message-ID"] == f"<{letter.id}@northwind.example>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert "https://care.example/password/x" in got.get_content()


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_it_signs_in_behind_tls(
    letter: Letter, now: datetime, trusted: Path, security: str
) -> None:
    async with mail_server(security, certificate=trusted, auth=True) as post:
        server = server_at(post.port, security=security, username=USER, password=PASSWORD)
        await hand_over(server, letter, now=now)
        assert len(post.got) == 1
        wrong = server_at(post.port, security=security, username=USER, password="wrong")
        trouble = await trouble_with(wrong, letter, now)
        assert trouble.step == "auth"
        assert "does not take this user name and password: 535" in str(trouble)
        assert len(post.got) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_certificate_that_proves_nothing_is_not_trusted(
    letter: Letter, now: datetime, tmp_path: Path, trusted: Path, security: str
) -> None:
    other = make_certificate(tmp_path, "evil.example")
    async with mail_server(security, certificate=other) as post:
        trouble = await trouble_with(server_at(post.port, security=security), letter, now)
    assert trouble.step == "tls"
    assert "certificate of 127.0.0.1 is not trusted" in str(trouble)
    assert post.attempts == 0


async def test_tls_is_never_left_out(letter: Letter, now: datetime, trusted: Path) -> None:
    async with mail_server() as post:
        plain = await trouble_with(server_at(post.port, security="starttls"), letter, now)
        spoken = await trouble_with(server_at(post.port, security="tls"), letter, now)
    assert plain.step == spoken.step == "tls"
    assert "Does it want TLS from the start" in str(plain)
    assert "Does it want STARTTLS" in str(spoken)
    assert post.attempts == 0


async def test_a_name_that_dns_does_not_know(letter: Letter, now: datetime) -> None:
    trouble = await trouble_with(server_at(25, host="mail.nowhere.invalid"), letter, now)
    assert trouble.step == "dns"
    assert "mail.nowhere.invalid is not known to DNS" in str(trouble)


async def test_a_port_where_nobody_listens(letter: Letter, now: datetime) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        trouble = await trouble_with(server_at(port), letter, now)
    assert trouble.step == "connect"
    assert f"Port {port} of 127.0.0.1 can't be reached: Connection refused" in str(trouble)


@pytest.mark.parametrize(
    ("answer", "step"),
    [
        ("550 5.1.1 no such user", "recipient"),
        ("450 4.2.1 try later", "recipient"),
        ("554 5.7.1 looks like spam", "content"),
        ("451 4.3.0 disk full", "content"),
    ],
)
async def test_the_servers_own_words_are_told(
    letter: Letter, now: datetime, answer: str, step: str
) -> None:
    async with mail_server() as post:
        post.refuse["RCPT" if step == "recipient" else "DATA"] = answer
        trouble = await trouble_with(server_at(post.port), letter, now)
    assert (trouble.step, trouble.passing) == (step, answer[0] == "4")
    assert answer in str(trouble)


async def test_no_header_can_be_added(now: datetime) -> None:
    evil = "Bob\r\nBcc: eve@evil.example\r\n\r\nhello"
    letter = letters.invitation(
        "bob@northwind.example", name=evil, workspace=evil, url="https://care.example/i"
    )
    async with mail_server() as post:
        await hand_over(server_at(post.port, sender_name=evil), letter, now=now)
    (got,) = post.got
    assert post.recipients == ["bob@northwind.example"]
    assert got["Bcc"] is None
    assert got.keys().count("Subject") == got.keys().count("From") == 1


async def test_a_rehearsal_hands_mail_to_this_machine_only(letter: Letter, now: datetime) -> None:
    away = server_at(25, host="192.0.2.1", local_only=True)
    assert "This is a rehearsal" in str(await trouble_with(away, letter, now))
    async with mail_server() as post:
        await hand_over(server_at(post.port, local_only=True), letter, now=now)
    assert len(post.got) == 1
