"""Whatever stands in a question, the answer is one or a refusal in words: nothing breaks."""

from __future__ import annotations

import re

import msgspec
import pytest
from litestar import Litestar

from tests.api.client import API, Client
from tests.api.world import furnish, routes
from tests.cast import Cast

ODD = (
    "", "\x00", "-1", "99999999999999999999", "1e308", "null", "x" * 3000, "2026-13-45",
    "2026-11-02T12:00:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "9999-12-31",
    "0001-01-01", "Mars/Base", "💥",
)  # fmt: skip


async def test_no_question_breaks_the_desk(app: Litestar, cast: Cast, alice: Client) -> None:
    world = await furnish(cast, alice)
    ids = {f"{name}_id": str(value) for name, value in msgspec.structs.asdict(world).items()}
    paths = app.openapi_schema.to_schema()["paths"]
    asked, broken = 0, []
    for method, path in routes(app):
        plain = re.sub(r":\w+\}", "}", path)
        given = paths.get(API + plain, {}).get("get", {}).get("parameters", ())
        where = re.sub(r"\{(\w+)\}", lambda name: ids.get(name[1], "x"), plain)
        for name in [one["name"] for one in given if method == "GET" and one["in"] == "query"]:
            for odd in ODD if path != "/stream" else ():
                answer = await alice.get(where, params={name: odd})
                asked += 1
                if answer.status_code >= 500:
                    broken.append((path, name, odd[:40]))
    assert broken == []
    assert asked > 500


@pytest.mark.parametrize(
    "name", ["x" * 3000, "💥" * 64, "%00", "..%2f..%2fetc%2fpasswd", ".env", ""]
)
async def test_a_file_of_any_name_is_there_or_not(nobody: Client, name: str) -> None:
    assert (await nobody.http.get(f"/static/{name}")).status_code == 404
