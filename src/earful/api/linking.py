"""Two accounts of one person: a code for the customer, an agent's proposal, a lead's word."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import delete, post, put
from litestar.params import FromPath, JSONBody

from earful.api.caller import Called, Caller, check_id
from earful.api.once import once, once_shown
from earful.api.persons import see
from earful.contacts.links import Link
from earful.conversations.cards import load_cards
from earful.desk import linking
from earful.desk.link_codes import make_code
from earful.kit.refusal import NotFound, Refused
from earful.kit.text import one_line, storable
from earful.stream.work import Work


class ProposalBody(msgspec.Struct, frozen=True):
    """The other account by its exact handle (a leading @ may stand there), and the messages, of
    either account, in which the customer says that both are theirs.
    """

    network: str
    handle: str
    message_ids: list[str]


@post("/conversations/{conversation_id:str}/link-codes")
async def post_code(caller: Called, conversation_id: FromPath[str]) -> dict[str, Any]:
    """A code to send to the customer here; it proves the account that it comes back from."""
    async with caller.on(conversation_id, "conversation.reply") as work:

        async def act() -> tuple[dict[str, Any], dict[str, Any]]:
            cards = await load_cards(work.db, caller.workspace_id, [conversation_id])
            made = await make_code(work, cards[conversation_id], caller.id)
            kept = {"id": made.id, "expires_at": made.expires_at}
            return kept, {"code": made.code}

        return await once_shown(caller, work, act)


@post("/conversations/{conversation_id:str}/links")
async def post_proposal(
    caller: Called, conversation_id: FromPath[str], data: JSONBody[ProposalBody]
) -> Link:
    """Propose that the customer has that account, too; or point at more of their words."""
    ids = [check_id(one, "message") for one in dict.fromkeys(data.message_ids)]
    async with caller.on(conversation_id, "conversation.change") as work:

        async def act() -> Link:
            one = await work.db.fetchval(_WHOSE, caller.workspace_id, conversation_id)
            other = await _other(caller, work, data)
            return await linking.propose(work, one, other, ids, caller.inboxes)

        return await once(caller, work, act, Link)


@put("/links/{link_id:str}/agreement")
async def put_agreement(caller: Called, link_id: FromPath[str]) -> Link:
    """Confirm that both accounts agreed. Leads and owners only."""
    async with caller.work("contact.link") as work:
        await _seen(caller, work, link_id)
        return await linking.confirm(work, link_id, caller.inboxes)


@delete("/links/{link_id:str}", status_code=200)
async def delete_link(caller: Called, link_id: FromPath[str]) -> Link:
    """Withdraw a proposal; part two accounts again (leads and owners)."""
    async with caller.work("conversation.change") as work:
        await _seen(caller, work, link_id)
        try:
            return await linking.end(work, link_id, may_part=caller.who.may("contact.link"))
        except Refused as error:
            if error.slug == "forbidden":
                caller.need("contact.link")  # a token hears of its scope
            raise


async def _other(caller: Caller, work: Work, data: ProposalBody) -> str:
    handle = one_line(storable(data.handle), 300).removeprefix("@").lower()
    rows = await work.db.fetch(_BY_HANDLE, caller.workspace_id, storable(data.network), handle)
    if len(rows) > 1:
        raise Refused("ambiguous", "Several accounts had that handle. Send a code instead.")
    nobody = Refused("not-found", "Nobody of exactly that handle has written to this desk there.")
    if not rows:
        raise nobody
    found: str = rows[0]["contact_id"]
    try:
        await see(caller, work.db, found)
    except NotFound:
        raise nobody from None
    return found


async def _seen(caller: Caller, work: Work, link_id: str) -> None:
    """Raise NotFound unless she sees one of the two."""
    check_id(link_id, "link")
    row = await work.db.fetchrow(_ENDS, caller.workspace_id, link_id)
    if row is None:
        raise NotFound("link")
    try:
        await see(caller, work.db, row["one_id"])
    except NotFound:
        await see(caller, work.db, row["other_id"])


_WHOSE = "SELECT contact_id FROM conversation WHERE workspace_id = $1 AND id = $2"

_BY_HANDLE = """
SELECT DISTINCT contact_id FROM contact_handle
WHERE workspace_id = $1 AND network = $2 AND lower(handle) = $3 LIMIT 2
"""

_ENDS = "SELECT one_id, other_id FROM contact_link WHERE workspace_id = $1 AND id = $2"

ROUTES = [post_code, post_proposal, put_agreement, delete_link]
