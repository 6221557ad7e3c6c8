"""What an owner decides for everybody: codes, and what colleagues see of one another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from earful.accounts.totp import has_codes
from earful.kit.refusal import Refused


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """A workspace's rules.

    `codes_required`: nobody gets in without a code. `presence`: colleagues see who looks at a
    conversation; `typing`: and who writes in it. `agent_figures`: leads see figures of each agent.
    `note_followers`: so many follow a person of note, who is told of; 0 for none.
    """

    codes_required: bool = False
    presence: bool = True
    typing: bool = True
    agent_figures: bool = True
    note_followers: int = 100_000


async def rules_of(db: Any, workspace_id: str) -> Rules:
    """The workspace's rules."""
    kept = await db.fetchval("SELECT settings FROM workspace WHERE id = $1", workspace_id)
    return msgspec.convert(kept or {}, Rules)


async def keep_rules(
    db: Any, workspace_id: str, rules: Rules, *, by_id: str, now: datetime
) -> list[str]:
    """Set the rules; returns the ids of agents who were signed out. Raises Refused("no-codes").

    When codes become required, sessions of people without codes end in the same transaction. One
    that was opened at that very moment is not let in either: `identify` looks at the rule.
    """
    before = await rules_of(db, workspace_id)
    newly = rules.codes_required and not before.codes_required
    if newly and not await has_codes(db, workspace_id, by_id):
        raise Refused("no-codes", "Turn on codes for yourself first: you would lock yourself out.")
    await db.execute(_KEEP, workspace_id, msgspec.to_builtins(rules))
    if not newly:
        return []
    rows = await db.fetch(_SIGN_OUT, workspace_id, now)
    return sorted({row["agent_id"] for row in rows})


_KEEP = "UPDATE workspace SET settings = settings || $2::jsonb WHERE id = $1"

_SIGN_OUT = """
UPDATE session s SET revoked_at = $2
WHERE s.workspace_id = $1 AND s.revoked_at IS NULL AND NOT EXISTS (
  SELECT 1 FROM totp t WHERE t.workspace_id = $1 AND t.agent_id = s.agent_id
    AND t.confirmed_at IS NOT NULL)
RETURNING s.agent_id::text
"""
