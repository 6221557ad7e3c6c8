"""What a page says: what is the matter, how many, where. Never a customer's name or words."""

from __future__ import annotations

from typing import Any

from earful.paging.alerts import Alert

TITLES = {
    "severity_1": "Severity 1: {many} in {place}",
    "severity_2": "Severity 2: {many} in {place}",
    "unattended": "Nobody attends to {place}",
    "near_breach": "Nearly late: {many} in {place}",
    "breach": "Late: {many} in {place}",
    "channel": "{place} does not listen",
    "forgotten": "Forgotten: {many} in {place}",
    "burst": "Far more people than usual write: {place}",
    "thread": "Running away: {many} in {place}",
    "look_alike": "An account that looks like ours wrote: {place}",
    "name_said": "A search with an alert found something: {place}",
    "person_of_note": "Somebody whom many follow wrote: {place}",
}
WHY = {
    "severity_1": "It needs a person at once.",
    "severity_2": "It needs a lead.",
    "unattended": "Somebody waits there, and nobody has done anything for a while.",
    "near_breach": "Somebody waits there, and the time to answer is nearly over.",
    "breach": "Somebody waits there longer than was promised.",
    "channel": "It is held, must be signed in to again, or no worker listens to it.",
    "forgotten": "Nobody has done anything there for long, and nothing is planned.",
    "burst": "The radar shows when it began and what they speak of.",
    "thread": "Far more people write there than before, and the mood falls.",
    "look_alike": "Look whether somebody pretends to be us.",
    "name_said": "It stands among the mentions.",
    "person_of_note": "Many will read what is answered, and whether.",
}


def title(alert: Alert, place: str) -> str:
    """The first line."""
    many = "1 conversation" if alert.count == 1 else f"{alert.count} conversations"
    return TITLES[alert.cause].format(many=many, place=place or "the desk")


def text(alert: Alert, *, desk: str, link: str, name: str = "") -> str:
    """The rest: why, and the links. `link` says that one has it, `desk` is the desk's address."""
    where = f"{desk}/c/{alert.conversation_id}" if alert.conversation_id else desk
    lines = [WHY[alert.cause]]
    if link:
        lines.append(f"I have it: {link}")
    lines.append(f"{name or 'Desk'}: {where}")
    return "\n".join(lines)


async def place_of(db: Any, workspace_id: str, alert: Alert) -> str:
    """The inbox or channel it is about, in words."""
    if alert.channel_id:
        found = await db.fetchval(
            "SELECT handle FROM channel WHERE workspace_id = $1 AND id = $2",
            workspace_id,
            alert.channel_id,
        )
    else:
        found = await db.fetchval(
            "SELECT name FROM inbox WHERE workspace_id = $1 AND id = $2",
            workspace_id,
            alert.inbox_id,
        )
    return str(found or "")
