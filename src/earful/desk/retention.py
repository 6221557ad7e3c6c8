"""How long things are kept, and the nightly forgetting of what is older.

Nobody is dropped: a message that waits for an answer keeps its text, however old it is, and so does
all of a conversation that is not resolved.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from earful.portal.privacy import count_old, forget_old
from earful.stream.work import Work

EVENTS_DAYS = 30
AT_ONCE = 2000
LONGEST_DAYS = 36_500
Days = int | None


class Terms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Days for which a channel's things are kept; None: for ever."""

    messages_days: Days = None
    revisions_days: Days = None
    media_days: Days = None


class Retention(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A workspace's rules: for all channels, for some (by id) otherwise, and for events."""

    default: Terms = Terms()
    channels: dict[str, Terms] = msgspec.field(default_factory=dict)
    events_days: int = EVENTS_DAYS


COUNTED = ("messages", "revisions", "media", "talks", "events")


class Forgotten(msgspec.Struct, frozen=True):
    """How much was forgotten, or would be.

    `talks` are those of the portal, `files` digests that nothing refers to any more.
    """

    messages: int = 0
    revisions: int = 0
    media: int = 0
    events: int = 0
    talks: int = 0
    files: list[bytes] = msgspec.field(default_factory=list)


async def retention_of(db: Any, workspace_id: str) -> Retention:
    """The workspace's rules."""
    kept = await db.fetchval(
        "SELECT settings->'retention' FROM workspace WHERE id = $1", workspace_id
    )
    return msgspec.convert(kept or {}, Retention)


async def keep_retention(work: Work, rules: Retention) -> None:
    """Set the workspace's rules. Raises ValueError for lengths below a day."""
    check_retention(rules)
    await work.db.execute(
        "UPDATE workspace SET settings = settings || jsonb_build_object('retention', $2::jsonb) "
        "WHERE id = $1",
        work.workspace_id,
        msgspec.to_builtins(rules),
    )


def check_retention(rules: Retention) -> None:
    """Raise ValueError for lengths below a day, or so long that no calendar has them."""
    terms = [rules.default, *rules.channels.values()]
    days = [getattr(term, name) for term in terms for name in term.__struct_fields__]
    if any(one is not None and not 1 <= one <= LONGEST_DAYS for one in (*days, rules.events_days)):
        raise ValueError(f"Things are kept for a day at least, and {LONGEST_DAYS} days at most.")


async def forget(
    work: Work,
    *,
    dry_run: bool = False,
    rules: Retention | None = None,
    come_to: dict[tuple[str, str], datetime] | None = None,
) -> Forgotten:
    """One helping of what is too old: at most AT_ONCE of each kind, all with `dry_run`.

    By the workspace's rules, or by others that somebody thinks of. Call it again, each time in a
    work of its own, until nothing is left. `come_to` is filled in: given to the next call it goes
    on from there, where it would else walk again over all that is forgotten already.
    """
    reached = {} if come_to is None else come_to
    rules = rules or await retention_of(work.db, work.workspace_id)
    channels = await work.db.fetch(
        "SELECT id FROM channel WHERE workspace_id = $1", work.workspace_id
    )
    counts = dict.fromkeys(_KINDS, 0)
    files: list[bytes] = []
    talks = 0
    for row in channels:
        terms = rules.channels.get(row["id"], rules.default)
        for name, (found, act) in _KINDS.items():
            days: Days = getattr(terms, f"{name}_days")
            if days is None:
                continue
            before = work.now - timedelta(days=days)
            key = (row["id"], name)
            args = (work.workspace_id, row["id"], before, reached.get(key, _EARLIEST))
            if dry_run:
                counts[name] += await work.db.fetchval(f"SELECT count(*) FROM ({found}) f", *args)  # noqa: S608
                continue
            some = f"{found} ORDER BY c.last_message_at LIMIT {AT_ONCE}"
            gone = await work.db.fetch(f"WITH old AS ({some}) {act}", *args)
            counts[name] += len(gone)
            if gone:
                reached[key] = max(one["at"] for one in gone)
            files += [one["sha256"] for one in gone if name == "media" and one["sha256"]]
        if terms.messages_days is not None:
            before = work.now - timedelta(days=terms.messages_days)
            if dry_run:
                talks += await count_old(work, row["id"], before)
            else:
                many, old = await forget_old(work, row["id"], before, AT_ONCE)
                talks += many
                files += old
    events = await _events(work, rules.events_days, dry_run)
    return Forgotten(**counts, talks=talks, events=events, files=await _unused(work, files))


async def _events(work: Work, days: int, dry_run: bool) -> int:
    """Old events, the oldest first. A stream that asks for them is told to start over."""
    before = work.now - timedelta(days=days)
    sql = "SELECT count(*) FROM event WHERE workspace_id = $1 AND at < $2"
    if not dry_run:
        sql = f"""WITH gone AS (DELETE FROM event WHERE workspace_id = $1 AND seq IN (
          SELECT seq FROM (SELECT seq, at FROM event WHERE workspace_id = $1
            ORDER BY seq LIMIT {AT_ONCE}) oldest WHERE at < $2)
          RETURNING 1) SELECT count(*) FROM gone"""  # noqa: S608 - a constant of this file
    number: int = await work.db.fetchval(sql, work.workspace_id, before)
    return number


async def _unused(work: Work, digests: list[bytes]) -> list[bytes]:
    kept = await work.db.fetch("SELECT sha256 FROM media WHERE sha256 = ANY($1)", digests)
    return sorted(set(digests) - {row["sha256"] for row in kept})


_EARLIEST = datetime(1, 1, 2, tzinfo=UTC)

_OLD = """SELECT m.workspace_id, m.id, c.last_message_at AS at, {0} FROM conversation c
JOIN message m ON m.workspace_id = c.workspace_id AND m.conversation_id = c.id {1}
WHERE c.workspace_id = $1 AND c.channel_id = $2 AND c.status = 'resolved' AND c.unanswered = 0
  AND c.sending = 0 AND c.last_message_at < $3 AND c.last_message_at >= $4 AND {2}"""

_OLD_MESSAGES = _OLD.format(
    "m.conversation_id", "", "m.direction <> 'activity' AND (m.text <> '' OR m.search IS NOT NULL)"
)
_OLD_REVISIONS = _OLD.format(
    "r.replaced_at",
    "JOIN message_revision r ON r.workspace_id = m.workspace_id AND r.message_id = m.id",
    "r.replaced_at < $3",
)
_OLD_MEDIA = _OLD.format(
    "(i.value->>'id')::uuid AS media_id",
    "CROSS JOIN LATERAL jsonb_array_elements(m.media) AS i (value)",
    "m.media <> '[]' AND i.value->>'id' IS NOT NULL AND EXISTS (SELECT 1 FROM media d "
    "WHERE d.workspace_id = $1 AND d.id = (i.value->>'id')::uuid)",
)

_KINDS = {
    "messages": (
        _OLD_MESSAGES,
        """, quiet AS (UPDATE conversation c SET preview = '', summary = '' FROM old
             WHERE c.workspace_id = $1 AND c.id = old.conversation_id)
           , unsaid AS (UPDATE delivery d SET draft =
             '{"text": "", "visibility": "public", "media": [], "reply_to": null}' FROM old
             WHERE d.workspace_id = $1 AND d.message_id = old.id AND d.state IN ('sent', 'undone'))
           , unjudged AS (DELETE FROM judgement j USING old
             WHERE j.workspace_id = $1 AND j.message_id = old.id)
           , unmentioned AS (DELETE FROM mention n USING old, message g
             WHERE g.workspace_id = $1 AND g.id = old.id AND n.workspace_id = $1
               AND n.network = g.network AND n.external_id = g.external_id)
           UPDATE message m SET text = '', search = NULL, extra = NULL FROM old
           WHERE m.workspace_id = old.workspace_id AND m.id = old.id RETURNING old.at""",
    ),
    "revisions": (
        _OLD_REVISIONS,
        """DELETE FROM message_revision r USING old WHERE r.workspace_id = old.workspace_id
           AND r.message_id = old.id AND r.replaced_at = old.replaced_at RETURNING old.at""",
    ),
    "media": (
        _OLD_MEDIA,
        """DELETE FROM media d USING old WHERE d.workspace_id = old.workspace_id
           AND d.id = old.media_id RETURNING d.sha256, old.at""",
    ),
}
"""By kind: what is old, and what is done with `old`."""
