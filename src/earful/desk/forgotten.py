"""Ids of posts whose author was erased: kept as hashes, so that a repeat brings nothing back.

An id of a network may name a person (a Bluesky id holds its author's DID). The hash knows an id
again that somebody brings, and tells nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable

from earful.desk.marks import key_of, mark, mark_of_before
from earful.stream.work import Work

_MARKED = "erased:"


async def forget_ids(work: Work, message_ids: list[str]) -> None:
    """Replace the network's ids of these messages in the once-only table; before they go there."""
    key = await key_of(work, make=True)
    rows = await work.db.fetch(_THEIRS, work.workspace_id, message_ids, _MARKED)
    ids = [(row["network"], row["external_id"]) for row in rows]
    await work.db.execute(
        _FORGET,
        work.workspace_id,
        [network for network, _ in ids],
        [external_id for _, external_id in ids],
        [_marks(key, work.workspace_id, *one)[-1] for one in ids],
    )


STANDING = "EXISTS (SELECT FROM erasure WHERE workspace_id = $1)"
"""Whether anybody was erased, as a column."""


async def known(work: Work, network: str, external_ids: Iterable[str]) -> dict[str, str]:
    """Those of `external_ids` that were of erased posts, with the messages that stood for them."""
    asked = list(external_ids)
    if not asked or not await work.db.fetchval(f"SELECT {STANDING}", work.workspace_id):
        return {}
    return await found(work, network, asked)


async def found(work: Work, network: str, external_ids: Iterable[str]) -> dict[str, str]:
    """The same where it is known that somebody was erased."""
    key = await key_of(work)
    workspace_id = work.workspace_id
    marks = {one: id_ for id_ in external_ids for one in _marks(key, workspace_id, network, id_)}
    rows = await work.db.fetch(_FIND, work.workspace_id, network, list(marks))
    return {marks[row["external_id"]]: row["message_id"] for row in rows}


def _marks(key: bytes | None, workspace_id: str, network: str, external_id: str) -> list[str]:
    """What may stand for an id, the one of today last."""
    found = [mark_of_before(workspace_id, network, external_id, "\n")]
    if key is not None:
        found.append(mark(key, network, external_id))
    return [_MARKED + one.hex() for one in found]


_THEIRS = """
SELECT a.network, a.external_id FROM message m
JOIN accepted a ON a.workspace_id = $1 AND a.network = m.network AND a.external_id = m.external_id
WHERE m.workspace_id = $1 AND m.id = ANY($2::uuid[]) AND NOT starts_with(a.external_id, $3)
"""

_FORGET = """
UPDATE accepted a SET external_id = t.mark
FROM unnest($2::text[], $3::text[], $4::text[]) AS t (network, external_id, mark)
WHERE a.workspace_id = $1 AND a.network = t.network AND a.external_id = t.external_id
"""

_FIND = """
SELECT external_id, message_id FROM accepted
WHERE workspace_id = $1 AND network = $2 AND external_id = ANY($3::text[])
"""
