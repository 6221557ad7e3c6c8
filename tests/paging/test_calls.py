"""What reaches real services, what is kept at home, and what came back in words."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest

from earful.paging.call import Call, Outcome
from earful.paging.calling import place
from earful.paging.redact import redacted
from tests.mail_server import mail_server
from tests.paging.services import Service, serving

HERE = ("127.0.0.0/8", "::1/128")


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """A service on this machine."""
    async with serving() as running:
        yield running


async def call(address: str, **more: object) -> Outcome:
    """A page to an address of this machine, which the operator allowed."""
    given = {"allowed": HERE, "title": "Late: 2 conversations", "text": "Somebody waits"} | more
    return await place(Call(address=address, **given))  # type: ignore[arg-type]


async def test_json_and_ntfy_and_matrix_are_told_what_is_the_matter(service: Service) -> None:
    for scheme, rest in (("json", "secret-part"), ("ntfy", "secret-topic"), ("matrix", "#room")):
        user = "care:three-foxes@" if scheme == "matrix" else ""
        address = service.address(scheme, rest).replace("://", f"://{user}")
        outcome = await call(address)
        assert outcome.sent, outcome
    first, second, *matrix = service.told
    assert first.path == "/secret-part"
    assert first.body["title"] == "Late: 2 conversations"
    assert first.body["message"] == "Somebody waits"
    assert second.body["topic"] == "secret-topic"
    assert any("send/m.room.message" in one.path for one in matrix)


async def test_a_mail_reaches_a_real_server() -> None:
    async with mail_server() as post:
        outcome = await call(f"mailto://localhost:{post.port}?from=a@b.example&to=c@d.example")
    assert outcome.sent, outcome
    [letter] = post.got
    assert "Somebody waits" in letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert post.recipients == ["c@d.example"]


async def test_a_private_address_is_not_called_unless_the_operator_allows_it(
    service: Service,
) -> None:
    for address in (
        service.address("json"),
        f"json://127.0.0.1:{service.port}/x",
        "ntfy://10.1.2.3/topic",
        "json://169.254.169.254/latest",
        f"mailto://localhost:{service.port}?from=a@b.example&to=c@d.example",
    ):
        outcome = await call(address, allowed=())
        assert not outcome.sent
        assert "private network" in outcome.words, (address, outcome)
    assert service.told == []


async def test_a_redirect_to_a_private_address_is_not_followed(service: Service) -> None:
    service.answers.append("302 Found\r\nLocation: http://10.0.0.1/inner")
    outcome = await call(service.address("json", "hop?redirect=yes"))
    assert not outcome.sent
    assert len(service.told) == 1


async def test_in_a_rehearsal_nothing_leaves_the_machine(service: Service) -> None:
    for address in ("json://example.org/x", "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"):
        outcome = await call(address, home=True, allowed=("0.0.0.0/0",))
        assert outcome.words == "This is a rehearsal: nothing leaves this machine."
    assert (await call(service.address("json"), home=True, allowed=())).sent


@pytest.mark.parametrize(
    ("status", "passing"), [("404 Not Found", False), ("503 Busy", True), ("429 Slow", True)]
)
async def test_what_came_back_is_said(service: Service, status: str, passing: bool) -> None:
    service.answers.append(status)
    outcome = await call(service.address("json"))
    assert status[:3] in outcome.words
    assert outcome.passing is passing
    assert "secret-part" not in outcome.words


async def test_a_service_that_says_nothing_is_given_up(service: Service) -> None:
    service.silent = True
    outcome = await place(Call(address=service.address("json"), text="x", allowed=HERE), within=2.0)
    assert outcome == Outcome(sent=False, words="It takes too long to answer.")


async def test_addresses_that_mean_nothing_or_this_machine_are_refused() -> None:
    assert "knows no service" in (await call("nonsense://x", send=False)).words
    assert "way of this machine" in (await call("syslog://", send=False)).words
    slack = await call("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", send=False)
    assert (slack.sent, slack.service, slack.host) == (True, "Slack", "")


_TRIES = {
    "open('/proc/self/environ')": "opens no file",
    "open('/root/.ssh/id', 'rb')": "opens no file",
    "open('/tmp/left-behind', 'w')": "opens no file",
    "os.open('/usr/share/left-behind', os.O_CREAT | os.O_WRONLY)": "opens no file",
    "os.system('true')": "starts no program",
    "subprocess.run(['true'])": "starts no program",
    "socket.socket(socket.AF_UNIX).connect('/run/x')": "not by a way of this machine",
    "socket.socket(socket.AF_INET).connect(('localhost', 9))": "not looked up first",
    "socket.socket(socket.AF_INET6).connect(('::ffff:10.0.0.1', 9))": "private network",
    "socket.socket(socket.AF_INET6).connect(('64:ff9b::a00:1', 9))": "private network",
    "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('10.0.0.1', 53))": "private network",
    "socket.socket(socket.AF_INET).connect(('169.254.169.254', 80))": "private network",
}


async def test_the_fence_holds_whatever_a_library_does() -> None:
    code = """
import os, socket, subprocess, sys
from earful.kit.addresses import Blocked, Guard
from earful.paging.fence import put_up
put_up(Guard())
for line in sys.stdin.read().splitlines():
    try:
        exec(line)
        print("done")
    except Blocked as error:
        print(error)
"""
    ended = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", code],
        input="\n".join(_TRIES),
        capture_output=True,
        text=True,
        check=True,
    )
    said = ended.stdout.splitlines()
    assert len(said) == len(_TRIES)
    for (tried, expected), words in zip(_TRIES.items(), said, strict=True):
        assert expected in words, (tried, words)


def test_secrets_of_an_address_are_not_repeated() -> None:
    address = "matrix://care:three%20foxes@chat.example/#inner-room?token=abcdef"
    said = "chat.example: care can't use 'three foxes' in #inner-room (https://chat.example/a/b)"
    told = redacted(said, address, "chat.example")
    for secret in ("three foxes", "three%20foxes", "inner-room", "care can't", "/a/b"):
        assert secret not in told
    assert "chat.example" in told
