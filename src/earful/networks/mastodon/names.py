"""Pure: names that hold beyond one server, where Mastodon's own ids do not.

An id is a number of one server, and an account of the same server is named without it. Earful
accepts a post once per network, so the server goes into both.
"""

from __future__ import annotations

from typing import Any


def post_id(host: str, local: object) -> str:
    """The external id of a post: `social.example/1097`."""
    return f"{host}/{local}"


def local_id(host: str, external_id: str) -> str:
    """The server's own id in an external id; empty when it is another server's."""
    server, _, local = external_id.rpartition("/")
    return local if server == host else ""


def full_acct(acct: str, domain: str) -> str:
    """`carol` of the account's own server as `carol@social.example`; others as they are."""
    return acct if "@" in acct else f"{acct}@{domain}"


def web_link(value: Any) -> str:
    """`value` if a browser may be sent there, else empty."""
    ok = isinstance(value, str) and value.startswith(("https://", "http://"))
    return value if ok else ""
