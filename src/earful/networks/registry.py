"""Finds networks by entry point; the only place that may know a connector's name."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

import structlog

from earful.networks.contract import Network

log = structlog.get_logger()


class UnknownNetwork(LookupError):
    """No installed package offers a network of that name."""


@cache
def networks() -> dict[str, Network]:
    """All networks that installed packages offer, by name, in order of name."""
    found: dict[str, Network] = {}
    for point in sorted(entry_points(group="earful.networks"), key=lambda point: point.name):
        try:
            found[point.name] = point.load()
        except ImportError as error:
            # One package that does not load must not take the others' networks away.
            log.error("network does not load", network=point.name, reason=str(error))
    return found


def network(name: str) -> Network:
    """The network called `name`. Raises UnknownNetwork with the names there are."""
    try:
        return networks()[name]
    except KeyError:
        known = ", ".join(networks())
        raise UnknownNetwork(f"no network called {name!r}; there are: {known}") from None
