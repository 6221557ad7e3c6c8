"""Nothing the rehearsal network does leaves the machine."""

from __future__ import annotations

import re
import socket

import pytest

from earful.networks.contract import Draft, Post, Rejected
from earful.networks.rehearsal.recorded import conversations, retold
from earful.networks.rehearsal.remote import RemoteDoor, loopback

from .conftest import Open
from .serving import serving

_GUARD = """
import os, sys
def guard(event, args):
    if event == "socket.connect" or (event == "socket.getaddrinfo" and args[0] != "127.0.0.1"):
        os._exit(3)
sys.addaudithook(guard)
from earful.networks.rehearsal.server import main
main()
"""


@pytest.mark.parametrize(
    "service",
    [
        "http://example.com:80",
        "http://10.0.0.1:80",
        "http://0.0.0.0:80",
        "https://127.0.0.1:80",
        "http://127.0.0.1.example.com:80",
        "http://127.0.0.1@example.com:80",
        "http://127.0.0.1:80/elsewhere",
        "http://127.0.0.1:99999",
        "http://127.0.0.1",
        "127.0.0.1:80",
        "file:///etc/hosts",
    ],
)
def test_only_this_machine_is_a_service(open_channel: Open, service: str) -> None:
    with pytest.raises(Rejected, match="this machine"):
        open_channel(service=service)


def test_loopback_by_any_name() -> None:
    assert loopback("http://localhost:8000/") == "http://127.0.0.1:8000"
    assert loopback("http://[::1]:8000") == "http://[::1]:8000"


async def test_the_town_in_process_opens_no_socket(
    open_channel: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*args: object) -> None:
        raise AssertionError(f"a socket was used: {args}")

    monkeypatch.setattr(socket.socket, "connect", forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    channel = open_channel()
    heard = 0
    async for batch in channel.stream(None):
        heard += len(batch.changes)
        await channel.send(Draft(text="See https://example.com"), f"key-{heard}")
        if heard > 200:
            break
    assert heard > 200


async def test_the_server_calls_nobody() -> None:
    with serving("--rate", "6000", run=("-c", _GUARD)) as server:
        server.ask("/guests", text="@Northwind look: https://example.com/picture.png")
        server.ask("/posts", handle="Northwind", text="See https://example.com", key="key-1")
        server.ask("/burst", n=500)
        assert len(server.entries()) > 500
        assert server.process.poll() is None


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:9")
    monkeypatch.setenv("http_proxy", "http://192.0.2.1:9")
    with serving("--rate", "0") as server:
        door = RemoteDoor(server.url)
        assert (await door.account("Northwind")).handle == "Northwind"
        await door.close()


async def test_links_in_the_feed_lead_nowhere(open_channel: Open) -> None:
    for story in conversations():
        for text in (*story.opening, *story.later):
            told = retold(text, "Northwind", "Northwind", str)
            assert set(re.findall(r"https?://([^/\s]+)", told)) <= {"northwind.example"}
            assert "@Northwind" in told
    async for batch in open_channel().stream({"position": 0, "ledger": ""}):
        posts = [change for change in batch.changes if isinstance(change, Post)]
        assert posts
        assert all(post.uri.startswith("rehearsal://") for post in posts)
        pictures = [one.url for post in posts for one in post.attachments]
        assert all(url.startswith("rehearsal://") for url in pictures)
        break
