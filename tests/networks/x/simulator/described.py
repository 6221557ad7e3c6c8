"""X's descriptions of its API, to hold answers against."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft4Validator, FormatChecker

from ..shared import read


class Description:
    """One of the two: `tweet` or `post`."""

    def __init__(self, names: str) -> None:
        self.names = names
        self._document = read(f"openapi/{names}-names.json")
        self._components = _readable(self._document["components"])
        self.known = set(_properties(self._document["components"]["schemas"]))

    def faults(self, method: str, path: str, status: int, kind: str, body: Any) -> list[str]:
        """What is wrong with an answer; raises LookupError when it is not described at all."""
        responses = self.operation(method, path)["responses"]
        described = responses.get(str(status)) or responses["default"]
        if 200 <= status < 300 and str(status) not in responses:
            return [f"status {status} is not described"]
        content = described["content"]
        if kind not in content:
            return [f"{kind} is not described"]
        return self.wrong(content[kind]["schema"], body)

    def wrong(self, schema: dict[str, Any], body: Any) -> list[str]:
        """What is wrong with `body` by a schema of this description."""
        whole = {"allOf": [_readable(schema)], "components": self._components}
        validator = Draft4Validator(whole, format_checker=FormatChecker())
        return [
            f"{list(error.path)}: {error.message[:200]}" for error in validator.iter_errors(body)
        ]

    def meant(self, thing: dict[str, Any]) -> dict[str, Any]:
        """A thing, where only its place is named."""
        while "$ref" in thing:
            found: Any = self._document
            for name in thing["$ref"].removeprefix("#/").split("/"):
                found = found[name]
            thing = found
        return thing

    def parameters(self, method: str, path: str) -> list[dict[str, Any]]:
        """What may be asked with; the names of the path's parts do not matter."""
        return [self.meant(each) for each in self.operation(method, path).get("parameters", [])]

    def operation(self, method: str, path: str) -> dict[str, Any]:
        """What is described; the path with the fewest open parts that fits."""
        given = path.split("/")
        found: list[tuple[int, dict[str, Any]]] = []
        for pattern, operations in self._document["paths"].items():
            parts = pattern.split("/")
            pairs = list(zip(parts, given, strict=False))
            fits = all(part.startswith("{") or part == one for part, one in pairs)
            if len(parts) == len(given) and fits and method.lower() in operations:
                found.append((pattern.count("{"), operations[method.lower()]))
        if not found:
            raise LookupError(f"{method} {path} is not described")
        return min(found, key=lambda one: one[0])[1]


@functools.cache
def description(names: str) -> Description:
    """Read once."""
    return Description(names)


def keys(body: Any) -> Iterator[str]:
    """All names in an answer."""
    if isinstance(body, dict):
        for name, value in body.items():
            yield name
            yield from keys(value)
    elif isinstance(body, list):
        for one in body:
            yield from keys(one)


def _readable(schema: Any) -> Any:
    """OpenAPI's `nullable` in JSON Schema's words.

    An activity's payload is "one of" shapes of which one has no required field, so that every
    deletion meets two; it is read as "any of".
    """
    if isinstance(schema, list):
        return [_readable(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    out = {name: _readable(value) for name, value in schema.items() if name != "discriminator"}
    if "payload" in out and isinstance(out["payload"], dict) and "oneOf" in out["payload"]:
        out["payload"] = {"anyOf": out["payload"]["oneOf"]}
    if out.get("nullable") is True:
        out = {"anyOf": [out, {"type": "null"}]}
    return out


def _properties(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield from schema["properties"]
        for value in schema.values():
            yield from _properties(value)
    elif isinstance(schema, list):
        for one in schema:
            yield from _properties(one)
