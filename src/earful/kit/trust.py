"""Whose certificates are believed, read once: each reading takes 20 ms and a megabyte.

Connectors are opened for every reply; a reading of their own held up all else in the process.
"""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def web_trust() -> ssl.SSLContext:
    """What web servers are checked against, as it is at the first call: certifi's list, or the
    one that SSL_CERT_FILE names. Mail servers are checked against the machine's own list.
    """
    return httpx.create_ssl_context()
