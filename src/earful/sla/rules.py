"""The policies of a workspace, read once and kept for a second in each process.

So the way of a post asks the database nothing, and a change holds everywhere within a second. A
clock that starts in that second runs under the version that it names, like any other.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from earful.sla.policy import STANDARD, Policy, Rules
from earful.sla.terms import read_terms
from earful.stream.work import Work

KEPT_FOR = timedelta(seconds=1)


async def rules_of(work: Work) -> Rules:
    """The policies in force, in their order."""
    key = f"policies {work.workspace_id}"
    kept: Rules | None = work.memory.get(key)
    if kept is not None and kept.read_at <= work.now < kept.read_at + KEPT_FOR:
        return kept
    found = await read_rules(work)
    work.memory[key] = found
    return found


def forget_rules(work: Work) -> None:
    """They are about to change in this transaction."""
    work.memory.pop(f"policies {work.workspace_id}", None)


async def read_rules(work: Work) -> Rules:
    """The policies as they stand in the database."""
    rows = await work.db.fetch(_READ, work.workspace_id)
    policies = [Policy(row["id"], read_terms(row["terms"])) for row in rows]
    _remember(work, policies)
    resolves = any(
        promise.resolution for policy in policies for promise in policy.terms.severities.values()
    )
    if rows and not resolves:
        resolves = await work.db.fetchval(_RESOLVED, work.workspace_id)
    return Rules(policies, work.now, resolves)


async def versions(work: Work, ids: Collection[str]) -> dict[str | None, Policy]:
    """Versions of policies by id, old ones included; None is the built-in one."""
    known: dict[str | None, Policy] = {None: STANDARD}
    memory = _versions(work)
    for each in ids:
        if each in memory:
            known[each] = memory[each]
    missing = [each for each in ids if each not in known]
    if missing:
        rows = await work.db.fetch(_VERSIONS, work.workspace_id, missing)
        found = [Policy(row["id"], read_terms(row["terms"])) for row in rows]
        _remember(work, found)
        known |= {policy.id: policy for policy in found}
    return known


def _versions(work: Work) -> dict[str, Policy]:
    """A version never changes, so it is kept for good; only so many of them."""
    kept: dict[str, Policy] = work.memory.setdefault(f"policy versions {work.workspace_id}", {})
    return kept


def _remember(work: Work, policies: list[Policy]) -> None:
    kept = _versions(work)
    if len(kept) > _MOST_KEPT:
        kept.clear()
    kept.update({policy.id: policy for policy in policies if policy.id})


_MOST_KEPT = 500

_READ = """
SELECT v.id, v.terms FROM policy p
JOIN policy_version v ON v.workspace_id = p.workspace_id AND v.id = p.version_id
WHERE p.workspace_id = $1 ORDER BY p.position, p.id
"""

_RESOLVED = """
SELECT EXISTS (SELECT 1 FROM clock WHERE workspace_id = $1 AND kind = 'resolution'
  AND stopped_at IS NULL)
"""

_VERSIONS = """
SELECT id, terms FROM policy_version WHERE workspace_id = $1 AND id = ANY($2::uuid[])
"""


async def tags_of(work: Work, contact_ids: Collection[str]) -> dict[str, list[str]]:
    """The tags of contacts that have any."""
    rows: list[Any] = await work.db.fetch(
        """SELECT contact_id, array_agg(tag) AS tags FROM contact_tag
           WHERE workspace_id = $1 AND contact_id = ANY($2::uuid[]) GROUP BY contact_id""",
        work.workspace_id,
        list(contact_ids),
    )
    return {row["contact_id"]: row["tags"] for row in rows}
