"""Every address that is given out is the desk's own, whatever a caller claims to have called."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from litestar import Litestar

from earful.settings import Settings
from tests.api.client import Client
from tests.cast import Cast
from tests.desk.acts import rows

OURS = "https://care.example.org"
EVIL = {
    "host": "evil.example",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "gopher",
    "forwarded": "host=evil.example;proto=gopher",
    "origin": "https://evil.example",
    "referer": "https://evil.example/",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings.from_env({"EARFUL_DATA_DIR": str(tmp_path)})
    return replace(made, public_url=OURS, behind_proxy=True)


async def test_no_address_follows_who_asks(app: Litestar, cast: Cast, alice: Client) -> None:
    """Invitations, calendars, callbacks, hooks, and the steps of a network."""
    await rows(
        cast,
        """INSERT INTO other_desk (workspace_id, id, kind, name, url, hook, created_at)
           VALUES ($1, $1, 'zammad', 'Theirs', 'https://zammad.example', 'x', now())""",
        cast.workspace_id,
    )
    asked = [
        ("GET", "/networks", None, "/oauth/callback"),
        ("GET", "/me", None, OURS),
        ("POST", f"/agents/{cast.bob.id}/invitation", None, "/invitation/"),
        ("POST", "/roster/feeds", {"agent_id": str(cast.bob.id)}, "/roster/"),
        ("GET", "/desks", None, "/hooks/desks/"),
        ("GET", f"/channels/{cast.channel.id}/guide", None, ""),
    ]
    for method, path, body, has in asked:
        answer = await alice.ask(method, path, body, headers=EVIL)
        assert answer.is_success, (path, answer.text)
        told = answer.text + str(dict(answer.headers))
        assert "evil.example" not in told, path
        assert "gopher" not in told, path
        if has:
            assert OURS in told, path
            assert has in told, path


async def test_without_a_public_address_links_lead_to_this_machine(
    cast: Cast, alice: Client, app: Litestar
) -> None:
    app.state.settings = replace(app.state.settings, public_url=None)
    answer = await alice.post(f"/agents/{cast.bob.id}/invitation", headers=EVIL)
    assert answer.json()["url"].startswith("http://127.0.0.1:8420/invitation/")
    assert answer.json()["mailed_to"] is None
    assert (await alice.get("/me")).json()["workspace"]["public_url"] is None
    networks = (await alice.get("/networks")).json()
    assert all(one["public"] is False for one in networks if "public" in one)
