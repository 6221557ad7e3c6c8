"""A language that nobody speaks: every word of the screen longer, with accents, and in brackets.

What stays plain on such a screen can't be translated; what is cut there would be cut in German.
"""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import Page, Route

SOURCES = Path(__file__).parents[2] / "web" / "src" / "i18n"
KEY = re.compile(r'^  "([\w.-]+)":', re.MULTILINE)
VARIABLE = re.compile(r"(\{\{?[\w.]+\}\}?|\\.|\$)")
ACCENTS = str.maketrans("aeiounscyAEIOUNSCY", "áéíöüñšçýÁÉÍÖÜÑŠÇÝ")
LONGER = 0.4


def keys() -> list[str]:
    """The keys of all words of the screen."""
    return [key for source in SOURCES.glob("en*.ts") for key in KEY.findall(source.read_text())]


def pseudo(words: str) -> str:
    """`words` with accents and two fifths longer; variables stay."""
    parts = [
        part if VARIABLE.fullmatch(part) else part.translate(ACCENTS)
        for part in VARIABLE.split(words)
    ]
    plain = VARIABLE.sub("", words)
    return f"[{''.join(parts)}{' ~' * round(len(plain) * LONGER / 2)}]"


def translated(script: str) -> tuple[str, int]:
    """A built script that speaks it, and how many of its words were found."""
    count = 0
    for key in keys():
        literal = re.compile(rf'("{re.escape(key)}":\s*)([`"\'])(.*?)(?<!\\)\2')

        def longer(found: re.Match[str]) -> str:
            return found[1] + found[2] + pseudo(found[3]) + found[2]

        script, here = literal.subn(longer, script, count=1)
        count += here
    return script, count


async def speak(page: Page, found: list[int]) -> None:
    """Let `page` speak it from now on; `found` gets how many words each script had."""

    async def answer(route: Route) -> None:
        response = await route.fetch()
        script, count = translated(await response.text())
        found.append(count)
        await route.fulfill(response=response, body=script)

    await page.route("**/static/**/*.js", answer)
