"""What an inbox says while nobody is there, in which words, and whom it leaves alone."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from earful.kit.refusal import Refused
from earful.kit.text import storable
from earful.stream.work import Work

MOST_WORDS = 500
MOST_LANGUAGES = 40
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Text(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words in one language. `promising` has {time}; `plain` promises nothing and is said where
    no time is known, or lately none was kept; empty: then nothing is said."""

    promising: str
    plain: str = ""


class Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`on`: whether anything is said at all. `texts` by language (BCP 47); `language` is what is
    taken for a customer whose language has none. Times are said in `zone`. `hours_id` are the hours
    in which somebody is there, as long as there is no roster."""

    on: bool = False
    texts: dict[str, Text] = {}
    language: str = "en"
    zone: str = "UTC"
    hours_id: str | None = None


def check_rules(rules: Rules) -> Rules:
    """The rules with storable texts. Raises Refused in words."""
    from zoneinfo import available_timezones  # noqa: PLC0415 - reads a folder

    if rules.zone not in available_timezones():
        raise Refused("invalid", f"There is no time zone {rules.zone!r}.")
    if len(rules.texts) > MOST_LANGUAGES:
        raise Refused("too-many", f"At most {MOST_LANGUAGES} languages.")
    texts = {_language(name): _text(text) for name, text in rules.texts.items()}
    if rules.on and rules.language not in texts:
        raise Refused("invalid", f"Write the text for {rules.language} first: nothing is made up.")
    return msgspec.structs.replace(rules, texts=texts)


def _language(name: str) -> str:
    if not _LANGUAGE.fullmatch(name):
        raise Refused("invalid", f"{name!r} is no language such as en or pt-BR.")
    return name


def _text(text: Text) -> Text:
    promising, plain = storable(text.promising).strip(), storable(text.plain).strip()
    for words in (promising, plain):
        if len(words) > MOST_WORDS:
            raise Refused("too-long", f"A text has more than {MOST_WORDS} characters.")
    if "{time}" not in promising:
        raise Refused("invalid", "The text that promises needs {time}: when a person answers.")
    if "{time}" in plain:
        raise Refused("invalid", "The text without a promise can't have {time}.")
    return Text(promising=promising, plain=plain)


def text_for(rules: Rules, language: str) -> tuple[str, Text | None]:
    """The text for a customer's language, its relatives ("pt" for "pt-BR"), or the inbox's own."""
    wanted = [language, language.partition("-")[0], rules.language]
    for name in wanted:
        if found := rules.texts.get(name):
            return name, found
    return rules.language, None


async def rules_of(db: Any, workspace_id: str, inbox_id: str) -> Rules:
    """The rules of an inbox."""
    kept = await db.fetchval(
        "SELECT rules FROM responder WHERE workspace_id = $1 AND inbox_id = $2",
        workspace_id,
        inbox_id,
    )
    return Rules() if kept is None else msgspec.convert(kept, Rules)


async def keep_rules(work: Work, inbox_id: str, rules: Rules) -> Rules:
    """Set the rules of an inbox, which must be there. Raises Refused."""
    checked = check_rules(rules)
    await work.db.execute(
        """INSERT INTO responder (workspace_id, inbox_id, rules) VALUES ($1, $2, $3)
           ON CONFLICT (workspace_id, inbox_id) DO UPDATE SET rules = $3""",
        work.workspace_id,
        inbox_id,
        msgspec.to_builtins(checked),
    )
    work.emit("responder.changed", {"inbox_id": inbox_id}, inbox_id=inbox_id)
    return checked
