"""All that a desk runs on is under a licence that decision 17 allows, the rarer ones by name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[2]
RECORD = (ROOT / "docs/decisions/0018-licences-of-what-is-carried.md").read_text()
_ANY = re.compile(r"\b(?:MIT|BSD|0BSD|Apache)\b", re.IGNORECASE)
_NAMED = re.compile(
    r"\b(?:ISC|MPL|Mozilla Public|LGPL|Lesser General|PSF|Python Software)\b", re.IGNORECASE
)
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def carried() -> Iterator[Distribution]:
    """What `pyproject.toml` depends on, and what that does, without extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted, known = list(project["dependencies"]), set[str]()
    while wanted:
        asked = wanted.pop()
        found = _NAME.match(asked)
        assert found, asked
        name = found[0].lower().replace("_", "-")
        if name in known or "extra ==" in asked:
            continue
        known.add(name)
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue  # for another system or Python than this one
        yield package
        wanted += package.requires or []


def licence_of(package: Distribution) -> str:
    """What a package says it is under: the expression where there is one, else the old fields."""
    told = package.metadata
    if expression := told.get_all("License-Expression"):
        return str(expression[0])
    classified = [one for one in told.get_all("Classifier") or [] if one.startswith("License")]
    return " ".join([*(str(one)[:60] for one in told.get_all("License") or []), *classified])


def test_every_licence_is_allowed_and_the_rarer_ones_are_named() -> None:
    found = {package.metadata["Name"]: licence_of(package) for package in carried()}
    assert len(found) > 20, found
    rare = {name: licence for name, licence in found.items() if not _ANY.search(licence)}
    assert {name for name, licence in rare.items() if not _NAMED.search(licence)} == set()
    assert {name for name in rare if name not in RECORD} == set(), rare
