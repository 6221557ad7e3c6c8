"""What is ready to be said in a conversation: prepared answers, and a question back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from litestar import get
from litestar.params import FromPath

from earful.api.caller import Called, check_id
from earful.conversations.cards import load_cards
from earful.kit.refusal import NotFound
from earful.listening.matching import Text, matches, prepare
from earful.listening.query import BadSearch, Node, read
from earful.triage.thin import asks_back, says_too_little

MOST = 5
"""Prepared answers that are offered at once."""
POSTS = 20
"""Of a conversation, the customers' newest posts that are looked at."""


class Answer(msgspec.Struct, frozen=True):
    """A macro whose words fit."""

    id: str
    name: str
    text: str


class Prepared(msgspec.Struct, frozen=True):
    """`ask_back` is a question for posts that say too little to act on; empty where they don't."""

    answers: list[Answer]
    ask_back: str


@get("/conversations/{conversation_id:str}/prepared")
async def get_prepared(caller: Called, conversation_id: FromPath[str]) -> Prepared:
    """Macros that are offered for what its customers wrote, and a question back.

    At most 5 macros, by name, that fit one of the 20 newest posts. The question is there while all
    that they wrote says too little. Nothing is offered for talk that is sensitive.
    """
    caller.need("desk.read")
    check_id(conversation_id, "conversation")
    async with caller.state.database.acquire() as db:
        cards = await load_cards(db, caller.workspace_id, [conversation_id])
        if conversation_id not in cards:
            raise NotFound("conversation")
        caller.check_inbox(cards[conversation_id].inbox_id)
        posts = await db.fetch(_POSTS, caller.workspace_id, conversation_id, POSTS)
        macros = await db.fetch(_OFFERED, caller.workspace_id) if posts else []
    if any(post["sensitive"] for post in posts):
        return Prepared([], "")
    return Prepared(_fitting(macros, posts), _ask_back(posts))


def _fitting(macros: Sequence[Any], posts: Sequence[Any]) -> list[Answer]:
    texts = [prepare(post["text"], post["language"] or "", post["handle"] or "") for post in posts]
    found = (
        Answer(one["id"], one["name"], one["text"])
        for one in macros
        if (node := _read(one["offered_for"])) and _any(node, texts)
    )
    return [answer for _, answer in zip(range(MOST), found, strict=False)]


def _any(node: Node, texts: Iterable[Text]) -> bool:
    return any(matches(node, text) for text in texts)


@lru_cache(maxsize=2000)
def _read(search: str) -> Node | None:
    """A macro's search; None where a later version reads it no more."""
    try:
        return read(search)
    except BadSearch:
        return None


def _ask_back(posts: Sequence[Any]) -> str:
    judged = [post for post in posts if post["kind"]]
    if not judged or any(post["pictured"] for post in posts):
        return ""
    newest = judged[0]
    said = " ".join(post["text"] for post in reversed(posts))
    if not says_too_little(said, newest["kind"]):
        return ""
    return asks_back(newest["kind"], newest["language"] or "")


_POSTS = """
SELECT m.text, m.author_handle AS handle, m.media <> '[]'::jsonb AS pictured, j.kind, j.language,
  coalesce(j.sensitive, '') <> '' AS sensitive
FROM (SELECT * FROM message WHERE workspace_id = $1 AND conversation_id = $2
  ORDER BY published_at DESC, id DESC LIMIT 100) m
LEFT JOIN judgement j ON j.workspace_id = $1 AND j.message_id = m.id
WHERE m.direction = 'incoming' AND m.deleted_at IS NULL AND m.text <> ''
ORDER BY m.published_at DESC, m.id DESC LIMIT $3
"""

_OFFERED = """
SELECT id, name, text, offered_for FROM macro
WHERE workspace_id = $1 AND offered_for <> '' ORDER BY name, id
"""

ROUTES = [get_prepared]
