"""Codes by which a customer proves that another account is theirs too: made, and recognised."""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta

import msgspec

from earful.accounts import audit
from earful.contacts import links
from earful.contacts.erased import refuse_erased
from earful.conversations.cards import Card
from earful.desk.marks import key_of, mark, mark_of_before
from earful.kit.ids import new_id
from earful.kit.refusal import Refused
from earful.networks.contract import Visibility
from earful.stream.work import Work

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""No letter or digit that is taken for another."""
GOOD_FOR = timedelta(hours=24)
A_DAY = 10
"""Codes for one contact within a day."""
MOST_IN_ONE = 5
"""Codes that are looked for in one message."""

_HALF = f"[{LETTERS}{LETTERS.lower()}]{{4}}"
_CODE = re.compile(rf"(?<![\w-]){_HALF}-{_HALF}(?![\w-])", re.ASCII)
_DIGIT = re.compile(r"\d")


class Code(msgspec.Struct, frozen=True):
    """A code as it is shown once: "ABCD-EF2H"."""

    id: str
    code: str
    expires_at: datetime


def codes_in(text: str) -> list[str]:
    """What in `text` has the shape of a code, as codes are written; most texts end at the dash."""
    if "-" not in text:
        return []
    found = (match.group().upper() for match in _CODE.finditer(text))
    return list(dict.fromkeys(code for code in found if _DIGIT.search(code)))[:MOST_IN_ONE]


async def make_code(work: Work, conversation: Card, agent_id: str) -> Code:
    """A code for the conversation's customer; those of theirs from before count no more.

    Raises Refused where others could read it, and after too many in a day.
    """
    if conversation.visibility == Visibility.PUBLIC:
        raise Refused("public", "Everybody could read the code here. Go on in private first.")
    if conversation.people > 1:
        raise Refused("not-alone", "Several people write here: the code must reach one of them.")
    contact_id = conversation.contact.id
    await links.hold_links(work)
    await refuse_erased(work, contact_id)
    for forget in _FORGET:
        await work.db.execute(forget, work.workspace_id, work.now - GOOD_FOR)
    made = await work.db.fetchval(_MADE, work.workspace_id, contact_id)
    if made >= A_DAY:
        raise Refused("throttled", f"They were given {A_DAY} codes within a day. Try tomorrow.")
    await work.db.execute(_VOID, work.workspace_id, contact_id, work.now)
    plain = _new_code()
    code = Code(new_id(), plain, work.now + GOOD_FOR)
    await work.db.execute(
        _INSERT,
        work.workspace_id,
        code.id,
        contact_id,
        conversation.id,
        agent_id,
        await digest(work, plain, make=True),
        work.now,
        code.expires_at,
    )
    line = audit.Line(
        actor_kind="agent",
        actor_id=agent_id,
        act="link.code_made",
        object_kind="contact",
        object_id=contact_id,
    )
    await audit.append(work.db, work.workspace_id, line, now=work.now)
    return code


async def digest(work: Work, plain: str, *, make: bool = False) -> bytes:
    """What is kept of a code: without the workspace's key, all codes could be tried out."""
    key = await key_of(work, make=make)
    if key is None:
        return mark_of_before(work.workspace_id, "link code", plain, "\t")
    return mark(key, "link code", plain)


def _new_code() -> str:
    """A new code; one without a digit could be a pair of words that somebody writes."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(8))
        if _DIGIT.search(code):
            return f"{code[:4]}-{code[4:]}"


_FORGET = (
    "DELETE FROM link_code WHERE workspace_id = $1 AND created_at <= $2",
    "DELETE FROM link_guess WHERE workspace_id = $1 AND first_at <= $2",
)

_MADE = "SELECT count(*) FROM link_code WHERE workspace_id = $1 AND contact_id = $2"

_VOID = """
UPDATE link_code SET expires_at = $3
WHERE workspace_id = $1 AND contact_id = $2 AND used_at IS NULL AND expires_at > $3
"""

_INSERT = """
INSERT INTO link_code (workspace_id, id, contact_id, conversation_id, agent_id, digest, created_at,
  expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""
