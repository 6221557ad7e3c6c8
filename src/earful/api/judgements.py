"""What posts were judged to be, and what agents know better."""

from __future__ import annotations

from datetime import timedelta

from litestar import get, put
from litestar.params import FromPath, FromQuery, JSONBody

from earful.api.caller import Called, check_id
from earful.conversations.cards import load_cards
from earful.desk import posts
from earful.judgements import correcting, keeping
from earful.judgements.correcting import Better, Corrections
from earful.judgements.keeping import Judgement
from earful.kit.refusal import NotFound, Refused

LONGEST_DAYS = 366


@get("/conversations/{conversation_id:str}/judgements")
async def get_judgements(caller: Called, conversation_id: FromPath[str]) -> list[Judgement]:
    """What the customers' newest posts there were judged to be, the newest first."""
    caller.need("desk.read")
    check_id(conversation_id, "conversation")
    async with caller.state.database.acquire() as db:
        cards = await load_cards(db, caller.workspace_id, [conversation_id])
        if conversation_id not in cards:
            raise NotFound("conversation")
        caller.check_inbox(cards[conversation_id].inbox_id)
        return await keeping.judgements_of(db, caller.workspace_id, conversation_id)


@put("/messages/{message_id:str}/judgement")
async def put_judgement(
    caller: Called, message_id: FromPath[str], data: JSONBody[Better]
) -> Judgement:
    """Say what a post really is; what is left out stays."""
    check_id(message_id, "message")
    async with caller.work("conversation.change") as work:
        post = await posts.find_post(work.db, caller.workspace_id, message_id)
        caller.check_inbox(post["inbox_id"])
        return await correcting.correct(work, message_id, data)


@get("/corrections")
async def get_corrections(caller: Called, days: FromQuery[int] = 28) -> Corrections:
    """What agents corrected in the last `days`, counted. Leads and owners only."""
    caller.need("rule.change")
    if not 1 <= days <= LONGEST_DAYS:
        raise Refused("invalid", f"From one day to {LONGEST_DAYS}.")
    since = caller.now() - timedelta(days=days)
    async with caller.state.database.acquire() as db:
        return await correcting.corrections(db, caller.workspace_id, since)


ROUTES = [get_judgements, put_judgement, get_corrections]
