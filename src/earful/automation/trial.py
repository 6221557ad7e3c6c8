"""What a rule would have done over the last week, if it had been there. Nothing is done."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from earful.automation.doing import changes
from earful.automation.facts import facts_of, lately
from earful.automation.matching import Facts, matches, triggered
from earful.automation.rules import Rule, check
from earful.stream.work import Work

OVER = timedelta(days=7)
MOST = 5000
"""Posts looked at, the newest: a busy desk's week may have more."""
SAMPLES = 20
AT_ONCE = 500


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """A post the rule would have acted on; `acts` are the places in its list of what it does."""

    conversation_id: str
    message_id: str
    author: str
    text: str
    at: datetime
    acts: list[int]


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """`looked` posts since `since` were looked at; it is about `matched` of them, in so many
    `conversations`, and would have changed something with `changed` posts."""

    since: datetime
    looked: int
    matched: int
    changed: int
    conversations: int
    samples: list[Sample]


async def try_out(work: Work, rule: Rule) -> Trial:
    """Look at the last week as it stands now: tags and severities of today. Raises Refused."""
    checked = check(rule)
    posts = await lately(work, work.now - OVER, MOST)
    since = work.now - OVER if len(posts) < MOST else posts[-1][0]
    found: list[tuple[datetime, Facts, list[int]]] = []
    for start in range(0, len(posts), AT_ONCE):
        part = posts[start : start + AT_ONCE]
        facts = await facts_of(work, [message_id for _, message_id in part])
        for at, message_id in part:
            known = facts.get(message_id)
            if known and triggered(checked, known) and matches(checked, known):
                acts = [n for n, act in enumerate(checked.acts) if changes(act, known)]
                found.append((at, known, acts))
    return Trial(
        since=since,
        looked=len(posts),
        matched=len(found),
        changed=sum(bool(acts) for _, _, acts in found),
        conversations=len({known.conversation_id for _, known, _ in found}),
        samples=[_sample(*one) for one in found[:SAMPLES]],
    )


def _sample(at: datetime, facts: Facts, acts: list[int]) -> Sample:
    return Sample(
        conversation_id=facts.conversation_id,
        message_id=facts.message_id,
        author=facts.author,
        text=facts.text[:500],
        at=at,
        acts=acts,
    )
