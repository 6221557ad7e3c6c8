"""Which addresses may be called when a stranger chose the name."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import msgspec

from earful.kit.ranges import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]

LOOPBACK: tuple[Network, ...] = (
    ipaddress.ip_network("127.0.0.0/8"),
    ipaddress.ip_network("::1/128"),
)
_GIVEN_OUT = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given out to anybody (RFC 4291, 2.4). What else there is means this site, an
IPv4 address in an old writing (`::127.0.0.1`, RFC 4291, 2.5.5.1; `::ffff:0:127.0.0.1`, RFC 2765) or
one behind a gateway (`64:ff9b::`, RFC 6052)."""
_NOT_THE_PUBLICS: tuple[Network, ...] = (
    ipaddress.ip_network("2002::/16"),  # an IPv4 address behind a gateway (RFC 3056)
    ipaddress.ip_network("3fff::/20"),  # for documentation (RFC 9637), younger than our Python
    ipaddress.ip_network("192.0.0.0/24"),  # for protocols: a provider's own side (RFC 6890)
    ipaddress.ip_network("192.88.99.0/24"),  # gateways to IPv6, given up (RFC 7526)
    # Public by its number, but in each virtual machine of Azure it is the host's own service.
    ipaddress.ip_network("168.63.129.16/32"),
)


class Blocked(Exception):
    """The address is not called. The text says why; `passing` that it may be otherwise later."""

    def __init__(self, reason: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.passing = passing


def on_this_machine(address: str) -> bool:
    """Whether a web address leads to this very machine: what no proxy on the way could reach."""
    host = (urlsplit(address).hostname or "").rstrip(".")
    try:
        return host == "localhost" or any(ipaddress.ip_address(host) in one for one in LOOPBACK)
    except ValueError:
        return False


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system knows them. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


async def resolve_here(host: str, port: int) -> list[str]:
    """The addresses of a name of this machine, without asking anybody; none for any other."""
    del port
    if host.lower() == "localhost":
        return ["127.0.0.1", "::1"]
    return [host] if is_here(host) else []


def is_here(host: str) -> bool:
    """Whether a host, as it is written, is this machine itself: nobody is asked what it means."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Guard(msgspec.Struct, frozen=True):
    """Which addresses may be called: public ones if `public`, and the networks in `allowed`."""

    allowed: tuple[Network, ...] = ()
    public: bool = True
    resolve: Resolve = resolve

    def allows(self, text: str) -> bool:
        """Whether the address may be called."""
        address = _plain(ipaddress.ip_address(text.partition("%")[0]))
        if self.is_exempt(text):
            return True
        return self.public and _is_public(address)

    def is_exempt(self, text: str) -> bool:
        """Whether the operator allowed the address by name of its network."""
        address = _plain(ipaddress.ip_address(text.partition("%")[0]))
        return any(address.version == net.version and address in net for net in self.allowed)

    async def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of `host`, all of which may be called. Raises Blocked."""
        try:
            found = await self.resolve(host.strip("[]"), port)
        except (OSError, UnicodeError):
            raise Blocked(f"The name {host} can't be found.", passing=True) from None
        if not found or not all(self.allows(address) for address in found):
            if not self.public:
                raise Blocked(f"This is a rehearsal: {host} is not on this machine.")
            raise Blocked(
                f"{host} is an address of a private network or of this machine; it is not called."
            )
        return found


HOME = Guard(LOOPBACK, public=False, resolve=resolve_here)
"""What a rehearsal may call: this machine. No name is looked up, for a question leaves it too."""


def _plain(address: Address) -> Address:
    mapped = getattr(address, "ipv4_mapped", None)
    return address if mapped is None else mapped


def _is_public(address: Address) -> bool:
    if address.version == 6 and address not in _GIVEN_OUT:
        return False
    if any(address.version == net.version and address in net for net in _NOT_THE_PUBLICS):
        return False
    return address.is_global and not address.is_multicast
