"""What the desk knows of a person: all of it handed over, or all of it erased."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from earful.conversations.rows import recount, tell
from earful.desk.forgotten import forget_ids
from earful.desk.honouring import forget_said
from earful.desk.linking import forget_links
from earful.desk.marks import key_of, mark, mark_of_before, sealed_key
from earful.desk.scrub import ERASED, Person, cut, scrub, scrub_event, whole
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound
from earful.kit.search import indexable
from earful.portal import privacy as portal
from earful.sla.clocks import keep_clocks
from earful.stream.work import Work

SHORTEST_WORD = 3
"""Names shorter than this are not searched for in other people's texts: they are in every word."""


class Erasure(msgspec.Struct, frozen=True):
    """That somebody was erased. `handles` are hashes, hex; they tell nobody who it was.

    `key` (hex) is what they were made with, sealed; empty for those of before there were keys.
    """

    workspace_id: str
    contact_id: str
    handles: list[str]
    at: datetime
    key: str = ""


class Erased(msgspec.Struct, frozen=True):
    """What was done; `files` are digests of pictures that nothing refers to any more."""

    erasure: Erasure
    files: list[bytes]
    messages: int = 0
    conversations: int = 0
    handles: int = 0
    pictures: int = 0


def handle_hashes(
    keys: Iterable[bytes], workspace_id: str, network: str, external_id: str
) -> list[bytes]:
    """By what an erased person may be known again when a backup is restored: under each key.

    And as it was before there were keys.
    """
    before = mark_of_before(workspace_id, network, external_id, "\0")
    return [before, *(mark(key, network, external_id) for key in keys)]


async def export_person(db: Any, workspace_id: str, contact_id: str) -> dict[str, Any]:
    """Everything kept about a contact, as plain values. Raises NotFound."""
    contact = await db.fetchrow(
        "SELECT id, name, created_at, preferred, zone FROM contact "
        "WHERE workspace_id = $1 AND id = $2",
        workspace_id,
        contact_id,
    )
    if contact is None:
        raise NotFound("contact")
    told: dict[str, Any] = {"contact": dict(contact)}
    for name, sql in _EXPORT.items():
        told[name] = [dict(row) for row in await db.fetch(sql, workspace_id, contact_id)]
    told["portal"] = await portal.told_of(db, workspace_id, contact_id)
    told["media"] = [item for one in told["messages"] for item in one["media"]]
    return told


async def export_whole(db: Any, workspace_id: str, contact_id: str) -> dict[str, Any]:
    """As `export_person`, and in `others` the same of all accounts that stand together with it."""
    told = await export_person(db, workspace_id, contact_id)
    ids = await db.fetchval("SELECT same_person($1, $2)", workspace_id, contact_id)
    others = [one for one in ids if one != contact_id]
    told["others"] = [await export_person(db, workspace_id, other) for other in others]
    return told


async def erase_person(work: Work, contact_id: str) -> Erased:
    """Take a person out of everything in this workspace. Raises NotFound.

    Their posts stay as empty facts, so that counts and threads stay true; hashes of those posts'
    ids stay in the once-only table, so that a network that repeats them brings nothing back.
    """
    key = work.workspace_id
    contact = await work.db.fetchrow(
        "SELECT name FROM contact WHERE workspace_id = $1 AND id = $2 FOR UPDATE", key, contact_id
    )
    if contact is None:
        raise NotFound("contact")
    handles = await work.db.fetch(_HANDLES, key, contact_id)
    homes = [row["id"] for row in await work.db.fetch(_HOMES, key, contact_id)]
    theirs = await work.db.fetch(_THEIRS, key, contact_id, homes)
    person = _person(contact_id, contact["name"], handles, theirs)
    ids = sorted(person.message_ids)
    talks = [row["external_id"] for row in handles if row["network"] == portal.NETWORK]
    on_portal = await portal.erase(work, talks)
    digests = await _forget_media(work, contact_id, theirs, on_portal)
    await forget_ids(work, ids)
    changed = ids + await _scrub_messages(work, person, homes, ids)
    for sql in _FORGET:
        await work.db.execute(sql, key, contact_id)
    await work.db.execute(_FORGET_ANSWERS, key, [contact_id, *homes])
    await work.db.execute(_FORGET_HANDED, key, homes)
    for row in handles:
        await work.db.execute(_FORGET_ASIDE, key, whole(row["external_id"]))
    await _scrub_events(work, person, homes)
    await forget_links(work, contact_id)
    hashes = await _hashes(work, handles)
    await work.db.execute(_RECORD, key, new_id(), contact_id, hashes, work.now)
    await recount(work, homes)
    await keep_clocks(work, set(homes))
    for home in homes:
        told = await _those_in(work, home, changed)
        await tell(work, home, "conversation.changed", message_ids=told)
    work.emit("contact.erased", {"contact": {"id": contact_id}})
    sealed = await sealed_key(work.db, key) or b""
    erasure = Erasure(key, contact_id, [one.hex() for one in hashes], work.now, sealed.hex())
    pictures = sum(bool(item.get("id")) for row in theirs for item in row["media"])
    return Erased(erasure, digests, len(ids), len(homes), len(handles), pictures)


