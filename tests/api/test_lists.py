"""Every list comes by the page or has a bound that is written down, and none is passed."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar

from earful.accounts import api_tokens, bounds, sessions
from earful.accounts.bounds import MOST
from earful.kit.ids import new_id
from tests.api.client import API, Client
from tests.api.world import RULE
from tests.cast import Cast, post
from tests.desk.acts import home_of, rows, take

LISTS = Path(__file__).parents[2] / "docs" / "reference" / "api.md"
ONE_MORE: dict[str, tuple[str, dict[str, Any]]] = {
    "agent": ("/agents", {"name": "Zoe {n}", "email": "zoe{n}@example.org"}),
    "team": ("/teams", {"name": "Team {n}"}),
    "inbox": ("/inboxes", {"name": "Inbox {n}"}),
    "tag": ("/tags", {"name": "tag {n}"}),
    "macro": ("/macros", {"name": "Macro {n}", "text": "Hello"}),
    "saved_view": ("/views", {"name": "View {n}", "filter": {}}),
    "rule": ("/rules", RULE),
}


def bounded() -> set[str]:
    """The lists that the reference gives a bound for."""
    section = LISTS.read_text().split("\n## Lists\n")[1]
    table = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {path for cell in table for path in re.findall(r"`([^`]+)`", cell)}


def listing(app: Litestar) -> tuple[set[str], set[str]]:
    """GET routes that answer with a list, and those that answer with a page."""
    schema = app.openapi_schema.to_schema()
    parts = schema["components"]["schemas"]
    lists, pages = set(), set()
    for path, verbs in schema["paths"].items():
        if "get" not in verbs or not path.startswith(API):
            continue
        content = verbs["get"]["responses"]["200"].get("content", {})
        shape = content.get("application/json", {}).get("schema", {})
        shape = parts.get(shape.get("$ref", "").rpartition("/")[2], shape)
        asked = {one["name"] for one in verbs["get"].get("parameters", ())}
        name = re.sub(r"\{\w+\}", "{id}", path.removeprefix(API))
        if shape.get("type") == "array":
            lists.add(name)
        if {"items", "next"} <= set(shape.get("properties", {})):
            assert {"after", "limit"} <= asked or name == "/search", name
            pages.add(name)
    return lists, pages


def test_every_list_is_paged_or_bounded(app: Litestar) -> None:
    lists, pages = listing(app)
    assert lists - bounded() == set(), "give it pages, or a bound in docs/reference/api.md"
    assert not pages & bounded()
    assert {"/promises", "/alerts", "/conversations/{id}/messages", "/audit"} <= pages


@pytest.mark.parametrize("table", sorted(ONE_MORE))
async def test_a_list_that_comes_whole_has_an_end(
    cast: Cast, alice: Client, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    [there] = await rows(cast, f"SELECT count(*) AS n FROM {table}")  # noqa: S608 - a constant
    monkeypatch.setitem(bounds.MOST, table, (there["n"] + 1, MOST[table][1]))
    path, body = ONE_MORE[table]
    answers = []
    for n in range(2):
        filled = {k: v.format(n=n) if isinstance(v, str) else v for k, v in body.items()}
        answers.append(await alice.post(path, filled))
    assert answers[0].is_success, answers[0].text
    assert (answers[1].status_code, answers[1].json()["type"]) == (422, "too-many")
    if table == "tag":
        await take(cast, post("p1"))
        home = await home_of(cast, "p1")
        assert (await alice.put(f"/conversations/{home}/tags/new")).json()["type"] == "too-many"
        assert (await alice.put(f"/conversations/{home}/tags/tag 0")).status_code == 200


async def test_tokens_and_sessions_have_an_end(
    cast: Cast, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_tokens, "MOST", 1)
    asked = {"name": "mine", "scopes": ["read"]}
    made = await alice.post("/tokens", asked)
    assert (await alice.post("/tokens", asked)).json()["type"] == "too-many"
    await alice.delete(f"/tokens/{made.json()['id']}")
    assert (await alice.post("/tokens", asked)).status_code == 201
    monkeypatch.setattr(sessions, "MOST", 3)
    key = (cast.workspace_id, str(cast.alice.id))
    async with cast.database.transaction() as db:
        for n in range(4):
            cast.time.pass_(seconds=1)
            told = {"user_agent": f"B{n}", "address": "", "now": cast.time()}
            await sessions.open_session(db, *key, **told)
        found = await sessions.list_sessions(db, *key, now=cast.time())
    assert [one.user_agent for one in found] == ["B3", "B2", "B1"]


async def _promises(cast: Cast, home: str) -> str:
    states = ("open", "open", "kept", "open", "broken")
    for state in states:
        await rows(
            cast,
            """INSERT INTO promise (workspace_id, id, conversation_id, contact_id, inbox_id, kind,
                 words, made_at, due_at, state)
               SELECT workspace_id, $1, id, contact_id, inbox_id, 'word', 'refund', $2, $2, $3
               FROM conversation WHERE id = $4""",
            new_id(),
            cast.time(),
            state,
            home,
        )
    return f"/conversations/{home}/promises"


async def _open_promises(cast: Cast, home: str) -> str:
    await _promises(cast, home)
    return "/promises"


async def _alerts(cast: Cast, home: str, *, past: bool = False) -> str:
    for n in range(5):
        await rows(
            cast,
            """INSERT INTO alert (workspace_id, id, cause, key, severity, steps, rounds, state,
                 raised_at, cleared_at)
               VALUES ($1, $2, 'breach', $3, $4, '[]', 1, $5, $6, $7)""",
            cast.workspace_id,
            new_id(),
            f"k{n}",
            None if n == 4 else 1 + n % 2,
            "cleared" if past else ("raised", "acknowledged")[n == 3],
            cast.time(),
            cast.time() if past else None,
        )
    return "/alerts"


async def _past(cast: Cast, home: str) -> str:
    return f"{await _alerts(cast, home, past=True)}?past=true"


async def _clocks(cast: Cast, home: str) -> str:
    for _ in range(4):
        await rows(
            cast,
            """INSERT INTO clock (workspace_id, id, conversation_id, kind, severity, started_at,
                 due_at, stopped_at) VALUES ($1, $2, $3, 'first_response', 4, $4, $4, $4)""",
            cast.workspace_id,
            new_id(),
            home,
            cast.time(),
        )
    return f"/conversations/{home}/clocks"


async def _messages(cast: Cast, home: str) -> str:
    await take(cast, *(post(f"m{n}", f"again {n}", parent_id="p1") for n in range(4)))
    return f"/conversations/{home}/messages"


async def _instants(cast: Cast, home: str) -> str:
    await _messages(cast, home)
    return f"/conversations/{home}/instants"


FILLED: list[Callable[[Cast, str], Awaitable[str]]] = [
    _promises, _open_promises, _alerts, _past, _clocks, _messages, _instants
]  # fmt: skip


@pytest.mark.parametrize("fill", FILLED)
async def test_pages_together_are_the_list(
    cast: Cast, alice: Client, fill: Callable[[Cast, str], Awaitable[str]]
) -> None:
    """Page after page, also where many stand at the same instant: each once, in one order."""
    await take(cast, post("p1"))
    path = await fill(cast, await home_of(cast, "p1"))
    sign = "&" if "?" in path else "?"
    whole = (await alice.get(path)).json()
    assert whole["next"] is None
    assert len(whole["items"]) >= 3
    found: list[Any] = []
    after = ""
    for _ in range(10):
        page = (await alice.get(f"{path}{sign}limit=2{after}")).json()
        assert len(page["items"]) <= 2
        found = page["items"] + found if path.endswith("/messages") else found + page["items"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert found == whole["items"]
    for wrong in ("x", "WzFd", "bnVsbA"):
        answer = await alice.get(f"{path}{sign}after={wrong}")
        assert (answer.status_code, answer.json()["type"]) == (422, "invalid")


async def test_a_long_conversation_is_read_to_its_beginning(cast: Cast, alice: Client) -> None:
    await take(cast, post("p1"))
    home = await home_of(cast, "p1")
    whole = (await alice.get(f"/conversations/{home}")).json()
    assert whole["earlier"] is None
    await rows(
        cast,
        """INSERT INTO message (workspace_id, id, conversation_id, direction, visibility,
             author_kind, author_name, author_handle, text, published_at, received_at)
           SELECT workspace_id, uuidv7(), id, 'note', 'internal', 'system', '', '', n::text,
             opened_at + n * interval '1 s', opened_at
           FROM conversation, generate_series(1, 500) n WHERE id = $1""",
        home,
    )
    whole = (await alice.get(f"/conversations/{home}")).json()
    assert (len(whole["messages"]), whole["messages"][0]["text"]) == (500, "1")
    before = await alice.get(f"/conversations/{home}/messages?after={whole['earlier']}")
    assert [one["external_id"] for one in before.json()["items"]] == ["p1"]
    assert before.json()["next"] is None
