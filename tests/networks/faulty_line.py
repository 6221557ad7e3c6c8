"""The line that can be disturbed, as the connectors' tests know it."""

from earful.networks.conformance.line import FaultyLine

__all__ = ["FaultyLine"]