async def _hashes(work: Work, handles: list[Any]) -> list[bytes]:
    key = await key_of(work, make=True)
    keys = [key] if key else []
    return [
        handle_hashes(keys, work.workspace_id, row["network"], row["external_id"])[-1]
        for row in handles
    ]


def _person(contact_id: str, name: str, handles: list[Any], theirs: list[Any]) -> Person:
    words = {name} | {word for row in handles for word in row.values()}
    words |= {row["author_name"] for row in theirs if row["author_id"] == contact_id}
    words |= {row["author_handle"] for row in theirs if row["author_id"] == contact_id}
    words -= {row["network"] for row in handles} | {ERASED}
    plain = sorted((word for word in words if len(word) >= SHORTEST_WORD), key=len, reverse=True)
    return Person(contact_id, frozenset(row["id"] for row in theirs), tuple(plain))


async def _forget_media(
    work: Work, contact_id: str, theirs: list[Any], more: list[bytes]
) -> list[bytes]:
    """Delete the rows of their pictures and avatars. Returns the digests that no other row has."""
    ids = [item["id"] for row in theirs for item in row["media"] if item.get("id")]
    rows = await work.db.fetch(
        "DELETE FROM media WHERE workspace_id = $1 AND (id = ANY($2::uuid[]) OR contact_id = $3) "
        "RETURNING sha256",
        work.workspace_id,
        ids,
        contact_id,
    )
    digests = [row["sha256"] for row in rows if row["sha256"]] + more
    kept = await work.db.fetch("SELECT sha256 FROM media WHERE sha256 = ANY($1)", digests)
    return sorted(set(digests) - {row["sha256"] for row in kept})


async def _scrub_messages(
    work: Work, person: Person, homes: list[str], ids: list[str]
) -> list[str]:
    """Empty theirs, and take their name out of what others said. Returns the ids of the others."""
    key = work.workspace_id
    reworded = []
    await work.db.execute(_EMPTY, key, ids, person.contact_id, work.now, ERASED)
    await forget_said(work, ids)
    await work.db.execute(_FORGET_DRAFTS, key, ids)
    rows = await work.db.fetch(_OTHERS, key, homes, ids, person.contact_id)
    for row in rows:
        clean = person.plain(cut(row["text"]) if row["cut"] else row["text"])
        if clean != row["text"]:
            found = indexable(person.plain(f"{row['author_name']} {row['author_handle']} {clean}"))
            await work.db.execute(_REWORD, key, row["id"], clean, found)
            reworded.append(row["id"])
    return reworded


async def _scrub_events(work: Work, person: Person, homes: list[str]) -> None:
    # What a person does is an event of the conversation she did it in, perhaps merged away since.
    merged = [row["id"] for row in await work.db.fetch(_MERGED, work.workspace_id, homes)]
    rows = await work.db.fetch(_EVENTS, work.workspace_id, [*homes, *merged])
    for row in rows:
        data = scrub_event(row["data"], person, row["contact_id"])
        actor = scrub(row["actor"], person)
        if (data, actor) != (row["data"], row["actor"]):
            await work.db.execute(_SCRUBBED, work.workspace_id, row["seq"], data, actor)


