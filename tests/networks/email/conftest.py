"""Real servers for every test: pymap for IMAP, aiosmtpd for SMTP, a line that can be cut."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.networks.email.bench import Bench
from tests.networks.email.imap_server import Mail, pymap_server
from tests.networks.email.line import Line, line_to
from tests.networks.email.smtp_server import Post, smtp_server


@pytest.fixture
async def mail() -> AsyncIterator[Mail]:
    """The mailbox."""
    async with pymap_server() as running:
        yield running


@pytest.fixture
async def post(mail: Mail) -> AsyncIterator[Post]:
    """The mail server that takes what we send."""
    async with smtp_server(mail) as running:
        yield running


@pytest.fixture
async def line(mail: Mail) -> AsyncIterator[Line]:
    """A line to the mailbox."""
    async with line_to(mail.port) as running:
        yield running


@pytest.fixture
async def bench(mail: Mail, post: Post) -> Bench:
    """The mailbox's connector, by password."""
    return Bench(mail, post)
