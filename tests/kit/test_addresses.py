"""Addresses that strangers chose: checked after the name is resolved."""

from __future__ import annotations

import pytest

from earful.kit.addresses import HOME, LOOPBACK, Blocked, Guard
from earful.kit.ranges import networks_of

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",  # noqa: S104
    "100.64.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "ff02::1", "255.255.255.255",
    "::127.0.0.1", "::10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b:1::a00:1", "fec0::1", "3fff::1",
    "192.0.0.8", "192.88.99.1", "168.63.129.16",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_blocked(address: str) -> None:
    assert not Guard().allows(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111"])
def test_what_is_public_is_allowed_but_not_in_a_rehearsal(address: str) -> None:
    assert Guard().allows(address)
    assert not Guard(LOOPBACK, public=False).allows(address)


def test_an_operator_can_allow_a_network() -> None:
    guard = Guard(networks_of("10.20.0.0/16, ::1"))
    assert guard.allows("10.20.3.4")
    assert guard.allows("::ffff:10.20.3.4")
    assert guard.allows("::1")
    assert not guard.allows("10.21.0.1")


async def test_one_private_address_among_public_ones_blocks_the_name() -> None:
    async def both(host: str, port: int) -> list[str]:
        return ["93.184.216.34", "127.0.0.1"]

    with pytest.raises(Blocked, match="example"):
        await Guard(resolve=both).addresses("example.org", 443)


async def test_a_name_that_is_nobodys_is_blocked_in_words() -> None:
    async def nothing(host: str, port: int) -> list[str]:
        raise OSError

    with pytest.raises(Blocked, match="can't be found"):
        await Guard(resolve=nothing).addresses("nowhere.invalid", 443)


async def test_home_is_known_without_asking_anybody() -> None:
    assert await HOME.addresses("LOCALHOST", 25) == ["127.0.0.1", "::1"]
    assert await HOME.addresses("[::1]", 25) == ["::1"]
    assert await HOME.addresses("127.8.0.1", 25) == ["127.8.0.1"]
    for away in ("localhost.example", "192.0.2.1", "10.0.0.1", ""):
        with pytest.raises(Blocked, match="This is a rehearsal"):
            await HOME.addresses(away, 25)
