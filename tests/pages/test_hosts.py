"""No link, cookie or redirect comes from the Host header."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

import earful
from earful.settings import Settings

EVIL = {"host": "evil.example", "x-forwarded-host": "evil.example"}
SOURCE = Path(earful.__file__).parent
ASKS_THE_HOST = re.compile(r"""request\.base_url|url\.netloc|url\.hostname|\.get\(["']host["']""")


@pytest.fixture
def settings() -> Settings:
    return replace(Settings(), public_url="https://care.example.org", behind_proxy=True)


def test_no_door_reads_the_host_header() -> None:
    for room in ("api", "pages", "accounts"):
        for path in (SOURCE / room).rglob("*.py"):
            assert not ASKS_THE_HOST.search(path.read_text()), path.name


@pytest.mark.parametrize("path", ["/", "/setup", "/sign-in", "/forgotten", "/sign-in/enrol"])
async def test_pages_do_not_repeat_a_strange_host(app: Litestar, path: str) -> None:
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar's own ASGI types
    async with httpx.AsyncClient(transport=transport, base_url="https://evil.example") as http:
        answer = await http.get(path, headers=EVIL)
    assert "evil.example" not in answer.text
    assert not any("evil.example" in value for value in answer.headers.values())


def test_links_come_from_the_setting(settings: Settings) -> None:
    assert settings.base_url == "https://care.example.org"