async def _those_in(work: Work, home: str, ids: list[str]) -> list[str]:
    rows = await work.db.fetch(
        "SELECT id FROM message WHERE workspace_id = $1 AND conversation_id = $2 "
        "AND id = ANY($3::uuid[])",
        work.workspace_id,
        home,
        ids,
    )
    return [row["id"] for row in rows]


_HANDLES = """
SELECT network, external_id, handle, name FROM contact_handle
WHERE workspace_id = $1 AND contact_id = $2
"""

_HOMES = """
SELECT id FROM conversation WHERE workspace_id = $1 AND id IN (
  SELECT id FROM conversation WHERE workspace_id = $1 AND contact_id = $2
  UNION SELECT conversation_id FROM message WHERE workspace_id = $1 AND author_id = $2)
ORDER BY id FOR UPDATE
"""

# What they wrote anywhere, and what was written to and about them where they are the contact.
_THEIRS = """
SELECT m.id, m.author_id, m.author_name, m.author_handle, m.media
FROM message m JOIN conversation c ON c.workspace_id = $1 AND c.id = m.conversation_id
WHERE m.workspace_id = $1 AND m.conversation_id = ANY($3::uuid[]) AND (m.author_id = $2
  OR (c.contact_id = $2 AND m.direction IN ('outgoing', 'note')))
"""

_EMPTY = """
UPDATE message SET text = '', media = '[]', search = NULL, extra = NULL,
  author_name = CASE WHEN author_id = $3 THEN $5 ELSE author_name END,
  author_handle = CASE WHEN author_id = $3 THEN '' ELSE author_handle END,
  disposition = CASE WHEN direction = 'incoming' THEN coalesce(disposition, 'deleted') END,
  settled_at = CASE WHEN direction = 'incoming' THEN coalesce(settled_at, $4) ELSE settled_at END,
  deleted_at = coalesce(deleted_at, $4),
  external_id = NULL, uri = '', ref = NULL, root_external_id = NULL, parent_external_id = NULL
WHERE workspace_id = $1 AND id = ANY($2::uuid[])
"""

# What was not sent yet never is; what may be under way keeps its draft until that is settled.
_FORGET_DRAFTS = """
UPDATE delivery SET draft = '{"text": "", "visibility": "public", "media": [], "reply_to": null}',
  state = CASE WHEN state = 'sent' THEN state ELSE 'undone' END
WHERE workspace_id = $1 AND message_id = ANY($2::uuid[]) AND state NOT IN ('sending', 'uncertain')
"""

# The ticket there is another desk's to forget; what we kept of it goes.
_FORGET_HANDED = """
UPDATE handoff SET note = '', remote = remote - 'closing_line', error = '',
  state = CASE WHEN state IN ('queued', 'uncertain', 'handed') THEN 'ended' ELSE state END
WHERE workspace_id = $1 AND conversation_id = ANY($2::uuid[])
"""

_OTHERS = """
SELECT m.id, m.text, m.author_name, m.author_handle,
  m.direction = 'activity' AND c.contact_id = $4 AS cut
FROM message m JOIN conversation c ON c.workspace_id = $1 AND c.id = m.conversation_id
WHERE m.workspace_id = $1 AND m.conversation_id = ANY($2::uuid[]) AND NOT m.id = ANY($3::uuid[])
"""

_REWORD = """
UPDATE message SET text = $3, search = to_tsvector('simple', $4), extra = extra - 'whole'
WHERE workspace_id = $1 AND id = $2
"""

