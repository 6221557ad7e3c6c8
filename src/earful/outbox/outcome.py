"""What became of an attempt, written down. Only an attempt that is still ours may be recorded."""

from __future__ import annotations

from datetime import datetime

from earful.networks.contract import Receipt
from earful.outbox.queue import Delivery
from earful.stream.work import Work

OPEN_STATES = ["sending", "uncertain"]


async def sent(work: Work, delivery: Delivery, receipt: Receipt) -> bool:
    """Record the receipt: the message stands on the network. False if it was recorded before.

    A receipt is proof, however late: what was queued again or given up meanwhile counts as sent.
    """
    done = await work.db.fetchval(
        """UPDATE delivery SET state = 'sent', sent_at = $3, lease_until = NULL, sender = '',
             settle_at = NULL, error = ''
           WHERE workspace_id = $1 AND id = $2 AND state <> 'sent' RETURNING true""",
        work.workspace_id,
        delivery.id,
        work.now,
    )
    if not done:
        return False
    first = receipt.parts[0]
    message = await work.db.fetchrow(
        """UPDATE message SET external_id = $3, uri = $4, ref = $5, published_at = $6
           WHERE workspace_id = $1 AND id = $2 RETURNING network, deleted_at""",
        work.workspace_id,
        delivery.message_id,
        first.external_id,
        first.uri,
        dict(first.ref),
        work.now,
    )
    if message is not None:
        await _claim_parts(work, delivery, message["network"], receipt)
        if message["deleted_at"]:
            await _forget_erased(work, delivery)
    return True


async def _forget_erased(work: Work, delivery: Delivery) -> None:
    """Its person was erased while it was under way: its words go now, and nobody sends it again."""
    await work.db.execute(
        """UPDATE delivery SET state = CASE WHEN state = 'sent' THEN state ELSE 'undone' END,
             draft = '{"text": "", "visibility": "public", "media": [], "reply_to": null}'
           WHERE workspace_id = $1 AND id = $2 AND state <> 'uncertain' AND EXISTS (
             SELECT FROM message m WHERE m.workspace_id = $1 AND m.id = $3
               AND m.deleted_at IS NOT NULL AND m.text = '')""",
        work.workspace_id,
        delivery.id,
        delivery.message_id,
    )


async def _claim_parts(work: Work, delivery: Delivery, network: str, receipt: Receipt) -> None:
    """Our own parts count as accepted, so their echo is known. An echo that was faster goes."""
    parts = [part.external_id for part in receipt.parts]
    await work.db.execute(
        """DELETE FROM message m USING accepted a
           WHERE a.workspace_id = $1 AND a.network = $2 AND a.external_id = ANY($3::text[])
             AND m.workspace_id = $1 AND m.id = a.message_id AND m.id <> $4
             AND m.author_kind = 'account'""",
        work.workspace_id,
        network,
        parts,
        delivery.message_id,
    )
    await work.db.execute(
        """INSERT INTO accepted (workspace_id, network, external_id, message_id)
           SELECT $1, $2, p, $4 FROM unnest($3::text[]) AS p
           ON CONFLICT (workspace_id, network, external_id)
           DO UPDATE SET message_id = excluded.message_id""",
        work.workspace_id,
        network,
        parts,
        delivery.message_id,
    )


async def back_to(
    work: Work,
    delivery: Delivery,
    state: str,
    words: str,
    *,
    run_at: datetime | None = None,
    settle_at: datetime | None = None,
    begun: bool = False,
) -> bool:
    """Record that an attempt did not end as sent. `words` say what happened and what to do.

    `begun`: part of it stands. False if the attempt is no longer ours: its lease ran out, and
    somebody looked, or sends again.
    """
    done = await work.db.fetchval(
        """UPDATE delivery SET state = $3, error = $4, lease_until = NULL, sender = '',
             run_at = coalesce($5, run_at), settle_at = $6,
             first_sending_at = CASE WHEN $3 IN ('uncertain', 'sent') THEN first_sending_at END,
             sent_at = CASE WHEN $3 = 'sent' THEN $8::timestamptz END,
             doubted = doubted OR $11 OR $3 = 'uncertain'
           WHERE workspace_id = $1 AND id = $2 AND state = ANY($7) AND attempts = $9
             AND first_sending_at IS NOT DISTINCT FROM $10 RETURNING true""",
        work.workspace_id,
        delivery.id,
        state,
        words,
        run_at,
        settle_at,
        OPEN_STATES,
        work.now,
        delivery.attempts,
        delivery.first_sending_at,
        begun,
    )
    if done:
        await _forget_erased(work, delivery)
    return bool(done)
