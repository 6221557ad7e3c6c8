"""Ids of posts whose author was erased: kept as hashes, so that a repeat brings nothing back.

An id of a network may name a person (a Bluesky id holds its author's DID). The hash takes the
workspace in: it knows an id again that somebody brings, and tells nobody's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from earful.stream.work import Work

_MARKED = "erased:"


async def forget_ids(work: Work, message_ids: list[str]) -> None:
    """Replace the network's ids of these messages in the once-only table; before they go there."""
    await work.db.execute(_FORGET, work.workspace_id, message_ids, _MARKED)


async def known(work: Work, network: str, external_ids: Iterable[str]) -> dict[str, str]:
    """Those of `external_ids` that were of erased posts, with the messages that stood for them."""
    asked = list(external_ids)
    if not asked or not await work.db.fetchval(_ANY, work.workspace_id):
        return {}
    marks = {_mark(work.workspace_id, network, one): one for one in asked}
    rows = await work.db.fetch(_FIND, work.workspace_id, network, list(marks))
    return {marks[row["external_id"]]: row["message_id"] for row in rows}


def _mark(workspace_id: str, network: str, external_id: str) -> str:
    """As _FORGET makes it."""
    said = f"{workspace_id}\n{network}\n{external_id}"
    return _MARKED + hashlib.sha256(said.encode()).hexdigest()


_FORGET = """
UPDATE accepted a SET external_id = $3 || encode(sha256(convert_to(
  a.workspace_id::text || E'\\n' || a.network || E'\\n' || a.external_id, 'UTF8')), 'hex')
FROM message m
WHERE m.workspace_id = $1 AND m.id = ANY($2::uuid[]) AND a.workspace_id = $1
  AND a.network = m.network AND a.external_id = m.external_id
  AND NOT starts_with(a.external_id, $3)
"""

_ANY = "SELECT EXISTS (SELECT FROM erasure WHERE workspace_id = $1)"

_FIND = """
SELECT external_id, message_id FROM accepted
WHERE workspace_id = $1 AND network = $2 AND external_id = ANY($3::text[])
"""