_FORGET = (
    "DELETE FROM outreach_contact o USING contact_handle h WHERE o.workspace_id = $1 "
    "AND h.workspace_id = $1 AND h.contact_id = $2 AND o.network = h.network "
    "AND o.external_id = h.external_id",
    "DELETE FROM outreach_opt_out o USING contact_handle h WHERE o.workspace_id = $1 "
    "AND h.workspace_id = $1 AND h.contact_id = $2 AND o.network = h.network "
    "AND o.external_id = h.external_id",
    "DELETE FROM mention n USING contact_handle h WHERE n.workspace_id = $1 "
    "AND h.workspace_id = $1 AND h.contact_id = $2 AND n.network = h.network "
    "AND n.author_external_id = h.external_id",
    "DELETE FROM contact_handle WHERE workspace_id = $1 AND contact_id = $2",
    "DELETE FROM contact_tag WHERE workspace_id = $1 AND contact_id = $2",
    f"UPDATE contact SET name = '{ERASED}', preferred = '', zone = '' "  # noqa: S608
    "WHERE workspace_id = $1 AND id = $2",
    "UPDATE message SET parent_external_id = NULL WHERE workspace_id = $1 AND parent_id IN "
    "(SELECT id FROM message WHERE workspace_id = $1 AND author_id = $2)",
    "UPDATE conversation SET preview = '', summary = '' WHERE workspace_id = $1 AND id IN "
    "(SELECT conversation_id FROM message WHERE workspace_id = $1 AND author_id = $2)",
    f"UPDATE conversation SET contact_name = '{ERASED}', contact_handle = '', "  # noqa: S608
    "preview = '', summary = '', disposition_reason = '' "
    "WHERE workspace_id = $1 AND contact_id = $2",
    "DELETE FROM move WHERE workspace_id = $1 AND contact_id = $2",
    "UPDATE rating SET words = '', token = NULL, "
    "state = CASE WHEN state = 'answered' THEN state ELSE 'dropped' END "
    "WHERE workspace_id = $1 AND contact_id = $2",
    # What was promised to them, and planned with them, ends: nobody can keep it any more.
    "UPDATE promise SET words = '', evidence = '', remind_at = NULL, "
    "ended_at = CASE WHEN state = 'open' THEN clock_timestamp() ELSE ended_at END, "
    "state = CASE WHEN state = 'open' THEN 'withdrawn' ELSE state END "
    "WHERE workspace_id = $1 AND contact_id = $2",
    "DELETE FROM left_alone WHERE workspace_id = $1 AND contact_id = $2",
    "DELETE FROM responder_spell WHERE workspace_id = $1 AND contact_id = $2",
    "UPDATE follow_up SET note = '', ended_at = coalesce(ended_at, clock_timestamp()), "
    "state = CASE WHEN state = 'done' THEN state ELSE 'dropped' END "
    "WHERE workspace_id = $1 AND conversation_id IN "
    "(SELECT id FROM conversation WHERE workspace_id = $1 AND contact_id = $2)",
    "DELETE FROM link_code WHERE workspace_id = $1 AND contact_id = $2",
    "DELETE FROM link_guess WHERE workspace_id = $1 AND contact_id = $2",
    "DELETE FROM draft WHERE workspace_id = $1 AND conversation_id IN "
    "(SELECT id FROM conversation WHERE workspace_id = $1 AND contact_id = $2)",
)

_FORGET_ANSWERS = """
DELETE FROM idempotency WHERE workspace_id = $1 AND EXISTS (
  SELECT 1 FROM unnest($2::text[]) AS w (word)
  WHERE position(convert_to(w.word, 'UTF8') IN answer) > 0)
"""

_FORGET_ASIDE = """
WITH own AS (
  DELETE FROM own_aside WHERE workspace_id = $1 AND change::text ~ $2)
DELETE FROM set_aside WHERE workspace_id = $1 AND payload::text ~ $2
"""

_MERGED = "SELECT id FROM conversation WHERE workspace_id = $1 AND merged_into = ANY($2::uuid[])"

_EVENTS = """
SELECT e.seq, e.data, e.actor, c.contact_id FROM event e
JOIN conversation c ON c.workspace_id = $1 AND c.id = e.conversation_id
WHERE e.workspace_id = $1 AND e.conversation_id = ANY($2::uuid[])
"""

_SCRUBBED = "UPDATE event SET data = $3, actor = $4 WHERE workspace_id = $1 AND seq = $2"

_RECORD = """
INSERT INTO erasure (workspace_id, id, contact_id, handles, at) VALUES ($1, $2, $3, $4, $5)
"""

