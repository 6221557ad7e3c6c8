"""A short run of the desk, errors included, leaves nobody's words in the logs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from litestar import Litestar

from earful.accounts.api_tokens import create_token
from earful.kit.logs import configure
from earful.networks.contract import Unreadable
from tests.api.client import Client
from tests.cast import Cast, post
from tests.desk.acts import card_of, home_of, take
from tests.logs import kept_apart


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    with kept_apart() as stream:
        configure("debug", stream)
        yield stream


async def test_a_short_run(
    app: Litestar, cast: Cast, alice: Client, out: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    await take(cast, post("p1", "@Northwind where is my parcel"))
    await take(cast, Unreadable(external_id="p2", reason="odd", payload="my parcel"))
    home = await home_of(cast, "p1")
    version = (await card_of(cast, home)).version
    reply = {"text": "Your parcel waits", "seen_version": version}
    await alice.post(f"/conversations/{home}/replies", reply)
    assert cast.alice.id
    async with cast.database.transaction() as db:
        _, token = await create_token(
            db, cast.workspace_id, cast.alice.id, name="t", scopes=["read"], now=cast.time()
        )

    def broken(*_: Any) -> Any:
        raise RuntimeError(f"carol.example said my parcel with {token}")

    monkeypatch.setattr(app.state.hub, "present", broken)
    monkeypatch.setattr(app.state.works, "open", broken)
    failed = await alice.post(f"/conversations/{home}/notes", {"text": "about the parcel"})
    assert failed.status_code == 500
    tagged = await alice.put(f"/conversations/{home}/tags/Carol's parcel")
    assert tagged.status_code == 500
    await alice.http.get(f"/password/{token}")
    structlog.get_logger().error("request failed", path=f"/password/{token}")
    said = out.getvalue()
    assert "request failed" in said
    assert "/tags/{name}" in said
    for word in ("parcel", "carol", "Carol", token):
        assert word not in said
