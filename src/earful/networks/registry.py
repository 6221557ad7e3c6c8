"""Finds networks by entry point; the only place that may know a connector's name."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from earful.networks.contract import Network


class UnknownNetwork(LookupError):
    """No installed package offers a network of that name."""


@cache
def networks() -> dict[str, Network]:
    """All networks that installed packages offer, by name, in order of name."""
    found = sorted(entry_points(group="earful.networks"), key=lambda point: point.name)
    return {point.name: point.load() for point in found}


def network(name: str) -> Network:
    """The network called `name`. Raises UnknownNetwork with the names there are."""
    try:
        return networks()[name]
    except KeyError:
        known = ", ".join(networks())
        raise UnknownNetwork(f"no network called {name!r}; there are: {known}") from None
