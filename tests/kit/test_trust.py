"""Certificates are read once and still checked."""

from __future__ import annotations

import ssl

import pytest

from earful.kit.addresses import Guard
from earful.kit.safe_http import guarded_client
from earful.kit.trust import web_trust


def test_servers_are_checked_by_name_and_by_who_signed_them() -> None:
    trust = web_trust()
    assert trust.check_hostname
    assert trust.verify_mode is ssl.CERT_REQUIRED
    assert trust.cert_store_stats()["x509_ca"] > 50


async def test_who_opens_a_client_reads_no_certificates_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    web_trust()

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", refuse)
    monkeypatch.setattr(ssl, "create_default_context", refuse)
    async with guarded_client(Guard()):
        pass
