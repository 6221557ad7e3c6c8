"""Letters to visitors who were answered while they did not look: one for each answer, or for a few
that came together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from earful.accounts import postbox
from earful.accounts.secrets import Keyring
from earful.accounts.tokens import new_token
from earful.portal import letters
from earful.portal.settings import settings_of
from earful.portal.talks import link
from earful.portal.words import Words, language_of

GOOD_FOR = timedelta(days=2)
AT_ONCE = 20


async def tell_due(
    db: Any, keyring: Keyring, base_of: Callable[[str], str] | None, now: datetime
) -> int:
    """Put letters into the postbox for what is due, each with a link of its own.

    `base_of` gives the address that a portal's links begin with; None where the desk has no public
    one, and then nobody is written to. The caller commits: the letter and the mark that it was
    written are one. Returns how many.
    """
    told = 0
    for row in await db.fetch(_DUE, now, AT_ONCE):
        if base_of is None or not await postbox.can_mail(db, row["workspace_id"]):
            continue
        token = new_token()
        await link(db, row["workspace_id"], row["id"], token, now)
        url = f"{base_of(row['slug'])}/portal/{row['slug']}/t/{token}"
        settings = settings_of(row["settings"])
        words = Words(settings.words, language_of(settings, row["language"]))
        letter = letters.answered(row["email"], brand=row["brand"], url=url, words=words)
        await postbox.put_in(
            db, keyring, row["workspace_id"], None, letter, lasts_for=GOOD_FOR, now=now
        )
        told += 1
    return told


async def next_due(db: Any) -> datetime | None:
    """When the next letter is due, None if none waits."""
    due: datetime | None = await db.fetchval("SELECT min(notice_at) FROM portal_thread")
    return due


_DUE = """
WITH due AS (
  SELECT workspace_id, id FROM portal_thread WHERE notice_at <= $1
  ORDER BY notice_at LIMIT $2 FOR UPDATE SKIP LOCKED),
marked AS (
  UPDATE portal_thread t SET notice_at = NULL FROM due
  WHERE t.workspace_id = due.workspace_id AND t.id = due.id RETURNING t.*)
SELECT m.workspace_id, m.id, m.email, m.language, c.external_id AS slug, c.name AS brand, p.settings
FROM marked m JOIN channel c ON c.workspace_id = m.workspace_id AND c.id = m.channel_id
LEFT JOIN portal p ON p.workspace_id = m.workspace_id AND p.channel_id = m.channel_id
WHERE m.email <> '' AND (m.seen_at IS NULL OR m.seen_at < m.answered_at)
"""
