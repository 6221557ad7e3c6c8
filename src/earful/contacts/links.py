"""Links between contacts that are one person: rows, and who stands together by them.

Contacts are never merged (docs/decisions/0012): `same_person()` in the database follows the links.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.stream.work import Work

MOST = 20
"""Contacts that can stand together as one person."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A link between two contacts. `state` is proposed, linked, withdrawn or parted; `how` code or
    agreement once it is linked. `messages` are the ids in which the consent can be read.

    `agent_id` proposed it, or made the code; `confirmed_by` confirmed an agreement.
    """

    id: str
    one_id: str
    other_id: str
    state: str
    how: str
    messages: list[str]
    agent_id: str
    confirmed_by: str | None
    proposed_at: datetime
    linked_at: datetime | None
    ended_at: datetime | None
    ended_by: str | None


COLUMNS = ", ".join(Link.__struct_fields__)


def link_of(row: Any) -> Link:
    """The link of a row that has COLUMNS."""
    return Link(**{name: row[name] for name in Link.__struct_fields__})


async def hold_links(work: Work) -> None:
    """Until the commit nobody else links in this workspace: or two at once could close a circle.

    Whoever holds this locks no conversation afterwards: intake comes with its own locked already.
    """
    await work.db.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('links of ' || $1::text, 0))",
        work.workspace_id,
    )


async def same_person(work: Work, contact_id: str) -> list[str]:
    """All contacts that are this person, itself among them."""
    found: list[str] = await work.db.fetchval(
        "SELECT same_person($1, $2)", work.workspace_id, contact_id
    )
    return found


async def check_pair(work: Work, one_id: str, other_id: str) -> None:
    """Raise NotFound or Refused unless the two are there, apart, and may stand together.

    Both are kept from being erased until the commit; one that is being erased is gone already.
    Call `hold_links` first.
    """
    rows = await work.db.fetch(_PAIR, work.workspace_id, [one_id, other_id])
    together = await same_person(work, one_id)
    if other_id in together:
        raise Refused("linked", "They stand together already.")
    if len(rows) < 2:
        raise NotFound("contact")
    if len(together) + len(await same_person(work, other_id)) > MOST:
        raise Refused("too-many", f"At most {MOST} accounts stand together as one person.")


async def find_link(work: Work, link_id: str) -> Link:
    """A link, locked for this transaction. Raises NotFound."""
    row = await work.db.fetchrow(
        f"SELECT {COLUMNS} FROM contact_link WHERE workspace_id = $1 AND id = $2 FOR UPDATE",  # noqa: S608
        work.workspace_id,
        link_id,
    )
    if row is None:
        raise NotFound("link")
    return link_of(row)


async def proposal_between(work: Work, one_id: str, other_id: str) -> Link | None:
    """The proposal that the two may be one person, locked, if there is one."""
    row = await work.db.fetchrow(
        f"""SELECT {COLUMNS} FROM contact_link WHERE workspace_id = $1 AND state = 'proposed'
              AND (one_id, other_id) IN (($2, $3), ($3, $2)) FOR UPDATE""",  # noqa: S608
        work.workspace_id,
        one_id,
        other_id,
    )
    return None if row is None else link_of(row)


async def write_link(
    work: Work, one_id: str, other_id: str, *, how: str, messages: list[str], agent_id: str
) -> Link:
    """Link the two, or propose it where `how` is empty; a proposal that stood becomes this."""
    row = await work.db.fetchrow(
        _WRITE,
        work.workspace_id,
        new_id(),
        one_id,
        other_id,
        "linked" if how else "proposed",
        how,
        messages,
        agent_id,
        work.now,
        work.now if how else None,
    )
    return link_of(row)


async def confirm_link(work: Work, link: Link, agent_id: str, messages: list[str]) -> Link:
    """A proposal that was agreed to is a link."""
    row = await work.db.fetchrow(
        f"""UPDATE contact_link SET state = 'linked', how = 'agreement', confirmed_by = $3,
              linked_at = $4, messages = $5
            WHERE workspace_id = $1 AND id = $2 RETURNING {COLUMNS}""",  # noqa: S608
        work.workspace_id,
        link.id,
        agent_id,
        work.now,
        messages,
    )
    return link_of(row)


async def end_link(work: Work, link: Link, agent_id: str) -> Link:
    """Part what was linked, withdraw what was only proposed."""
    row = await work.db.fetchrow(
        f"""UPDATE contact_link SET ended_at = $3, ended_by = $4,
              state = CASE state WHEN 'linked' THEN 'parted' ELSE 'withdrawn' END
            WHERE workspace_id = $1 AND id = $2 RETURNING {COLUMNS}""",  # noqa: S608
        work.workspace_id,
        link.id,
        work.now,
        agent_id,
    )
    return link_of(row)


_PAIR = """
SELECT c.id FROM contact c WHERE c.workspace_id = $1 AND c.id = ANY($2::uuid[])
  AND EXISTS (SELECT FROM contact_handle h WHERE h.workspace_id = $1 AND h.contact_id = c.id)
ORDER BY c.id FOR SHARE OF c SKIP LOCKED
"""

_WRITE = f"""
INSERT INTO contact_link AS l (workspace_id, id, one_id, other_id, state, how, messages, agent_id,
  proposed_at, linked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (workspace_id, least(one_id, other_id), greatest(one_id, other_id))
  WHERE state IN ('proposed', 'linked')
DO UPDATE SET state = excluded.state, how = excluded.how, messages = excluded.messages,
  linked_at = excluded.linked_at
RETURNING {COLUMNS}
"""  # noqa: S608 - constants
