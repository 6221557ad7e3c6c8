"""Settings, commands, events and routes stand in the reference docs, and nothing else does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click

from earful.api import application
from earful.cli.root import COMMANDS, earful
from earful.settings import Settings
from tests.docs.trees import parsed

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
SOURCE = ROOT / "src" / "earful"
TELLS = {
    "emit",
    "_emit",
    "announce",
    "tell",
    "finish",
    "_tell",
    "_told",
    "_kept",
    "delivery_moved",
    "Fact",
}
KIND = re.compile(r"[a-z]+\.[a-z_]+")
BY_STATE = {"delivery.held", "delivery.failed", "delivery.uncertain", "delivery.queued"}
"""Told as f"delivery.{state}", with a state of the outbox."""


def told() -> Iterator[str]:
    """Every kind that a call in the source tells."""
    for path in SOURCE.rglob("*.py"):
        tree = parsed(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _name(node.func) in TELLS:
                for part in (part for given in node.args for part in ast.walk(given)):
                    if isinstance(part, ast.Constant) and KIND.fullmatch(str(part.value)):
                        yield str(part.value)
            elif isinstance(node, ast.Assign) and _name(node.targets[0]) == "kind":
                for part in ast.walk(node.value):
                    if isinstance(part, ast.Constant) and KIND.fullmatch(str(part.value)):
                        yield str(part.value)


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def test_every_event_is_documented_and_every_documented_event_is_told() -> None:
    text = (REFERENCE / "events.md").read_text()
    documented = set(re.findall(r"^\| `([a-z]+\.[a-z_]+)`", text, re.MULTILINE))
    assert documented == set(told()) | BY_STATE


def test_every_setting_is_documented() -> None:
    text = (REFERENCE / "settings.md").read_text()
    documented = set(re.findall(r"`(EARFUL_[A-Z0-9_]+)`\s*\|", text))
    assert documented == {field.metadata["env"] for field in fields(Settings)}


def commands(group: click.Group, before: str = "earful") -> Iterator[str]:
    """Full names of the commands of a group that one can call."""
    context = click.Context(group)
    for name in group.list_commands(context):
        if name == "bench":  # described figure by figure in benchmarks/README.md
            continue
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}"


def test_every_command_is_documented() -> None:
    text = (REFERENCE / "commands.md").read_text()
    documented = set(re.findall(r"^\| `(earful [a-z -]+)`", text, re.MULTILINE))
    assert documented == set(commands(earful))
    assert COMMANDS


def test_every_route_of_the_api_is_documented() -> None:
    text = (REFERENCE / "api.md").read_text()
    for path in application.paths():
        last = [part for part in path.removeprefix("/api/v1").split("/") if "{" not in part][-1]
        assert f"/{last}" in text, path
