"""The conformance suite once more on Dovecot, where the machine has it: most mailboxes lie there.

What every machine tries is test_conformance, on a server that comes with the other packages.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from earful.networks.conformance import CASES, Case, Harness, name_of
from tests.networks.email.bench import Bench
from tests.networks.email.dovecot import BINARY, dovecot_server
from tests.networks.email.harness import PasswordHarness
from tests.networks.email.imap_server import Mail
from tests.networks.email.line import line_to
from tests.networks.email.smtp_server import smtp_server


@pytest.fixture(scope="module")
async def dovecot() -> AsyncIterator[Mail]:
    """One server for all cases."""
    async with dovecot_server() as running:
        yield running


@pytest.fixture
async def harness(dovecot: Mail) -> AsyncIterator[PasswordHarness]:
    """The brand reads its mailbox over a line that can be cut."""
    async with smtp_server(dovecot) as post, line_to(dovecot.port) as line:
        yield PasswordHarness(Bench(dovecot, post, imap_port=line.port), line)


@pytest.mark.skipif(BINARY is None, reason="Dovecot is not installed on this machine")
@pytest.mark.parametrize("case", CASES, ids=name_of)
async def test_conforms(case: Case, harness: Harness) -> None:
    """Each case raises Broken with the promise that was not kept."""
    await case(harness)
