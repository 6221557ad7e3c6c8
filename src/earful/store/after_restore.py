"""What a restored desk must not do by itself.

Time has passed since the backup. So nothing leaves on its word: channels are held and webhooks
paused until a person starts them, what was about to be sent is uncertain, everybody signs in anew,
and API tokens are revoked, since one that was revoked after the backup would be good again. What
customers and other desks have in hand (links to a talk or a rating, the address by which another
desk tells of a ticket) stays good: it lets in to nothing else, and nobody could give them new ones.

The numbers of events go on well past those that may have been given out since: a screen or a
receiver of webhooks must not take a new event for one that it knows.
"""

from __future__ import annotations

from earful.store.pool import Connection

NUMBERS_SKIPPED = 1_000_000
"""More events than a workspace has between a backup and its restore."""

HOLD = (
    "UPDATE channel SET state = 'held', listener = NULL, listener_until = NULL, "
    "state_reason = 'restored from a backup: look at what happened since, then start it again' "
    "WHERE state = 'active'",
    # Whether it was handed over after the backup, only a person can say.
    "UPDATE handoff SET state = 'uncertain', lease_until = NULL, run_at = 'infinity', "
    "error = 'Restored from a backup: is the ticket there?' WHERE state IN ('queued', 'sending')",
    "UPDATE delivery SET state = 'uncertain', lease_until = NULL, settle_at = clock_timestamp(), "
    "error = 'restored from a backup: it may have been sent since' "
    # A held one, too: its channel may have been started, and it sent, after the backup.
    "WHERE state IN ('queued', 'sending', 'held')",
    "UPDATE conversation c SET sending = 0, trouble = coalesce((SELECT d.state FROM delivery d "
    "WHERE d.workspace_id = c.workspace_id AND d.conversation_id = c.id AND d.agent_id IS NOT NULL "
    "AND d.state IN ('held', 'failed', 'uncertain') ORDER BY d.created_at DESC LIMIT 1), '') "
    "WHERE sending > 0 OR trouble <> ''",
    # Who was to be asked how we did may have been asked since.
    "UPDATE rating SET state = 'dropped', reason = 'restored from a backup' WHERE state = 'due'",
    "UPDATE webhook SET state = 'paused', lease_until = NULL, "
    "error = 'restored from a backup: start it again when this desk takes over' "
    "WHERE state IN ('active', 'failing')",
    # Nobody is woken on a backup's word: who starts the desk switches on again what pages.
    "DELETE FROM paging_rule",
    "DELETE FROM alert_case",
    "UPDATE alert SET state = 'cleared', cleared_at = clock_timestamp(), run_at = NULL "
    "WHERE cleared_at IS NULL",
    "UPDATE page SET state = 'dropped', lease_until = NULL WHERE state IN ('queued', 'sending')",
    "DELETE FROM roster_feed",
    "UPDATE session SET revoked_at = clock_timestamp() WHERE revoked_at IS NULL",
    "UPDATE api_token SET revoked_at = clock_timestamp() WHERE revoked_at IS NULL",
    "DELETE FROM link",
    "DELETE FROM letter",
    # One that was used or taken back since would be good again.
    "DELETE FROM link_code",
)


async def hold_everything(owner: Connection) -> None:
    """Hold what acts outward and end what lets in, in the given transaction."""
    for statement in HOLD:
        await owner.execute(statement)
    await _tell(owner, "workspace.restored")


async def _tell(owner: Connection, kind: str) -> None:
    await owner.execute(
        """WITH counter AS (UPDATE event_counter SET seq = seq + $2 RETURNING workspace_id, seq)
           INSERT INTO event (workspace_id, seq, at, kind, actor, data)
           SELECT workspace_id, seq, clock_timestamp(), $1,
             '{"kind": "system", "id": null, "name": "Earful"}', '{}'
           FROM counter""",
        kind,
        NUMBERS_SKIPPED,
    )
