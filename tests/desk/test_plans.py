"""What the desk reads at ten million messages it finds by an index: no list is sorted whole."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import uuid4

import asyncpg

from earful.api.clocks import RESOLVING
from earful.api.prepared import _POSTS
from earful.assigning.giving import _HERE, _HERS, _WAITING
from earful.composing.aside import _STANDING
from earful.composing.scene import _SCENE
from earful.contacts.erased import _ERASED
from earful.conversations.beside import _BESIDE
from earful.conversations.cards import COLUMNS as CARD
from earful.conversations.messages import COLUMNS, FROM
from earful.conversations.person import PERSON, STORY, STORY_OF_ONE
from earful.conversations.rows import _RECOUNT
from earful.desk.consent import _WORDS
from earful.desk.linking import _GONE
from earful.desk.privacy import _EXPORT, _FORGET, _HOMES
from earful.desk.redeeming import _ANY_OPEN, _FIND
from earful.desk.search import _INDEX, _OLDEST, _WALK
from earful.desk.views import STANDING, Filter, list_page, where
from earful.folding.hearing import _NEAR
from earful.folding.hearing import _OPEN as _OPEN_TO_FOLD
from earful.folding.listing import _FACES, _FOLDS, _INSIDE, READ
from earful.judgements.second import _TO_ASK, _UNCHANGED
from earful.promises.listing import _IN, _OPEN
from tests.desk.crowd import NOW, ROWS, SEQUENTIAL, plan, workspace

ONE = str(uuid4())


class Listening:
    """A connection that explains what is fetched and keeps the plan."""

    def __init__(self, db: asyncpg.Connection[Any]) -> None:
        self._db = db
        self.plan = ""

    async def fetch(self, sql: str, *args: Any) -> list[Any]:
        self.plan = await plan(self._db, sql, *args)
        return await self._db.fetch(sql, *args)


LISTS = {
    **STANDING,
    "filtered": Filter(status="open", severity=3),
    "nobody": Filter(status="open", assignee="nobody"),
    "network": Filter(status="resolved", network="rehearsal"),
    "urgent": Filter(status="open", order="time_left", severity=2),
    "inbox": Filter(inbox=ONE),
    "tag": Filter(tag="rare"),
}


async def test_no_list_is_sorted_whole(full: asyncpg.Connection[Any]) -> None:
    key, bad = await workspace(full), {}
    for name, asked in LISTS.items():
        for inboxes in (None, frozenset({ONE})):
            db = Listening(full)
            await list_page(db, key, ONE, inboxes, asked)  # type: ignore[arg-type]
            sorts = re.findall(r"Sort  \(cost=\S+ rows=(\d+)", db.plan)
            if SEQUENTIAL.search(db.plan) or any(int(rows) > ROWS / 20 for rows in sorts):
                bad[name, inboxes] = db.plan
    assert bad == {}


async def test_the_folded_list_reads_what_is_open_and_no_more(
    full: asyncpg.Connection[Any],
) -> None:
    found = where(await workspace(full), ONE, None, STANDING["next"])
    said = await plan(
        full, _FOLDS.format(found=found, beyond="true", read=READ + 1, size=51), *found.args
    )
    assert "conversation_next" in said
    assert not SEQUENTIAL.search(said), said
    found.args.append(ONE)
    said = await plan(full, _INSIDE.format(columns=CARD, found=found, fold=2, size=51), *found.args)
    assert not SEQUENTIAL.search(said), said
    faces = _FACES.format(
        columns=CARD, found=where(found.args[0], ONE, None, STANDING["next"]), at=2, faces=3
    )
    said = await plan(full, faces, found.args[0], [0, 0, 1], [ONE] * 3)
    assert not SEQUENTIAL.search(said), said
    assert "conversation_pkey" in said
    for sql, args in ((_OPEN_TO_FOLD, ([ONE],)), (_NEAR, ([1, 2], NOW))):
        said = await plan(full, sql, found.args[0], *args)
        assert not SEQUENTIAL.search(said), said


WEEK = [datetime(2026, 11, 16)]  # noqa: DTZ001 - the index holds weeks without a zone
WORDS = (NOW.replace(year=2006), NOW, ONE, 31)
STATEMENTS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "open": (_BESIDE, (ONE, ONE)),
    "messages": (
        f"SELECT {COLUMNS} {FROM} WHERE m.workspace_id = $1 AND m.conversation_id = $2"
        " ORDER BY m.published_at DESC, m.id DESC LIMIT 500",
        (ONE,),
    ),
    "messages before": (
        f"SELECT {COLUMNS} {FROM} WHERE m.workspace_id = $1 AND m.conversation_id = $2"
        " AND (m.published_at, m.id) < ($3::timestamptz, $4::uuid)"
        " ORDER BY m.published_at DESC, m.id DESC LIMIT 101",
        (ONE, NOW, ONE),
    ),
    "promises: open": (_OPEN, (None, NOW.replace(year=2006), ONE, 51)),
    "promises: there": (_IN, (ONE, False, NOW, ONE, 51)),
    "erased": (_ERASED, (ONE,)),
    "recount": (_RECOUNT.format(of="unnest($2::uuid[])"), ([ONE],)),
    "recount one": (_RECOUNT.format(of="(SELECT $2::uuid)"), (ONE,)),
    "prepared": (_POSTS, (ONE, 20)),
    "second opinion: to ask": (_TO_ASK, ([ONE],)),
    "second opinion: unchanged": (_UNCHANGED, ([ONE],)),
    "reply": (_SCENE, (ONE, ONE, None, False)),
    "reply in private": (_SCENE, (ONE, ONE, None, True)),
    "private talk": (_STANDING, (ONE, ONE, "rehearsal")),
    "search: walk": (_WALK, ("word", None, *WORDS, 1500)),
    "search: index": (_INDEX, ("word", None, *WORDS, WEEK, "word")),
    "search: oldest": (_OLDEST, (NOW,)),
    "giving: waiting": (_WAITING, (ONE, 500, ["billing"], ["de"], [])),
    "giving: here": (_HERE, (ONE, 5)),
    "giving: hers": (_HERS, (ONE, ONE)),
    "code: any open": (_ANY_OPEN, (NOW,)),
    "code: find": (_FIND, (b"", NOW, "AB2D-EFGH")),
    "words of consent": (_WORDS, ([ONE], ONE, ONE)),
    "forget links": (_GONE, (ONE,)),
    "person": (PERSON, (ONE, [ONE])),
    "person: story": (STORY, (ONE, [ONE], NOW, ONE, 21)),
    "person: story of one": (STORY_OF_ONE, (ONE, [ONE], NOW, ONE, 21)),
    "person: homes": (_HOMES, (ONE,)),
    "what must be solved": (RESOLVING, (None,)),
    **{f"person: {name}": (sql, (ONE,)) for name, sql in _EXPORT.items()},
    **{f"person: forget {n}": (sql, (ONE,)) for n, sql in enumerate(_FORGET)},
}


async def test_no_statement_reads_a_whole_table(full: asyncpg.Connection[Any]) -> None:
    key = await workspace(full)
    plans = {name: await plan(full, sql, key, *args) for name, (sql, args) in STATEMENTS.items()}
    assert {name: found for name, found in plans.items() if SEQUENTIAL.search(found)} == {}
    [condition] = re.findall(
        r"Bitmap Index Scan on message_search_by_week.*\n\s+Index Cond: (.*)",
        plans["search: index"],
    )
    assert "date_trunc" in condition
    assert "search @@" in condition
    assert "clock_resolving" in plans["what must be solved"]
    walked = r"Index Scan using promise_(open|due)"
    assert re.search(walked, plans["promises: open"]), "in their order already, or nearly"


async def test_links_are_followed_by_an_index(full: asyncpg.Connection[Any]) -> None:
    body = await full.fetchval("SELECT prosrc FROM pg_proc WHERE proname = 'same_person'")
    sql = re.sub(r"\bworkspace\b", "$1::uuid", re.sub(r"\bcontact\b", "$2::uuid", body))
    found = await plan(full, sql, await workspace(full), ONE)
    assert not SEQUENTIAL.search(found), found
    assert {"contact_link_one", "contact_link_other"} <= set(re.findall(r"contact_link_\w+", found))
