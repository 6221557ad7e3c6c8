"""The one conformance suite, on a real IMAP and SMTP pair."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from earful.networks.conformance import CASES, Case, Harness, name_of
from tests.networks.email.bench import Bench, token_server
from tests.networks.email.harness import EmailHarness
from tests.networks.email.imap_server import Mail
from tests.networks.email.line import Line
from tests.networks.email.smtp_server import Post


@pytest.fixture
async def harness(mail: Mail, post: Post, line: Line) -> AsyncIterator[EmailHarness]:
    """The brand signs in by tokens and reads its mailbox over a line that can be cut."""
    async with token_server(mail) as url:
        bench = Bench(
            mail, post, imap_port=line.port, sign_in="oauth", client_id="earful", token_url=url
        )
        await bench.tokens.save({"refresh_token": "refresh-1"})
        yield EmailHarness(bench, line)


@pytest.mark.parametrize("case", CASES, ids=name_of)
async def test_conforms(case: Case, harness: Harness) -> None:
    """Each case raises Broken with the promise that was not kept."""
    await case(harness)
