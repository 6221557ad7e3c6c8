"""Whose address counts."""

from __future__ import annotations

import pytest

from earful.accounts.visitors import client_address, is_loopback


@pytest.mark.parametrize(
    ("forwarded", "behind_proxy", "address"),
    [
        ("203.0.113.9", False, "192.0.2.1"),
        ("203.0.113.9", True, "203.0.113.9"),
        ("127.0.0.1, 203.0.113.9", True, "203.0.113.9"),
        ("127.0.0.1,\r\nx", True, "192.0.2.1"),
        ("", True, "192.0.2.1"),
        (None, True, "192.0.2.1"),
    ],
)
def test_only_what_our_own_proxy_says_counts(
    forwarded: str | None, behind_proxy: bool, address: str
) -> None:
    assert client_address("192.0.2.1", forwarded, behind_proxy=behind_proxy) == address


def test_loopback() -> None:
    assert is_loopback("127.0.0.1")
    assert is_loopback("::1")
    assert not is_loopback("192.0.2.1")
    assert not is_loopback("unknown")
