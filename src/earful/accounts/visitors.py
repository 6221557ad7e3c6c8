"""Which address a request comes from, and whether it is this machine's own."""

from __future__ import annotations

import ipaddress


def client_address(peer: str | None, forwarded_for: str | None, *, behind_proxy: bool) -> str:
    """The client's IP address.

    `forwarded_for` (the header) counts only behind a proxy of ours, and of it only the last entry:
    the ones before are what the client claims.
    """
    if behind_proxy and forwarded_for:
        last = forwarded_for.rpartition(",")[2].strip()
        if is_address(last):
            return last
    return peer or "unknown"


def is_address(text: str) -> bool:
    """Whether `text` is an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_loopback(address: str) -> bool:
    """Whether the address is this machine's own."""
    return is_address(address) and ipaddress.ip_address(address).is_loopback
