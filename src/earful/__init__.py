"""Earful: the open, self-hosted desk for customer care on social networks."""

__version__ = "0.1.0"
