"""The parts of the built screen on their way: kept for good, packed for who takes it so."""

from __future__ import annotations

from pathlib import Path

import pytest

from earful.api import screen
from tests.api.client import Client

SCRIPT = "export const words = 'an earful';\n" * 200


@pytest.fixture(autouse=True)
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen as if it had been built."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "Settings-a1b2.js").write_text(SCRIPT)
    (tmp_path / "assets" / "inter-c3d4.woff2").write_bytes(b"wOF2")
    (tmp_path / "ear.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    monkeypatch.setattr(screen, "STATIC", tmp_path)


async def test_a_part_is_packed_and_kept_for_good(nobody: Client) -> None:
    url = "/static/assets/Settings-a1b2.js"
    packed = await nobody.http.get(url, headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < 200
    plain = await nobody.http.get(url, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    for answer in (packed, plain):
        assert answer.text == SCRIPT
        assert answer.headers["content-type"].startswith("text/javascript")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_what_is_packed_in_itself_or_keeps_its_name_goes_as_it_is(nobody: Client) -> None:
    font = await nobody.http.get("/static/assets/inter-c3d4.woff2")
    assert "content-encoding" not in font.headers
    ear = await nobody.http.get("/static/ear.svg")
    assert ear.headers["cache-control"] == "no-cache"


async def test_a_part_of_another_version_is_not_there_and_that_is_not_kept(nobody: Client) -> None:
    answer = await nobody.http.get("/static/assets/Settings-old1.js")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "no-store"


def test_the_page_lets_parts_come_from_the_desk_alone() -> None:
    policy = screen.POLICY["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
