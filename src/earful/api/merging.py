"""Several conversations at once: one merged into another, one act on many."""

from __future__ import annotations

from functools import partial

import msgspec
from litestar import post
from litestar.params import FromPath, JSONBody

from earful.api.caller import Called, check_id
from earful.api.once import once
from earful.conversations.cards import Card, load_cards
from earful.desk.bulk import Bulk, Done, act_on_many
from earful.desk.merge import merge
from earful.kit.refusal import NotFound


class MergeBody(msgspec.Struct, frozen=True):
    """Into which conversation."""

    into: str


@post("/conversations/{conversation_id:str}/merge", status_code=200)
async def post_merge(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[MergeBody]
) -> Card:
    """Merge into another."""
    check_id(data.into, "conversation")
    async with caller.on(conversation_id, "conversation.change") as work:
        target = (await load_cards(work.db, caller.workspace_id, [data.into])).get(data.into)
        if target is None:
            raise NotFound("conversation")
        caller.check_inbox(target.inbox_id)
        act = partial(merge, work, conversation_id, data.into)
        return await once(caller, work, act, Card)


@post("/bulk", status_code=200)
async def post_bulk(caller: Called, data: JSONBody[Bulk]) -> Done:
    """One act on many."""
    for key in [*data.ids, *([data.agent_id] if data.agent_id else [])]:
        check_id(key, "conversation")
    async with caller.work("conversation.change") as work:
        return await once(caller, work, partial(act_on_many, work, data, caller.inboxes), Done)


ROUTES = [post_merge, post_bulk]
