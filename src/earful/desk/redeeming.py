"""A code that we sent comes back: whether who sends it has proved that both accounts are theirs.

The rules, and what they are against, stand in docs/decisions/0012.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import msgspec

from earful.contacts import links
from earful.desk.link_codes import digest
from earful.desk.linking import link_by_code, note
from earful.kit.refusal import Refused
from earful.networks.contract import Visibility
from earful.stream.work import Work

TRIES = 5
"""Wrong codes of one account within a day; then it is not listened to until the day is over."""
WITHIN = timedelta(hours=24)

_POSTED = (
    "The code was posted in public, where anybody could take it: it counts no more. Make another"
)
_FORGED = (
    "A code came by mail, whose sender can be forged: it links nobody. "
    "Send a code to this address instead, and have it come back from the other account"
)


class Came(msgspec.Struct, frozen=True):
    """A message in which there may be codes."""

    message_id: str
    conversation_id: str
    contact_id: str
    visibility: str
    codes: list[str]


async def redeem(work: Work, came: Iterable[Came]) -> int:
    """Link who sends back, from another account, a code that we sent. Returns how many links.

    A code that is wrong, old or spent, or comes from the account it was sent to, changes nothing.
    """
    if not await work.db.fetchval(_ANY_OPEN, work.workspace_id, work.now):
        return 0
    await links.hold_links(work)
    made = 0
    for one in came:
        for plain in one.codes:
            if await _may_try(work, one.contact_id):
                made += await _redeem(work, one, plain)
    return made


async def _redeem(work: Work, came: Came, plain: str) -> bool:
    code = await work.db.fetchrow(
        _FIND, work.workspace_id, await digest(work, plain), work.now, plain
    )
    if code is None:
        await work.db.execute(
            _GUESSED, work.workspace_id, came.contact_id, work.now, work.now - WITHIN
        )
        return False
    if came.visibility == Visibility.PUBLIC:
        await work.db.execute(_VOID, work.workspace_id, code["id"], work.now)
        await note(work, code["home"], _POSTED)
        return False
    together = await links.same_person(work, code["contact_id"])
    # What was never sent to them proves nothing, and neither does what they send to themselves.
    if code["sent_id"] is None or came.contact_id in together:
        return False
    if came.visibility == Visibility.EMAIL:
        await note(work, came.conversation_id, _FORGED)
        return False
    return await _link(work, came, code)


async def _link(work: Work, came: Came, code: Any) -> bool:
    try:
        await link_by_code(
            work,
            code["contact_id"],
            came.contact_id,
            messages=[code["sent_id"], came.message_id],
            homes=list(dict.fromkeys([code["home"], came.conversation_id])),
            agent_id=code["agent_id"],
        )
    except Refused as refused:  # erased meanwhile, or too many already
        await note(work, came.conversation_id, f"A code came back. {refused.detail}")
        return False
    await work.db.execute(_USED, work.workspace_id, code["id"], work.now)
    return True


async def _may_try(work: Work, contact_id: str) -> bool:
    tries: int | None = await work.db.fetchval(
        """SELECT tries FROM link_guess
           WHERE workspace_id = $1 AND contact_id = $2 AND first_at > $3""",
        work.workspace_id,
        contact_id,
        work.now - WITHIN,
    )
    return (tries or 0) < TRIES


_ANY_OPEN = """
SELECT EXISTS (SELECT FROM link_code
  WHERE workspace_id = $1 AND used_at IS NULL AND expires_at > $2)
"""

# With the message of ours that carried it, in the conversation it was made for.
_FIND = """
SELECT k.id, k.contact_id, k.agent_id, coalesce(c.merged_into, c.id) AS home,
  (SELECT m.id FROM message m
   WHERE m.workspace_id = $1 AND m.conversation_id = coalesce(c.merged_into, c.id)
     AND m.direction = 'outgoing' AND position($4 IN upper(m.text)) > 0
     AND NOT EXISTS (SELECT FROM delivery d WHERE d.workspace_id = $1 AND d.message_id = m.id
       AND d.state NOT IN ('sending', 'uncertain', 'sent'))
   ORDER BY m.published_at LIMIT 1) AS sent_id
FROM link_code k JOIN conversation c ON c.workspace_id = $1 AND c.id = k.conversation_id
WHERE k.workspace_id = $1 AND k.digest = $2 AND k.used_at IS NULL AND k.expires_at > $3
FOR UPDATE OF k
"""

_VOID = "UPDATE link_code SET expires_at = $3 WHERE workspace_id = $1 AND id = $2"

_USED = "UPDATE link_code SET used_at = $3 WHERE workspace_id = $1 AND id = $2"

_GUESSED = """
INSERT INTO link_guess AS g (workspace_id, contact_id, tries, first_at) VALUES ($1, $2, 1, $3)
ON CONFLICT (workspace_id, contact_id) DO UPDATE SET
  tries = CASE WHEN g.first_at <= $4 THEN 1 ELSE g.tries + 1 END,
  first_at = CASE WHEN g.first_at <= $4 THEN $3 ELSE g.first_at END
"""
