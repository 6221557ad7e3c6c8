"""What can be wrong with hours and targets, in words."""

from __future__ import annotations


class HoursError(ValueError):
    """Hours that make no sense, or from which nothing can be told. The text is for people."""


class NeverOpen(HoursError):
    """There is no open minute to count."""
