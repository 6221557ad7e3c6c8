"""What an inbox does after an answer: whether people are asked, and when silence is looked at."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from earful.kit.refusal import Refused
from earful.kit.text import storable
from earful.stream.work import Work

MOST_WORDS = 1000
ANSWER_WITHIN = timedelta(days=30)
"""How long the link of a rating works."""

ASK = "Thank you for writing to {brand}. How did we do? {link}"
"""The text until the workspace has one of its own."""


class Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lengths are seconds.

    `ask`: people are asked for a rating `ask_after` their conversation was resolved as solved, and
    not again within `ask_again_after`. `text` knows {brand}, {name} and {link}. A score of
    `reopen_at` or less opens the conversation again (0: never). Where a conversation rests for
    `silence_for` with nobody's turn written down, it comes back (0: never).
    """

    ask: bool = False
    ask_after: int = 3600
    ask_again_after: int = 30 * 86_400
    text: str = ASK
    reopen_at: int = 2
    silence_for: int = 7 * 86_400


def check_rules(rules: Rules) -> Rules:
    """The rules, with a storable text. Raises Refused in words."""
    text = storable(rules.text).strip() or ASK
    if "{link}" not in text:
        raise Refused("invalid", "The text needs {link}, where the address of the rating goes.")
    if len(text) > MOST_WORDS:
        raise Refused("too-long", f"The text has more than {MOST_WORDS} characters.")
    year = 366 * 86_400
    for name, length in (
        ("ask_after", rules.ask_after),
        ("ask_again_after", rules.ask_again_after),
        ("silence_for", rules.silence_for),
    ):
        if not 0 <= length <= year:
            raise Refused("invalid", f"`{name}` is from 0 to {year} seconds.")
    if not 0 <= rules.reopen_at <= 4:
        raise Refused("invalid", "`reopen_at` is from 0 to 4.")
    return msgspec.structs.replace(rules, text=text)


def worded(text: str, **values: str) -> str:
    """`text` with its {names} replaced; what it does not know stays as it is."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text


async def rules_of(db: Any, workspace_id: str, inbox_id: str) -> Rules:
    """The rules of an inbox."""
    kept = await db.fetchval(
        "SELECT rules FROM following_rules WHERE workspace_id = $1 AND inbox_id = $2",
        workspace_id,
        inbox_id,
    )
    return Rules() if kept is None else msgspec.convert(kept, Rules)


async def keep_rules(work: Work, inbox_id: str, rules: Rules) -> Rules:
    """Set the rules of an inbox, which must be there. Raises Refused."""
    checked = check_rules(rules)
    await work.db.execute(
        """INSERT INTO following_rules (workspace_id, inbox_id, rules) VALUES ($1, $2, $3)
           ON CONFLICT (workspace_id, inbox_id) DO UPDATE SET rules = $3""",
        work.workspace_id,
        inbox_id,
        msgspec.to_builtins(checked),
    )
    # Not as `inbox`: screens take that for the whole inbox.
    work.emit("following.changed", {"inbox_id": inbox_id}, inbox_id=inbox_id)
    return checked
