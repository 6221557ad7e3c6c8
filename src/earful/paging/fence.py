"""A fence around this process: whom it may connect to, and what it may open.

Set up in the short-lived process that pages, never in a worker: it can't be taken down again. The
interpreter itself asks it before every connection, whichever library makes it, with the very
address that is connected to; so a name that changes its mind in between gains nothing.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from collections.abc import Iterable
from typing import Any

from earful.kit.addresses import Blocked, Guard, is_here

_PROGRAMS = frozenset({"os.system", "os.exec", "os.posix_spawn", "os.spawn", "subprocess.Popen"})
_READ = frozenset({"r", "rb", "rt", None})
_SYSTEM = ("/etc/", "/usr/share/", "/usr/lib/", "/usr/local/share/", "/dev/null", "/dev/urandom")


def put_up(guard: Guard, *, files: Iterable[str] = ()) -> None:
    """From now on connect only where `guard` allows, and read only programs and `files`.

    What is not allowed raises Blocked. Nothing is written, and no program is started.
    """
    kept = tuple(_folders(files))

    def ask(event: str, given: tuple[Any, ...]) -> None:
        if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            _check_address(guard, given[0].family, given[-1])
        elif event == "socket.getaddrinfo":
            _check_name(guard, given[0])
        elif event in _PROGRAMS:
            raise Blocked("A pager starts no program.")
        elif event == "open":
            _check_file(kept, *given)

    sys.addaudithook(ask)


def _check_address(guard: Guard, family: int, address: Any) -> None:
    if address is None:
        return  # of a socket that is connected already
    if family not in (socket.AF_INET, socket.AF_INET6):
        raise Blocked("A pager is called over the internet, not by a way of this machine.")
    host = str(address[0])
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        raise Blocked("It is called by a name that was not looked up first.") from None
    if guard.allows(host):
        return
    if not guard.public:
        raise Blocked("This is a rehearsal: nothing leaves this machine.")
    raise Blocked("It is an address of a private network or of this machine; it is not called.")


def _check_name(guard: Guard, host: Any) -> None:
    """In a rehearsal no name is looked up: the question would leave the machine."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
    if not guard.public and not is_here(name.strip("[]")):
        raise Blocked("This is a rehearsal: nothing leaves this machine.")


def _check_file(kept: tuple[str, ...], path: Any, mode: Any = None, flags: Any = 0) -> None:
    if isinstance(path, int):
        return
    name = os.path.realpath(os.fsdecode(path))
    writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
    if mode in _READ and not writes and name.startswith(kept):
        return
    if name == os.devnull:
        return
    raise Blocked("A pager opens no file of this machine.")


def _folders(files: Iterable[str]) -> Iterable[str]:
    """Where programs, certificates and time zones lie."""
    yield from _SYSTEM
    for folder in (sys.prefix, sys.base_prefix, *sys.path, *files):
        if folder:
            yield os.path.realpath(folder)
