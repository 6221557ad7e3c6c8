"""Checks a page against the accessibility rules that a program can check."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

from playwright.async_api import Page

SCRIPT = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async ({ rules, within }) => {
  const result = await axe.run(within ?? document, {
    runOnly: rules, resultTypes: ["violations"],
  });
  return result.violations.map((violation) => ({
    id: violation.id,
    help: violation.help,
    nodes: violation.nodes.map((node) => node.html.slice(0, 200)),
  }));
}"""


class Violation(TypedDict):
    """A rule that was broken, and the elements that broke it."""

    id: str
    help: str
    nodes: list[str]


async def find_violations(page: Page, within: str | None = None) -> list[Violation]:
    """List what breaks WCAG 2.2 AA on the page, or within a CSS selector.

    The script is evaluated rather than added as a tag, so that the page's own
    Content-Security-Policy stays in force and does not block it.
    """
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(SCRIPT.read_text())
    found: list[Violation] = await page.evaluate(RUN, {"rules": RULES, "within": within})
    return found


async def assert_axe_clean(page: Page, within: str | None = None) -> None:
    """Fail, and name the elements, when the page breaks WCAG 2.2 AA."""
    found = await find_violations(page, within)
    lines = [f"{item['id']}: {item['help']}\n    " + "\n    ".join(item["nodes"]) for item in found]
    assert not found, "accessibility rules are broken\n" + "\n".join(lines)