_EXPORT = {
    "handles": "SELECT network, external_id, handle, name FROM contact_handle "
    "WHERE workspace_id = $1 AND contact_id = $2 ORDER BY network, external_id",
    "tags": "SELECT tag FROM contact_tag WHERE workspace_id = $1 AND contact_id = $2 ORDER BY tag",
    "conversations": "SELECT id, network, status, severity, tags, opened_at, last_message_at, "
    "disposition, disposition_reason FROM conversation "
    "WHERE workspace_id = $1 AND contact_id = $2 ORDER BY opened_at, id",
    "messages": "SELECT id, conversation_id, direction, visibility, author_name, author_handle, "
    "text, media, network, external_id, uri, published_at, received_at, edited_at, deleted_at "
    "FROM message WHERE workspace_id = $1 AND direction <> 'note' AND direction <> 'activity' "
    "AND id IN (SELECT id FROM message WHERE workspace_id = $1 AND author_id = $2 UNION "
    "SELECT m.id FROM message m JOIN conversation c ON c.workspace_id = m.workspace_id "
    "AND c.id = m.conversation_id WHERE c.workspace_id = $1 AND c.contact_id = $2) "
    "ORDER BY published_at, id",
    "notes": "SELECT id, conversation_id, author_name, text, published_at FROM message "
    "WHERE workspace_id = $1 AND direction = 'note' AND conversation_id IN "
    "(SELECT id FROM conversation WHERE workspace_id = $1 AND contact_id = $2) "
    "ORDER BY published_at, id",
    "ratings": "SELECT conversation_id, asked_at, score, words, answered_at FROM rating "
    "WHERE workspace_id = $1 AND contact_id = $2 AND asked_at IS NOT NULL ORDER BY asked_at",
    "links": "SELECT id, CASE WHEN one_id = $2 THEN other_id ELSE one_id END AS other_id, state, "
    "how, messages, proposed_at, linked_at, ended_at FROM contact_link "
    "WHERE workspace_id = $1 AND (one_id = $2 OR other_id = $2) ORDER BY proposed_at, id",
    "follow_ups": "SELECT conversation_id, kind, state, note, due_at, created_at FROM follow_up "
    "WHERE workspace_id = $1 AND conversation_id IN "
    "(SELECT id FROM conversation WHERE workspace_id = $1 AND contact_id = $2) "
    "ORDER BY created_at",
    "left_alone": "SELECT at FROM left_alone WHERE workspace_id = $1 AND contact_id = $2",
    "promises": "SELECT conversation_id, kind, words, made_at, due_at, state, evidence, done_at "
    "FROM promise WHERE workspace_id = $1 AND contact_id = $2 ORDER BY made_at",
    "mentions": "SELECT n.network, n.external_id, n.url, n.text, n.state, n.published_at, "
    "n.found_at FROM contact_handle h JOIN mention n ON n.workspace_id = $1 "
    "AND n.network = h.network AND n.author_external_id = h.external_id "
    "WHERE h.workspace_id = $1 AND h.contact_id = $2 ORDER BY n.found_at, n.id",
    "outreach": "SELECT o.network, o.conversation_id, o.at FROM contact_handle h "
    "JOIN outreach_contact o ON o.workspace_id = $1 AND o.network = h.network "
    "AND o.external_id = h.external_id "
    "WHERE h.workspace_id = $1 AND h.contact_id = $2 ORDER BY o.at",
    "left_alone_unasked": "SELECT o.network, o.at FROM contact_handle h "
    "JOIN outreach_opt_out o ON o.workspace_id = $1 AND o.network = h.network "
    "AND o.external_id = h.external_id "
    "WHERE h.workspace_id = $1 AND h.contact_id = $2 ORDER BY o.at",
    "judgements": "SELECT j.message_id, j.kind, j.sentiment, j.urgency, j.needs_reply, j.severity, "
    "j.language, j.shaming, j.sensitive, j.entities, j.prior, j.reasons, j.corrected, j.judged_at "
    "FROM message m JOIN judgement j ON j.workspace_id = $1 AND j.message_id = m.id "
    "WHERE m.workspace_id = $1 AND m.author_id = $2 ORDER BY j.judged_at, j.message_id",
    "revisions": "SELECT r.message_id, r.replaced_at, r.text FROM message_revision r "
    "JOIN message m ON m.workspace_id = r.workspace_id AND m.id = r.message_id "
    "WHERE r.workspace_id = $1 AND m.author_id = $2 ORDER BY r.replaced_at",
}
