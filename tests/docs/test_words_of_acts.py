"""The audit log speaks in words: every act that can stand in it has some on the screen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from earful.accounts.acts import Act

ROOT = Path(__file__).parents[2]
WORDS = re.compile(r'^  "audit\.act\.([a-z_.]+)": "([^"]+)",$', re.MULTILINE)


def test_every_act_has_words_and_every_words_an_act() -> None:
    said = dict(WORDS.findall((ROOT / "web/src/i18n/en-settings.ts").read_text()))
    assert sorted(said) == sorted(get_args(Act))
    assert len(set(said.values())) == len(said), "two acts in the same words"


def test_no_act_is_known_that_nothing_does() -> None:
    """What is done is checked the other way round by the types: a line takes known acts only."""
    code = "".join(
        path.read_text() for path in (ROOT / "src/earful").rglob("*.py") if path.name != "acts.py"
    )
    assert [act for act in get_args(Act) if f'"{act}"' not in code] == []
