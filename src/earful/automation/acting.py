"""Does what the rules say about what happened: each once for a post, in its own name.

Loops cannot happen: rules hear of what customers and clocks do, never of what rules do, and no rule
acts twice on one post.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from earful.automation.doing import do
from earful.automation.facts import facts_of, newest_posts
from earful.automation.keeping import READER, Kept, list_rules
from earful.automation.matching import matches
from earful.automation.rules import Act
from earful.kit.refusal import Refused
from earful.stream.reader import Event, read_on
from earful.stream.work import Actor, Work

KINDS = ("conversation.opened", "message.received", "message.judged", "clock.breached")


async def workspaces(db: Any) -> list[str]:
    """Where rules have something to read."""
    return [row["workspace_id"] for row in await db.fetch(_BEHIND, READER)]


async def act(work: Work) -> int | None:
    """Read on and do what the rules say. Returns how many posts were acted on.

    None when there is nothing more to read, or another process reads.
    """
    events = await read_on(work, READER, KINDS)
    if events is None:
        return None
    rules = [rule for rule in await list_rules(work.db, work.workspace_id) if rule.on]
    posts = await _posts(work, events) if rules else []
    done = 0
    for event, message_id in posts:
        for rule in rules:
            if _hears(rule, event) and event.at >= rule.on_since:
                done += await _apply(work, rule, message_id)
    return done if events else None


def _hears(rule: Kept, event: Event) -> bool:
    """Whether a rule's turn may have come. What asks for a judgement waits for it."""
    if rule.when == "late":
        return event.kind == "clock.breached"
    if rule.judges or event.kind == "message.judged":
        return rule.judges and event.kind == "message.judged"
    opened = event.kind == "conversation.opened"
    return opened or (rule.when == "received" and event.kind == "message.received")


async def _posts(work: Work, events: list[Event]) -> list[tuple[Event, str]]:
    """Each event and the post it is about."""
    late = [event.conversation_id for event in events if event.kind == "clock.breached"]
    newest = await newest_posts(work, filter(None, late)) if late else {}
    found = []
    for event in events:
        if event.kind == "clock.breached":
            ids = [newest.get(event.conversation_id or "")]
        elif event.kind == "message.judged":
            ids = event.data["ids"]
        else:
            ids = [one.get("id") for one in (event.data.get("messages") or ())[:1]]
        found += [(event, message_id) for message_id in ids if message_id]
    return found


async def _apply(work: Work, rule: Kept, message_id: str) -> bool:
    """Whether the rule did something about the post. It sees what those before it did."""
    facts = (await facts_of(work, [message_id])).get(message_id)
    if facts is None or not matches(rule, facts):
        return False
    if rule.when == "opened" and rule.judges and not facts.opened:
        return False
    if not await work.db.fetchval(_ONCE, work.workspace_id, rule.id, message_id, work.now):
        return False
    done, trouble = False, ""
    with _named(work, rule):
        for one in rule.acts:
            try:
                async with work.db.transaction():
                    done = await do(work, one, facts) or done
            except Refused as error:
                trouble = trouble or f"{_words(one)}: {error}"
    await work.db.execute(_NOTE, work.workspace_id, rule.id, work.now, trouble[:300], done)
    return done


@contextmanager
def _named(work: Work, rule: Kept) -> Iterator[None]:
    """What is done meanwhile is done by the rule, by its name."""
    before = work.actor
    work.actor = Actor("rule", rule.id, f"Rule “{rule.name}”")
    try:
        yield
    finally:
        work.actor = before


def _words(one: Act) -> str:
    return {"assign": "Giving it to a colleague", "team": "Giving it to a team"}.get(
        one.do, f"Setting the {one.do}"
    )


# Only where a rule is on anybody reads.
_BEHIND = """
SELECT c.workspace_id FROM event_counter c
JOIN (SELECT DISTINCT workspace_id FROM rule WHERE is_on) r USING (workspace_id)
LEFT JOIN event_reader e ON e.workspace_id = c.workspace_id AND e.name = $1
WHERE e.seq IS NULL OR e.seq < c.seq ORDER BY c.workspace_id
"""

_ONCE = """
INSERT INTO rule_act (workspace_id, rule_id, message_id, at) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING true
"""

_NOTE = """
UPDATE rule SET trouble = $4, acted_at = CASE WHEN $5 THEN $3 ELSE acted_at END
WHERE workspace_id = $1 AND id = $2 AND (trouble <> $4 OR $5)
"""
