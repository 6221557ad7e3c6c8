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
ASKS_THE_HOST = re.compile(
    r"""request\.base_url|request\.url\.(?!path)|url_for|["'](host|x-forwarded-(host|proto))["']\s*[\])]"""
)
KNOWS = {"app/own_hosts.py": "compares it with the domains of the setting, and repeats it nowhere"}
NOT_DOORS = ("networks", "bench", "kit", "store")
"""Rooms that call others: what they name a host is not ours."""


@pytest.fixture
def settings() -> Settings:
    return replace(Settings(), public_url="https://care.example.org", behind_proxy=True)


def test_no_door_reads_the_host_header() -> None:
    asking = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if path.relative_to(SOURCE).parts[0] not in NOT_DOORS
        and (ASKS_THE_HOST.search(path.read_text()) or 'b"host"' in path.read_text())
    }
    assert asking == set(KNOWS)


@pytest.mark.parametrize("path", ["/", "/setup", "/sign-in", "/forgotten", "/sign-in/enrol"])
async def test_pages_do_not_repeat_a_strange_host(app: Litestar, path: str) -> None:
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar's own ASGI types
    async with httpx.AsyncClient(transport=transport, base_url="https://evil.example") as http:
        answer = await http.get(path, headers=EVIL)
    assert "evil.example" not in answer.text
    assert not any("evil.example" in value for value in answer.headers.values())


def test_links_come_from_the_setting(settings: Settings) -> None:
    assert settings.base_url == "https://care.example.org"
