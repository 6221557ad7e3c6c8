"""What the log says that pages: clocks that warn or run out, and grave conversations."""

from __future__ import annotations

from datetime import timedelta

from earful.paging.alerts import Matter, key_of, raise_alert
from earful.paging.rules import READER, SIGNALS, Cause, Rule
from earful.stream.reader import Event, read_on
from earful.stream.work import Work

STALE_AFTER = timedelta(hours=1)
"""What was told longer ago pages nobody: the desk was away, and looks at how things stand."""
_BY_KIND: dict[str, Cause] = {"clock.warned": "near_breach", "clock.breached": "breach"}
_WITH_CARD = ("conversation.opened", "conversation.prioritised", "message.received")
_SIGNALS = ("burst.detected", "signal.detected")
_GRAVE: dict[int, Cause] = {1: "severity_1", 2: "severity_2"}


def kinds_of(rules: dict[Cause, Rule]) -> list[str]:
    """The events that matter for these rules."""
    kinds = [kind for kind, cause in _BY_KIND.items() if cause in rules]
    kinds += list(_WITH_CARD) if set(_GRAVE.values()) & rules.keys() else []
    return kinds + (list(_SIGNALS) if SIGNALS & rules.keys() else [])


async def hear(work: Work, rules: dict[Cause, Rule]) -> int | None:
    """Read on, and raise what is new. Returns how much was read; None while another reads."""
    begun = await _read_to(work)
    events = await read_on(work, READER, kinds_of(rules))
    if events is None:
        return None
    if "unattended" in rules:
        await work.db.execute(_ATTENDED, work.workspace_id, begun, await _read_to(work))
    fresh = [event for event in events if event.at > work.now - STALE_AFTER]
    for (cause, inbox_id), found in _grouped(fresh, rules).items():
        matter = Matter(
            key=key_of(cause, inbox_id),
            inbox_id=inbox_id,
            conversation_ids=tuple(found),
            severity=min(found.values()),
        )
        await raise_alert(work, rules[cause], matter)
    await _signals(work, rules, [event for event in fresh if event.kind in _SIGNALS])
    return await _read_to(work) - begun


async def _signals(work: Work, rules: dict[Cause, Rule], events: list[Event]) -> None:
    """What the radar tells of: one alert for each kind in an inbox, however many take part."""
    for event in events:
        told = event.data["signal"]
        if told["kind"] in rules:
            home = told["conversation_id"]
            matter = Matter(
                key=key_of(told["kind"], event.inbox_id),
                inbox_id=event.inbox_id,
                conversation_ids=(home,) if home else (),
            )
            await raise_alert(work, rules[told["kind"]], matter)


def _grouped(
    events: list[Event], rules: dict[Cause, Rule]
) -> dict[tuple[Cause, str | None], dict[str, int]]:
    """The conversations of each matter, with their severity."""
    found: dict[tuple[Cause, str | None], dict[str, int]] = {}
    for event in events:
        if event.kind in _SIGNALS:
            continue
        cause, severity = _cause_of(event)
        if cause in rules and event.conversation_id is not None:
            matter = found.setdefault((cause, event.inbox_id), {})
            matter[event.conversation_id] = severity
    return found


def _cause_of(event: Event) -> tuple[Cause | None, int]:
    if event.kind in _BY_KIND:
        return _BY_KIND[event.kind], int((event.data.get("clock") or {}).get("severity") or 5)
    card = event.data.get("card") or {}
    severity = int(card.get("severity") or 5)
    waits = bool(card.get("unanswered")) and card.get("status") == "open"
    return (_GRAVE.get(severity) if waits else None), severity


async def _read_to(work: Work) -> int:
    """How far the log was read."""
    seq: int | None = await work.db.fetchval(
        "SELECT seq FROM event_reader WHERE workspace_id = $1 AND name = $2",
        work.workspace_id,
        READER,
    )
    return seq or 0


# Whoever answers, assigns, notes or resolves attends to the inbox.
_ATTENDED = """
INSERT INTO attended (workspace_id, inbox_id, at)
SELECT $1, inbox_id, max(at) FROM event
WHERE workspace_id = $1 AND seq > $2 AND seq <= $3 AND inbox_id IS NOT NULL
  AND conversation_id IS NOT NULL AND actor->>'kind' = 'agent'
GROUP BY inbox_id
ON CONFLICT (workspace_id, inbox_id) DO UPDATE SET at = greatest(attended.at, excluded.at)
"""
