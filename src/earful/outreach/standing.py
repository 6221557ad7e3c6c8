"""How we stand with somebody who did not write to us: what speaks against writing to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from earful.desk.marks import key_of
from earful.desk.privacy import handle_hashes
from earful.outreach.rules import Rules, manifests
from earful.stream.work import Work
from earful.triage.sensitive import opts_out, sensitive

ANSWERS = 5
"""Of what they answered us, the newest that are read for a wish to be left alone."""
COMPLAINT = 3
"""From this severity on a post is a complaint, however it reads otherwise."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a stranger and their post, before anybody writes."""

    network: str
    text: str
    kind: str
    severity: int
    until: datetime
    bot: bool = False
    here: bool = False
    talking: bool = False
    left_alone: bool = False
    erased: bool = False
    contacted_at: datetime | None = None
    answers: Sequence[str] = ()


def refusal(about: Standing, rules: Rules, now: datetime) -> str:
    """Why they may not be written to, in words; empty where they may.

    Hours and caps are not theirs: see `closed`.
    """
    grave, manifest = sensitive(about.text), manifests().get(about.network)
    spared = manifest is not None and manifest.spares_complaints
    title = manifest.title if manifest else about.network
    against = (
        (about.erased, "They were erased here on their own wish."),
        (about.left_alone, "They asked to be left alone."),
        (about.bot, "A machine writes there."),
        (about.here, "This post is in a conversation already."),
        (about.talking, "They have an open conversation with you: answer there."),
        (about.until <= now, "It was written long ago."),
        (bool(grave), f"Nobody is written to unasked about that ({grave})."),
        (
            spared and (about.kind == "complaint" or about.severity <= COMPLAINT),
            f"They complained, and not to you: {title} forbids to write to them unasked.",
        ),
    )
    return next((words for holds, words in against if holds), "") or _again(about, rules, now)


def closed(rules: Rules, now: datetime, *, used: int, own: int) -> str:
    """Why nobody may be written to on a network now, whoever it is; empty where they may.

    `used` and `own` are how many all, and how many this agent, wrote to in 24 hours.
    """
    shut = (
        (not rules.on, "Outreach is off on this network."),
        (rules.quiet(now), f"Nobody is written to from {_hours(rules)}."),
        (used >= rules.cap_day, f"{rules.cap_day} people were written to in 24 hours: enough."),
        (own >= rules.cap_agent, f"You wrote to {rules.cap_agent} people in 24 hours: enough."),
    )
    return next((words for holds, words in shut if holds), "")


def _hours(rules: Rules) -> str:
    return f"{rules.quiet_from}:00 to {rules.quiet_to}:00 ({rules.zone})"


def _again(about: Standing, rules: Rules, now: datetime) -> str:
    """A second contact is refused: for ever where the first stayed unanswered."""
    if about.contacted_at is None:
        return ""
    if not about.answers:
        return "They were written to before, and did not answer."
    if any(map(opts_out, about.answers)):
        return "They asked to be left alone."
    again = about.contacted_at + timedelta(days=rules.quiet_days)
    return f"They were written to before: not again until {again:%-d %B %Y}." if now < again else ""


async def standings(work: Work, mention_ids: Sequence[str]) -> dict[str, Standing]:
    """How we stand with who wrote these, by mention."""
    rows = await work.db.fetch(_STANDING, work.workspace_id, list(mention_ids), ANSWERS)
    erased = await _erased(work, rows)
    return {
        row["id"]: Standing(
            erased=row["id"] in erased,
            left_alone=row["left_alone"] or row["opted_out"],
            answers=row["answers"] or (),
            **{name: row[name] for name in _PLAIN},
        )
        for row in rows
    }


async def _erased(work: Work, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """Those whose writer was erased here once."""
    if not rows:
        return set()
    key = await key_of(work)
    keys = [key] if key else []
    marks = {
        row["id"]: handle_hashes(keys, work.workspace_id, row["network"], row["author_external_id"])
        for row in rows
    }
    known = await work.db.fetch(
        "SELECT handles FROM erasure WHERE workspace_id = $1 AND handles && $2::bytea[]",
        work.workspace_id,
        [one for some in marks.values() for one in some],
    )
    gone = {one for row in known for one in row["handles"]}
    return {one for one, some in marks.items() if gone.intersection(some)}


_PLAIN = (
    "network", "text", "kind", "severity", "until", "bot", "here", "talking", "contacted_at",
)  # fmt: skip

# Somebody's accounts that stand together are one person: who was written to on one is left alone
# on all.
_STANDING = """
SELECT n.id, n.network, n.text, n.kind, n.severity, n.author_external_id,
  n.published_at + interval '7 days' AS until,
  coalesce((n.post->'author'->>'bot')::boolean, false) OR coalesce(h.bot, false) AS bot,
  EXISTS (SELECT FROM accepted a WHERE a.workspace_id = $1 AND a.network = n.network
    AND a.external_id = n.external_id) AS here,
  EXISTS (SELECT FROM conversation c WHERE c.workspace_id = $1
    AND c.contact_id = ANY(p.ids) AND c.status <> 'resolved') AS talking,
  EXISTS (SELECT FROM left_alone l WHERE l.workspace_id = $1 AND l.contact_id = ANY(p.ids))
    AS left_alone,
  EXISTS (SELECT FROM outreach_opt_out u WHERE u.workspace_id = $1 AND u.network = n.network
    AND u.external_id = n.author_external_id) AS opted_out,
  o.at AS contacted_at,
  CASE WHEN o.at IS NOT NULL THEN array(SELECT m.text FROM message m
    WHERE m.workspace_id = $1 AND m.conversation_id = o.conversation_id
      AND m.direction = 'incoming' AND m.disposition IS DISTINCT FROM 'context'
      AND m.received_at > o.at ORDER BY m.received_at DESC LIMIT $3) END AS answers
FROM mention n
LEFT JOIN contact_handle h ON h.workspace_id = $1 AND h.network = n.network
  AND h.external_id = n.author_external_id
CROSS JOIN LATERAL (SELECT CASE WHEN h.contact_id IS NULL THEN '{}'::uuid[]
  ELSE same_person($1, h.contact_id) END AS ids) p
LEFT JOIN LATERAL (SELECT c.at, c.conversation_id FROM outreach_contact c
  WHERE c.workspace_id = $1 AND (c.contact_id = ANY(p.ids)
    OR c.network = n.network AND c.external_id = n.author_external_id)
  ORDER BY c.at DESC LIMIT 1) o ON true
WHERE n.workspace_id = $1 AND n.id = ANY($2::uuid[])
"""
